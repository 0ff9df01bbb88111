"""What people and pages ask the database: a conversation's story, the outbox, a line's clock.

Reading is apart from the loops' store and never locks anything. The few writes are for commands and pages that set a
fact; each is a short transaction of its own, and a running server notices it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVarTuple

from sqlalchemy import and_, func, literal_column, or_, select, text
from sqlalchemy.sql import Select
from sqlmodel import col

from engine.core.addresses import canonical_phone
from engine.core.content import Content, Media
from engine.core.conversation import Conversation
from engine.core.ids import ContactId, ConversationId, ExternalId, LineId, MessageId, SignalId
from engine.core.trace import Trace
from engine.core.value import Json
from engine.ports import Direction, MessageStatus
from storage import tables
from storage.clean import clean_text
from storage.columns import read_time, stamp
from storage.consents import Consent, consents_of
from storage.database import Database
from storage.json_text import dump_json, load_json
from storage.mapping import load_content, load_conversation, load_trace
from storage.notices import notice
from storage.outbox_statements import REPORTED
from storage.selects import names_of_lines, select_conversations
from storage.statement import Call, insert, update
from storage.transaction import Transaction

PAGE = 500
"""Rows a question returns at most unless it is asked for more."""

R = TypeVarTuple("R")

_RETRY = update(
    "message",
    "line_id text, id bigint, now time",
    set_="status = 'queued', status_at = :now, retry_at = NULL, attempts = 0, error_code = NULL, error = NULL",
    where="message.line_id = :line_id AND message.id = :id AND message.direction <> 'in'"
    " AND message.status IN ('failed', 'held')",
    tells="id",
)

_RAISE_CLOCK = insert(
    "line",
    "line_id text, clock_offset_s float",
    conflict="ON CONFLICT (line_id) DO UPDATE SET clock_offset_s = CASE"
    " WHEN line.clock_offset_s > excluded.clock_offset_s THEN line.clock_offset_s"
    " ELSE excluded.clock_offset_s END",
)


@dataclass(frozen=True, slots=True)
class TranscriptMessage:
    """One message as a transcript shows it."""

    id: MessageId
    line: LineId
    conversation: ConversationId
    direction: Direction
    origin: str
    """`contact`, `flow`, `engine`, `agent` or `phone`."""
    content: Content
    """Media that was fetched names its bytes in `stored`."""
    status: MessageStatus
    at: datetime
    status_at: datetime
    """When it came to its status."""
    external_id: ExternalId | None
    turn: int
    reply_to: ExternalId | None
    extra: Json
    attempts: int
    retry_at: datetime | None
    maybe_twice: bool
    error_code: str | None
    error: str | None
    times: Mapping[str, datetime] = field(default_factory=dict)
    """When it came to what providers report, as far as known: `sent`, `delivered`, `read`, `played`, `failed`."""

    @property
    def instead_of(self) -> Content | None:
        """What this template went out for, because the window was closed."""
        replaced = self.extra.get("instead_of") if isinstance(self.extra, dict) else None
        return None if replaced is None else load_content(dump_json(replaced))


@dataclass(frozen=True, slots=True)
class StoryTurn:
    """One handled signal with its trace."""

    signal: SignalId
    turn: int
    at: datetime
    trace: Trace
    elapsed_ms: float
    serial: int


@dataclass(frozen=True, slots=True)
class Story:
    """A conversation with everything that happened in it, oldest first."""

    conversation: Conversation
    joined: ContactId | None
    """The contact that took over this one's addresses, when both turned out to be one person."""
    messages: list[TranscriptMessage]
    turns: list[StoryTurn]
    consents: list[Consent] = field(default_factory=list)
    """What the contact wanted when; of its contacts before they were joined too."""


