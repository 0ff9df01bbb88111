"""What the addresses of the public API do. Everything goes in as a signal; the outbox alone sends."""

from collections.abc import Iterator
from typing import Literal

from engine.core import limits, window
from engine.core.closed import Closed
from engine.core.content import Sendable
from engine.core.conversation import Contact, Conversation
from engine.core.ids import LineId, MessageId
from engine.core.outbox import is_free_form, unwanted
from engine.core.requests import REFUSALS, WAITS
from engine.core.signals import Arrival, FlowRequested, MessageRequested, Sender
from engine.core.value import Json
from engine.flow.compile import CompiledFlow
from engine.loops.refusals import is_stopped_marketing
from storage.requested import Handled, accepted, handled, progress
from web.api.errors import (
    BodyInvalid,
    ContactOptedOut,
    ConversationBusy,
    FlowUnknown,
    MessageUnknown,
    WindowIsClosed,
)
from web.api.models import (
    ByPhone,
    FlowAccepted,
    FlowRequest,
    MessageAccepted,
    MessageRequest,
    MessageState,
    Recipient,
)
from web.api.once import Deed, Done, once
from web.api.replies import answer_of, line_of, may_use
from web.api.table import Answer, Asked
from web.api.templates import refuse_misfit, refuse_sms
from web.flows import suggestion
from web.keys import ADAPTERS, CLOCK, DATABASE, ENGINE, FLOWS, QUERIES, SETTINGS, TEMPLATES

LARGEST_ID = 2**63 - 1

MESSAGE_REQUESTED = "message_requested"
FLOW_REQUESTED = "flow_requested"


async def send_message(asked: Asked) -> Answer:
    """Put a message into the outbox."""
    request = asked.body
    assert isinstance(request, MessageRequest)
    line = line_of(asked, request.line)
    for problem in file_problems(request.model_dump(mode="json")["content"], "content"):
        raise BodyInvalid(problem)
    refuse_sms(asked, line, request.content)

    async def do(deed: Deed) -> Done:
        if deed.before is None:
            conversation = await _conversation(asked, line, request.to)
            refuse_unsendable(
                asked, line, conversation, request.content, origin="api", closed=request.closed
            )
            signal = MessageRequested(
                message=deed.id, content=request.content, origin="api", closed=request.closed
            )
            await _accept(asked, line, request.to, deed, signal)
        answer = MessageAccepted(id=str(deed.id))
        return Done(answer_of(202, answer), MESSAGE_REQUESTED, str(deed.id))

    return await once(asked, line, do)


async def start_flow(asked: Asked) -> Answer:
    """Begin a flow with a contact."""
    request = asked.body
    assert isinstance(request, FlowRequest)
    line = line_of(asked, request.line)
    flow = _flow(asked, asked.path["flow"])
    for problem in answer_problems(flow, request.answers):
        raise BodyInvalid(problem)

    async def do(deed: Deed) -> Done:
        if deed.before is None:
            conversation = await _conversation(asked, line, request.contact)
            if conversation is not None and conversation.contact.opted_out_at is not None:
                raise ContactOptedOut
            signal = FlowRequested(flow=flow.name, answers=request.answers, if_busy=request.if_busy)
            await _accept(asked, line, request.contact, deed, signal)
        answer = _begun(deed.id, await handled(asked.app[DATABASE], line, deed.key))
        return Done(answer_of(202, answer), FLOW_REQUESTED, flow.name)

    return await once(asked, line, do)


async def read_message(asked: Asked) -> Answer:
    """Tell how far a message has come."""
    app, lines = asked.app, asked.app[SETTINGS].lines
    id_ = MessageId(int(asked.path["id"])) if asked.path["id"].isdecimal() else None
    if id_ is None or id_ > LARGEST_ID:
        raise MessageUnknown
    found = await progress(app[DATABASE], id_, lines=lines)
    if found is not None:
        may_use(asked, found.line)
        return answer_of(200, MessageState(**found._asdict() | {"id": str(id_)}))
    taken = await accepted(app[DATABASE], id_, lines=lines, act=MESSAGE_REQUESTED)
    if taken is None:
        raise MessageUnknown
    may_use(asked, taken.line)
    state = MessageState(
        id=str(id_), line=taken.line, status="accepted", at=taken.at, status_at=taken.at
    )
    return answer_of(200, state)


