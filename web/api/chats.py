"""Chats in the hands of another program for agents: read, taken over, answered, given back, closed through the API.

An agent of such a program is `TOKEN/NAME` in every story: no agent of the inbox has a slash in the login, so nobody is
mistaken for another. Agents of one token share their chats: how these go round among them is the program's own affair.
"""

from collections.abc import Sequence

from engine.core.conversation import Conversation, Handoff, Run
from engine.core.hands import HELD_BY, NOBODY_HELD
from engine.core.ids import ConversationId, ExternalId
from engine.core.signals import (
    AgentReleased,
    AgentReplied,
    AgentTookOver,
    Arrival,
    ChatClosed,
    Signal,
)
from storage.queries import TranscriptMessage
from storage.requested import Handled, handled
from web.api.chat_models import (
    MESSAGES_SHOWN,
    ChatAct,
    ChatChanged,
    ChatContact,
    ChatEnded,
    ChatHandoff,
    ChatMessage,
    ChatReleased,
    ChatReply,
    ChatRun,
    ChatState,
)
from web.api.errors import BodyInvalid, ChatHeld, ChatUnknown, NobodyHoldsChat
from web.api.handlers import (
    LARGEST_ID,
    MESSAGE_REQUESTED,
    answer_problems,
    file_problems,
    refuse_unsendable,
)
from web.api.models import MessageAccepted
from web.api.once import Deed, Done, once
from web.api.replies import answer_of, line_of
from web.api.table import Answer, Asked
from web.api.templates import refuse_sms
from web.keys import CLOCK, DATABASE, ENGINE, FLOWS, QUERIES, STORE

# --- what is done --------------------------------------------------------------------------------


async def read_chat(asked: Asked) -> Answer:
    """Tell of a chat."""
    chat = await _chat(asked)
    messages = await asked.app[QUERIES].latest_messages(chat.line, chat.id, limit=MESSAGES_SHOWN)
    return answer_of(200, _state(chat, messages))


async def take_chat(asked: Asked) -> Answer:
    """Take a chat over."""
    chat = await _chat(asked)
    return await _change(asked, chat, "chat_taken_over", _taking_over(asked, chat))


async def reply_in_chat(asked: Asked) -> Answer:
    """Write to the contact, taking the chat over where nobody has it."""
    chat, reply = await _chat(asked), asked.body
    assert isinstance(reply, ChatReply)
    for problem in file_problems(reply.model_dump(mode="json")["content"], "content"):
        raise BodyInvalid(problem)
    refuse_sms(asked, chat.line, reply.content)

    async def do(deed: Deed) -> Done:
        if deed.before is None:
            refuse_unsendable(asked, chat.line, chat, reply.content, origin="agent")
            signal = AgentReplied(
                agent=_login(asked, reply),
                content=reply.content,
                message=deed.id,
                reply_to=None if reply.reply_to is None else ExternalId(reply.reply_to),
            )
            first = _arrival(asked, chat, f"{deed.key}:takeover", _taking_over(asked, chat))
            await asked.app[ENGINE].accept([first, _arrival(asked, chat, deed.key, signal)])
        _refuse_undone(await handled(asked.app[DATABASE], chat.line, deed.key))
        answer = MessageAccepted(id=str(deed.id))
        return Done(answer_of(202, answer), MESSAGE_REQUESTED, str(deed.id))

    return await once(asked, chat.line, do)


async def release_chat(asked: Asked) -> Answer:
    """Give a chat back to the flows."""
    chat, released = await _chat(asked), asked.body
    assert isinstance(released, ChatReleased)
    _refuse_wrong(asked, chat, released)
    signal = AgentReleased(
        agent=_login(asked, released),
        answers=released.answers,
        shown={name: released.shown[name] for name in released.answers if name in released.shown},
        resume=released.resume,
        seen=_seen(asked, chat),
    )
    return await _change(asked, chat, "chat_released", signal)


async def close_chat(asked: Asked) -> Answer:
    """End a talk."""
    chat, ended = await _chat(asked), asked.body
    assert isinstance(ended, ChatEnded)
    signal = ChatClosed(agent=_login(asked, ended), reason=ended.reason, seen=_seen(asked, chat))
    return await _change(asked, chat, "chat_closed", signal)


# --- how -----------------------------------------------------------------------------------------


