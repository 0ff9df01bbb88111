"""The queue and who is there, as the loop that shares chats out asks: open handoffs and agents, both few."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import and_, case, exists, func, literal, or_, select, tuple_
from sqlalchemy.sql import ColumnElement, Executable
from sqlmodel import col

from engine.core import limits
from engine.core.ids import ConversationId, LineId, MessageId
from engine.ports.people import HandoffKey, OnDuty, Unanswered, Unclaimed
from storage import tables
from storage.audit import NO_LINE
from storage.columns import maybe_time, read_time
from storage.database import Database

LATELY = timedelta(days=1)
"""How far is looked back for when an agent last got a chat."""

_h, _a, _c, _m = tables.HandoffRow, tables.AgentRow, tables.ConversationRow, tables.MessageRow


class SqlAssigning:
    """The engine's `Assigning`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def leads(self) -> bool:
        """Tell whether this process shares chats out; the only one does, of replicas one."""
        return await self._database.leads()

    async def is_any_open(self, lines: Collection[LineId]) -> bool:
        """Tell whether a chat waits in the inbox or is held there."""
        ((found,),) = await self._rows(select(exists().where(*_open(lines))))
        return bool(found)

    async def on_duty(
        self, lines: Collection[LineId], *, now: datetime, seen_since: datetime
    ) -> list[OnDuty]:
        """Return the agents who may be given chats.

        Who was seen at a time that is still ahead was so before the clock was set back, and nobody knows when.
        """
        s = tables.SessionRow
        signed_in = exists().where(
            col(s.line_id) == NO_LINE,
            col(s.login) == col(_a.login),
            col(s.revoked_at).is_(None),
            col(s.expires_at) > now,
        )
        asked = select(
            *map(col, (_a.login, _a.teams, _a.lines, _a.capacity)),
        ).where(
            col(_a.line_id) == NO_LINE,
            col(_a.available),
            col(_a.disabled_at).is_(None),
            col(_a.seen_at).between(seen_since, now + limits.CLOCKS_APART),
            signed_in,
        )
        agents = await self._rows(asked)
        if not agents:
            return []
        held = {row[0]: row[1] for row in await self._rows(_counted(lines))}
        given = {row[0]: row[1] for row in await self._rows(_given(lines, now - LATELY))}
        return [
            OnDuty(
                row.login,
                frozenset(orjson.loads(row.teams)),
                frozenset(map(LineId, orjson.loads(row.lines))),
                row.capacity,
                held.get(row.login, 0),
                maybe_time(given.get(row.login)),
            )
            for row in agents
        ]

    async def unclaimed(
        self, queues: Sequence[tuple[LineId, str]], *, limit: int
    ) -> list[Unclaimed]:
        """Return what waits in these teams' queues, each on its line: what ends first comes first."""
        due, closes = col(_h.due_at), col(_c.window_closes_at)
        ends = case((or_(closes.is_(None), due < closes), due), else_=closes)
        asked = (
            select(*map(col, (_h.line_id, _h.conversation_id, _h.turn, _c.version, _h.team)))
            .join(_c, _its_conversation())
            .where(
                *_open({line for line, _ in queues}),
                *_unclaimed(),
                col(_c.mode) == "waiting",
                tuple_(col(_h.line_id), col(_h.team)).in_(queues),
            )
            .order_by(ends.is_(None), ends, col(_h.began_at), col(_h.conversation_id))
            .limit(limit)
        )
        return [Unclaimed(_key(row), row.version, row.team) for row in await self._rows(asked)]

    async def still_unclaimed(self, chats: Collection[HandoffKey]) -> set[HandoffKey]:
        """Return those of these chats that wait as they did."""
        named = tuple_(col(_h.line_id), col(_h.conversation_id), col(_h.turn)).in_(list(chats))
        asked = select(*map(col, (_h.line_id, _h.conversation_id, _h.turn))).where(
            *_open({line for line, _, _ in chats}), *_unclaimed(), named
        )
        return {_key(row) for row in await self._rows(asked)}

    async def unanswered(
        self, lines: Collection[LineId], *, seen_before: datetime, limit: int
    ) -> list[Unanswered]:
        """Return the unanswered chats of agents who were not seen since then, want no chats, or were shut out."""
        newest = (
            select(col(_m.id))
            .where(
                col(_m.line_id) == col(_h.line_id),
                col(_m.conversation_id) == col(_h.conversation_id),
                col(_m.origin).in_(("contact", "agent", "phone")),
            )
            .order_by(col(_m.id).desc())
            .limit(1)
            .correlate(_h)
            .scalar_subquery()
        )
        lines_of, line = col(_a.lines), literal('"') + col(_h.line_id) + literal('"')
        is_shut_out = or_(
            col(_a.disabled_at).is_not(None),
            and_(lines_of != "[]", func.replace(lines_of, line, "") == lines_of),
        )
        wants_chats = and_(col(_a.available), ~is_shut_out)
        # Who never opened the inbox is waited for from when the chat became theirs.
        seen_at = func.coalesce(col(_a.seen_at), col(_h.claimed_at))
        asked = (
            select(
                *map(col, (_h.line_id, _h.conversation_id, _h.turn, _h.team, _h.assignee)),
                *(wants_chats.label("wants_chats"), is_shut_out.label("is_shut_out")),
                seen_at.label("seen_at"),
                *(col(_m.id), col(_m.at)),
            )
            .join(_a, and_(col(_a.line_id) == NO_LINE, col(_a.login) == col(_h.assignee)))
            .join(_m, and_(col(_m.line_id) == col(_h.line_id), col(_m.id) == newest))
            .where(
                *_open(lines),
                or_(~wants_chats, seen_at.is_(None), seen_at < seen_before),
                col(_m.origin) == "contact",
            )
            .order_by(col(_h.began_at))
            .limit(limit)
        )
        return [_unanswered(row) for row in await self._rows(asked)]

    async def _rows(self, asked: Executable) -> Sequence[Any]:
        async with self._database.read() as connection:
            rows: Sequence[Any] = (await connection.execute(asked)).all()
        return rows


