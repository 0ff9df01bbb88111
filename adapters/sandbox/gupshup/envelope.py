"""The bodies that Gupshup posts to the business: version 2 of its envelope.

Source: https://docs.gupshup.io/docs/inbound-messages and https://docs.gupshup.io/docs/message-events, read 2026-08.
"""

from datetime import datetime, timedelta
from typing import assert_never

import orjson
import phonenumbers
from pydantic import JsonValue

from adapters.sandbox.contact import Contact, NotDocumented
from adapters.sandbox.deeds import (
    Deed,
    FilledForm,
    Ordered,
    Reacted,
    SentContact,
    SentLocation,
    SentMedia,
    SentRaw,
    Tapped,
    WroteText,
)
from adapters.sandbox.gupshup.settings import GupshupSettings
from adapters.sandbox.phone import Bubble
from adapters.sandbox.wire import Object

MEDIA_LIFE = timedelta(days=7)
"""How long the address of a contact's file works, as the samples' `urlExpiry` shows. Source: as above."""


def envelope(settings: GupshupSettings, kind: str, payload: Object, at: datetime) -> bytes:
    """Return one webhook."""
    return orjson.dumps(
        {
            "app": settings.app,
            "phone": settings.source,
            "timestamp": milliseconds(at),
            "version": 2,
            "type": kind,
            "payload": payload,
        }
    )


def milliseconds(at: datetime) -> int:
    """Return a time as the envelope prints it."""
    return int(at.timestamp() * 1000)


def sender_of(contact: Contact) -> Object:
    """Return who wrote, the phone parted into country and the rest."""
    try:
        code = str(phonenumbers.parse(f"+{contact.address}").country_code)
    except phonenumbers.NumberParseException:
        code = contact.address[:2]
    return {
        "phone": contact.address,
        "name": contact.name,
        "country_code": code,
        "dial_code": contact.address.removeprefix(code),
    }


def message_payload(contact: Contact, bubble: Bubble, quoted: Bubble | None) -> Object:
    """Return the payload of a contact's message."""
    payload: Object = {"id": bubble.id, "source": contact.address, "type": bubble.type}
    payload |= {} if bubble.content is None else {"payload": bubble.content}
    payload["sender"] = sender_of(contact)
    if bubble.reply_to is not None:
        context: Object = {"id": bubble.reply_to}
        if quoted is not None and quoted.by == "business":
            context = {"id": quoted.whatsapp_id, "gsId": quoted.id}
        if bubble.type not in ("button_reply", "list_reply"):
            context |= {"forwarded": False, "frequently_forwarded": False}
        payload["context"] = context
    return payload


def written(
    deed: Deed, settings: GupshupSettings, *, url: str, url_expires_at: datetime
) -> tuple[str, JsonValue]:
    """Return the type of a contact's message and its inner payload.

    Args:
        deed: What the contact did.
        settings: Which of the forms taps come in.
        url: Where a file can be fetched.
        url_expires_at: Until when.

    Raises:
        NotDocumented: Version 2 has no form for it.
    """
    match deed:
        case WroteText(text=text):
            return "text", {"text": text}
        case Tapped():
            return _tap(deed, settings)
        case SentMedia():
            return _media(deed, url, url_expires_at)
        case SentLocation():
            place: Object = {"longitude": str(deed.longitude), "latitude": str(deed.latitude)}
            place |= {} if deed.name is None else {"name": deed.name}
            return "location", place if deed.address is None else place | {"address": deed.address}
        case SentContact(name=name, phone=phone):
            return "contact", {"contacts": [_card(name, phone)]}
        case Reacted(to=to, emoji=emoji):
            return "reaction", {"id": to.whatsapp_id, "gsId": to.id, "emoji": emoji or ""}
        case SentRaw(message=message):
            return str(message.get("type", "unsupported")), message.get("payload")
        case Ordered() | FilledForm():
            raise NotDocumented(f"version 2 documents no body for {type(deed).__name__}")
        case _:
            assert_never(deed)


def _tap(deed: Tapped, settings: GupshupSettings) -> tuple[str, JsonValue]:
    option = deed.option
    postback: Object = {}
    if settings.postbacks and option.id:
        postback = {"postbackText": option.id}
    if option.kind == "quick_reply":
        return settings.template_tap_type, {"text": option.title, "type": "button"} | postback
    reply: Object = {"title": option.title, "reply": f"{option.title} {deed.index}"}
    if deed.on.callback_data is not None:
        reply["id"] = deed.on.callback_data
    if option.description is not None:
        reply["description"] = option.description
    kind = "list_reply" if option.kind == "row" else settings.button_type
    return kind, reply | postback


def _media(deed: SentMedia, url: str, expires_at: datetime) -> tuple[str, JsonValue]:
    content: Object = {
        "url": f"{url}?download=false",
        "contentType": deed.file.mime_type,
        "urlExpiry": milliseconds(expires_at),
    }
    if deed.caption is not None:
        content["caption"] = deed.caption
    if deed.kind != "document":
        return deed.kind, content
    return "file", content | {"name": deed.file.filename or "file"}


def _card(name: str, phone: str) -> Object:
    first, _, last = name.partition(" ")
    return {
        "name": {"first_name": first, "last_name": last, "formatted_name": name},
        "phones": [{"phone": phone, "type": "CELL"}],
        "emails": [],
        "addresses": [],
        "urls": [],
        "ims": [],
        "org": {},
    }
