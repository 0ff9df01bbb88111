"""What contacts want of us: every change of it kept and read back."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import or_, select
from sqlmodel import col

from engine.core.ids import ContactId, ConversationId, LineId
from engine.ports import ConsentRow
from storage import tables
from storage.clean import clean_text
from storage.columns import read_time, stamp
from storage.database import Database
from storage.statement import Call, insert, update

_ADD = insert(
    "consent",
    "line_id text, id bigint, contact_id bigint, conversation_id bigint, change text, told_by text,"
    " source text, at time, recorded_at time",
)

_CANCEL_ALL = update(
    # Whoever said it: the sender would take it back too, but not what is held.
    "message",
    "line_id text, conversation_id bigint, now time, code text, error text",
    set_="status = 'cancelled', status_at = :now, retry_at = NULL, error_code = :code, error = :error",
    where="message.line_id = :line_id AND message.conversation_id = :conversation_id"
    " AND message.status IN ('queued', 'held') AND message.direction = 'out'",
)


class Consent(NamedTuple):
    """One change of what a contact wants, as it was recorded."""

    change: str
    by: str
    source: str
    at: datetime
    recorded_at: datetime


def record(rows: Sequence[ConsentRow], now: datetime) -> Iterator[Call]:
    """Yield what adds to the audit and cancels what those who opted out have still coming."""
    recorded_at = stamp(now)
    added = [
        (
            *(row.line, row.id, row.contact, row.conversation, row.record.change, row.record.by),
            *(clean_text(row.record.source), stamp(row.record.at), recorded_at),
        )
        for row in rows
    ]
    yield Call(_ADD, sorted(added))
    silenced = {(row.line, row.conversation) for row in rows if row.record.change == "opted_out"}
    if silenced:
        yield cancel_all(silenced, now)


def cancel_all(conversations: Iterable[tuple[LineId, ConversationId]], now: datetime) -> Call:
    """Return what cancels everything that these conversations still have coming, whoever said it."""
    why = (stamp(now), "opted_out", "the contact has opted out")
    return Call(_CANCEL_ALL, [(*key, *why) for key in sorted(conversations)])


async def consents_of(database: Database, line: LineId, contact: ContactId) -> list[Consent]:
    """Return every change of what a contact wanted, oldest first; with those of contacts joined into it.

    Raises:
        StoreUnavailable: The database does not answer.
    """
    k, t = tables.ConsentRow, tables.ContactRow
    joined = select(col(t.id)).where(col(t.line_id) == line, col(t.joined_id) == contact)
    asked = (
        select(col(k.change), col(k.told_by), col(k.source), col(k.at), col(k.recorded_at))
        .where(
            col(k.line_id) == line,
            or_(col(k.contact_id) == contact, col(k.contact_id).in_(joined)),
        )
        .order_by(col(k.id))
    )
    async with database.read() as connection:
        rows = (await connection.execute(asked)).all()
    return [Consent(*row[:3], read_time(row[3]), read_time(row[4])) for row in rows]
