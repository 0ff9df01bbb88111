"""The lists of the inbox: which chats stand in them and in which order; `inbox_rows` says what is shown of each.

No table of the talk is read whole, and none has an index for this: what people have is found through the handoffs,
and the list of all chats walks the newest messages backwards, a piece at a time.
"""
# ruff: noqa: S608 - every text here is a constant of ours; values always travel as parameters

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal, NamedTuple, assert_never

from sqlalchemy.ext.asyncio import AsyncConnection

from engine.core.ids import ConversationId, LineId
from storage.asked import Given, Question, asked, listed, question
from storage.clean import clean_text, maybe_clean
from storage.columns import maybe_stamp, maybe_time, read_time, stamp
from storage.database import Database
from storage.inbox_rows import SNOOZED, UNREAD, ChatRow, EndedHandoff, Key, Visible, read_rows

View = Literal["queue", "mine", "all", "closed", "snoozed"]
"""A list: what waits for an agent, what the agent holds, every chat, those people had, those put off."""

PIECE = 300
"""Messages, or handoffs, that are looked through at once."""

PIECES = 40
"""So many pieces at most for one page; what they did not fill is gone on with from where they ended."""

_LAST = 2**63 - 1
_NEVER = "9999-12-31T23:59:59.999999+00:00"
_NO_END = "~"
"""Comes after every time."""


class Filters(NamedTuple):
    """What a list is narrowed to; None is everything."""

    line: LineId | None = None
    team: str | None = None
    label: str | None = None
    waiting_at_least: timedelta | None = None
    """People have had the chat for so long."""
    assignee: str | None = None
    """The login of who holds it."""


NO_FILTERS = Filters()


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a list."""

    rows: list[ChatRow]
    more: str | None
    """Handed in as `before` it brings the next part; None is the list's end. A page may have few rows and go on."""


class Counts(NamedTuple):
    """The numbers beside the lists."""

    queue: int
    mine: int
    unread: int
    """Of the agent's own chats, those with something unread."""


async def chats(
    database: Database,
    view: View,
    visible: Visible,
    *,
    filters: Filters = NO_FILTERS,
    before: str | None = None,
    limit: int = 50,
    now: datetime,
) -> Page:
    """Return a page of a list.

    The queue begins with what ends first, the window or the wait, then with who waits longest; the agent's own, all
    chats and those put off begin with the newest message, the closed ones with the one closed last. What the agent
    put off stands in `snoozed` alone, until its time comes or the contact writes.

    Args:
        database: Where they are.
        view: Which list.
        visible: What the agent may see.
        filters: What it is narrowed to.
        before: `more` of the page before; anything that is none begins at the top.
        limit: Chats of one page.
        now: The time, aware, in UTC.

    Raises:
        StoreUnavailable: The database does not answer.
    """
    lines = tuple(line for line in visible.lines if filters.line in (None, line))
    if not lines:
        return Page([], None)
    asks = _Asks(visible._replace(lines=lines), filters, before, limit, now)
    async with database.read() as connection:
        match view:
            case "queue":
                return await _queue(connection, asks)
            case "mine" | "snoozed":
                return await _by_newest(connection, asks, MINE if view == "mine" else PUT_OFF)
            case "all":
                return await _all(connection, asks)
            case "closed":
                return await _closed(connection, asks)
            case _:
                assert_never(view)


async def count(database: Database, visible: Visible, *, now: datetime) -> Counts:
    """Return how many chats wait, how many the agent holds, and how many of those have something unread.

    Raises StoreUnavailable.
    """
    if not visible.lines:
        return Counts(0, 0, 0)
    asks = _Asks(visible, NO_FILTERS, None, 0, now)
    async with database.read() as connection:
        ((queue, mine, unread),) = await asked(connection, COUNT.of(asks.given))
    return Counts(queue or 0, mine or 0, unread or 0)


