"""The tokens of the public API: made, found by what a caller shows, listed, revoked.

A token is `parley_ID_SECRET`. The secret part holds 256 random bits and is shown once; the database has its SHA-256,
which needs no salt and no slow hash: nobody guesses 256 bits.
"""

import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

import orjson
from sqlalchemy import select
from sqlalchemy.sql import ColumnElement, Select
from sqlmodel import col

from engine.core.errors import DefinitionError
from engine.ports.outside import NOTHING
from storage import tables
from storage.audit import NO_LINE, Act, audited
from storage.clean import clean_text
from storage.columns import maybe_time, read_time, stamp
from storage.database import Database
from storage.ids import TimeIds
from storage.people import COMMANDS
from storage.queries import Queries
from storage.statement import Call, insert, update
from storage.written import written

PREFIX = "parley"
COMMAND = "command"
"""Who makes and revokes tokens."""

_ID_BYTES = 6
_SECRET_BYTES = 32

_ADD = insert(
    "token",
    "line_id text, id text, name text, hash text, scopes text, lines text, created_at time",
)
_REVOKE = update(
    "token",
    "line_id text, id text, now time",
    set_="revoked_at = :now",
    where="token.line_id = :line_id AND token.id = :id AND token.revoked_at IS NULL",
)
_USE = update(
    "token",
    "line_id text, id text, now time",
    set_="used_at = :now",
    where="token.line_id = :line_id AND token.id = :id",
)


@dataclass(frozen=True, slots=True)
class Token:
    """Who may use the API, for what."""

    id: str
    name: str
    scopes: frozenset[str]
    lines: frozenset[str]
    """Empty: every line."""
    created_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None

    def serves(self, line: str) -> bool:
        """Tell whether it may be used on the line."""
        return not self.lines or line in self.lines


async def create_token(
    database: Database, name: str, *, scopes: Sequence[str], lines: Sequence[str], now: datetime
) -> str:
    """Make a token and return it as its holder will show it; it cannot be read again.

    Raises:
        DefinitionError: There is or was one of this name.
        StoreUnavailable: The database does not answer; nothing was made.
    """
    if any(one.name == name for one in await list_tokens(database)):
        raise DefinitionError(f"there is or was a token {name!r}; take another name")
    id_, secret = secrets.token_hex(_ID_BYTES), secrets.token_urlsafe(_SECRET_BYTES)
    row = (
        NO_LINE,
        id_,
        clean_text(name),
        _hashed(secret),
        orjson.dumps(sorted(set(scopes))).decode(),
        orjson.dumps(sorted(set(lines))).decode(),
        stamp(now),
    )
    await written(database, Call(_ADD, [row]), await _audited(database, "token_created", name, now))
    return f"{PREFIX}_{id_}_{secret}"


async def list_tokens(database: Database) -> list[Token]:
    """Return every token, revoked ones too, oldest first. Raises StoreUnavailable."""
    async with database.read() as connection:
        rows = (await connection.execute(_asked().order_by(col(_t.created_at)))).all()
    return [_token(row) for row in rows]


async def revoke_token(database: Database, name: str, *, now: datetime) -> bool:
    """Take a token back at once; False where none of the name counts. Raises StoreUnavailable."""
    found = [one for one in await list_tokens(database) if one.name == name and not one.revoked_at]
    if not found:
        return False
    await written(
        database,
        Call(_REVOKE, [(NO_LINE, found[0].id, stamp(now))]),
        await _audited(database, "token_revoked", name, now),
    )
    return True


async def find_token(database: Database, shown: str) -> Token | None:
    """Return the token that a caller shows; None for a stranger's and a revoked one. Raises StoreUnavailable."""
    prefix, _, rest = shown.partition("_")
    id_, _, secret = rest.partition("_")
    if prefix != PREFIX or len(id_) != 2 * _ID_BYTES or not shown.isascii():
        return None
    async with database.read() as connection:
        row = (await connection.execute(_asked(col(_t.id) == id_))).one_or_none()
    if row is None or not hmac.compare_digest(row.hash, _hashed(secret)):
        return None
    token = _token(row)
    return None if token.revoked_at else token


async def note_use(database: Database, token: Token, *, now: datetime) -> None:
    """Remember when a token was used last. Raises StoreUnavailable."""
    await written(database, Call(_USE, [(NO_LINE, token.id, stamp(now))]), tells=NOTHING)


async def _audited(database: Database, act: str, name: str, now: datetime) -> Call:
    ids = TimeIds(COMMANDS, after=await Queries(database).newest_id())
    return audited(Act(ids(), NO_LINE, now, COMMAND, act, name))


def _hashed(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()


_t = tables.TokenRow
_COLUMNS = (
    *(_t.id, _t.name, _t.scopes, _t.lines),
    *(_t.created_at, _t.used_at, _t.revoked_at, _t.hash),
)


def _asked(*which: ColumnElement[bool]) -> Select[Any, *tuple[Any, ...]]:
    return select(*map(col, _COLUMNS)).where(col(_t.line_id) == NO_LINE, *which)


def _token(row: Any) -> Token:
    return Token(
        id=row.id,
        name=row.name,
        scopes=frozenset(orjson.loads(row.scopes)),
        lines=frozenset(orjson.loads(row.lines)),
        created_at=read_time(row.created_at),
        used_at=maybe_time(row.used_at),
        revoked_at=maybe_time(row.revoked_at),
    )
