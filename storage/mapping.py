"""Between rows and the engine's values; `json_text` writes and reads those that are JSON.

Reading never raises for a value that this version does not know: an unknown name is left out, content of an unknown
kind is `Unsupported`, a part of a conversation's state that no longer validates is left at its default.
"""

from collections.abc import Callable
from dataclasses import fields
from datetime import datetime
from itertools import compress
from operator import is_not, itemgetter
from typing import Any, Final, get_args, get_type_hints

import orjson
from pydantic import TypeAdapter, ValidationError

from engine.core.closed import Closed
from engine.core.content import Content, Media, Outbound, Template, Unsupported
from engine.core.conversation import Contact, Conversation
from engine.core.ids import ContactId, ConversationId, LineId, MessageId, SignalId
from engine.core.signals import Arrival, Sender, Signal
from engine.core.trace import Trace
from engine.ports import CallRow, MessageRow, OutboxEntry, RefusedMessage, StoredSignal, TurnRow
from storage.cache import Key
from storage.clean import clean_text, maybe_clean
from storage.columns import maybe_stamp, maybe_time, read_time, stamp
from storage.json_text import (
    TRACE_FIELDS,
    VERSION_HEAD,
    dump_bytes,
    dump_json,
    dump_value,
    load_known,
    without_version,
)
from storage.statement import Cell

_STATE: Final = {
    field.name: field.default
    for field in fields(Conversation)
    if field.name not in {"id", "line", "contact", "version"}  # these are columns of their own
}
"""The fields of a conversation's state, each with its default."""

_state_of = itemgetter(*_STATE)

_content: TypeAdapter[Any] = TypeAdapter(Content)
_outbound: TypeAdapter[Any] = TypeAdapter(Outbound)
_signal: TypeAdapter[Any] = TypeAdapter(Signal)
_sender: TypeAdapter[Any] = TypeAdapter(Sender)

# --- conversations --------------------------------------------------------------------------------------


def dump_state(conversation: Conversation) -> str:
    """Write what has no column of its own. Raises ValueRefused."""
    held = _state_of(vars(conversation))
    # In C, and by identity: of two dozen fields nearly all are the very default; an equal one written out does no harm.
    unusual = map(is_not, held, _STATE.values())
    body = dump_bytes(dict(compress(zip(_STATE, held, strict=True), unusual)))
    head = VERSION_HEAD if len(body) > 2 else VERSION_HEAD[:-1]
    return (head + body[1:]).decode()


def load_conversation(row: Any) -> Conversation:
    """Make a conversation of a row of CONVERSATION_COLUMNS."""
    line, key, version, state = row[:4]
    return load_state(state, id=key, line=line, version=version, contact=load_contact(row))


def latest(row: Any, known: Callable[[Key], Conversation | None]) -> Conversation:
    """Make a conversation of a row of CONVERSATION_COLUMNS; one in memory of the same version saves reading it."""
    remembered = known((row[0], row[1]))
    if remembered is None or remembered.version != row[2]:
        return load_conversation(row)
    contact = load_contact(row)
    if remembered.contact == contact:
        return remembered
    return remembered.model_copy(update={"contact": contact})


def load_state(state: str, **columns: Any) -> Conversation:
    """Make a conversation of its state and its columns; a part that does not validate is left at its default."""
    data = without_version(state)
    data.update(columns)
    try:
        return Conversation.model_validate(data)
    except ValidationError:
        pass
    for _ in range(2):  # what is unknown goes first; if that does not do, the parts that are wrong
        try:
            return _validate_known(data)
        except ValidationError as error:
            for place in {e["loc"][0] for e in error.errors()} - columns.keys():
                data.pop(str(place), None)
    return Conversation.model_validate(columns)


_conversation: TypeAdapter[Any] = TypeAdapter(Conversation)


def _validate_known(data: dict[str, Any]) -> Conversation:
    conversation: Conversation = load_known(_conversation, data)
    return conversation


def load_contact(row: Any) -> Contact:
    """Make the contact of a row of CONVERSATION_COLUMNS."""
    key, phone, user_id, name, locale, opted_out_at, marketing_stopped_at = row[4:11]
    return Contact(
        id=ContactId(key),
        phone=phone,
        user_id=user_id,
        name=name,
        locale=locale,
        opted_out_at=maybe_time(opted_out_at),
        marketing_stopped_at=maybe_time(marketing_stopped_at),
    )


def conversation_cells(conversation: Conversation, expected: int) -> tuple[Cell, ...]:
    """Make the row of SAVE_CONVERSATIONS. Raises ValueRefused."""
    return (
        conversation.line,
        conversation.id,
        expected,
        conversation.version,
        conversation.mode,
        conversation.busy is not None,
        maybe_stamp(conversation.window_closes_at),
        maybe_stamp(conversation.last_inbound_at),
        dump_state(conversation),
    )


def contact_cells(line: LineId, contact: Contact) -> tuple[Cell, ...]:
    """Make the row of SAVE_CONTACTS."""
    return (
        line,
        contact.id,
        maybe_clean(contact.phone),
        maybe_clean(contact.user_id),
        maybe_clean(contact.name),
        maybe_clean(contact.locale),
        maybe_stamp(contact.opted_out_at),
        maybe_stamp(contact.marketing_stopped_at),
    )


# --- signals ------------------------------------------------------------------------------------------------


def signal_cells(
    arrival: Arrival, conversation: ConversationId | None, *, place: int, now: str
) -> tuple[Cell, ...]:
    """Make the row of ADD_SIGNALS; `place` counts down to the batch's last. Raises ValueRefused."""
    signal = arrival.signal
    return (
        place,
        arrival.line,
        conversation,
        signal.kind,
        clean_text(arrival.key),
        dump_value(signal),
        stamp(arrival.received_at),
        now,
    )


