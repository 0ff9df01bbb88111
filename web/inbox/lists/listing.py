"""What the left region shows: which list, what it is narrowed to, its rows, and the numbers beside the lists."""

from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from typing import Final, get_args
from urllib.parse import urlencode

from aiohttp import web
from multidict import MultiMapping

from engine.core.conversation import Conversation
from engine.core.ids import LineId
from storage.agents import Agent
from storage.inbox import Filters, View, Visible, chats, count, labels
from web.inbox.lists.rows import RowView, view_row
from web.inbox.names import COLLEAGUES
from web.inbox.table import PREFIX, Asked
from web.inbox.teams import teams_of
from web.inbox.texts import ENGLISH
from web.keys import DATABASE, SETTINGS

VIEWS: Final[tuple[View, ...]] = get_args(View)

SIGNS: Final = {
    "queue": "queue",
    "mine": "person",
    "all": "chats",
    "closed": "archive",
    "snoozed": "moon",
}

WAITS: Final = (5, 15, 30, 60, 240)
"""Minutes that the list may be narrowed to."""

PAGE: Final = 40


@dataclass(frozen=True, slots=True)
class Wanted:
    """A list as its address names it; an empty text narrows nothing."""

    view: View = "queue"
    line: str = ""
    team: str = ""
    label: str = ""
    waiting: str = ""
    """Minutes that people have had the chat at least."""
    who: str = ""
    """The login of who holds it."""

    @property
    def filters(self) -> Filters:
        """The filters as the storage takes them."""
        return Filters(
            line=LineId(self.line) if self.line else None,
            team=self.team or None,
            label=self.label or None,
            waiting_at_least=timedelta(minutes=int(self.waiting)) if self.waiting else None,
            assignee=self.who or None,
        )

    @property
    def named(self) -> dict[str, str]:
        """What the address says, by name; empty texts are left out of it."""
        return {**asdict(self)}

    def href(self, path: str = "", **more: str) -> str:
        """Return the address of this list."""
        given = {**self.named, **more}
        return (
            f"{PREFIX}{path}?{urlencode({name: value for name, value in given.items() if value})}"
        )


@dataclass(frozen=True, slots=True)
class Tab:
    """One of the lists."""

    view: View
    href: str
    n: int | None
    """The number beside it; None has none."""


@dataclass(frozen=True, slots=True)
class Option:
    """One value of a filter."""

    value: str
    title: str