class Queries:
    """Questions to one database; each method is one."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # --- conversations -----------------------------------------------------------------------------

    async def conversations_of(
        self, address: str, *, line: LineId | None = None
    ) -> list[Conversation]:
        """Return the conversations of a phone number (however written) or user id, on one line or on all.

        Those of contacts that were joined into this one come after it.
        """
        phone, user_id = canonical_phone(address), clean_text(address.strip())
        a, t = tables.AddressRow, tables.ContactRow
        async with self._database.read() as connection:
            lines = [line] if line else await names_of_lines(connection)
            if not lines:
                return []
            found = (
                await connection.execute(
                    select(col(a.line_id), col(a.contact_id)).where(
                        col(a.line_id).in_(lines),
                        or_(
                            and_(col(a.kind) == "phone", col(a.address) == phone),
                            and_(col(a.kind) == "user_id", col(a.address) == user_id),
                        ),
                    )
                )
            ).all()
            conversations: list[Conversation] = []
            for name, contact in dict.fromkeys((row[0], row[1]) for row in found):
                on_line = col(t.line_id) == name
                for these in (col(t.id) == contact, col(t.joined_id) == contact):
                    rows = (
                        await connection.execute(select_conversations(and_(on_line, these)))
                    ).all()
                    conversations += [load_conversation(row) for row in rows]
        return conversations

    async def conversation(self, line: LineId, conversation: ConversationId) -> Conversation | None:
        """Return one conversation, or None if there is no such one."""
        c = tables.ConversationRow
        asked = select_conversations(and_(col(c.line_id) == line, col(c.id) == conversation))
        async with self._database.read() as connection:
            row = (await connection.execute(asked)).one_or_none()
        return None if row is None else load_conversation(row)

    async def contacts_on(self, line: LineId, *, limit: int = PAGE) -> list[Conversation]:
        """Return the line's conversations, newest first; meant for a line with few, such as the simulator's."""
        c = tables.ConversationRow
        asked = select_conversations(col(c.line_id) == line).order_by(col(c.id).desc()).limit(limit)
        async with self._database.read() as connection:
            rows = (await connection.execute(asked)).all()
        return [load_conversation(row) for row in rows]

    async def story(self, line: LineId, conversation: ConversationId) -> Story | None:
        """Return a conversation's whole story, or None if there is no such conversation."""
        c, t = tables.ConversationRow, tables.ContactRow
        this = and_(col(c.line_id) == line, col(c.id) == conversation)
        turns = _turns(line, conversation).order_by(col(tables.TurnRow.signal_id))
        async with self._database.read() as connection:
            row = (
                await connection.execute(select_conversations(this).add_columns(col(t.joined_id)))
            ).one_or_none()
            if row is None:
                return None
            told = (await connection.execute(turns)).all()
            messages = (
                await connection.execute(
                    select_messages(
                        col(tables.MessageRow.line_id) == line,
                        col(tables.MessageRow.conversation_id) == conversation,
                    )
                )
            ).all()
        found = load_conversation(row)
        return Story(
            conversation=found,
            joined=row[11],
            messages=[transcript_message(message) for message in messages],
            turns=[_story_turn(one) for one in told],
            consents=await consents_of(self._database, line, found.contact.id),
        )

    async def messages(
        self,
        line: LineId,
        conversation: ConversationId,
        *,
        after: MessageId = MessageId(0),  # noqa: B008 - a NewType call is the number itself
        limit: int = PAGE,
    ) -> list[TranscriptMessage]:
        """Return a conversation's messages with an id above `after`, oldest first."""
        m = tables.MessageRow
        asked = select_messages(
            col(m.line_id) == line, col(m.conversation_id) == conversation, col(m.id) > after
        )
        async with self._database.read() as connection:
            rows = (await connection.execute(asked.limit(limit))).all()
        return [transcript_message(row) for row in rows]

    async def latest_messages(
        self, line: LineId, conversation: ConversationId, *, limit: int = PAGE
    ) -> list[TranscriptMessage]:
        """Return the end of a conversation's transcript, oldest first."""
        m = tables.MessageRow
        asked = select_messages(col(m.line_id) == line, col(m.conversation_id) == conversation)
        latest = asked.order_by(None).order_by(col(m.id).desc()).limit(limit)
        async with self._database.read() as connection:
            rows = (await connection.execute(latest)).all()
        return [transcript_message(row) for row in reversed(rows)]

    async def last_turn(self, line: LineId, conversation: ConversationId) -> StoryTurn | None:
        """Return the newest handled signal of a conversation, or None before the first."""
        u = tables.TurnRow
        asked = _turns(line, conversation).order_by(col(u.signal_id).desc()).limit(1)
        async with self._database.read() as connection:
            row = (await connection.execute(asked)).one_or_none()
        return None if row is None else _story_turn(row)

    async def message_with(self, line: LineId, external_id: ExternalId) -> TranscriptMessage | None:
        """Return our newest message that the provider calls so."""
        m = tables.MessageRow
        asked = select_messages(
            col(m.line_id) == line,
            col(m.external_id) == clean_text(external_id),
            col(m.direction) == literal_column("'out'"),
        )
        async with self._database.read() as connection:
            rows = (await connection.execute(asked)).all()
        return transcript_message(rows[-1]) if rows else None

    async def exchanges(self, line: LineId, message: MessageId) -> list[Json]:
        """Return what was said to the provider about a message and its answers, redacted, oldest first."""
        e = tables.ExchangeRow
        asked = (
            select(col(e.content))
            .where(col(e.line_id) == line, col(e.message_id) == message)
            .order_by(col(e.at))
        )
        async with self._database.read() as connection:
            rows = (await connection.execute(asked)).scalars().all()
        return [load_json(row) for row in rows]

    # --- the outbox ----------------------------------------------------------------------------------

    async def outbox(self, *, failed: bool = False, limit: int = PAGE) -> list[TranscriptMessage]:
        """Return what has not left yet, or what failed or met a closed window; oldest first."""
        m = tables.MessageRow
        which = [tables.UNFINISHED]
        if failed:
            which = ["status = 'failed'", "status = 'held'"]
        found: list[TranscriptMessage] = []
        async with self._database.read() as connection:
            for status in which:  # one by one, each in its index's own words
                asked = select_messages(text(f"({status})"), col(m.direction) != "in").limit(limit)
                rows = (await connection.execute(asked)).all()
                found += [transcript_message(row) for row in rows]
        return sorted(found, key=lambda message: message.id)[:limit]

    async def retry(self, message: MessageId, *, now: datetime) -> bool:
        """Put a failed or held message back into the queue; False if there is no such message in that state.

        Raises:
            StoreUnavailable: The database does not answer.
        """
        m = tables.MessageRow
        async with self._database.read() as connection:
            lines = await names_of_lines(connection)
            line = (
                await connection.execute(
                    select(col(m.line_id)).where(col(m.line_id).in_(lines), col(m.id) == message)
                )
            ).scalar()
        if line is None:
            return False
        told = await self._write(Call(_RETRY, [(line, message, stamp(now))]))
        return bool(told)

    # --- lines -----------------------------------------------------------------------------------------

    async def clock_offset(self, line: LineId) -> timedelta:
        """Return how far a line's clock is ahead of the real one."""
        n = tables.LineRow
        asked = select(col(n.clock_offset_s)).where(col(n.line_id) == line)
        async with self._database.read() as connection:
            offset = (await connection.execute(asked)).scalar()
        return timedelta(seconds=offset or 0)

    async def raise_clock_offset(self, line: LineId, offset: timedelta) -> timedelta:
        """Move a line's clock ahead and return where it stands now; it never goes back."""
        await self._write(Call(_RAISE_CLOCK, [(line, offset.total_seconds())]))
        return await self.clock_offset(line)

    async def newest_id(self) -> int:
        """Return the highest id that ever came from an IdFactory, for the next one to begin behind."""
        newest = 0
        async with self._database.read() as connection:
            for line in await names_of_lines(connection):
                for table in (tables.MessageRow, tables.ConversationRow):
                    asked = select(func.max(col(table.id))).where(col(table.line_id) == line)
                    newest = max(newest, (await connection.execute(asked)).scalar() or 0)
        return newest

    async def _write(self, call: Call) -> Sequence[Sequence[Any]]:
        """Run one statement in a transaction of its own and tell the other processes."""
        async with self._database.write_lock:
            transaction = Transaction(self._database.link)
            try:
                rows, _ = await transaction.ask(call, notice(self._database.itself))
                await transaction.commit()
            except BaseException:
                await transaction.rollback()
                raise
        return rows


