"""A Gupshup callback -> what it says. Pure; one odd item never spoils the rest.

Three forms come to one address: Gupshup's own (version 2), Meta's with Gupshup's ids in it (version 3), and a bare body
of the On-Premises API. The first is rewritten as Meta writes the same message, and read by what reads that.
Source: Gupshup, inbound messages, message events and types of payload, read 2026-08.
"""

from collections.abc import Iterator
from datetime import datetime

from adapters.gupshup.errors import meaning_of
from adapters.gupshup.payloads import EVENTS, MEDIA
from adapters.whatsapp.changes import (
    Found,
    external_id_of,
    parcels_of,
    read_report,
    read_status,
    read_value,
    short_key,
)
from adapters.whatsapp.inbound import read_content, read_context, read_referral, split_address
from adapters.whatsapp.payloads import FREE_ENTRY_POINTS
from adapters.wire import Wire, items_of, load_object, part_of, text_in, text_of, time_of
from engine.core.content import ProviderError, Revoked
from engine.core.ids import ExternalId, LineId
from engine.core.signals import DeliveryReported, MessageReceived, Sender
from engine.ports import Parcel


def parse_body(body: bytes, *, line: LineId, received_at: datetime) -> list[Parcel]:
    """Return what a body says; it names no account that could be told from another's.

    Raises:
        PayloadInvalid: The body is no JSON object.
    """
    found = list(_read_body(load_object(body), received_at))
    return parcels_of([(None, found)], line=line, received_at=received_at)


def _read_body(body: Wire, received_at: datetime) -> Iterator[Found]:
    if "entry" in body:
        yield from _read_entries(body, received_at)
        return
    if "type" not in body and body.keys() & {"messages", "statuses", "errors"}:
        yield from _read_change("messages", body, {}, received_at)
        return
    payload, type_ = body.get("payload"), text_of(body, "type") or "unknown"
    if not isinstance(payload, dict):
        yield read_report(type_, body)
        return
    at = time_of(body, "timestamp", otherwise=received_at)
    match type_:
        case "message":
            yield _read_message(payload, at)
        case "message-event":
            yield _read_event(payload, at)
        case _:
            yield read_report(
                type_, payload, {"id": body.get("app"), "time": body.get("timestamp")}
            )


# --- messages ----------------------------------------------------------------------------------------


def _read_message(message: Wire, at: datetime) -> Found:
    source = text_of(message, "source") or text_in(message, "sender", "phone")
    phone, user_id = split_address(source)
    user_id = text_in(message, "sender", "user_id") or user_id
    if not phone and not user_id:
        return read_report("message", message)
    external_id = external_id_of(message)
    rewritten = {**_as_meta(message), "context": _context(message)}
    signal = MessageReceived(
        external_id=external_id,
        content=read_content(rewritten),
        sent_at=at,
        context=read_context(rewritten),
        referral=read_referral(message),
    )
    return external_id, signal, _sender(phone, user_id, text_in(message, "sender", "name"))


def _sender(phone: str | None, user_id: str | None, name: str | None = None) -> Sender:
    return Sender(phone=phone, user_id=user_id, name=name)


def _as_meta(message: Wire) -> Wire:
    """Return a message as Meta would write it."""
    kind, said = text_of(message, "type") or "", part_of(message, "payload")
    match kind:
        case "text" | "quick_reply" if "title" not in said and text_of(said, "type") == "button":
            tapped = {"payload": said.get("postbackText"), "text": said.get("text")}
            return {"type": "button", "button": tapped}
        case "text":
            return {"type": "text", "text": {"body": said.get("text")}}
        case "quick_reply" | "button_reply":
            return _tap("button_reply", said)
        case "list_reply":
            return _tap("list_reply", said)
        case "nfm_reply":
            return {"type": "interactive", "interactive": {"type": kind, kind: said}}
        case "contact":
            return {"type": "contacts", "contacts": said.get("contacts")}
        case "reaction":
            emoji, to = said.get("emoji"), text_of(said, "gsId") or text_of(said, "id")
            return {"type": "reaction", "reaction": {"message_id": to, "emoji": emoji}}
        case _ if kind in MEDIA:
            return {"type": MEDIA[kind], MEDIA[kind]: _file(said)}
        case _:
            return {"type": kind, kind: said, "errors": message.get("errors")}


def _tap(kind: str, said: Wire) -> Wire:
    """Return a tap; `id` there names the message that was tapped, the option itself is in `postbackText` alone."""
    reply = {
        "id": said.get("postbackText"),
        "title": text_of(said, "title") or text_of(said, "text"),
        "description": said.get("description"),
    }
    return {"type": "interactive", "interactive": {"type": kind, kind: reply}}


