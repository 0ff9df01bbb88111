"""Agents of a test, as rows: who they are, whether they are there, what they hold."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from storage import Database
from storage.audit import NO_LINE
from storage.columns import maybe_stamp, stamp
from storage.statement import Call, insert, update
from storage.written import written

_ADD = insert(
    "agent",
    "line_id text, login text, name text, teams text, lines text, available bool, capacity bigint,"
    " seen_at time, created_at time",
    fixed="password_hash = '-', role = 'agent'",
)
_SIGN_IN = insert(
    "session",
    "line_id text, id text, login text, created_at time, seen_at time, expires_at time",
    fixed="client = 'a browser'",
)
_SEEN = update(
    "agent",
    "line_id text, login text, seen_at time, available bool",
    set_="seen_at = :seen_at, available = :available",
    where="agent.line_id = :line_id AND agent.login = :login",
)


async def add_agent(
    database: Database,
    login: str,
    *,
    teams: Sequence[str] = (),
    lines: Sequence[str] = (),
    available: bool = True,
    capacity: int | None = None,
    seen_at: datetime | None = None,
    signed_in: bool = True,
) -> None:
    """Add an agent who has the inbox open now, unless told otherwise."""
    now = datetime.now(UTC)
    seen = stamp(seen_at or now)
    who = (NO_LINE, login, login.title(), json.dumps(list(teams)), json.dumps(list(lines)))
    session = (NO_LINE, f"of {login}", login, stamp(now), seen, stamp(now + timedelta(days=30)))
    await written(
        database,
        Call(_ADD, [(*who, available, capacity, seen, stamp(now))]),
        Call(_SIGN_IN, [session] if signed_in else []),
    )


async def see_agent(
    database: Database, login: str, at: datetime | None, *, available: bool = True
) -> None:
    """Say when an agent had the inbox open last, None for never, and whether they want chats."""
    await written(database, Call(_SEEN, [(NO_LINE, login, maybe_stamp(at), available)]))
