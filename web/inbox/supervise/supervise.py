"""The supervisor's page: who waits, who is there, how long contacts waited; and an absent agent's chats given on."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Final, Literal, get_args
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from aiohttp import hdrs, web
from babel.dates import format_date
from pydantic import StringConstraints

from engine.core.signals import Arrival, ChatAssigned
from storage.agents import Agent, list_agents
from storage.inbox import ChatRow, Filters, Now, Report, chats, figures, waiting_now
from storage.requested import handled
from web.inbox import pages
from web.inbox.acts import audit
from web.inbox.errors import FormInvalid
from web.inbox.forms import Form, read_form
from web.inbox.lists.listing import visible_to
from web.inbox.rights import sees
from web.inbox.side.chat_acts import Login
from web.inbox.side.side import line_time
from web.inbox.side.snoozing import read_zone
from web.inbox.supervise.figures import (
    Table,
    agents_table,
    as_lines,
    length,
    share,
    waiting_table,
    went_table,
)
from web.inbox.table import PREFIX, Asked
from web.inbox.texts import ENGLISH
from web.keys import DATABASE, ENGINE, IDS, QUERIES

Period = Literal["today", "7", "30"]
DAYS: Final[Mapping[Period, int]] = {"today": 1, "7": 7, "30": 30}
OURS: Final = "en"

AT_ONCE: Final = 200
"""Chats that are given on with one form; more are with the next."""


class Reassign(Form):
    """Whose chats go to whom."""

    act: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{1,64}$")]
    login: Login
    to: Login = ""
    """Empty: their teams' queues."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the page shows, as its address says."""

    period: Period
    zone: ZoneInfo
    sorts: Mapping[str, str]
    """By table: its column, with `-` before it the largest first."""

    def href(self, **changes: str) -> str:
        """Return the page's address with some of it changed; a table's name changes what it is sorted by."""
        query = {"period": self.period, "zone": self.zone.key, **self.sorts, **changes}
        return f"{PREFIX}/supervise?{urlencode({k: v for k, v in query.items() if v})}"


@dataclass(frozen=True, slots=True)
class Card:
    """One large figure."""

    title: str
    figure: str
    more: str = ""
    alarm: bool = False


@dataclass(frozen=True, slots=True)
class Supervised:
    """Everything on the page."""

    wanted: Wanted
    cards: tuple[Card, ...]
    waiting: Table
    agents: Table
    present: Mapping[str, Agent]
    held: Mapping[str, int]
    went: tuple[Table, ...]
    total: Report
    since: str


TABLES: Final = ("waiting", "agents", "teams", "lines", "days")


async def show_supervise(asked: Asked) -> web.StreamResponse:
    """Show the page."""
    return pages.render(asked, "supervise.html", page=await read_page(asked), said=None)


async def show_now(asked: Asked) -> web.StreamResponse:
    """Show what changes on the page, for it to stay as it is."""
    return pages.render(asked, "supervise_now.html", page=await read_page(asked), said=None)


async def download(asked: Asked) -> web.StreamResponse:
    """Send the figures as a file."""
    page = await read_page(asked)
    text = io.StringIO()
    writer = csv.writer(text)
    for line in as_lines((page.waiting, page.agents, *page.went)):
        writer.writerow([_safe(cell) for cell in line])
    name = f"figures-{asked.now.astimezone(page.wanted.zone):%Y-%m-%d}.csv"
    return web.Response(
        body=text.getvalue().encode("utf-8-sig"),
        headers={
            hdrs.CONTENT_TYPE: "text/csv; charset=utf-8",
            hdrs.CONTENT_DISPOSITION: f'attachment; filename="{name}"',
        },
    )


async def ask_reassign(asked: Asked) -> web.StreamResponse:
    """Ask to whom an agent's chats go."""
    login = asked.request.query.get("login", "")
    agents = await list_agents(asked.app[DATABASE])
    held = (await waiting_now(asked.app[DATABASE], visible_to(asked.app, asked.agent))).agents
    rows = await _held_by(asked, login)
    others = [
        one
        for one in agents
        if one.login != login and one.disabled_at is None and any(sees(one, row) for row in rows)
    ]
    return pages.render(
        asked,
        "ask_reassign.html",
        login=login,
        name=next((one.name for one in agents if one.login == login), login),
        n=held.get(login, 0),
        others=sorted(others, key=lambda one: (not one.available, one.name.casefold())),
        held=held,
        act=str(asked.app[IDS]()),
    )


async def reassign(asked: Asked) -> web.StreamResponse:
    """Give all chats that an agent holds to another, or back to their queues; each counts by itself."""
    form = read_form(asked, Reassign)
    agents = {one.login: one for one in await list_agents(asked.app[DATABASE])}
    to = agents.get(form.to)
    if form.to and (to is None or to.disabled_at is not None):
        raise FormInvalid(ENGLISH["act_no_agent"])
    given = [await _give(asked, form, row, to) for row in await _held_by(asked, form.login)]
    done, left = sum(given), len(given) - sum(given)
    await audit(asked, "chats_reassigned", f"{form.login} {form.to or '-'} {done}")
    said = ENGLISH["reassigned_some" if left else "reassigned"].format(n=done, left=left)
    if not asked.is_fragment:
        return pages.redirect(asked, f"{PREFIX}/supervise")
    return pages.render(asked, "supervise_now.html", page=await read_page(asked), said=said)


