"""The supervisor's figures as tables: what each cell shows, what it is sorted by, how long its bar is. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal, NamedTuple

from storage.agents import Agent
from storage.inbox import Figures, Now, Report, Span
from web.inbox.texts import ENGLISH
from web.inbox.times import ago

Kind = Literal["text", "number", "time", "share"]

NOTHING: Final = "–"


class Column(NamedTuple):
    """One column of a table."""

    key: str
    kind: Kind = "text"

    @property
    def title(self) -> str:
        """What stands above it."""
        return ENGLISH[f"column_{self.key}"]


class Cell(NamedTuple):
    """One figure."""

    shown: str
    value: float | str | None
    """What it is sorted by, and written into files: seconds, a number, a share of one, a text; None is nothing."""
    more: str = ""
    """What stands small beside it."""
    ninth: float | None = None
    """Of a length of time: nine of ten took no more seconds."""
    bar: int | None = None
    """Of a hundred; None draws none."""
    alarm: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its name, and a cell a further column."""

    key: str
    name: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """One table, sorted."""

    name: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    by: str
    """The column it is sorted by."""
    down: bool
    """Whether the largest comes first."""


WAITING: Final = (
    Column("team"),
    Column("line"),
    Column("waiting", "number"),
    Column("oldest", "time"),
    Column("late", "number"),
)
WENT: Final = (
    Column("handoffs", "number"),
    Column("first", "time"),
    Column("reply", "time"),
    Column("resolution", "time"),
    Column("late_share", "share"),
)
AGENTS: Final = (
    Column("agent"),
    Column("seen", "time"),
    Column("holds", "number"),
    *WENT[:1],
    *WENT[2:4],
)


def waiting_table(now: Now, at: datetime, *, by: str = "") -> Table:
    """Return the queues with somebody in them."""
    most = max((queue.waiting for queue in now.queues), default=0)
    rows = [
        Row(
            f"{queue.line}/{queue.team or ''}",
            queue.team or ENGLISH["no_team"],
            (
                Cell(queue.line, queue.line),
                _count(queue.waiting, most),
                _since(queue.oldest, at, alarm=queue.late > 0),
                Cell(str(queue.late), queue.late, alarm=queue.late > 0),
            ),
        )
        for queue in now.queues
        if queue.waiting
    ]
    return sort(Table("waiting", WAITING, tuple(rows), "waiting", True), by)


def agents_table(
    agents: Iterable[Agent], now: Now, report: Report, at: datetime, *, by: str = ""
) -> Table:
    """Return the agents: who is there, what they hold, how they answered. Who left stands there while they hold any."""
    rows = []
    for agent in agents:
        held = now.agents.get(agent.login, 0)
        if agent.disabled_at is not None and not held:
            continue
        went = report.agents.get(agent.login)
        capacity = agent.capacity
        rows.append(
            Row(
                agent.login,
                agent.name,
                (
                    _seen(agent, at),
                    Cell(
                        str(held) if capacity is None else f"{held}/{capacity}",
                        held,
                        bar=None if not capacity else min(100, round(100 * held / capacity)),
                        alarm=capacity is not None and held > capacity,
                    ),
                    _count(went.handoffs if went else 0, 0),
                    _span(went.first_reply if went else None),
                    _span(went.resolution if went else None),
                ),
            )
        )
    return sort(Table("agents", AGENTS, tuple(rows), "agent", False), by)


def went_table(
    name: str, first: str, groups: Mapping[str, Figures], *, by: str = "", at: str = "handoffs"
) -> Table:
    """Return how handoffs went, a row a group.

    Args:
        name: The table's.
        first: Names the first column.
        groups: The figures by what the row is called.
        by: What it is sorted by, as the address says.
        at: What it is sorted by otherwise.
    """
    most = max((one.handoffs for one in groups.values()), default=0)
    rows = tuple(Row(group, group, _went(one, most)) for group, one in groups.items())
    return sort(Table(name, (Column(first), *WENT), rows, at, at != first), by)


def _went(one: Figures, most: int) -> tuple[Cell, ...]:
    return (
        _count(one.handoffs, most),
        _span(one.waited),
        _span(one.first_reply),
        _span(one.resolution),
        share(one),
    )


def share(one: Figures) -> Cell:
    """Return how many of some handoffs were claimed late, of one."""
    if not one.handoffs:
        return Cell(NOTHING, None)
    return Cell(
        f"{round(100 * one.late_share)} %",
        round(one.late_share, 4),
        bar=round(100 * one.late_share),
        alarm=one.late > 0,
    )


def sort(table: Table, by: str) -> Table:
    """Return the table sorted as an address says: a column's key, with `-` before it the largest first."""
    key, down = by.removeprefix("-"), by.startswith("-")
    if key not in {column.key for column in table.columns}:
        key, down = table.by, table.down
    place = [column.key for column in table.columns].index(key)

    def value(row: Row) -> float | str | None:
        return row.name.casefold() if place == 0 else row.cells[place - 1].value

    known = [row for row in table.rows if value(row) is not None]
    known.sort(key=lambda row: _comparable(value(row)), reverse=down)
    rest = [row for row in table.rows if value(row) is None]
    return Table(table.name, table.columns, (*known, *rest), key, down)


def _comparable(value: float | str | None) -> tuple[float, str]:
    return (0.0, value.casefold()) if isinstance(value, str) else (value or 0.0, "")


def length(span: timedelta | None) -> str:
    """Return a length of time, short: `42 s`, `3 min`, `1 h 20`."""
    if span is None:
        return NOTHING
    seconds = round(span.total_seconds())
    if seconds < 60:
        return ENGLISH["figure_seconds"].format(s=seconds)
    minutes = round(seconds / 60)
    if minutes < 60:
        return ENGLISH["minutes"].format(m=minutes)
    hours, minutes = divmod(minutes, 60)
    if hours < 48:
        return ENGLISH["hours_minutes"].format(h=hours, m=f"{minutes:02}")
    return ENGLISH["days"].format(d=round(hours / 24))


def _span(span: Span | None) -> Cell:
    if span is None or span.median is None:
        return Cell(NOTHING, None)
    more = ENGLISH["ninety"].format(time=length(span.ninth_of_ten))
    ninth = None if span.ninth_of_ten is None else span.ninth_of_ten.total_seconds()
    return Cell(length(span.median), span.median.total_seconds(), more, ninth)


def _count(number: int, most: int) -> Cell:
    return Cell(str(number), number, bar=round(100 * number / most) if most else None)


def _since(at: datetime | None, now: datetime, *, alarm: bool) -> Cell:
    if at is None:
        return Cell(NOTHING, None)
    return Cell(length(now - at), (now - at).total_seconds(), alarm=alarm)


def _seen(agent: Agent, now: datetime) -> Cell:
    if agent.disabled_at is not None:
        return Cell(ENGLISH["disabled"], None, alarm=True)
    state = ENGLISH["is_available" if agent.available else "is_away"]
    if agent.seen_at is None:
        return Cell(ENGLISH["never_seen"], None, state)
    return Cell(ago(agent.seen_at, now), (now - agent.seen_at).total_seconds(), state)


def as_lines(tables: Sequence[Table]) -> Iterator[tuple[str | float, ...]]:
    """Yield the figures as a file has them: the table, the row, then each figure by itself; times in seconds."""
    yield "table", "name", "figure", "value", "nine_of_ten"
    for table in tables:
        for row in table.rows:
            for column, cell in zip(table.columns[1:], row.cells, strict=True):
                if cell.value is not None:
                    ninth = "" if cell.ninth is None else cell.ninth
                    yield table.name, row.name, column.key, cell.value, ninth