class _Asks(NamedTuple):
    """One look at a list."""

    visible: Visible
    filters: Filters
    before: str | None
    limit: int
    now: datetime

    @property
    def given(self) -> Given:
        """What questions are given, by their names."""
        filters = self.filters
        waiting = filters.waiting_at_least
        return {
            **given_of(self.visible),
            "now": stamp(self.now),
            "team": maybe_clean(filters.team),
            "label": maybe_clean(filters.label),
            "assignee": maybe_clean(filters.assignee),
            "since": maybe_stamp(None if waiting is None else self.now - waiting),
        }


def given_of(visible: Visible) -> Given:
    """Return what questions with SEEN are given."""
    return {
        "lines": listed(visible.lines),
        "teams": None if visible.teams is None else listed([*map(clean_text, visible.teams)]),
        "login": clean_text(visible.login),
    }


# --- what people have -------------------------------------------------------------------------------

SEEN = "(:teams IS NULL OR h.team IS NULL OR h.assignee = :login OR h.team IN [[teams]])"
"""Whether handoff `h`, or the chat that has none, may be seen."""
_LABELLED = (
    "(:label IS NULL OR EXISTS (SELECT 1 FROM conversation_label l WHERE l.line_id = h.line_id"
    " AND l.conversation_id = h.conversation_id AND l.name = :label))"
)
_SCALARS = (
    "lines text, teams text, login text, now time, team text, label text, assignee text, since time,"
    " line text, before bigint, ended time, beyond bigint, piece bigint"
)
_WAITS = "(h.assignee IS NULL AND c.mode = 'waiting')"
_MINE = "h.assignee = :login"
_OPEN = (
    " FROM handoff h JOIN conversation c ON c.line_id = h.line_id AND c.id = h.conversation_id"
    " LEFT JOIN agent_chat a ON a.line_id = h.line_id AND a.conversation_id = h.conversation_id"
    " AND a.login = :login"
    f" WHERE h.line_id IN [[lines]] AND h.ended_at IS NULL AND {SEEN}"
)
_FILTERED = (
    f" AND (:team IS NULL OR h.team = :team) AND {_LABELLED}"
    " AND (:assignee IS NULL OR h.assignee = :assignee) AND (:since IS NULL OR h.began_at <= :since)"
)
_NEWEST = (
    "(SELECT max(n.id) FROM message n WHERE n.line_id = c.line_id AND n.conversation_id = c.id)"
)

QUEUE = question(
    "SELECT h.line_id, h.conversation_id, c.window_closes_at, h.due_at, h.began_at"
    f"{_OPEN}{_FILTERED} AND {_WAITS} AND NOT {SNOOZED}",
    scalars=_SCALARS,
)
MINE = question(
    f"SELECT h.line_id, h.conversation_id, {_NEWEST}{_OPEN}{_FILTERED} AND {_MINE} AND NOT {SNOOZED}",
    scalars=_SCALARS,
)
PUT_OFF = question(
    f"SELECT h.line_id, h.conversation_id, {_NEWEST}{_OPEN}{_FILTERED}"
    f" AND ({_MINE} OR {_WAITS}) AND {SNOOZED}",
    scalars=_SCALARS,
)
HELD = question(
    f"SELECT h.line_id, h.conversation_id, {_NEWEST}{_OPEN}{_FILTERED}", scalars=_SCALARS
)
LABELLED = question(
    # The label's own index leads to its chats.
    f"SELECT l.line_id, l.conversation_id, {_NEWEST} FROM conversation_label l"
    " JOIN conversation c ON c.line_id = l.line_id AND c.id = l.conversation_id"
    " LEFT JOIN handoff h ON h.line_id = c.line_id AND h.conversation_id = c.id AND h.ended_at IS NULL"
    f" WHERE l.line_id IN [[lines]] AND l.name = :label AND {SEEN}",
    scalars=_SCALARS,
)
COUNT = question(
    f"SELECT sum(CASE WHEN {_WAITS} THEN 1 ELSE 0 END), sum(CASE WHEN {_MINE} THEN 1 ELSE 0 END),"
    f" sum(CASE WHEN {_MINE} AND {UNREAD} > 0 THEN 1 ELSE 0 END)"
    f"{_OPEN} AND NOT {SNOOZED}",
    scalars=_SCALARS,
)


