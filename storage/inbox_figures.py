"""What supervisors look at: who waits now, and how long people waited for agents in some days."""
# ruff: noqa: S608 - every text here is a constant of ours; values always travel as parameters

import asyncio
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from math import ceil
from statistics import median
from typing import Any, NamedTuple, TypeVar

from engine.core.ids import LineId
from storage.asked import asked, question
from storage.columns import maybe_time, stamp
from storage.database import Database
from storage.inbox_lists import SEEN, given_of
from storage.inbox_rows import Visible

K = TypeVar("K", bound=Hashable)


class QueueNow(NamedTuple):
    """A team's queue on a line as it stands."""

    line: LineId
    team: str | None
    waiting: int
    late: int
    """Of those that wait, whom nobody claimed in time."""
    oldest: datetime | None
    """Since when the first of them waits."""
    held: int
    """Chats that agents hold."""


class Now(NamedTuple):
    """How it stands."""

    queues: list[QueueNow]
    agents: dict[str, int]
    """How many chats each agent holds, by login; who holds none is not named."""


class Span(NamedTuple):
    """Lengths of time; None where nothing was measured."""

    measured: int
    median: timedelta | None
    ninth_of_ten: timedelta | None
    """Nine of ten took no longer."""


@dataclass(frozen=True, slots=True)
class Figures:
    """How some handoffs to the inbox went, to the second."""

    handoffs: int
    unclaimed: int
    """Whom no agent ever took."""
    late: int
    """Whom no agent took in time."""
    waited: Span
    """From the handoff to an agent's first words."""
    first_reply: Span
    """From the claim to the agent's first words."""
    resolution: Span
    """From the handoff to its end."""

    @property
    def unclaimed_share(self) -> float:
        """Of one."""
        return self.unclaimed / self.handoffs if self.handoffs else 0.0

    @property
    def late_share(self) -> float:
        """Of one."""
        return self.late / self.handoffs if self.handoffs else 0.0


class Report(NamedTuple):
    """The figures of some days, as a whole and by what."""

    total: Figures
    agents: dict[str, Figures]
    """By the login of who held the chat last."""
    teams: dict[str | None, Figures]
    lines: dict[LineId, Figures]
    days: dict[date, Figures]
    """By the day that the handoff began, in the time zone asked for."""


NOW_WAITING = question(
    "SELECT h.line_id, h.team, h.assignee, c.mode, count(*), sum(CASE WHEN h.late THEN 1 ELSE 0 END),"
    " min(h.began_at) FROM handoff h"
    " JOIN conversation c ON c.line_id = h.line_id AND c.id = h.conversation_id"
    f" WHERE h.line_id IN [[lines]] AND h.ended_at IS NULL AND h.place = 'inbox' AND {SEEN}"
    " GROUP BY h.line_id, h.team, h.assignee, c.mode",
    scalars="lines text, teams text, login text",
)
WENT = question(
    "SELECT h.line_id, h.team, h.assignee, h.late, epoch(h.began_at), epoch(h.claimed_at),"
    " epoch(h.replied_at), epoch(h.ended_at) FROM handoff h"
    " WHERE h.line_id IN [[lines]] AND h.began_at >= :since AND h.began_at < :until"
    f" AND h.place = 'inbox' AND {SEEN}",
    scalars="lines text, teams text, login text, since time, until time",
)


async def waiting_now(database: Database, visible: Visible) -> Now:
    """Return every queue with somebody in it or held from it, the longest first. Raises StoreUnavailable."""
    if not visible.lines:
        return Now([], {})
    async with database.read() as connection:
        told = await asked(connection, NOW_WAITING.of(given_of(visible)))
    agents: dict[str, int] = defaultdict(int)
    queues: dict[tuple[str, str | None], QueueNow] = {}
    for line, team, assignee, mode, count, late, oldest in told:
        queue = queues.get((line, team)) or QueueNow(LineId(line), team, 0, 0, None, 0)
        if mode == "waiting":
            since = maybe_time(oldest)
            queue = queue._replace(
                waiting=queue.waiting + count, late=queue.late + late, oldest=since
            )
        else:
            queue = queue._replace(held=queue.held + count)
        if assignee is not None:
            agents[assignee] += count
        queues[line, team] = queue
    ordered = sorted(queues.values(), key=lambda one: (-one.waiting, one.line, one.team or ""))
    return Now(ordered, dict(agents))


async def figures(
    database: Database,
    visible: Visible,
    since: datetime,
    until: datetime,
    *,
    zone: tzinfo = UTC,
) -> Report:
    """Return how the handoffs went that began from `since` on and before `until`.

    Args:
        database: Where they are.
        visible: What the supervisor may see.
        since: Aware.
        until: Aware.
        zone: Whose days they are.

    Raises:
        StoreUnavailable: The database does not answer.
    """
    told: Sequence[Any] = []
    if visible.lines:
        given = {**given_of(visible), "since": stamp(since), "until": stamp(until)}
        async with database.read() as connection:
            told = await asked(connection, WENT.of(given))
    # A month of a large business takes longer than the engine should wait for its turn.
    return await asyncio.to_thread(_report, list(map(_Went._make, told)), zone)


class _Went(NamedTuple):
    """One handoff; times in whole seconds since 1970."""

    line: str
    team: str | None
    assignee: str | None
    late: bool
    began: int
    claimed: int | None
    replied: int | None
    ended: int | None


def _report(went: list[_Went], zone: tzinfo) -> Report:
    return Report(
        total=_figures(went),
        agents=_by((one for one in went if one.assignee), lambda one: str(one.assignee)),
        teams=_by(went, lambda one: one.team),
        lines=_by(went, lambda one: LineId(one.line)),
        days=_by(went, lambda one: datetime.fromtimestamp(one.began, zone).date()),
    )


def _by(went: Iterable[_Went], what: Callable[[_Went], K]) -> dict[K, Figures]:
    groups: dict[K, list[_Went]] = defaultdict(list)
    for one in went:
        groups[what(one)].append(one)
    return {key: _figures(group) for key, group in groups.items()}


def _figures(went: Sequence[_Went]) -> Figures:
    return Figures(
        handoffs=len(went),
        unclaimed=sum(one.claimed is None for one in went),
        late=sum(map(bool, (one.late for one in went))),
        waited=_span((one.began, one.replied) for one in went),
        first_reply=_span((one.claimed, one.replied) for one in went),
        resolution=_span((one.began, one.ended) for one in went),
    )


def _span(times: Iterable[tuple[int | None, int | None]]) -> Span:
    lengths = sorted(
        max(0, after - before)
        for before, after in times
        if before is not None and after is not None
    )
    if not lengths:
        return Span(0, None, None)
    ninth = lengths[ceil(0.9 * len(lengths)) - 1]
    return Span(len(lengths), timedelta(seconds=median(lengths)), timedelta(seconds=ninth))