def _open(lines: Collection[LineId]) -> tuple[ColumnElement[bool], ...]:
    """Those that last, in the inbox: the partial index `handoff_open` holds no others."""
    return (
        col(_h.line_id).in_(sorted(lines)),
        col(_h.ended_at).is_(None),
        col(_h.place) == "inbox",
    )


def _unclaimed() -> tuple[ColumnElement[bool], ...]:
    return (col(_h.assignee).is_(None),)


def _its_conversation() -> ColumnElement[bool]:
    return and_(col(_c.line_id) == col(_h.line_id), col(_c.id) == col(_h.conversation_id))


def _counted(lines: Collection[LineId]) -> Executable:
    """How many chats each agent has."""
    assignee = col(_h.assignee)
    return (
        select(assignee, func.count())
        .where(*_open(lines), assignee.is_not(None))
        .group_by(assignee)
    )


def _given(lines: Collection[LineId], since: datetime) -> Executable:
    """When each agent last got a chat, of the handoffs that began since then."""
    assignee = col(_h.assignee)
    return (
        select(assignee, func.max(col(_h.claimed_at)))
        .where(
            col(_h.line_id).in_(sorted(lines)),
            col(_h.began_at) >= since,
            assignee.is_not(None),
        )
        .group_by(assignee)
    )


def _key(row: Any) -> HandoffKey:
    return LineId(row.line_id), ConversationId(row.conversation_id), row.turn


def _unanswered(row: Any) -> Unanswered:
    return Unanswered(
        _key(row),
        row.team,
        row.assignee,
        bool(row.wants_chats),
        bool(row.is_shut_out),
        maybe_time(row.seen_at),
        MessageId(row.id),
        read_time(row.at),
    )
