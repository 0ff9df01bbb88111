"""What an agent does to a chat: each a signal whose key comes with the form, its outcome read back and told in words.

A form sent twice is one act. Where another agent was quicker nothing happens, and who acted is told who has the chat.
"""

from typing import Annotated, Final

from aiohttp import web
from pydantic import StringConstraints

from engine.core.conversation import Conversation
from engine.core.hands import HELD_BY, NOBODY, NOBODY_HELD
from engine.core.ids import ConversationId, LineId
from engine.core.signals import (
    AgentTookOver,
    Arrival,
    ChatAssigned,
    ChatClosed,
    Signal,
)
from engine.core.trace import Trace
from storage.agents import Agent, list_agents
from storage.audit import Act
from storage.inbox import Label, labels, rows, save_label, set_labels, snooze
from storage.requested import handled
from web.inbox.acts import act_of, audit, chat_subject
from web.inbox.forms import Form, read_form
from web.inbox.rights import sees
from web.inbox.side.side import Said, answer_side, line_time, may_release, name_now
from web.inbox.side.snoozing import read_until, read_zone
from web.inbox.table import Asked
from web.inbox.teams import called, teams_of
from web.inbox.texts import ENGLISH
from web.inbox.times import left
from web.keys import DATABASE, ENGINE

COLOURS: Final = ("teal", "violet", "orange", "blue", "rose", "olive")
"""What a label may have: the tones of tokens.css, in their order."""

OWN: Final = "own"
"""The time that is chosen where the agent names one."""

REASON_CHARS: Final = 200
LABEL_CHARS: Final = 40

ActId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{1,64}$")]
Login = Annotated[str, StringConstraints(max_length=64)]


class Done(Form):
    """An act with nothing to say."""

    act: ActId
    """Given out with the form: it makes the act count once."""


class TakeOver(Done):
    """From whom it is taken, as the agent saw it; empty is nobody."""

    seen: Login = ""


class Assign(TakeOver):
    """To whom it is given."""

    to: Login


class Transfer(TakeOver):
    """Into whose queue; empty is everybody's."""

    team: Annotated[str, StringConstraints(max_length=60)] = ""


class Close(TakeOver):
    """Why."""

    reason: Annotated[str, StringConstraints(max_length=REASON_CHARS)] = ""
    other: Annotated[str, StringConstraints(max_length=REASON_CHARS)] = ""


class Snooze(Form):
    """Until when: a name that was offered, or the browser's date and time."""

    until: Annotated[str, StringConstraints(max_length=40)] = ""
    own: Annotated[str, StringConstraints(max_length=40)] = ""
    zone: Annotated[str, StringConstraints(max_length=64)] = "UTC"


class Tag(Form):
    """A label that is put on, or taken off."""

    name: Annotated[str, StringConstraints(max_length=200)] = ""
    colour: str = COLOURS[0]
    off: bool = False


# --- who holds it ---------------------------------------------------------------------------------


async def claim(asked: Asked) -> web.StreamResponse:
    """Take a chat that nobody holds."""
    form = read_form(asked, Done)
    signal = AgentTookOver(agent=asked.agent.login)
    done = Said("")  # the region says who holds it
    return await answer_side(asked, await perform(asked, form.act, signal, "chat_claimed", done))


async def take_over(asked: Asked) -> web.StreamResponse:
    """Take a chat from who holds it."""
    form = read_form(asked, TakeOver)
    signal = AgentTookOver(agent=asked.agent.login, seen=form.seen or None)
    done = Said("")  # the region says who holds it
    return await answer_side(asked, await perform(asked, form.act, signal, "chat_taken_over", done))


async def assign(asked: Asked) -> web.StreamResponse:
    """Give a chat to an agent who may see it."""
    form = read_form(asked, Assign)
    agent = next((one for one in await may_hold(asked) if one.login == form.to), None)
    if agent is None:
        return await answer_side(asked, Said(ENGLISH["act_no_agent"], ok=False))
    signal = ChatAssigned(by=asked.agent.login, agent=agent.login, seen=form.seen or None)
    done = Said(ENGLISH["done_assign"].format(name=agent.name))
    said = await perform(asked, form.act, signal, "chat_assigned", done, of=agent.login)
    return await answer_side(asked, said)


async def transfer(asked: Asked) -> web.StreamResponse:
    """Put a chat into a team's queue, or into everybody's."""
    form = read_form(asked, Transfer)
    if form.team and form.team not in await teams_of(asked.app):
        return await answer_side(asked, Said(ENGLISH["act_no_team"], ok=False))
    team = form.team or None
    signal = ChatAssigned(by=asked.agent.login, team=team, seen=form.seen or None)
    done = (
        ENGLISH["done_transfer_all"]
        if team is None
        else ENGLISH["done_transfer"].format(team=called(asked.app, team))
    )
    said = await perform(asked, form.act, signal, "chat_transferred", Said(done), of=form.team)
    return await answer_side(asked, said)


