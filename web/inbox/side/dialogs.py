"""The small windows in which an agent says more of an act: to whom, into which queue, why, until when."""

from typing import Any, NamedTuple

from aiohttp import web
from babel.dates import format_datetime

from engine.core.ids import LineId
from storage.agents import Agent
from storage.inbox import Visible, labels, rows, waiting_now
from web.inbox import pages
from web.inbox.lists.faces import initials
from web.inbox.lists.listing import visible_to
from web.inbox.side.chat_acts import COLOURS, LABEL_CHARS, REASON_CHARS, may_hold
from web.inbox.side.side import chat_href, name_now
from web.inbox.side.snoozing import read_zone, snoozes
from web.inbox.table import Asked
from web.inbox.teams import called, teams_of
from web.inbox.texts import ENGLISH
from web.keys import DATABASE, IDS, SETTINGS

OURS = "en"


class Candidate(NamedTuple):
    """An agent to whom a chat may be given."""

    agent: Agent
    initials: str
    holds: str
    """How many chats they have, in words."""
    is_full: bool


class Queue(NamedTuple):
    """A team into whose queue a chat may be put."""

    team: str
    name: str
    waiting: int


async def ask_take_over(asked: Asked) -> web.StreamResponse:
    """Ask whether to take the chat from who holds it."""
    seen = asked.chat.assignee or ""
    name = await name_now(asked.app, seen)
    return _dialog(asked, "takeover", seen=seen, name=name)


async def ask_assign(asked: Asked) -> web.StreamResponse:
    """Ask to whom the chat goes: those who are there first, then who has least."""
    held = (await waiting_now(asked.app[DATABASE], _everything(asked))).agents
    found = [
        _candidate(agent, held.get(agent.login, 0))
        for agent in sorted(
            await may_hold(asked),
            key=lambda one: (not one.available, held.get(one.login, 0), one.name.casefold()),
        )
        if agent.login != asked.chat.assignee
    ]
    return _dialog(asked, "assign", candidates=found, seen=asked.chat.assignee or "")


async def ask_transfer(asked: Asked) -> web.StreamResponse:
    """Ask into whose queue the chat goes."""
    waiting: dict[str | None, int] = {}
    for queue in (await waiting_now(asked.app[DATABASE], _everything(asked))).queues:
        waiting[queue.team] = waiting.get(queue.team, 0) + queue.waiting
    queues = [
        Queue(team, called(asked.app, team), waiting.get(team, 0))
        for team in await teams_of(asked.app)
    ]
    return _dialog(
        asked,
        "transfer",
        queues=queues,
        everybody=waiting.get(None, 0),
        seen=asked.chat.assignee or "",
    )


async def ask_close(asked: Asked) -> web.StreamResponse:
    """Ask why the chat is closed."""
    reasons = asked.app[SETTINGS].inbox.close_reasons
    return _dialog(asked, "close", reasons=reasons, most=REASON_CHARS)


async def ask_snooze(asked: Asked) -> web.StreamResponse:
    """Ask until when the chat is out of the way, by the agent's own clock."""
    zone = read_zone(asked.request.query.get("zone", "UTC"))
    offered = [
        (one.name, format_datetime(one.until, "EEE HH:mm", tzinfo=zone, locale=OURS))
        for one in snoozes(asked.now, zone)
    ]
    here = asked.now.astimezone(zone)
    return _dialog(
        asked, "snooze", offered=offered, zone=zone.key, earliest=f"{here:%Y-%m-%dT%H:%M}"
    )


async def ask_labels(asked: Asked) -> web.StreamResponse:
    """Ask which label the chat gets."""
    key = (asked.chat.line, asked.chat.id)
    (row,) = await rows(asked.app[DATABASE], [key], asked.agent.login, now=asked.now)
    every = [one for one in await labels(asked.app[DATABASE]) if one.name not in row.labels]
    return _dialog(asked, "labels", every=every, colours=COLOURS, most=LABEL_CHARS)


def _everything(asked: Asked) -> Visible:
    """Return all lines and teams: how busy a colleague is counts wherever they are busy."""
    return visible_to(asked.app, asked.agent)._replace(
        lines=tuple(map(LineId, asked.app[SETTINGS].lines)), teams=None
    )


def _candidate(agent: Agent, held: int) -> Candidate:
    if agent.capacity is not None:
        words = ENGLISH["holds_of"].format(n=held, most=agent.capacity)
    else:
        words = ENGLISH["holds_chat" if held == 1 else "holds_chats"].format(n=held)
    is_full = agent.capacity is not None and held >= agent.capacity
    return Candidate(agent, initials(agent.name) or agent.login[:1].upper(), words, is_full)


def _dialog(asked: Asked, kind: str, **more: Any) -> web.StreamResponse:
    return pages.render(
        asked,
        f"ask_{kind}.html",
        href=chat_href(asked.chat),
        act=str(asked.app[IDS]()),
        chat=asked.chat,
        **more,
    )