WALK = question(
    # The table's own key leads backwards; a message counts where its conversation has no newer one.
    "SELECT m.id, m.conversation_id, NOT EXISTS (SELECT 1 FROM message n WHERE n.line_id = :line"
    f" AND n.conversation_id = m.conversation_id AND n.id > m.id) AND {SEEN}"
    " FROM (SELECT id, conversation_id FROM message WHERE line_id = :line AND id < :before"
    " ORDER BY id DESC LIMIT :piece) AS m"
    " LEFT JOIN handoff h ON h.line_id = :line AND h.conversation_id = m.conversation_id"
    " AND h.ended_at IS NULL ORDER BY m.id DESC",
    scalars=_SCALARS,
)
ENDED = question(
    # A chat counts by the end of its last handoff.
    "SELECT h.ended_at, h.conversation_id, NOT EXISTS (SELECT 1 FROM handoff l WHERE l.line_id = :line"
    f" AND l.conversation_id = h.conversation_id AND l.turn > h.turn) AND {SEEN}"
    f" AND (:team IS NULL OR h.team = :team) AND {_LABELLED}"
    " AND (:assignee IS NULL OR h.assignee = :assignee),"
    " h.turn, h.began_at, h.reason, h.team, h.assignee, h.ended, h.ended_by, h.note"
    " FROM (SELECT * FROM handoff WHERE line_id = :line AND ended_at IS NOT NULL"
    " AND (ended_at, conversation_id) < (:ended, :beyond)"
    " ORDER BY ended_at DESC, conversation_id DESC LIMIT :piece) AS h"
    " ORDER BY h.ended_at DESC, h.conversation_id DESC",
    scalars=_SCALARS,
)

Place = tuple[str | int, ...]
"""Where a chat stands in a list: what its order goes by."""


async def _queue(connection: AsyncConnection, asks: _Asks) -> Page:
    """Those that wait, in the order of what ends first."""

    def place(told: Any) -> Place:
        _, conversation, closes, due, began = told
        known = [at for at in (maybe_time(closes), maybe_time(due)) if at is not None]
        # What has ended already ends no more: such a chat comes after those of which something can be lost.
        ends = [stamp(at) for at in known if at > asks.now]
        return min(ends, default=_NO_END), stamp(read_time(began)), conversation

    told = await asked(connection, QUEUE.of(asks.given))
    ordered = sorted((place(one), (one[0], one[1])) for one in told)
    begun = _read_place(asks.before, (str, str, _number))
    if begun is not None:
        ordered = [one for one in ordered if one[0] > begun]
    return await _cut(connection, asks, ordered)


async def _by_newest(connection: AsyncConnection, asks: _Asks, which: Question) -> Page:
    """Those that a question tells with their newest message, newest first."""
    told = await asked(connection, which.of(asks.given))
    ordered = sorted((((one[2] or 0,), (one[0], one[1])) for one in told), reverse=True)
    begun = _read_place(asks.before, (_number,))
    if begun is not None:
        ordered = [one for one in ordered if one[0] < begun]
    return await _cut(connection, asks, ordered)


async def _cut(
    connection: AsyncConnection, asks: _Asks, ordered: Sequence[tuple[Place, Key]]
) -> Page:
    """Return the first of these as a page."""
    page = ordered[: asks.limit]
    more = _write_place(page[-1][0]) if len(ordered) > len(page) else None
    keys = [key for _, key in page]
    return Page(await read_rows(connection, keys, asks.visible.login, now=asks.now), more)