def select_messages(*which: Any) -> Select[Any, *tuple[Any, ...]]:
    """Ask for messages with the files fetched for them, in the order of their ids."""
    m, f = tables.MessageRow, tables.MediaRow
    columns = [column for column in m.__table__.columns if column.name != "owner"]  # type: ignore[attr-defined]  # SQLModel adds it
    return (
        select(*columns, col(f.stored).label("stored"), col(f.mime_type).label("mime_type"))
        .join(
            f,
            and_(col(f.line_id) == col(m.line_id), col(f.message_id) == col(m.id)),
            isouter=True,
        )
        .where(*which)
        .order_by(col(m.id))
    )


def _turns(line: LineId, conversation: ConversationId) -> Select[Any, *tuple[Any, ...]]:
    """Ask for the handled signals of a conversation."""
    u = tables.TurnRow
    columns = (u.signal_id, u.turn, u.at, u.trace, u.elapsed_ms, u.serial)
    return select(*map(col, columns)).where(
        col(u.line_id) == line, col(u.conversation_id) == conversation
    )


def _story_turn(row: Any) -> StoryTurn:
    return StoryTurn(
        signal=SignalId(row.signal_id),
        turn=row.turn,
        at=row.at,
        trace=load_trace(row.trace),
        elapsed_ms=row.elapsed_ms,
        serial=row.serial,
    )


def transcript_message(row: Any) -> TranscriptMessage:
    """Make a message of a row of `select_messages`."""
    content = load_content(row.content)
    if isinstance(content, Media) and row.stored is not None:
        content = content.model_copy(
            update={"stored": row.stored, "mime_type": row.mime_type or content.mime_type}
        )
    return TranscriptMessage(
        id=MessageId(row.id),
        line=LineId(row.line_id),
        conversation=ConversationId(row.conversation_id),
        direction=row.direction,
        origin=row.origin,
        content=content,
        status=row.status,
        at=read_time(row.at),
        status_at=read_time(row.status_at),
        external_id=row.external_id,
        turn=row.turn,
        reply_to=row.reply_to,
        extra=None if row.extra is None else load_json(row.extra),
        attempts=row.attempts,
        retry_at=row.retry_at,
        maybe_twice=row.maybe_twice,
        error_code=row.error_code,
        error=row.error,
        times=_times(row),
    )


def _times(row: Any) -> dict[str, datetime]:
    """Return when a message came to each status that providers report, the one it has among them."""
    known = {name: getattr(row, f"{name}_at") for name in REPORTED}
    if row.status in known:
        known[row.status] = row.status_at
    return {name: read_time(at) for name, at in known.items() if at is not None}
