"""A Gupshup callback -> what it says. Pure; one odd item never spoils the rest.

Three forms come to one address: Gupshup's own (version 2), Meta's with Gupshup's ids in it (version 3), and a bare body
of the On-Premises API. The first is rewritten as Meta writes the same message, and read by what reads that.
Source: Gupshup, inbound messages, message events and types of payload, read 2026-08.
"""

from collections.abc import Iterator
from datetime import datetime

from adapters.cloud.parse import read_entries
from adapters.gupshup.errors import closes_window, meaning_of
from adapters.gupshup.payloads import BARE, MEDIA
from adapters.whatsapp.changes import (
    Found,
    external_id_of,
    parcels_of,
    read_ids,
    read_report,
    read_value,
    short_key,
)
from adapters.whatsapp.inbound import read_content, read_context, read_referral, split_address
from adapters.whatsapp.payloads import FREE_ENTRY_POINTS, STATUSES
from adapters.wire import Wire, load_object, part_of, text_in, text_of, time_of
from engine.core.content import ProviderError, Revoked
from engine.core.ids import ExternalId, LineId
from engine.core.signals import DeliveryReported, MessageReceived, Sender
from engine.ports import Parcel


def parse_body(body: bytes, *, line: LineId, received_at: datetime) -> list[Parcel]:
    """Return what a body says, as one parcel: the webhook's address says which line it is for.

    Raises:
        PayloadInvalid: The body is no JSON object.
    """
    found = [_by_either_id(one) for one in _read_body(load_object(body), received_at)]
    return parcels_of([(None, found)], line=line, received_at=received_at)


def _by_either_id(found: Found) -> Found:
    """Mark a report that names one id alone: it may be Gupshup's or WhatsApp's, and their forms do not tell."""
    key, signal, sender = found
    if isinstance(signal, DeliveryReported) and signal.alias is None:
        signal = signal.model_copy(update={"alias": signal.external_id})
    return key, signal, sender


def _read_body(body: Wire, received_at: datetime) -> Iterator[Found]:
    if "entry" in body:
        for _, found in read_entries(body, received_at):
            yield from found
        return
    if "type" not in body and body.keys() & BARE:
        yield from read_value("messages", body, {}, received_at)
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
    signal = MessageReceived(
        external_id=external_id,
        content=read_content(_as_meta(message)),
        sent_at=at,
        context=read_context(message),
        referral=read_referral(message),
    )
    name = text_in(message, "sender", "name")
    return external_id, signal, Sender(phone=phone, user_id=user_id, name=name)


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
            to, _ = read_ids(said)
            return {"type": kind, kind: {"message_id": to, "emoji": said.get("emoji")}}
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
    words = {"mime_type": said.get("contentType"), "filename": said.get("name")}
    return {"url": said.get("url"), "caption": said.get("caption"), **words}


# --- events ------------------------------------------------------------------------------------------


def _read_event(event: Wire, at: datetime) -> Found:
    """Return what became of a message. `id` is Gupshup's until WhatsApp has the message, and WhatsApp's after."""
    kind, told = text_of(event, "type") or "", part_of(event, "payload")
    phone, user_id = split_address(text_of(event, "destination"))
    contact = Sender(phone=phone, user_id=user_id) if phone or user_id else None
    told_at = time_of(told, "ts", otherwise=at)
    external_id, alias = read_ids(event)
    status = STATUSES.get(kind)
    if external_id is None or status is None:
        return read_report("message-event", event)
    if status == "deleted":
        return _revoked(event, external_id, contact, told_at)
    if kind == "enqueued" and (known := text_of(told, "whatsappMessageId")):
        alias = ExternalId(short_key(known))
    signal = DeliveryReported(
        external_id=ExternalId(short_key(external_id)),
        alias=alias,
        status=status,
        at=told_at,
        recipient=contact,
        errors=(_error(told),) if status == "failed" else (),
        free_until=_free_until(event),
    )
    return short_key(f"{external_id}:{kind}"), signal, None


def _revoked(event: Wire, original: str, contact: Sender | None, at: datetime) -> Found:
    """Return that a contact took a message back; the id is that of the contact's own message."""
    if contact is None:
        return read_report("message-event", event)
    key = ExternalId(short_key(f"deleted:{original}"))
    revoked = Revoked(original=ExternalId(short_key(original)))
    return key, MessageReceived(external_id=key, content=revoked, sent_at=at), contact


def _error(told: Wire) -> ProviderError:
    code = text_of(told, "code") or ""
    title = text_of(told, "reason") or meaning_of(code)
    return ProviderError(code=code, title=title, window_closed=closes_window(code))


def _free_until(event: Wire) -> datetime | None:
    conversation = part_of(event, "conversation")
    kinds = {text_of(conversation, "type"), text_in(event, "pricing", "category")}
    if not kinds & FREE_ENTRY_POINTS:
        return None
    return time_of(conversation, "expiresAt", otherwise=None)
