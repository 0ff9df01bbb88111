"""The browsers that agents are signed in with: begun, found by what the cookie holds, seen, revoked.

The cookie holds 256 random bits, the database their SHA-256: who reads the database can sign in as nobody.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

from sqlalchemy import and_, select
from sqlmodel import col

from engine.ports.outside import NOTHING
from storage import tables
from storage.agents import AGENT_COLUMNS, Agent, agent_of, revoke_all
from storage.audit import NO_LINE, Act, audited
from storage.clean import clean_text
from storage.columns import maybe_time, read_time, stamp
from storage.database import Database
from storage.statement import Call, delete, insert, update
from storage.written import written

CLIENT_CHARS: Final = 300
"""Of what a browser calls itself."""

_SECRET_BYTES = 32

_BEGIN = insert(
    "session",
    "line_id text, id text, login text, client text, created_at time, seen_at time, expires_at time",
)
_FORGET = delete(
    "session",
    "line_id text, login text, now time",
    where="session.line_id = :line_id AND session.login = :login AND session.expires_at < :now",
)
_SEE = update(
    "session",
    "line_id text, id text, seen_at time, expires_at time",
    set_="seen_at = :seen_at, expires_at = :expires_at",
    where="session.line_id = :line_id AND session.id = :id AND session.revoked_at IS NULL",
)
_SEE_AGENT = update(
    "agent",
    "line_id text, login text, now time",
    set_="seen_at = :now",
    where="agent.line_id = :line_id AND agent.login = :login",
)
_REVOKE = update(
    "session",
    "line_id text, id text, login text, now time",
    set_="revoked_at = :now",
    where="session.line_id = :line_id AND session.id = :id AND session.login = :login"
    " AND session.revoked_at IS NULL",
)


@dataclass(frozen=True, slots=True)
class Session:
    """One browser that an agent is signed in with."""

    id: str
    """SHA-256 of the cookie's secret, in hex."""
    login: str
    client: str
    """What the browser calls itself."""
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    revoked_at: datetime | None = None

    def counts(self, now: datetime) -> bool:
        """Tell whether it signs anybody in."""
        return self.revoked_at is None and now < self.expires_at


@dataclass(frozen=True, slots=True)
class Signed:
    """Who is signed in, and with which browser."""

    agent: Agent
    session: Session


def session_id(secret: str) -> str:
    """Return the id of the session whose cookie holds this."""
    return sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


async def begin_session(
    database: Database, login: str, *, client: str, expires_at: datetime, now: datetime, note: Act
) -> str:
    """Sign an agent in and return what the cookie shall hold; it cannot be read again.

    Raises:
        StoreUnavailable: The database does not answer; nobody is signed in.
    """
    secret = secrets.token_urlsafe(_SECRET_BYTES)
    row = (
        *(NO_LINE, session_id(secret), login, clean_text(client)[:CLIENT_CHARS]),
        *(stamp(now), stamp(now), stamp(expires_at)),
    )
    await written(
        database,
        Call(_FORGET, [(NO_LINE, login, stamp(now))]),
        Call(_BEGIN, [row]),
        Call(_SEE_AGENT, [(NO_LINE, login, stamp(now))]),
        audited(note),
    )
    return secret


async def find_signed(database: Database, id_: str, *, now: datetime) -> Signed | None:
    """Return who is signed in with a session; None where it ended or its agent is disabled. Raises StoreUnavailable."""
    a = tables.AgentRow
    asked = (
        select(*map(col, AGENT_COLUMNS), *_columns())
        .join(_s, and_(col(_s.line_id) == col(a.line_id), col(_s.login) == col(a.login)))
        .where(col(_s.line_id) == NO_LINE, col(_s.id) == id_, col(a.disabled_at).is_(None))
    )
    async with database.read() as connection:
        row = (await connection.execute(asked)).one_or_none()
    if row is None:
        return None
    session = _session(row)
    return Signed(agent_of(row), session) if session.counts(now) else None


async def sessions_of(database: Database, login: str, *, now: datetime) -> list[Session]:
    """Return the sessions that sign an agent in, last seen first. Raises StoreUnavailable."""
    asked = select(*_columns()).where(col(_s.line_id) == NO_LINE, col(_s.login) == login)
    async with database.read() as connection:
        rows = (await connection.execute(asked)).all()
    found = [session for session in map(_session, rows) if session.counts(now)]
    return sorted(found, key=lambda session: session.seen_at, reverse=True)


async def see_session(
    database: Database, session: Session, *, expires_at: datetime, now: datetime
) -> None:
    """Remember that an agent was here, and until when the session lasts therefore. Raises StoreUnavailable."""
    await written(
        database,
        Call(_SEE, [(NO_LINE, session.id, stamp(now), stamp(expires_at))]),
        Call(_SEE_AGENT, [(NO_LINE, session.login, stamp(now))]),
        tells=NOTHING,
    )


async def revoke_session(
    database: Database, login: str, id_: str, *, now: datetime, note: Act
) -> None:
    """End one of an agent's sessions; of another's nothing happens. Raises StoreUnavailable."""
    await written(database, Call(_REVOKE, [(NO_LINE, id_, login, stamp(now))]), audited(note))


async def revoke_sessions(
    database: Database, login: str, *, keep: str | None, now: datetime, note: Act
) -> None:
    """End all of an agent's sessions but the one with the id `keep`. Raises StoreUnavailable."""
    await written(database, revoke_all(login, keep=keep, now=now), audited(note))


_s = tables.SessionRow


def _columns() -> list[Any]:
    """Name the columns that `_session` reads; some have the names of an agent's."""
    return [
        col(_s.id).label("session_id"),
        col(_s.login).label("session_login"),
        col(_s.client).label("client"),
        col(_s.created_at).label("begun_at"),
        col(_s.seen_at).label("last_at"),
        col(_s.expires_at).label("expires_at"),
        col(_s.revoked_at).label("revoked_at"),
    ]


def _session(row: Any) -> Session:
    return Session(
        id=row.session_id,
        login=row.session_login,
        client=row.client,
        created_at=read_time(row.begun_at),
        seen_at=read_time(row.last_at),
        expires_at=read_time(row.expires_at),
        revoked_at=maybe_time(row.revoked_at),
    )