@dataclass(frozen=True, slots=True)
class Choice:
    """A filter with its values."""

    name: str
    title: str
    value: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that is set, and the list without it."""

    title: str
    without: str


@dataclass(frozen=True, slots=True)
class ListView:
    """The left region, as the templates read it."""

    wanted: Wanted
    lines: tuple[str, ...]
    """Those the agent may see."""
    tabs: tuple[Tab, ...]
    choices: tuple[Choice, ...]
    chips: tuple[Chip, ...]
    rows: tuple[RowView, ...]
    more: str | None
    """Where the next rows are; None at the end."""
    more_page: str | None
    """The same for a browser without a script: a page of its own."""
    words: str
    """What is searched for."""

    @property
    def view(self) -> View:
        """Which list."""
        return self.wanted.view

    @property
    def sign(self) -> str:
        """The sign of an empty list."""
        return SIGNS[self.view]

    @property
    def is_filtered(self) -> bool:
        """Whether it is narrowed."""
        return bool(self.chips) or bool(self.wanted.line)

    @property
    def bare(self) -> str:
        """The list with no filter."""
        return Wanted(self.view).href()


def read_wanted(query: MultiMapping[str], chat: Conversation | None, agent: Agent) -> Wanted:
    """Return which list an address names; beside a chat without saying so, the one that the chat stands in."""
    view = query.get("view")
    waiting = query.get("waiting", "")
    return Wanted(
        view=next((one for one in VIEWS if one == view), _home(chat, agent)),
        line=query.get("line", ""),
        team=query.get("team", ""),
        label=query.get("label", ""),
        waiting=waiting if waiting in map(str, WAITS) else "",
        who=query.get("who", ""),
    )


def visible_to(app: web.Application, agent: Agent) -> Visible:
    """Return what an agent may see, as the storage takes it; `rights.sees` says the same of one chat."""
    lines = tuple(LineId(line) for line in app[SETTINGS].lines if agent.serves(line))
    sees_all = agent.may("supervisor") or not agent.teams
    return Visible(lines, None if sees_all else tuple(sorted(agent.teams)), agent.login)


async def read_rows(
    asked: Asked, wanted: Wanted, before: str | None
) -> tuple[tuple[RowView, ...], str | None]:
    """Return a page of rows, and what brings the next one."""
    visible = visible_to(asked.app, asked.agent)
    page = await chats(
        asked.app[DATABASE],
        wanted.view,
        visible,
        filters=wanted.filters,
        before=before,
        limit=PAGE,
        now=asked.now,
    )
    return tuple(view_row(asked.app, row, asked.now) for row in page.rows), page.more


async def read_list(asked: Asked) -> ListView:
    """Return the left region of a page.

    Raises:
        StoreUnavailable: The database does not answer.
    """
    wanted = read_wanted(asked.request.query, asked.loaded, asked.agent)
    visible = visible_to(asked.app, asked.agent)
    colleagues = await asked.app[COLLEAGUES].read(asked.app)
    counts = await count(asked.app[DATABASE], visible, now=asked.now)
    rows, more = await read_rows(asked, wanted, asked.request.query.get("before"))
    numbers = {"queue": counts.queue, "mine": counts.unread}
    names = [label.name for label in await labels(asked.app[DATABASE])]
    teams = sorted(asked.agent.teams) or await teams_of(asked.app)
    choices = _choices(wanted, teams, colleagues, names)
    return ListView(
        wanted=wanted,
        lines=visible.lines,
        tabs=tuple(
            Tab(view, replace(wanted, view=view).href(), numbers.get(view)) for view in VIEWS
        ),
        choices=choices,
        chips=_chips(wanted, choices),
        rows=rows,
        more=wanted.href("/rows", before=more) if more else None,
        more_page=wanted.href(before=more) if more else None,
        words=asked.request.query.get("q", ""),
    )


def _home(chat: Conversation | None, agent: Agent) -> View:
    if chat is None:
        return "queue"
    if chat.assignee == agent.login and chat.mode == "agent":
        return "mine"
    return "queue" if chat.mode == "waiting" else "all"


def _choices(
    wanted: Wanted, teams: list[str], colleagues: tuple[Agent, ...], names: list[str]
) -> tuple[Choice, ...]:
    holders = [Option(one.login, one.name) for one in colleagues if one.disabled_at is None]
    times = [Option(str(minutes), _time(minutes)) for minutes in WAITS]
    every = (
        _choice("team", wanted.team, "any_team", [Option(team, team) for team in teams]),
        _choice("label", wanted.label, "any_label", [Option(name, name) for name in names]),
        _choice("waiting", wanted.waiting, "any_time", times, title="waiting_time"),
        _choice("who", wanted.who, "any_holder", holders, title="holder"),
    )
    shown = {"queue": ("team", "label", "waiting"), "mine": ("team", "label")}
    asked = shown.get(wanted.view, ("team", "label", "waiting", "who"))
    return tuple(
        choice for choice in every if choice.value or (choice.name in asked and len(choice.options) > 1)
    )  # fmt: skip


def _choice(
    name: str, value: str, every: str, options: list[Option], *, title: str | None = None
) -> Choice:
    known = {option.value for option in options}
    # An address may name what is no more: it is shown, so that it can be taken away.
    gone = [Option(value, value)] if value and value not in known else []
    return Choice(name, title or name, value, (Option("", ENGLISH[every]), *options, *gone))


def _chips(wanted: Wanted, choices: tuple[Choice, ...]) -> tuple[Chip, ...]:
    return tuple(
        Chip(
            ENGLISH["at_least"].format(time=option.title)
            if choice.name == "waiting"
            else option.title,
            wanted.href(**{choice.name: ""}),
        )
        for choice in choices
        for option in choice.options
        if option.value and option.value == choice.value
    )


def _time(minutes: int) -> str:
    if minutes < 60:
        return ENGLISH["minutes"].format(m=minutes)
    return ENGLISH["hours"].format(h=minutes // 60)