async def _all(connection: AsyncConnection, asks: _Asks) -> Page:
    """Every chat, the flows' own too, newest message first."""
    filters = asks.filters
    if filters.team or filters.assignee or filters.waiting_at_least is not None:
        return await _by_newest(connection, asks, HELD)
    if filters.label:
        return await _by_newest(connection, asks, LABELLED)
    begun = _read_place(asks.before, (_number,)) or (_LAST,)

    async def fetch(line: LineId, place: Place) -> list[_Passed]:
        given = {**asks.given, "line": line, "before": place[0], "piece": PIECE}
        told = await asked(connection, WALK.of(given))
        return [_Passed((one[0],), (line, ConversationId(one[1])), one[2], one) for one in told]

    passed, more = await _walked(fetch, asks, begun)
    keys = [one.key for one in passed]
    return Page(await read_rows(connection, keys, asks.visible.login, now=asks.now), more)


async def _closed(connection: AsyncConnection, asks: _Asks) -> Page:
    """Those that people had and have no more, the one closed last first."""
    begun = _read_place(asks.before, (_stamped, _number)) or (_NEVER, _LAST)

    async def fetch(line: LineId, place: Place) -> list[_Passed]:
        ended, beyond = place
        given = {**asks.given, "line": line, "ended": ended, "beyond": beyond, "piece": PIECE}
        told = await asked(connection, ENDED.of(given))
        return [
            _Passed((stamp(read_time(one[0])), one[1]), (line, ConversationId(one[1])), one[2], one)
            for one in told
        ]

    passed, more = await _walked(fetch, asks, begun)
    ended = {one.key: _ended_handoff(one.told) for one in passed}
    rows = await read_rows(connection, list(ended), asks.visible.login, now=asks.now)
    return Page([replace(row, ended=ended[row.key]) for row in rows], more)


class _Passed(NamedTuple):
    """What a walk came by."""

    place: Place
    key: Key
    stands: bool
    """Whether it belongs into the list."""
    told: Any


async def _walked(
    fetch: Callable[[LineId, Place], Awaitable[list[_Passed]]], asks: _Asks, begun: Place
) -> tuple[list[_Passed], str | None]:
    """Walk the lines backwards side by side until a page is full, and tell where it goes on.

    Args:
        fetch: Returns a line's next PIECE below a place, the highest first.
        asks: What is looked for.
        begun: Where the walk begins.
    """
    places = dict.fromkeys(asks.visible.lines, begun)
    found: list[_Passed] = []
    floor: Place | None = begun
    for _ in range(PIECES):
        line = max(
            places, key=places.__getitem__
        )  # what is behind on it may come before the others'
        piece = await fetch(line, places[line])
        found += [one for one in piece if one.stands]
        if len(piece) < PIECE:
            del places[line]
        else:
            places[line] = piece[-1].place
        floor = max(places.values(), default=None)
        if floor is None or sum(one.place >= floor for one in found) > asks.limit:
            break
    found.sort(key=lambda one: one.place, reverse=True)
    sure = [one for one in found if floor is None or one.place >= floor]
    page = sure[: asks.limit]
    ends = page[-1].place if len(sure) > len(page) else floor
    return page, None if ends is None else _write_place(ends)


def _ended_handoff(told: Any) -> EndedHandoff:
    ended_at, _, _, turn, began_at, reason, team, assignee, ended, by, note = told
    return EndedHandoff(
        *(turn, read_time(began_at), reason, team, assignee, read_time(ended_at), ended, by, note)
    )


def _write_place(place: Place) -> str:
    return "|".join(map(str, place))


def _read_place(text: str | None, parts: tuple[Callable[[str], str | int], ...]) -> Place | None:
    """Read what `_write_place` wrote; None for anything else."""
    try:
        given = (text or "").split("|")
        return tuple(read(part) for read, part in zip(parts, given, strict=True))
    except ValueError:
        return None


def _number(text: str) -> int:
    number = int(text)
    if not 0 <= number <= _LAST:
        raise ValueError(f"{number} is no id")
    return number


def _stamped(text: str) -> str:
    return stamp(datetime.fromisoformat(text))
