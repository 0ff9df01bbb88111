"""One RCS callback -> what it says. Pure; an odd one becomes a report of the line, never an error.

Source: Interakt Public APIs, RCS, Callbacks/Webhooks, read 2026-08.
"""

import base64
import binascii
from datetime import datetime

from pydantic import ValidationError

from adapters.rcs.payloads import ENTITY, EVENTS, MEANINGS
from adapters.whatsapp.changes import Found, hash_of, read_report, short_key
from adapters.whatsapp.payloads import UNNAMED
from adapters.wire import Wire, clean, float_of, iso_time_of, objects_of, part_of, text_of, tidy
from engine.core.content import (
    ButtonReply,
    Inbound,
    Location,
    Media,
    MediaKind,
    ProviderError,
    Text,
    Unsupported,
)
from engine.core.ids import ExternalId
from engine.core.signals import DeliveryReported, MessageReceived, Sender

PHONE_DIGITS = range(7, 16)
"""Of a whole number with its country code; callbacks may hide the last ones behind asterisks."""

POSTBACK_CHARS = 8
"""Shorter texts are never read as base64: too many words would be such."""

_KINDS: dict[str, MediaKind] = {"image": "image", "video": "video", "audio": "audio"}


def read_callback(body: Wire, received_at: datetime) -> list[Found]:
    """Return what a body says that has an `entityType`."""
    entity, kind = part_of(body, "entity"), text_of(body, ENTITY) or "unknown"
    match kind:
        case "USER_MESSAGE":
            return [_read_message(body, entity, received_at)]
        case "USER_EVENT" | "SERVER_EVENT":
            return [_read_event(body, entity, received_at)]
        case _:
            # Such as the answer to a question for the phone's capabilities, of which no body is published.
            return [read_report(f"rcs_{kind.lower()}", body)]


def _read_message(body: Wire, entity: Wire, received_at: datetime) -> Found:
    phone = _whole_phone(text_of(body, "userPhoneNumber"))
    answer = part_of(entity, "suggestionResponse")
    if answer and text_of(answer, "type") not in (None, "REPLY"):
        # A tap on a link or another action: a fact, and nothing that a question asked for.
        return read_report("rcs_tap", body)
    if phone is None:
        # A hidden number stands for many people: their messages must never share a conversation.
        return read_report("rcs_hidden_number", body)
    message_id = text_of(entity, "messageId")
    external_id = short_key(message_id) if message_id else UNNAMED + hash_of(tidy(body))
    signal = MessageReceived(
        external_id=ExternalId(external_id),
        content=_read_content(entity, answer),
        sent_at=iso_time_of(entity, "sendTime", otherwise=received_at),
    )
    return external_id, signal, Sender(phone=phone)


def _read_content(entity: Wire, answer: Wire) -> Inbound:
    if answer:
        data = text_of(part_of(answer, "postBack"), "data")
        title = text_of(answer, "plainText") or text_of(entity, "text") or ""
        return ButtonReply(id=None if data is None else clean(_decoded(data)), title=title)
    if place := part_of(entity, "location"):
        return _read_location(place)
    if files := objects_of(entity, "userFile"):
        return _read_file(files[0], text_of(entity, "text"))
    text = text_of(entity, "text")
    return Unsupported(type="") if text is None else Text(body=text)


def _read_location(place: Wire) -> Inbound:
    try:
        return Location.model_validate(
            {
                "latitude": float_of(place, "latitude"),
                "longitude": float_of(place, "longitude"),
                "name": text_of(place, "label"),
                "address": text_of(place, "address"),
            }
        )
    except ValidationError:
        return Unsupported(type="location", reason="the place has no coordinates")


def _read_file(file: Wire, caption: str | None) -> Inbound:
    """Return a file; its parts stand in it, or one level deeper beside its thumbnail."""
    parts = part_of(file, "payload") or file
    url = next(
        (found for key in ("fileUri", "fileUrl", "url") if (found := text_of(parts, key))), None
    )
    mime_type = text_of(parts, "mimeType")
    kind = _KINDS.get((mime_type or "").partition("/")[0].lower(), "document")
    return Media(
        kind=kind,
        url=url,
        mime_type=mime_type,
        filename=text_of(parts, "fileName"),
        caption=caption,
        error=None if url else "the callback names no address of the file",
    )


def _read_event(body: Wire, entity: Wire, received_at: datetime) -> Found:
    event = (text_of(entity, "eventType") or "").upper()
    name = event.removeprefix("MESSAGE_")
    message_id, status = text_of(entity, "messageId"), EVENTS.get(name)
    if message_id is None or status is None:
        # Such as IS_TYPING; there is no message to which it belongs.
        return read_report(f"rcs_{event.lower() or 'event'}", body)
    meaning = MEANINGS.get(name)
    numbers = (text_of(entity, "senderPhoneNumber"), text_of(entity, "phoneNumber"))
    phone = next(
        filter(None, map(_whole_phone, (*numbers, text_of(body, "userPhoneNumber")))), None
    )
    signal = DeliveryReported(
        external_id=ExternalId(short_key(message_id)),
        status=status,
        at=iso_time_of(entity, "sendTime", otherwise=received_at),
        recipient=None if phone is None else Sender(phone=phone),
        errors=() if meaning is None else (ProviderError(code=event, title=meaning),),
    )
    return short_key(f"{message_id}:{name}"), signal, None


def _whole_phone(text: str | None) -> str | None:
    """Return the digits of a number; None where some of them are hidden."""
    digits = (text or "").replace(" ", "").removeprefix("+")
    return digits if digits.isascii() and digits.isdigit() and len(digits) in PHONE_DIGITS else None


def _decoded(data: str) -> str:
    """Return a postback as it was sent: the documents say it comes in base64, and show it as it is."""
    if len(data) < POSTBACK_CHARS:
        return data
    try:
        text = base64.b64decode(data, validate=True).decode()
    except (binascii.Error, ValueError):
        return data
    return text if text.isprintable() else data
