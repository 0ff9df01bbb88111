"""The engine's `Store` on either database: one writer with its cache, and the questions the loops ask."""

from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import TypeVarTuple

from sqlalchemy import and_, case, func, literal, literal_column, or_, select, text
from sqlalchemy.sql import ColumnElement, Select
from sqlmodel import col

from engine.core import limits
from engine.core.content import Media
from engine.core.conversation import Conversation
from engine.core.ids import ConversationId, LineId, MessageId, TimerId
from engine.ports import CallRow, DueTimer, StoredSignal, WantedMedia
from engine.ports.outside import Outside, Replicas
from storage import tables
from storage.cache import Cache
from storage.clean import clean_text
from storage.columns import UtcDateTime, read_time
from storage.database import Database
from storage.gathered import GatheredReads
from storage.ids import RisingIds
from storage.json_text import load_json
from storage.mapping import load_content, load_conversation, load_stored_signal
from storage.selects import select_conversations
from storage.transaction import Transaction, to_the_end
from storage.unit_of_work import UnitOfWork

CACHED_CONVERSATIONS = 4_096
"""At 2 to 4 KB each; a line of 80 messages a second hears from fewer contacts in a minute. A miss costs one read."""

R = TypeVarTuple("R")


class SqlStore:
    """The durable state.

    Args:
        database: Where it is; `prepare` has brought its schema up to date.
        ids: Gives the ids of new contacts and conversations.
        cached: How many conversations are kept in memory.
    """

    def __init__(
        self, database: Database, *, ids: RisingIds, cached: int = CACHED_CONVERSATIONS
    ) -> None:
        self._database = database
        self._ids = ids
        self._cache = Cache(cached)
        self._gathered: GatheredReads | None = None
        if database.reads is not None:
            self._gathered = GatheredReads(database.reads, self._cache.get)

    @asynccontextmanager
    async def write(self) -> AsyncIterator[UnitOfWork]:
        """Open a transaction on the writer; leaving commits, an exception rolls back and drops cached rows."""
        async with self._database.write_lock:
            unit = UnitOfWork(
                Transaction(self._database.link),
                cache=self._cache,
                ids=self._ids,
                itself=None if self._database.has_one_writer else self._database.itself,
                owner=self._database.owner,
                others_show=self._database.others_show,
            )
            try:
                yield unit
                await unit.commit()
            except BaseException:
                await to_the_end(unit.rollback())
                raise

    async def changed_outside(self) -> Outside:
        """Return what other processes wrote since the last call; what that makes stale in memory is read anew."""
        changed = await self._database.changed_outside()
        if changed.is_unknown and self._database.has_one_writer:
            self._cache.drop_all()  # with several writers each claim brings the version
        return changed

    async def hear(self, within_s: float) -> None:
        """Wait until another process tells something, or so long."""
        await self._database.hear(within_s)

    async def replicas(self, *, shows: bool) -> Replicas:
        """Look who lives; `shows` tells the others whether pages are open here."""
        return await self._database.replicas(shows=shows)

    @property
    def is_sure(self) -> bool:
        """Whether this process is known to be taken to live."""
        return self._database.is_sure

    @property
    def terms(self) -> int:
        """How many connections the writer has had."""
        return self._database.terms

    async def waiting_signals(self, lines: Collection[LineId], *, limit: int) -> list[StoredSignal]:
        """Return unhandled signals of these lines that can be stepped, in order of arrival."""
        s = tables.SignalRow
        asked = (
            _steppable(
                select(
                    col(s.line_id),
                    col(s.id),
                    col(s.conversation_id),
                    col(s.key),
                    col(s.content),
                    col(s.sender),
                    col(s.received_at),
                    col(s.attempts),
                )
            )
            .where(col(s.line_id).in_(sorted(lines)))
            .order_by(col(s.id))
            .limit(limit)
        )
        async with self._database.read() as connection:
            rows = (await connection.execute(asked)).all()
        return [
            load_stored_signal(
                line=row.line_id,
                id=row.id,
                conversation=row.conversation_id,
                key=row.key,
                content=row.content,
                sender=row.sender,
                received_at=row.received_at,
                attempts=row.attempts,
            )
            for row in rows
        ]

    async def oldest_waiting(self, lines: Collection[LineId], *, now: datetime) -> timedelta | None:
        """Return how long the oldest steppable signal of these lines has waited; None if none waits.

        Raises StoreUnavailable.
        """
        s = tables.SignalRow
        asked = _steppable(select(func.min(col(s.received_at))))
        asked = asked.where(col(s.line_id).in_(sorted(lines)))
        async with self._database.read() as connection:
            oldest = (await connection.execute(asked)).scalar()
        return None if oldest is None else now - read_time(oldest)

    async def busy_conversations(self, *, own: bool = False) -> list[Conversation]:
        """Return the conversations whose code step runs, or ran when a process died; with `own` this process's."""
        is_busy = text("conversation.busy")  # in the index's own words
        if own:
            is_busy = text("conversation.busy AND conversation.owner = :owner")
            is_busy = is_busy.bindparams(owner=self._database.owner)
        async with self._database.read() as connection:
            rows = (await connection.execute(select_conversations(is_busy))).all()
        return [load_conversation(row) for row in rows]

    async def conversations(
        self, keys: Sequence[tuple[LineId, ConversationId]]
    ) -> dict[ConversationId, Conversation]:
        """Return conversations as committed now, from the cache where it is current; nothing is locked."""
        found: dict[ConversationId, Conversation] = {}
        missing: list[tuple[LineId, ConversationId]] = []
        is_current = self._database.has_one_writer
        for key in keys:
            known = self._cache.get(key) if is_current else None
            if known is None:
                missing.append(key)
            else:
                found[known.id] = known
        if missing and self._gathered is not None:
            found |= await self._gathered.read(missing)
        elif missing:
            async with self._database.read() as connection:
                rows = (await connection.execute(select_conversations(_these(missing)))).all()
            found |= {c.id: c for c in map(load_conversation, rows)}
        return found

    def known(self, line: LineId, conversation: ConversationId) -> Conversation | None:
        """Return a conversation as committed now if that takes no wait; None where the database must be asked.

        Where others write too: as this process committed it a moment ago.
        """
        if not self._database.has_one_writer:
            return self._cache.committed((line, conversation))
        return self._cache.get((line, conversation))

    async def due_timers(
        self, now: Sequence[tuple[LineId, datetime]], *, limit: int
    ) -> list[DueTimer]:
        """Return timers due on each line at that line's own time, earliest first."""
        if not now:
            return []
        t = tables.TimerRow
        due = [and_(col(t.line_id) == line, col(t.due_at) <= at) for line, at in now]
        asked = (
            select(
                col(t.id),
                col(t.line_id),
                col(t.conversation_id),
                col(t.purpose),
                col(t.run),
                col(t.visit),
                col(t.due_at),
            )
            .where(or_(*due))
            .order_by(col(t.due_at))
            .limit(limit)
        )
        async with self._database.read() as connection:
            rows = (await connection.execute(asked)).all()
        return [
            DueTimer(
                id=TimerId(row.id),
                line=LineId(row.line_id),
                conversation=ConversationId(row.conversation_id),
                purpose=row.purpose,
                run=row.run,
                visit=row.visit,
                due_at=row.due_at,
            )
            for row in rows
        ]

    async def find_call(
        self, line: LineId, conversation: ConversationId, key: str
    ) -> CallRow | None:
        """Return the row of a `chat.once` call."""
        c = tables.CallRow
        asked = select(col(c.state), col(c.result), col(c.arguments_hash)).where(
            col(c.line_id) == line,
            col(c.conversation_id) == conversation,
            col(c.key) == clean_text(key),
        )
        async with self._database.read() as connection:
            row = (await connection.execute(asked)).one_or_none()
        if row is None:
            return None
        return CallRow(
            state=row.state, result=load_json(row.result), arguments_hash=row.arguments_hash
        )

    async def wanted_media(self, *, now: datetime, limit: int) -> list[WantedMedia]:
        """Return inbound files to fetch, oldest first.

        One that is put off for longer than it may be was put off by a clock that was set back since.
        """
        m = tables.MediaRow
        ahead = now + limits.CLOCKS_APART
        latest = {
            tries: literal(ahead + wait, UtcDateTime)
            for tries, wait in enumerate(limits.MEDIA_WAITS, start=1)
        }
        asked = (
            select(
                col(m.line_id),
                col(m.message_id),
                col(m.conversation_id),
                col(m.content),
                col(m.attempts),
            )
            .where(
                col(m.state) == literal_column("'wanted'"),  # in the index's own words
                or_(col(m.owner).is_(None), col(m.owner) == self._database.owner),
                or_(
                    col(m.retry_at).is_(None),
                    col(m.retry_at) <= now,
                    col(m.retry_at) > case(latest, value=col(m.attempts)),
                ),
            )
            .order_by(col(m.message_id))
            .limit(limit)
        )
        async with self._database.read() as connection:
            rows = (await connection.execute(asked)).all()
        wanted: list[WantedMedia] = []
        for row in rows:
            media = load_content(row.content)
            if isinstance(media, Media):
                wanted.append(
                    WantedMedia(
                        message=MessageId(row.message_id),
                        line=LineId(row.line_id),
                        conversation=ConversationId(row.conversation_id),
                        media=media,
                        attempts=row.attempts,
                    )
                )
        return wanted


def _these(keys: Sequence[tuple[LineId, ConversationId]]) -> ColumnElement[bool]:
    """Name conversations line by line: SQLite finds no index for pairs."""
    c = tables.ConversationRow
    by_line: dict[LineId, list[ConversationId]] = {}
    for line, key in keys:
        by_line.setdefault(line, []).append(key)
    return or_(*(and_(col(c.line_id) == line, col(c.id).in_(ids)) for line, ids in by_line.items()))


def _steppable(asked: Select[*R]) -> Select[*R]:
    """Keep the signals that wait to be stepped, and of a busy conversation only those that may interrupt it."""
    s, c = tables.SignalRow, tables.ConversationRow
    return asked.join(
        c, and_(col(c.line_id) == col(s.line_id), col(c.id) == col(s.conversation_id))
    ).where(
        col(s.handled_at).is_(None),
        col(s.awaits).is_(None),
        or_(~col(c.busy), col(s.interrupts)),
    )
