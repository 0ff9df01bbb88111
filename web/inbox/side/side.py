"""The right region: who the contact is, who has the chat, where its flow stands, what was before."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Final, Literal

from aiohttp import web

from engine.core.conversation import Conversation
from engine.core.script import Scene
from engine.flow.here import here_of
from engine.flow.hours import UTC_ZONE
from storage.agents import Agent, find_agent, list_agents
from storage.inbox import ChatRow, EndedHandoff, Label, labels, other_chats_of, rows
from storage.paths import steps_passed
from web.flows import line_hours
from web.inbox import pages
from web.inbox.lists.faces import initials, tone
from web.inbox.lists.listing import visible_to
from web.inbox.names import COLLEAGUES
from web.inbox.rights import sees
from web.inbox.side.about import About, about
from web.inbox.side.diagram import NARROW, WIDE, Diagram, Look
from web.inbox.side.standing import Standing, diagram, scene_of, standing
from web.inbox.table import PREFIX, Asked
from web.inbox.teams import called
from web.inbox.texts import ENGLISH
from web.inbox.times import ago, left
from web.keys import ADAPTERS, CLOCK, DATABASE, FLOWS, IDS, QUERIES, SETTINGS

LOOKED_AT: Final = 200
"""Of a chat's newest messages so many are looked through for what was told of the contact."""

Holding = Literal["bot", "waiting", "mine", "other", "phone", "helpdesk", "closed"]
"""Who has the chat, as the agent who looks sees it."""


@dataclass(frozen=True, slots=True)
class Said:
    """What came of the agent's act."""

    text: str
    ok: bool = True


@dataclass(frozen=True, slots=True)
class Held:
    """Who has the chat."""

    state: Holding
    words: str
    detail: str
    """Why, and since when."""
    seen: str
    """The login of who holds it; empty where nobody does. Acts carry it: they count only while it is so."""
    holder: str
    """The holder's name."""
    late: bool
    snoozed: str | None
    """Until when it is out of the way."""
    may_release: bool
    """Whether the agent may hand it back or close it."""


@dataclass(frozen=True, slots=True)
class Past:
    """A time that people had the chat."""

    at: str
    reason: str
    who: str
    ended: str
    note: str | None


@dataclass(frozen=True, slots=True)
class Other:
    """The contact's chat on another line."""

    href: str
    line: str
    held: str
    at: str


@dataclass(frozen=True, slots=True)
class SideView:
    """Everything that stands beside a chat."""

    chat: Conversation
    href: str
    act: str
    """A number of its own for each time that it is shown: a form sent twice is one act."""
    initials: str
    tone: int
    about: About
    held: Held
    labels: tuple[Label, ...]
    every_label: tuple[Label, ...]
    standing: Standing | None
    diagram: Diagram | None
    past: tuple[Past, ...]
    others: tuple[Other, ...]
    said: Said | None = None
    typed: Mapping[str, str] | None = None
    """What the agent put in for answers that was refused; by field."""
    problems: Mapping[str, str] | None = None
    """Why, by field."""


def chat_href(chat: Conversation) -> str:
    """Return the chat's address."""
    return f"{PREFIX}/chats/{chat.line}/{chat.id}"


def line_time(asked: Asked, chat: Conversation) -> datetime:
    """Return what time it is on the chat's line: a simulated one stands ahead of the real one."""
    return asked.app[CLOCK].now(chat.line)


def scene(asked: Asked, chat: Conversation) -> Scene:
    """Return what a flow may know of this chat now."""
    app = asked.app
    return scene_of(
        chat,
        app[FLOWS],
        app[ADAPTERS][chat.line].capabilities,
        line_hours(app[SETTINGS])[chat.line],
        line_time(asked, chat),
    )


async def read_side(
    asked: Asked,
    chat: Conversation,
    *,
    said: Said | None = None,
    typed: Mapping[str, str] | None = None,
    problems: Mapping[str, str] | None = None,
) -> SideView:
    """Return what stands beside a chat that the agent may see.

    Args:
        asked: The request.
        chat: The chat, as it is now.
        said: What came of the agent's act.
        typed: Corrections that were refused, by field.
        problems: Why, by field.

    Raises:
        StoreUnavailable: The database does not answer.
    """
    app, database = asked.app, asked.app[DATABASE]
    agents = {agent.login: agent for agent in await list_agents(database)}
    visible = visible_to(app, asked.agent)
    (row,) = await rows(database, [(chat.line, chat.id)], asked.agent.login, now=asked.now)
    others = await other_chats_of(
        database, chat.line, chat.id, chat.contact, visible, now=asked.now
    )
    messages = await app[QUERIES].latest_messages(chat.line, chat.id, limit=LOOKED_AT)
    every = await labels(database)
    now, there = scene(asked, chat), chat.contact
    return SideView(
        chat=chat,
        href=chat_href(chat),
        act=str(app[IDS]()),
        initials=initials(there.name),
        tone=tone(chat.id),
        about=about(
            there,
            zone=_zone(now),
            said=(message.content for message in messages),
            now=now.now,
        ),
        held=_held(asked, chat, row, agents),
        labels=tuple(label for label in every if label.name in row.labels),
        every_label=tuple(every),
        standing=standing(chat, app[FLOWS].by_name, now),
        diagram=await read_diagram(asked, chat, NARROW),
        past=tuple(_past(one, agents, now.now) for one in others.handoffs),
        others=tuple(_other(one, agents, now.now) for one in others.chats),
        said=said,
        typed=typed,
        problems=problems,
    )


