"""What the database tells of how the work goes, for who watches over it: a few small questions at one moment.

Each is answered from an index that holds what is unfinished alone, or from a line's newest rows: none grows with the
history.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.orm import aliased
from sqlmodel import col

from engine.core.ids import LineId
from storage import tables
from storage.columns import read_time
from storage.database import Database
from storage.inbox_figures import waiting_now
from storage.inbox_rows import Visible
from storage.postgres import OWNER_SPACE
from storage.tables.talk import UNFINISHED

LOOKED_THROUGH = 1_000
"""So many of a line's newest signals are looked through for one that its provider posted: the others are our own."""

POSTED = ("message_received", "business_replied", "delivery_reported", "line_reported")
"""Kinds of signals that come by webhook alone."""

LIVE_OWNERS = (
    "SELECT count(DISTINCT objid) FROM pg_locks WHERE granted AND locktype = 'advisory' AND objsubid = 2"
    " AND classid = CAST(CAST(:space AS bigint) AS oid)"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)


@dataclass(frozen=True, slots=True)
class Unsent:
    """The messages of a line that stand in the outbox in one status."""

    line: LineId
    status: str
    count: int
    since: datetime | None
    """Since when the first of them could have left; None of held ones, which wait for the contact."""


@dataclass(frozen=True, slots=True)
class WaitingChats:
    """The chats of a line that wait for one team, or for anybody."""

    line: LineId
    team: str | None
    count: int
    since: datetime | None


@dataclass(frozen=True, slots=True)
class StoredVitals:
    """How it stands in the database, of all processes together."""

    unsent: tuple[Unsent, ...]
    waiting: tuple[WaitingChats, ...]
    posted: dict[LineId, datetime]
    """When each line's provider last posted something that was taken; a line long without is left out."""
    replicas: int
    """How many processes serve this database."""


async def stored_vitals(database: Database, lines: Sequence[LineId]) -> StoredVitals:
    """Return how it stands on these lines.

    Raises:
        StoreUnavailable: The database does not answer.
    """
    async with database.read() as connection:
        unsent = (*await _unsent(connection, lines), *await _held(connection, lines))
        posted = {line: at for line in lines if (at := await _posted(connection, line))}
        replicas = await _replicas(connection) if database.dialect == "postgresql" else 1
    now = await waiting_now(database, Visible(tuple(lines), None, ""))
    waiting = (WaitingChats(q.line, q.team, q.waiting, q.oldest) for q in now.queues if q.waiting)
    return StoredVitals(unsent, tuple(waiting), posted, replicas)


async def _unsent(connection: AsyncConnection, lines: Sequence[LineId]) -> list[Unsent]:
    m = tables.MessageRow
    since = func.min(func.coalesce(col(m.released_at), col(m.at)))
    asked = (
        select(col(m.line_id), col(m.status), func.count(), since)
        # In the index's own words.
        .where(text(f"({UNFINISHED})"), col(m.line_id).in_(lines), col(m.direction) == "out")
        .group_by(col(m.line_id), col(m.status))
    )
    rows = (await connection.execute(asked)).all()
    return [Unsent(LineId(line), status, count, read_time(at)) for line, status, count, at in rows]


async def _held(connection: AsyncConnection, lines: Sequence[LineId]) -> list[Unsent]:
    m = tables.MessageRow
    asked = (
        select(col(m.line_id), func.count())
        .where(text("status = 'held'"), col(m.line_id).in_(lines))
        .group_by(col(m.line_id))
    )
    rows = (await connection.execute(asked)).all()
    return [Unsent(LineId(line), "held", count, None) for line, count in rows]


async def _posted(connection: AsyncConnection, line: LineId) -> datetime | None:
    newest = aliased(tables.SignalRow, name="newest")
    looked_through = (
        select(col(newest.kind), col(newest.received_at), col(newest.id))
        .where(col(newest.line_id) == line)
        .order_by(col(newest.id).desc())
        .limit(LOOKED_THROUGH)
        .subquery()
    )
    asked = (
        select(looked_through.c.received_at)
        .where(looked_through.c.kind.in_(POSTED))
        .order_by(looked_through.c.id.desc())
        .limit(1)
    )
    at = (await connection.execute(asked)).scalar()
    return None if at is None else read_time(at)


async def _replicas(connection: AsyncConnection) -> int:
    found = await connection.execute(text(LIVE_OWNERS), {"space": OWNER_SPACE})
    return int(found.scalar_one())
