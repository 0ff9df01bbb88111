"""What a contact did, in the words of WhatsApp's own webhooks.

Source: https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks, read 2026-08.
"""

from typing import assert_never

from pydantic import JsonValue

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
from adapters.sandbox.phone import Option
from adapters.sandbox.wire import Object


def written(deed: Deed, *, url: str | None = None) -> tuple[str, JsonValue]:
    """Return the type of the message and what stands under it.

    Args:
        deed: What the contact did.
        url: Where a file can be fetched, beside its id.
    """
    match deed:
        case WroteText(text=text):
            return "text", {"body": text}
        case Tapped(option=option):
            return _tap(option)
        case SentMedia():
            return deed.kind, _media(deed, url)
        case SentLocation():
            place: Object = {"latitude": deed.latitude, "longitude": deed.longitude}
            place |= {} if deed.name is None else {"name": deed.name}
            return "location", place if deed.address is None else place | {"address": deed.address}
        case SentContact(name=name, phone=phone):
            card: Object = {
                "name": {"formatted_name": name, "first_name": name.split()[0]},
                "phones": [{"phone": phone, "type": "CELL"}],
            }
            return "contacts", [card]
        case Reacted(to=to, emoji=emoji):
            reaction: Object = {"message_id": to.id}
            return "reaction", reaction if emoji is None else reaction | {"emoji": emoji}
        case Ordered():
            return "order", _basket(deed)
        case FilledForm(response_json=fields, name=name):
            form: Object = {"name": name, "body": "Sent", "response_json": fields}
            return "interactive", {"type": "nfm_reply", "nfm_reply": form}
        case SentRaw(message=message):
            kind = str(message.get("type", "unsupported"))
            return kind, message.get(kind)
        case _:
            assert_never(deed)


def _tap(option: Option) -> tuple[str, JsonValue]:
    if option.kind == "quick_reply":
        return "button", {"payload": option.id, "text": option.title}
    reply: Object = {"id": option.id, "title": option.title}
    if option.description is not None:
        reply["description"] = option.description
    kind = "button_reply" if option.kind == "button" else "list_reply"
    return "interactive", {"type": kind, kind: reply}


def _media(deed: SentMedia, url: str | None) -> Object:
    file = deed.file
    content: Object = {"id": file.id, "mime_type": file.mime_type, "sha256": file.base64_digest}
    if deed.caption is not None:
        content["caption"] = deed.caption
    match deed.kind:
        case "audio":
            content["voice"] = deed.voice
        case "sticker":
            content["animated"] = deed.animated
        case "document":
            content["filename"] = file.filename or "file"
        case _:
            pass
    return content if url is None else content | {"url": url}


def _basket(deed: Ordered) -> Object:
    products: list[JsonValue] = [
        {
            "product_retailer_id": sku,
            "quantity": quantity,
            "item_price": price,
            "currency": deed.currency,
        }
        for sku, quantity, price in deed.items
    ]
    return {"catalog_id": "300000000000001", "product_items": products}
