"""Passwords: which are taken, how they are hashed, and how they are compared."""

import asyncio
import secrets
import string
from functools import lru_cache
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from engine.core.errors import DefinitionError

CHARS_LEAST: Final = 10
CHARS_MOST: Final = 1000
"""A longer one is refused before it costs anything."""

AT_ONCE: Final = 2
"""Hashes that are made at once: each takes 19 MiB and a core for some 20 ms."""

_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
"""argon2id with 19 MiB, 2 passes, 1 lane.

Source: OWASP Password Storage Cheat Sheet, Argon2id, read 2026-08.
"""

DISTINCT_LEAST: Final = 5
"""Different characters: `aaaaaaaaaa` and `1212121212` have fewer."""

_CHOSEN_MOST: Final = """
password passw0rd p@ssword p@ssw0rd pass contrasena contraseña senha motdepasse passwort parola haslo
qwerty qwertyuiop qwertz azerty asdfgh asdfghjkl zxcvbn zxcvbnm qazwsx qazwsxedc qazwsxedcrfv zaqxsw
q1w2e3r4t5 1q2w3e4r5t 1q2w3e4r5t6y q1w2e3r4t5y6 1qaz2wsx3edc zaq12wsxcde3 123qweasdzxc qweasdzxc
qwe123qwe123 1234567890 0123456789 0987654321 9876543210 1234567891 12345678910 12345678901
123456789012 1234554321 1234512345 1234561234 1029384756 1122334455 1472583690 3141592653 2718281828
abc abcd abcde abcdef abcdefg abcdefgh abcdefghij abcdefghijk admin administrator root guest test testing
welcome letmein changeme default secret login master hello iloveyou teamo lovely princess sunshine flower
football baseball basketball soccer liverpool chelsea arsenal barcelona realmadrid manchester dragon monkey
shadow superman batman spiderman pokemon starwars naruto mustang ferrari michael jennifer jessica michelle
ashley daniel andrew charlie jordan thomas hunter killer ninja freedom whatever trustno computer internet
samsung google facebook whatsapp parley inbox support customer company business summer winter spring autumn
"""
_COMMON: Final = frozenset(_CHOSEN_MOST.split())
"""What people choose most; also with figures and signs before and after."""


class PasswordRefused(DefinitionError):
    """The password is too easy to guess."""

    code = "password_refused"


def refuse_weak(password: str, login: str) -> None:
    """Refuse a password that is soon guessed. Raises PasswordRefused, saying why."""
    if len(password) < CHARS_LEAST:
        raise PasswordRefused(f"A password has at least {CHARS_LEAST} characters.")
    if len(password) > CHARS_MOST:
        raise PasswordRefused(f"A password has at most {CHARS_MOST} characters.")
    plain = password.casefold()
    core = plain.strip(string.digits + string.punctuation)
    if plain in _COMMON or core in _COMMON or len(set(plain)) < DISTINCT_LEAST:
        raise PasswordRefused("Very many people have this password; take another one.")
    if login.casefold() in (plain, core) or (len(login) > 3 and login.casefold() in plain):
        raise PasswordRefused("The password holds the login; take another one.")


def hash_password(password: str) -> str:
    """Return what is stored of a password; takes some 20 ms."""
    return _HASHER.hash(_plain(password))


def matches(password: str, stored: str | None) -> bool:
    """Tell whether a password is the stored one's; without one it takes as long and is never.

    Call it in a thread: it takes some 20 ms.
    """
    if len(password) > CHARS_MOST:
        return False
    try:
        _HASHER.verify(stored or _nobodys(), _plain(password))
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None


def is_outdated(stored: str) -> bool:
    """Tell whether a stored password was hashed with other parameters than today's."""
    return _HASHER.check_needs_rehash(stored)


class Hashing:
    """Hashes beside the event loop, a few at once."""

    def __init__(self) -> None:
        self._turns = asyncio.Semaphore(AT_ONCE)

    async def hash(self, password: str) -> str:
        """Return what is stored of a password."""
        async with self._turns:
            return await asyncio.to_thread(hash_password, password)

    async def matches(self, password: str, stored: str | None) -> bool:
        """Tell whether a password is the stored one's; a stranger's takes as long."""
        async with self._turns:
            return await asyncio.to_thread(matches, password, stored)


@lru_cache(maxsize=1)
def _nobodys() -> str:
    """Return the hash that a stranger's password is compared with."""
    return hash_password(secrets.token_urlsafe(16))


def _plain(password: str) -> bytes:
    return password.encode("utf-8", "surrogatepass")