async def close(asked: Asked) -> web.StreamResponse:
    """End the talk for a reason."""
    form = read_form(asked, Close)
    reason = form.other or form.reason
    if not reason:
        return await answer_side(asked, Said(ENGLISH["act_no_reason"], ok=False))
    if not may_release(asked.agent, asked.chat):
        return await answer_side(asked, Said(ENGLISH["act_not_held"], ok=False))
    signal = ChatClosed(agent=asked.agent.login, reason=reason, seen=form.seen or None)
    done = Said(ENGLISH["done_close"].format(reason=reason))
    return await answer_side(asked, await perform(asked, form.act, signal, "chat_closed", done))


async def may_hold(asked: Asked) -> list[Agent]:
    """Return the agents who could hold the chat: enabled, and they may see it. Raises StoreUnavailable."""
    agents = await list_agents(asked.app[DATABASE])  # as they are now: somebody may just have left
    return [one for one in agents if one.disabled_at is None and sees(one, asked.chat)]


async def perform(
    asked: Asked, act: str, signal: Signal, name: str, done: Said, *, of: str = ""
) -> Said:
    """Do it once and return what came of it.

    Args:
        asked: The request.
        act: What the form carries to be counted once.
        signal: What is done.
        name: How the audit calls it.
        done: What is said when it was done.
        of: What it was done with, for the audit: another agent, a team.

    Raises:
        StoreUnavailable: The database does not answer; whether it was done is not sure, the form may be sent again.
    """
    chat, database = asked.chat, asked.app[DATABASE]
    key = f"act:{asked.agent.login}:{name}:{act}"
    before = await handled(database, chat.line, key)
    if before is None:
        arrival = Arrival(
            line=chat.line,
            key=key,
            signal=signal,
            received_at=line_time(asked, chat),
            conversation=chat.id,
        )
        await asked.app[ENGINE].accept([arrival])
    after = await handled(database, chat.line, key)
    trace = None if after is None else after.trace
    refused = None if trace is None else await _refused(asked, trace)
    if refused is not None:
        return refused
    if before is None:
        await audit(asked, name, " ".join(filter(None, (chat_subject(chat), of))))
    return Said(ENGLISH["act_stored"]) if trace is None else done


async def _refused(asked: Asked, trace: Trace) -> Said | None:
    """Return why nothing was done; None where it was."""
    note = trace.note or ""
    if note.startswith(HELD_BY):
        holder = note.removeprefix(HELD_BY)
        if holder == NOBODY:
            return Said(ENGLISH["act_waits"], ok=False)
        name = await name_now(asked.app, holder)
        return Said(ENGLISH["act_held"].format(name=name), ok=False)
    if note == NOBODY_HELD:
        return Said(ENGLISH["act_waits"], ok=False)
    return None if trace.matched == "agent" else Said(ENGLISH["act_past"], ok=False)


# --- what each agent, and the business, has of it ----------------------------------------------------


async def put_off(asked: Asked) -> web.StreamResponse:
    """Put a chat out of the agent's way until a time."""
    form = read_form(asked, Snooze)
    zone = read_zone(form.zone)
    until = read_until(form.own if form.until == OWN else form.until, asked.now, zone)
    if until is None:
        return await answer_side(asked, Said(ENGLISH["act_no_time"], ok=False))
    await snooze(asked.app[DATABASE], _key(asked.chat), asked.agent.login, until, now=asked.now)
    await audit(asked, "chat_snoozed", f"{chat_subject(asked.chat)} {until:%Y-%m-%dT%H:%MZ}")
    return await answer_side(
        asked, Said(ENGLISH["done_snooze"].format(time=left(until, asked.now)))
    )


async def wake(asked: Asked) -> web.StreamResponse:
    """Bring a chat back into the agent's lists."""
    await snooze(asked.app[DATABASE], _key(asked.chat), asked.agent.login, None, now=asked.now)
    await audit(asked, "chat_woken")
    return await answer_side(asked, Said(ENGLISH["done_wake"]))


async def tag(asked: Asked) -> web.StreamResponse:
    """Put a label on a chat, a new one where there is none of its name; or take one off."""
    form = read_form(asked, Tag)
    name = " ".join(form.name.split())
    if not name or len(name) > LABEL_CHARS:
        return await answer_side(asked, Said(ENGLISH["act_no_label"], ok=False))
    database, chat = asked.app[DATABASE], asked.chat
    (row,) = await rows(database, [_key(chat)], asked.agent.login, now=asked.now)
    known = {label.name.casefold(): label.name for label in await labels(database)}
    if not form.off and name.casefold() not in known:
        colour = form.colour if form.colour in COLOURS else COLOURS[0]
        await save_label(database, Label(name, colour), act=_noted(asked, "label_made", name))
    name = known.get(name.casefold(), name)
    kept = [one for one in row.labels if one != name]
    names = kept if form.off else [*kept, name]
    act = _noted(
        asked, "label_removed" if form.off else "label_added", f"{chat_subject(chat)} {name}"
    )
    await set_labels(database, chat.line, chat.id, names, act=act)
    return await answer_side(asked, Said(""))


def _noted(asked: Asked, act: str, subject: str) -> Act:
    return act_of(asked.app, asked.agent.actor, act, subject, now=asked.now)


def _key(chat: Conversation) -> tuple[LineId, ConversationId]:
    return chat.line, chat.id