def load_signal(text: str) -> Any:
    """Read a signal. Raises ValidationError for a kind this version does not know."""
    return load_known(_signal, without_version(text))


def load_stored_signal(
    *,
    line: str,
    id: int,
    conversation: int | None,
    key: str,
    content: str,
    sender: str | None,
    received_at: datetime,
    attempts: int,
) -> StoredSignal:
    """Make a waiting signal of its columns."""
    arrival = Arrival(
        line=LineId(line),
        key=key,
        signal=load_signal(content),
        received_at=received_at,
        sender=None if sender is None else load_known(_sender, without_version(sender)),
        conversation=None if conversation is None else ConversationId(conversation),
    )
    return StoredSignal(SignalId(id), arrival, attempts)


# --- messages -------------------------------------------------------------------------------------------------


def message_cells(message: MessageRow) -> tuple[Cell, ...]:
    """Make the row of ADD_MESSAGES. Raises ValueRefused."""
    return (
        message.line,
        message.id,
        message.conversation,
        message.direction,
        message.origin,
        dump_value(message.content),
        message.status,
        stamp(message.at),
        message.external_id and clean_text(message.external_id),
        message.turn,
        message.question,
        message.reply_to and clean_text(message.reply_to),
        None if message.extra is None else dump_json(message.extra),
        message.owner,
        None if message.closed == "hold" else dump_closed(message.closed),
        None if message.watch is None else message.watch.model_dump_json(),
    )


def dump_closed(closed: Closed) -> str | None:
    """Write what becomes of a message when the window is closed; to hold it, as nearly all are, is nothing."""
    if closed == "hold":
        return None
    return closed if closed == "fail" else dump_value(closed)


def load_closed(text: str | None) -> Closed:
    """Read what `dump_closed` wrote; a template that this version cannot read any more is none."""
    if text is None:
        return "hold"
    if text == "fail":
        return "fail"
    content = load_known(_outbound, without_version(text))
    return content if isinstance(content, Template) else "hold"


def wanted_cells(message: MessageRow) -> tuple[Cell, ...] | None:
    """Make the row of WANT_MEDIA for an inbound message whose file is to be got; None for any other."""
    media = message.content
    if message.direction != "in" or not isinstance(media, Media) or media.error is not None:
        return None
    if media.stored is not None or (media.external_id is None and media.url is None):
        return None
    return (message.line, message.id, message.conversation, "wanted", dump_value(media), 0)


_CONTENT_KINDS: Final = frozenset(
    kind
    for model in get_args(get_args(Content)[0])
    for kind in get_args(get_type_hints(model)["kind"])
)


def load_content(text: str) -> Content:
    """Read anything that stands in a transcript; a kind this version does not know is `Unsupported`."""
    data = without_version(text)
    if data.get("kind") not in _CONTENT_KINDS:
        return Unsupported(type=str(data.get("kind", "")), reason="written by another version")
    try:
        content: Content = load_known(_content, data)
    except ValidationError:
        return Unsupported(type=str(data["kind"]), reason="written by another version")
    return content


def load_refused(row: Any) -> RefusedMessage:
    """Make a message of a row of REFUSED."""
    line, key, conversation, content, origin, turn, external_id, closed, at = row
    return RefusedMessage(
        id=MessageId(key),
        line=LineId(line),
        conversation=ConversationId(conversation),
        content=load_known(_outbound, without_version(content)),
        origin=origin,
        turn=turn,
        external_id=external_id,
        closed=load_closed(closed),
        left_at=read_time(at),
    )


def load_entry(row: Any) -> OutboxEntry:
    """Make an outbox entry of a row of ENTRY_COLUMNS."""
    (
        key,
        line,
        conversation,
        content,
        origin,
        turn,
        question,
        reply_to,
        at,
        attempts,
        twice,
        status,
        closed,
        released,
    ) = row
    return OutboxEntry(
        id=MessageId(key),
        line=LineId(line),
        conversation=ConversationId(conversation),
        content=load_known(_outbound, without_version(content)),
        origin=origin,
        turn=turn,
        question=bool(question),
        reply_to=reply_to,
        created_at=read_time(at),
        attempts=attempts,
        maybe_twice=bool(twice) or status == "uncertain",
        closed=load_closed(closed),
        was_held=bool(released),
    )


# --- turns ------------------------------------------------------------------------------------------------------


def turn_cells(turn: TurnRow) -> tuple[Cell, ...]:
    """Make the row of ADD_TURNS. Raises ValueRefused."""
    return (
        turn.line,
        turn.signal,
        turn.conversation,
        turn.turn,
        stamp(turn.at),
        dump_json(turn.trace),
        turn.elapsed_ms,
        turn.serial,
    )


def load_trace(text: str) -> Trace:
    """Read a turn's trace."""
    data: dict[str, Any] = orjson.loads(text)
    known = {name: value for name, value in data.items() if name in TRACE_FIELDS}
    for name in ("path", "effects"):
        known[name] = tuple(known.get(name, ()))
    return Trace(**known)


# --- calls ------------------------------------------------------------------------------------------


def call_cells(
    line: LineId, conversation: ConversationId, key: str, call: CallRow, now: datetime
) -> tuple[Cell, ...]:
    """Make the row of SAVE_CALL. Raises ValueRefused."""
    at = stamp(now)
    return (
        *(line, conversation, clean_text(key), call.state),
        *(clean_text(call.arguments_hash), dump_json(call.result), at, at),
    )