# --- what may be done --------------------------------------------------------------------------------


def _flow(asked: Asked, name: str) -> CompiledFlow:
    flows = asked.app[FLOWS].by_name
    if name not in flows:
        raise FlowUnknown(f"There is no flow {name!r}; {suggestion(name, flows)}")
    return flows[name]


def answer_problems(flow: CompiledFlow, answers: dict[str, Json]) -> Iterator[str]:
    """Yield what is wrong with the answers to begin with."""
    for name, value in answers.items():
        if name not in flow.names:
            known = ", ".join(sorted(flow.names)) or "none"
            yield f"answers.{name}: the flow {flow.name!r} has no such field; it has {known}"
        elif not flow.valid(name, value):
            yield f"answers.{name}: the flow {flow.name!r} does not take this as an answer"


def file_problems(part: Json, place: str) -> Iterator[str]:
    """Yield what is wrong with the files of a content: they are named by a link, or by the provider's own id."""
    match part:
        case {"stored": stored, "url": url, "external_id": external_id}:
            if stored is not None:
                yield f"{place}.stored: name the file by url or external_id"
            elif not (url or external_id):
                yield f"{place}: a file needs url or external_id"
        case dict():
            for name, inner in part.items():
                yield from file_problems(inner, f"{place}.{name}")
        case list():
            for index, inner in enumerate(part):
                yield from file_problems(inner, f"{place}.{index}")
        case _:
            pass


def refuse_unsendable(
    asked: Asked,
    line: LineId,
    conversation: Conversation | None,
    content: Sendable,
    *,
    origin: Literal["api", "agent"],
    closed: Closed = "fail",
) -> None:
    """Refuse what would not reach the contact: not wanted, not fitting, or after the window closed. Raises ApiError."""
    if conversation is not None and _is_unwanted(
        asked, line, conversation.contact, content, origin
    ):
        raise ContactOptedOut
    refuse_misfit(asked, line, content, closed)
    if closed != "fail" or not is_free_form(content):
        return
    closes = None if conversation is None else conversation.window_closes_at
    length = asked.app[ADAPTERS][line].capabilities.window
    margin = asked.app[CLOCK].now(line) + limits.WINDOW_MARGIN
    if not window.is_open(closes, margin, length=length):
        raise WindowIsClosed


def _is_unwanted(
    asked: Asked,
    line: LineId,
    contact: Contact,
    content: Sendable,
    origin: Literal["api", "agent"],
) -> bool:
    if unwanted(contact, content, origin):
        return True
    return is_stopped_marketing(contact, line, content, asked.app[TEMPLATES])


async def _conversation(asked: Asked, line: LineId, to: Recipient) -> Conversation | None:
    """Return the contact's conversation, if there is one already."""
    address = to.phone if isinstance(to, ByPhone) else to.user_id
    found = await asked.app[QUERIES].conversations_of(address, line=line)
    return found[0] if found else None


# --- doing it --------------------------------------------------------------------------------------


async def _accept(
    asked: Asked, line: LineId, to: Recipient, deed: Deed, signal: MessageRequested | FlowRequested
) -> None:
    """Hand the signal in; it is stored, and stepped where that can be, when this returns."""
    sender = (
        Sender(phone=to.phone.removeprefix("+"), is_typed=True)
        if isinstance(to, ByPhone)
        else Sender(user_id=to.user_id)
    )
    arrival = Arrival(
        line=line,
        key=deed.key,
        signal=signal,
        sender=sender,
        received_at=asked.app[CLOCK].now(line),
    )
    await asked.app[ENGINE].accept([arrival])


def _begun(id_: MessageId, came: Handled | None) -> FlowAccepted:
    """Return what came of a request for a flow. Raises ConversationBusy where it came to nothing."""
    trace = None if came is None else came.trace
    if trace is None:
        return FlowAccepted(id=str(id_), status="accepted")
    if trace.note in REFUSALS:
        raise ConversationBusy(f"The flow does not begin: {trace.note}.")
    if trace.note == WAITS:
        return FlowAccepted(id=str(id_), status="queued")
    begun = trace.matched == "requested"
    return FlowAccepted(id=str(id_), status="started" if begun else "failed")