async def _held_by(asked: Asked, login: str) -> Sequence[ChatRow]:
    """Return the chats that an agent holds, as far as who asks may see them."""
    held = await chats(
        asked.app[DATABASE],
        "all",
        visible_to(asked.app, asked.agent),
        filters=Filters(assignee=login),
        limit=AT_ONCE,
        now=asked.now,
    )
    return held.rows


async def _give(asked: Asked, form: Reassign, row: ChatRow, to: Agent | None) -> bool:
    """Give one chat on, where it is still held so and the other may see it; tell whether that was done."""
    chat = await asked.app[QUERIES].conversation(row.line, row.conversation)
    if chat is None or (to is not None and not sees(to, chat)):
        return False
    key = f"act:{asked.agent.login}:{form.act}:{row.conversation}"
    signal = ChatAssigned(
        by=asked.agent.login, agent=form.to or None, team=chat.team, seen=form.login
    )
    arrival = Arrival(
        line=row.line,
        key=key,
        signal=signal,
        received_at=line_time(asked, chat),
        conversation=row.conversation,
    )
    await asked.app[ENGINE].accept([arrival])
    told = await handled(asked.app[DATABASE], row.line, key)
    return told is not None and (told.trace is None or told.trace.matched == "agent")


async def read_page(asked: Asked) -> Supervised:
    """Return what the page shows. Raises StoreUnavailable."""
    app, wanted = asked.app, read_wanted(asked)
    visible = visible_to(app, asked.agent)
    now = await waiting_now(app[DATABASE], visible)
    since = _since(asked.now, wanted)
    until = asked.now + timedelta(seconds=1)
    report = await figures(app[DATABASE], visible, since, until, zone=wanted.zone)
    agents = await list_agents(app[DATABASE])
    seen = [one for one in agents if any(map(one.serves, visible.lines))]
    by = wanted.sorts.get
    return Supervised(
        wanted=wanted,
        cards=_cards(now, seen, report, asked.now),
        waiting=waiting_table(now, asked.now, by=by("waiting", "")),
        agents=agents_table(seen, now, report, asked.now, by=by("agents", "")),
        present={one.login: one for one in seen},
        held=now.agents,
        went=_went(report, wanted),
        total=report,
        since=format_date(since.astimezone(wanted.zone), "d MMM", locale=OURS),
    )


def read_wanted(asked: Asked) -> Wanted:
    """Return what an address asks for; what it says wrongly is as if it were not said."""
    query = asked.request.query
    periods: tuple[Period, ...] = get_args(Period)
    period = next((one for one in periods if one == query.get("period")), periods[0])
    sorts = {name: query[name] for name in TABLES if name in query}
    return Wanted(period, read_zone(query.get("zone", "UTC")), sorts)


def _since(now: datetime, wanted: Wanted) -> datetime:
    midnight = now.astimezone(wanted.zone).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight - timedelta(days=DAYS[wanted.period] - 1)


def _cards(now: Now, agents: list[Agent], report: Report, at: datetime) -> tuple[Card, ...]:
    waiting = sum(queue.waiting for queue in now.queues)
    late = sum(queue.late for queue in now.queues)
    oldest = min((queue.oldest for queue in now.queues if queue.oldest), default=None)
    there = [one for one in agents if one.available and one.disabled_at is None]
    first, total = report.total.waited, report.total
    return (
        Card(
            ENGLISH["figure_waiting"],
            str(waiting),
            ENGLISH["figure_longest"].format(time=length(at - oldest)) if oldest else "",
            alarm=late > 0,
        ),
        Card(ENGLISH["figure_held"], str(sum(queue.held for queue in now.queues))),
        Card(
            ENGLISH["figure_available"],
            str(len(there)),
            ENGLISH["of_count"].format(n=sum(one.disabled_at is None for one in agents)),
        ),
        Card(
            ENGLISH["column_first"],
            length(first.median),
            ENGLISH["ninety"].format(time=length(first.ninth_of_ten)) if first.measured else "",
        ),
        Card(
            ENGLISH["column_resolution"],
            length(total.resolution.median),
            ENGLISH["ninety"].format(time=length(total.resolution.ninth_of_ten))
            if total.resolution.measured
            else "",
        ),
        Card(
            ENGLISH["column_late_share"],
            share(total).shown,
            ENGLISH["of_count"].format(n=total.handoffs) if total.handoffs else "",
        ),
    )


def _went(report: Report, wanted: Wanted) -> tuple[Table, ...]:
    by = wanted.sorts.get
    teams = {team or ENGLISH["no_team"]: one for team, one in report.teams.items()}
    days = {f"{day:%Y-%m-%d}": one for day, one in report.days.items()}
    tables = [went_table("teams", "team", teams, by=by("teams", ""))]
    if len(report.lines) > 1:
        lines = {str(line): one for line, one in report.lines.items()}
        tables.append(went_table("lines", "line", lines, by=by("lines", "")))
    if DAYS[wanted.period] > 1:
        tables.append(went_table("days", "day", days, by=by("days", "-day"), at="day"))
    return tuple(tables)


def _safe(cell: str | float) -> str | float:
    """Return a cell that no spreadsheet takes for a formula: names are what people chose."""
    risky = isinstance(cell, str) and cell.startswith(("=", "+", "-", "@", "\t", "\r"))
    return f"'{cell}" if risky else cell