async def _chat(asked: Asked) -> Conversation:
    """Return the conversation that the path names. Raises ApiError."""
    line, number = line_of(asked, asked.path["line"]), asked.path["conversation"]
    id_ = int(number) if number.isdecimal() else 0
    if 0 < id_ <= LARGEST_ID:
        key = ConversationId(id_)
        found = (await asked.app[STORE].conversations([(line, key)])).get(key)
        if found is not None:
            return found
    raise ChatUnknown


def _login(asked: Asked, act: ChatAct) -> str:
    return f"{asked.token.name}/{act.agent}"


def _seen(asked: Asked, chat: Conversation) -> str | None:
    """Return whom the caller saw having the chat: as it says, else another agent of the same token, else nobody."""
    act, holder = asked.body, chat.assignee
    assert isinstance(act, ChatAct)
    if act.seen is not None or holder is None:
        return act.seen
    return holder if holder.rpartition("/")[0] == asked.token.name else None


def _taking_over(asked: Asked, chat: Conversation) -> AgentTookOver:
    act = asked.body
    assert isinstance(act, ChatAct)
    return AgentTookOver(agent=_login(asked, act), seen=_seen(asked, chat))


async def _change(asked: Asked, chat: Conversation, act: str, signal: Signal) -> Answer:
    """Do what an agent does with a chat, once."""

    async def do(deed: Deed) -> Done:
        if deed.before is None:
            await asked.app[ENGINE].accept([_arrival(asked, chat, deed.key, signal)])
        came = await handled(asked.app[DATABASE], chat.line, deed.key)
        _refuse_undone(came)
        is_done = came is not None and came.trace is not None
        answer = ChatChanged(id=str(deed.id), status="done" if is_done else "accepted")
        return Done(answer_of(200, answer), act, str(chat.id))

    return await once(asked, chat.line, do)


def _arrival(asked: Asked, chat: Conversation, key: str, signal: Signal) -> Arrival:
    return Arrival(
        line=chat.line,
        key=key,
        signal=signal,
        received_at=asked.app[CLOCK].now(chat.line),
        conversation=chat.id,
    )


def _refuse_undone(came: Handled | None) -> None:
    """Refuse what came to nothing. Raises ChatHeld, NobodyHoldsChat."""
    note = came.trace.note if came is not None and came.trace is not None else None
    if note == NOBODY_HELD:
        raise NobodyHoldsChat
    if note is not None and note.startswith(HELD_BY):
        raise ChatHeld(f"The chat is {note}.")


def _refuse_wrong(asked: Asked, chat: Conversation, released: ChatReleased) -> None:
    """Refuse answers that the flow does not take, and steps that it does not have. Raises BodyInvalid."""
    run = chat.runs[-1] if chat.runs else None
    flow = None if run is None else asked.app[FLOWS].by_name.get(run.flow)
    if flow is None:
        if released.answers or released.resume:
            raise BodyInvalid("no flow waits for this chat: it can only be given back as it is")
        return
    for problem in answer_problems(flow, released.answers):
        raise BodyInvalid(problem)
    if released.resume is not None and released.resume not in flow.steps:
        known = ", ".join(flow.steps)
        raise BodyInvalid(f"resume: the flow {flow.name!r} has no such step; it has {known}")


# --- what is shown -------------------------------------------------------------------------------


def _state(chat: Conversation, messages: Sequence[TranscriptMessage]) -> ChatState:
    contact, handoff, run = chat.contact, chat.handoff, chat.runs[-1] if chat.runs else None
    return ChatState(
        line=chat.line,
        conversation=str(chat.id),
        contact=ChatContact(
            phone=contact.phone,
            user_id=contact.user_id,
            name=contact.name,
            locale=contact.locale,
        ),
        mode=chat.mode,
        team=chat.team,
        agent=chat.assignee,
        handoff=None if handoff is None else _handoff(handoff),
        run=None if run is None else _run(run),
        window_closes_at=chat.window_closes_at,
        messages=[_message(one) for one in messages],
    )


def _handoff(handoff: Handoff) -> ChatHandoff:
    return ChatHandoff(
        number=handoff.turn,
        reason=handoff.reason,
        place=handoff.place,
        since=handoff.since,
        claimed_at=handoff.claimed_at,
        late=handoff.late,
    )


def _run(run: Run) -> ChatRun:
    return ChatRun(flow=run.flow, step=run.step, answers=run.answers, shown=run.shown)


def _message(message: TranscriptMessage) -> ChatMessage:
    return ChatMessage(
        id=str(message.id),
        direction=message.direction,
        origin=message.origin,
        content=message.content.model_dump(mode="json", exclude_none=True),
        status=message.status,
        at=message.at,
        external_id=message.external_id,
        error=message.error,
    )