async def read_diagram(asked: Asked, chat: Conversation, look: Look) -> Diagram | None:
    """Return the diagram of the flow that talks. Raises StoreUnavailable."""
    if not chat.runs:
        return None
    passed = await steps_passed(asked.app[DATABASE], chat.line, chat.id, since=chat.runs[-1].began)
    flows = asked.app[FLOWS].by_name
    return diagram(chat, flows, scene(asked, chat), passed=passed, look=look)


async def show_side(asked: Asked) -> web.StreamResponse:
    """Show the region by itself."""
    return pages.render(asked, "side.html", side=await read_side(asked, asked.chat))


async def show_diagram(asked: Asked) -> web.StreamResponse:
    """Show the flow's diagram large, and as a list."""
    drawn = await read_diagram(asked, asked.chat, WIDE)
    flow = asked.chat.runs[-1].flow if asked.chat.runs else ""
    return pages.render(
        asked, "diagram_dialog.html", diagram=drawn, flow=flow.replace("_", " "), chat=asked.chat
    )


async def answer_side(asked: Asked, said: Said) -> web.StreamResponse:
    """Answer an act: the region as it is now with what came of it, or the inbox where the chat is seen no more.

    Without htmx the browser is sent to the chat's own page.

    Raises:
        StoreUnavailable: The database does not answer.
    """
    chat = await asked.app[QUERIES].conversation(asked.chat.line, asked.chat.id)
    if chat is None or not sees(asked.agent, chat):
        return pages.redirect(asked, PREFIX)
    if not asked.is_fragment:
        return pages.redirect(asked, chat_href(chat))
    side = await read_side(asked, chat, said=said)
    answer = pages.render(asked, "side.html", side=side)
    answer.headers["HX-Trigger"] = "chat-changed"
    return answer


async def name_now(app: web.Application, login: str) -> str:
    """Return an agent's name, also of one who has come just now; nobody's is the login. Raises StoreUnavailable."""
    await app[COLLEAGUES].read(app)
    known = app[COLLEAGUES].names.get(login)
    if known is None:
        agent = await find_agent(app[DATABASE], login)
        known = None if agent is None else agent.name
    return known or login


def _zone(now: Scene) -> tzinfo | None:
    """Return where the contact is; None where neither their number nor the line tells."""
    zone = here_of(now).now.tzinfo
    return None if zone == UTC_ZONE else zone


def _held(asked: Asked, chat: Conversation, row: ChatRow, agents: Mapping[str, Agent]) -> Held:
    state = _state(chat, asked.agent)
    holder = _name(chat.assignee, agents) if chat.assignee else ""
    team = called(asked.app, chat.team) if chat.team else ""
    words = {
        "bot": ENGLISH["bot_has_it"],
        "waiting": ENGLISH["stands_in_queue"].format(team=team) if team else ENGLISH["waits_here"],
        "mine": ENGLISH["held_by_you"],
        "other": ENGLISH["held_by_other"].format(name=holder),
        "phone": ENGLISH["held_on_phone"],
        "helpdesk": ENGLISH["held_at_desk"],
        "closed": ENGLISH["chat_closed"],
    }[state]
    handoff = chat.handoff
    detail = (
        ""
        if handoff is None
        else f"{reason_words(handoff.reason)} · {ago(handoff.since, line_time(asked, chat))}"
    )
    return Held(
        state=state,
        words=words,
        detail=detail,
        seen=chat.assignee or "",
        holder=holder,
        late=handoff is not None and handoff.late and chat.mode == "waiting",
        snoozed=None if row.snoozed_until is None else left(row.snoozed_until, asked.now),
        may_release=may_release(asked.agent, chat),
    )


def may_release(agent: Agent, chat: Conversation) -> bool:
    """Tell whether an agent may end people's part in a chat: who holds it, anyone while it waits, who supervises."""
    if chat.mode not in ("waiting", "agent"):
        return False
    return chat.assignee in (None, agent.login) or agent.may("supervisor")


def _state(chat: Conversation, agent: Agent) -> Holding:
    match chat.mode:
        case "bot" | "waiting" | "closed":
            return chat.mode
        case "agent":
            if chat.assignee is not None:
                return "mine" if chat.assignee == agent.login else "other"
            place = "inbox" if chat.handoff is None else chat.handoff.place
            return "waiting" if place == "inbox" else place


def reason_words(reason: str) -> str:
    """Return why people were asked for, in words."""
    return ENGLISH.get(f"reason_{reason}", reason.replace("_", " "))


def _name(login: str, agents: Mapping[str, Agent]) -> str:
    agent = agents.get(login)
    return login if agent is None else agent.name


def _past(one: EndedHandoff, agents: Mapping[str, Agent], now: datetime) -> Past:
    who = one.assignee or one.by
    return Past(
        at=ago(one.began_at, now),
        reason=reason_words(one.reason),
        who=ENGLISH["past_with"].format(name=_name(who, agents)) if who else ENGLISH["past_nobody"],
        ended=ENGLISH[f"past_{one.ended}"],
        note=one.note,
    )


def _other(row: ChatRow, agents: Mapping[str, Agent], now: datetime) -> Other:
    held = {
        "bot": ENGLISH["bot_has_it"],
        "waiting": ENGLISH["waits_here"],
        "closed": ENGLISH["chat_closed"],
        "agent": ENGLISH["held_by_other"].format(name=_name(row.assignee or "", agents)),
    }[row.mode]
    return Other(
        href=f"{PREFIX}/chats/{row.line}/{row.conversation}",
        line=row.line,
        held=held,
        at=ago(row.last.at, now) if row.last else "",
    )
