"""What the bot did not understand, counted: for people who make their flows better.

The traces of the turns tell it; no table of its own has to be written for it at every message.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import or_, select
from sqlmodel import col

from engine.core.content import Content
from engine.core.trace import NOT_UNDERSTOOD, NOTHING_NEAR
from storage import tables
from storage.columns import read_time
from storage.database import Database
from storage.mapping import load_content, load_trace
from storage.selects import names_of_lines

AT_ONCE = 1000
"""Misses read at a time, each in a transaction of its own: a long one keeps SQLite from clearing its journal."""


@dataclass(slots=True)
class Missed:
    """The misses of one step."""

    place: str | None
    """Flow and step, as `order.size`; None: no question was open, and nothing known was near."""
    count: int = 0
    given_up: int = 0
    """How many of them were the third, and went to a person."""
    latest: list[Content] = field(default_factory=list)
    """What the contacts sent, newest first."""


class _Turn(NamedTuple):
    line: str
    conversation: int
    signal: int
    turn: int
    trace: str


async def missed(
    database: Database, *, since: datetime, lines: list[str] | None = None, shown: int = 3
) -> list[Missed]:
    """Return what was not understood on these lines, the most frequent first.

    It reads every turn since then once, newest first, along the primary key, and a message for each text shown: a
    million turns take some seconds. Nothing is locked, nothing kept in memory but the counts.

    Args:
        database: A running server may use it meanwhile.
        since: Older turns do not count; signals are numbered as they come, so the border is found in a few looks.
        lines: The lines' names; None is all of them.
        shown: How many texts to return for each step.

    Raises:
        StoreUnavailable: The database does not answer.
    """
    places: dict[str | None, Missed] = {}
    if lines is None:
        async with database.read() as connection:
            lines = await names_of_lines(connection)
    for line in lines:
        first = await _first_since(database, line, since)
        before: int | None = None
        while turns := await _page(database, line, first, before):
            for turn in turns:
                await _count(database, turn, places, shown)
            before = turns[-1].signal
    return sorted(places.values(), key=lambda found: (-found.count, found.place or ""))


async def _first_since(database: Database, line: str, since: datetime) -> int:
    """Return a signal id from which on a line's turns are not older, by halving between the first and the last."""
    u = tables.TurnRow
    here = select(col(u.signal_id), col(u.at)).where(col(u.line_id) == line)
    async with database.read() as connection:
        newest = (await connection.execute(here.order_by(col(u.signal_id).desc()).limit(1))).first()
        low, high = 0, 0 if newest is None else newest[0] + 1
        while low < high:
            middle = (low + high) // 2
            found = here.where(col(u.signal_id) >= middle).order_by(col(u.signal_id)).limit(1)
            row = (await connection.execute(found)).one()
            if read_time(row[1]) < since:
                low = row[0] + 1
            else:
                high = middle
    return low


async def _page(database: Database, line: str, first: int, before: int | None) -> list[_Turn]:
    """Return the next misses, newest first; the traces are looked through as text, parsed only where one is found."""
    u = tables.TurnRow
    asked = (
        select(col(u.line_id), col(u.conversation_id), col(u.signal_id), col(u.turn), col(u.trace))
        .where(
            col(u.line_id) == line,
            col(u.signal_id) >= first,
            or_(
                col(u.trace).like(f'%"note":"{NOT_UNDERSTOOD}%'),
                col(u.trace).like(f'%"note":"{NOTHING_NEAR}"%'),
            ),
        )
        .order_by(col(u.signal_id).desc())
        .limit(AT_ONCE)
    )
    if before is not None:
        asked = asked.where(col(u.signal_id) < before)
    async with database.read() as connection:
        return [_Turn(*row) for row in (await connection.execute(asked)).all()]


async def _count(
    database: Database, turn: _Turn, places: dict[str | None, Missed], shown: int
) -> None:
    trace = load_trace(turn.trace)
    place = trace.before if (trace.note or "").startswith(NOT_UNDERSTOOD) else None
    found = places.setdefault(place, Missed(place))
    found.count += 1
    found.given_up += "hand_off not_understood" in trace.effects
    if found.count <= shown and (said := await _said(database, turn)) is not None:
        found.latest.append(said)


async def _said(database: Database, turn: _Turn) -> Content | None:
    """Return what the contact sent; of an answer in several messages, the last."""
    m = tables.MessageRow
    asked: Any = (
        select(col(m.content))
        .where(
            col(m.line_id) == turn.line,
            col(m.conversation_id) == turn.conversation,
            col(m.direction) == "in",
            col(m.turn) <= turn.turn,
        )
        .order_by(col(m.id).desc())
        .limit(1)
    )
    async with database.read() as connection:
        content = (await connection.execute(asked)).scalar()
    return None if content is None else load_content(content)
