"""The browsers that are told of news while the inbox is closed, and the key that this server signs for them with."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import and_, func, select
from sqlmodel import col

from engine.ports.outside import NOTHING
from storage import tables
from storage.agents import AGENT_COLUMNS, Agent, agent_of
from storage.audit import NO_LINE
from storage.clean import clean_text
from storage.columns import stamp
from storage.database import Database
from storage.statement import Call, delete, insert
from storage.written import written

SUBSCRIPTIONS_OF_ONE: Final = 20
"""Browsers of one agent; with more the oldest is forgotten."""

_ADD = insert(
    "push_subscription",
    "line_id text, login text, endpoint text, public_key text, auth text, session_id text, created_at time",
    conflict="ON CONFLICT (line_id, login, endpoint) DO UPDATE SET public_key = excluded.public_key,"
    " auth = excluded.auth, session_id = excluded.session_id",
)
_FORGET = delete(
    "push_subscription",
    "line_id text, login text, endpoint text",
    where="push_subscription.line_id = :line_id AND push_subscription.login = :login"
    " AND push_subscription.endpoint = :endpoint",
)
_FORGET_OTHERS = delete(
    # A browser belongs to who signed in with it last.
    "push_subscription",
    "line_id text, login text, endpoint text",
    where="push_subscription.line_id = :line_id AND push_subscription.login <> :login"
    " AND push_subscription.endpoint = :endpoint",
)
_KEEP_KEY = insert(
    "server_key",
    "line_id text, name text, value text, created_at time",
    conflict="ON CONFLICT (line_id, name) DO NOTHING",
)


@dataclass(frozen=True, slots=True)
class Subscription:
    """One browser of an agent's, at its push service."""

    login: str
    endpoint: str
    public_key: str
    """base64url, as the browser gave it; so `auth`."""
    auth: str
    session: str
    """The session that it came with: it counts as long as that one does."""


async def subscribe(database: Database, subscription: Subscription, *, now: datetime) -> None:
    """Keep a browser; one that is known gets its new keys. Raises StoreUnavailable."""
    one = subscription
    known = [
        found for found, _ in await subscriptions(database, now=now) if found.login == one.login
    ]
    others = [found for found in known if found.endpoint != one.endpoint]
    surplus = others[: max(0, len(others) + 1 - SUBSCRIPTIONS_OF_ONE)]
    row = (
        *(NO_LINE, one.login, clean_text(one.endpoint), clean_text(one.public_key)),
        *(clean_text(one.auth), one.session, stamp(now)),
    )
    await written(
        database,
        Call(_FORGET_OTHERS, [(NO_LINE, one.login, clean_text(one.endpoint))]),
        Call(_FORGET, [(NO_LINE, found.login, found.endpoint) for found in surplus]),
        Call(_ADD, [row]),
    )


async def unsubscribe(database: Database, login: str, endpoint: str) -> None:
    """Forget a browser of an agent's. Raises StoreUnavailable."""
    await written(database, Call(_FORGET, [(NO_LINE, login, clean_text(endpoint))]))


async def subscriptions(database: Database, *, now: datetime) -> list[tuple[Subscription, Agent]]:
    """Return every browser whose session counts, with its agent, oldest first. Raises StoreUnavailable."""
    p, s, a = tables.PushSubscriptionRow, tables.SessionRow, tables.AgentRow
    asked = (
        select(
            *map(col, AGENT_COLUMNS),
            col(p.endpoint).label("endpoint"),
            col(p.public_key).label("public_key"),
            col(p.auth).label("auth"),
            col(p.session_id).label("session_id"),
        )
        .join(p, and_(col(p.line_id) == col(a.line_id), col(p.login) == col(a.login)))
        .join(s, and_(col(s.line_id) == col(p.line_id), col(s.id) == col(p.session_id)))
        .where(
            col(a.line_id) == NO_LINE,
            col(a.disabled_at).is_(None),
            col(s.revoked_at).is_(None),
            col(s.expires_at) > now,
        )
        .order_by(col(p.created_at), col(p.endpoint))
    )
    async with database.read() as connection:
        rows = (await connection.execute(asked)).all()
    return [(_subscription(row), agent_of(row)) for row in rows]


async def count_subscriptions(database: Database) -> int:
    """Return how many browsers are kept, whether they count or not. Raises StoreUnavailable."""
    p = tables.PushSubscriptionRow
    asked = select(func.count()).select_from(p).where(col(p.line_id) == NO_LINE)
    async with database.read() as connection:
        return (await connection.execute(asked)).scalar() or 0


async def server_key(database: Database, name: str, *, made: str, now: datetime) -> str:
    """Return this installation's key of a name; the first who asks has `made` kept. Raises StoreUnavailable."""
    k = tables.ServerKeyRow
    asked = select(col(k.value)).where(col(k.line_id) == NO_LINE, col(k.name) == name)
    async with database.read() as connection:
        found = (await connection.execute(asked)).scalar()
    if found is not None:
        return str(found)
    await written(database, Call(_KEEP_KEY, [(NO_LINE, name, made, stamp(now))]), tells=NOTHING)
    async with database.read() as connection:
        return str((await connection.execute(asked)).scalar_one())


def _subscription(row: Any) -> Subscription:
    return Subscription(
        login=row.login,
        endpoint=row.endpoint,
        public_key=row.public_key,
        auth=row.auth,
        session=row.session_id,
    )