def _file(said: Wire) -> Wire:
    return {
        "url": said.get("url"),
        "mime_type": said.get("contentType"),
        "caption": said.get("caption"),
        "filename": said.get("name"),
    }


def _context(message: Wire) -> Wire:
    """Return what a message refers to, by Gupshup's own id where it is there: our sends are known by that one."""
    context = part_of(message, "context")
    known = text_of(context, "gsId") or text_of(context, "gs_id") or text_of(context, "id")
    return {**context, "id": known} if context else context


# --- events ------------------------------------------------------------------------------------------


def _read_event(event: Wire, at: datetime) -> Found:
    """Return what became of a message; ids are told apart as `DeliveryReported.alias` says."""
    kind, told = text_of(event, "type") or "", part_of(event, "payload")
    if kind == "deleted":
        return _read_deleted(event, at)
    status = EVENTS.get(kind)
    own, other = text_of(event, "gsId"), text_of(event, "id")
    external_id = own or other
    if status is None or external_id is None:
        return read_report("message-event", event)
    if kind == "enqueued":
        other = text_of(told, "whatsappMessageId")
    phone, user_id = split_address(text_of(event, "destination"))
    signal = DeliveryReported(
        external_id=ExternalId(short_key(external_id)),
        alias=None if other is None else ExternalId(short_key(other)),
        status=status,
        at=time_of(told, "ts", otherwise=at),
        recipient=_sender(phone, user_id) if phone or user_id else None,
        errors=(_error(told),) if status == "failed" else (),
        free_until=_free_until(event),
    )
    return short_key(f"{external_id}:{kind}"), signal, None


def _read_deleted(event: Wire, at: datetime) -> Found:
    """Return that a contact took a message back; the id is that of the contact's own message."""
    phone, user_id = split_address(text_of(event, "destination"))
    original = text_of(event, "id")
    if original is None or not (phone or user_id):
        return read_report("message-event", event)
    key = ExternalId(short_key(f"deleted:{original}"))
    revoked = Revoked(original=ExternalId(short_key(original)))
    signal = MessageReceived(
        external_id=key,
        content=revoked,
        sent_at=time_of(part_of(event, "payload"), "ts", otherwise=at),
    )
    return key, signal, _sender(phone, user_id)


def _error(told: Wire) -> ProviderError:
    code = text_of(told, "code") or ""
    return ProviderError(code=code, title=text_of(told, "reason") or meaning_of(code))


def _free_until(event: Wire) -> datetime | None:
    conversation = part_of(event, "conversation")
    kinds = {text_of(conversation, "type"), text_in(event, "pricing", "category")}
    if not kinds & FREE_ENTRY_POINTS:
        return None
    return time_of(conversation, "expiresAt", otherwise=None)


# --- Meta's own form ---------------------------------------------------------------------------------


def _read_entries(body: Wire, received_at: datetime) -> Iterator[Found]:
    for entry in items_of(body, "entry"):
        changes = items_of(entry, "changes") if isinstance(entry, dict) else [entry]
        for change in changes:
            value = change.get("value") if isinstance(change, dict) else None
            if (
                not isinstance(entry, dict)
                or not isinstance(change, dict)
                or not isinstance(value, dict)
            ):
                yield read_report("unknown", change)
                continue
            yield from _read_change(
                text_of(change, "field") or "messages", value, entry, received_at
            )


def _read_change(field: str, value: Wire, entry: Wire, received_at: datetime) -> Iterator[Found]:
    rest = {key: item for key, item in value.items() if key != "statuses"}
    if "messages" in rest:
        rest["messages"] = [_with_own_ids(message) for message in items_of(value, "messages")]
    if field != "messages" or "statuses" not in value or rest.keys() & {"messages", "errors"}:
        yield from read_value(field, rest, entry, received_at)
    if field == "messages":
        for status in items_of(value, "statuses"):
            yield _read_meta_status(status, received_at)


def _with_own_ids(message: object) -> object:
    if not isinstance(message, dict) or "context" not in message:
        return message
    return {**message, "context": _context(message)}


def _read_meta_status(status: object, received_at: datetime) -> Found:
    if not isinstance(status, dict):
        return read_report("statuses", status)
    own, other = text_of(status, "gs_id"), text_of(status, "id")
    said = text_of(status, "status") or ""
    rewritten = {**status, "id": own or other, "status": EVENTS.get(said, said)}
    key, signal, sender = read_status(rewritten, received_at)
    if not isinstance(signal, DeliveryReported):
        return read_report("statuses", status)
    if other is not None:
        signal = signal.model_copy(update={"alias": ExternalId(short_key(other))})
    if said == "enqueued":
        key = short_key(f"{signal.external_id}:{said}")
    return key, signal, sender
