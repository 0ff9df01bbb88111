"""Who is signed in: the cookie, the session behind it, and the token that forms carry."""

import hmac
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from aiohttp import web

from storage.database import Database
from storage.sessions import Session, Signed, find_signed, see_session, session_id
from web.keys import SETTINGS

KEPT_S: Final = 5.0
"""For so long a session that was found is not looked up again: what another process revoked counts after it."""

KEPT_MOST: Final = 10_000
"""Sessions that are kept at most."""

SEEN_EVERY: Final = timedelta(minutes=1)
"""An agent's last act is written at most this often."""

LONGEST: Final = timedelta(days=30)
"""Then one signs in again, however busy."""

PLAIN_COOKIE: Final = "parley"
SECURE_COOKIE: Final = "__Host-parley"
"""Browsers take this name only with Secure, for the whole host, and from the host itself: no other one can set it.

Source: RFC 6265bis, section 4.1.3.2, read 2026-08.
"""


class Sessions:
    """The sessions of one application; those that were just looked up are kept.

    Args:
        database: Where they are stored.
        idle: How long one lasts without a request.
        monotonic: Seconds that never go back.
    """

    def __init__(
        self,
        database: Database,
        *,
        idle: timedelta,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._idle = idle
        self._monotonic = monotonic
        self._kept: dict[str, tuple[Signed, float]] = {}

    def expires_at(self, begun_at: datetime, now: datetime) -> datetime:
        """Return when a session ends that is used now and not again."""
        return min(now + self._idle, begun_at + LONGEST)

    async def find(self, id_: str, *, now: datetime, used: bool = True) -> Signed | None:
        """Return who is signed in with a session; None where it does not count.

        Args:
            id_: The session's id.
            now: Aware UTC time.
            used: Whether the agent did something; False only looks, as an open stream does.

        Raises:
            StoreUnavailable: The database does not answer.
        """
        signed = self._known(id_, now)
        if signed is None:
            signed = await find_signed(self._database, id_, now=now)
            if signed is None:
                self._kept.pop(id_, None)
                return None
            self._keep(signed)
        if abs(now - signed.session.seen_at) >= SEEN_EVERY:  # the clock may have been set back
            signed = await self._see(signed, now, used=used)
        return signed

    def forget(self, login: str) -> None:
        """Look an agent's sessions up anew: something was changed in this process."""
        self._kept = {id_: kept for id_, kept in self._kept.items() if kept[0].agent.login != login}

    def _known(self, id_: str, now: datetime) -> Signed | None:
        signed, since = self._kept.get(id_, (None, 0.0))
        fresh = self._monotonic() - since < KEPT_S
        return signed if signed and fresh and signed.session.counts(now) else None

    def _keep(self, signed: Signed) -> None:
        if len(self._kept) >= KEPT_MOST:
            self._kept.clear()
        self._kept[signed.session.id] = (signed, self._monotonic())

    async def _see(self, signed: Signed, now: datetime, *, used: bool) -> Signed:
        session = signed.session
        ends = self.expires_at(session.created_at, now) if used else session.expires_at
        seen = replace(signed, session=replace(session, seen_at=now, expires_at=ends))
        if session.id in self._kept:  # first, so that requests beside this one do not write it too
            self._kept[session.id] = (seen, self._kept[session.id][1])
        await see_session(self._database, session, expires_at=ends, now=now)
        return seen


SESSIONS = web.AppKey("inbox_sessions", Sessions)


def is_secure(request: web.Request) -> bool:
    """Tell whether the cookie may travel by https alone."""
    public_url = request.app[SETTINGS].server.public_url or ""
    return request.secure or public_url.startswith("https://")


def shown_secret(request: web.Request) -> str | None:
    """Return what the browser shows in the cookie."""
    return request.cookies.get(SECURE_COOKIE if is_secure(request) else PLAIN_COOKIE)


def set_cookie(request: web.Request, response: web.StreamResponse, secret: str) -> None:
    """Let the browser show this from now on."""
    secure = is_secure(request)
    response.set_cookie(
        SECURE_COOKIE if secure else PLAIN_COOKIE,
        secret,
        max_age=int(LONGEST.total_seconds()),
        path="/",
        secure=secure,
        httponly=True,
        samesite="Lax",
    )


def take_cookie(request: web.Request, response: web.StreamResponse) -> None:
    """Let the browser show nothing any more."""
    secure = is_secure(request)
    response.del_cookie(
        SECURE_COOKIE if secure else PLAIN_COOKIE,
        path="/",
        secure=secure,
        httponly=True,
        samesite="Lax",
    )


def csrf_token(secret: str) -> str:
    """Return what the forms of a session carry.

    Made of the cookie's own secret, which no script reads and the database does not have: who could make the token
    would hold the session itself.
    """
    return hmac.digest(secret.encode("utf-8", "surrogatepass"), b"parley csrf", "sha256").hex()


async def signed_in(
    request: web.Request, now: datetime, *, used: bool = True
) -> tuple[Signed, str] | None:
    """Return who asks, and what their cookie holds; None for a stranger. Raises StoreUnavailable."""
    secret = shown_secret(request)
    if not secret:
        return None
    signed = await request.app[SESSIONS].find(session_id(secret), now=now, used=used)
    return None if signed is None else (signed, secret)


async def looked_up(request: web.Request, session: Session, now: datetime) -> Signed | None:
    """Return who is signed in with a session that was found before; asking does not make it last longer."""
    return await request.app[SESSIONS].find(session.id, now=now, used=False)
