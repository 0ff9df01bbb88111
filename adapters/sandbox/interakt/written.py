"""What a contact did, in the words of each channel's webhooks.

Source: Interakt resource center, webhooks, and Public APIs, RCS callbacks, read 2026-08. Of places, cards, reactions
and baskets on WhatsApp only the names are known, of files and places on RCS only the keys: what stands in them here
is WhatsApp's, and what the RCS network has there.
"""

import base64
import json
from typing import assert_never

from pydantic import JsonValue

from adapters.sandbox.cloud.written import written as cloud_written
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
from adapters.sandbox.interakt.settings import InteraktSettings
from adapters.sandbox.phone import Bubble, Option
from adapters.sandbox.wire import Object

CLICKED = "clicked"
"""The bubble type of a tap on a template's own button, which has a webhook of its own."""

USER_MESSAGE = "USER_MESSAGE"
"""The bubble type of everything on RCS."""


def on_whatsapp(deed: Deed, settings: InteraktSettings, url: str | None) -> tuple[str, JsonValue]:
    """Return the content type, and what stands under `message` and `media_url`."""
    match deed:
        case WroteText(text=text):
            return "Text", {"message": text}
        case Tapped(option=Option(kind="quick_reply", title=title)):
            return CLICKED, {"click_type": "QR", "button_text": title, "button_link": ""}
        case Tapped(on=Bubble(type="Template"), option=option):
            return CLICKED, {
                "click_type": "CTA",
                "button_text": option.title,
                "button_link": option.id,
            }
        case Tapped():
            return _tap(deed, settings)
        case SentMedia(kind=kind, caption=caption):
            return kind.capitalize(), {"message": caption or "", "media_url": url}
        case FilledForm():
            _, form = cloud_written(deed)
            return "InteractiveFlowReply", {"message": json.dumps(form)}
        case SentLocation() | SentContact() | Reacted() | Ordered():
            name, content = cloud_written(deed)
            return name.capitalize(), {"message": json.dumps(content)}
        case SentRaw(message=message):
            return str(message.get("message_content_type", "Unsupported")), {}
        case _:
            assert_never(deed)


def _tap(deed: Tapped, settings: InteraktSettings) -> tuple[str, JsonValue]:
    kind = "InteractiveButtonReply" if deed.option.kind == "button" else "InteractiveListReply"
    _, content = cloud_written(deed)
    match settings.taps:
        case "json":
            return kind, {"message": json.dumps(content)}
        case "object":
            return kind, {"message": content}
        case "title":
            return "Interactive", {"message": deed.option.title}
        case _:
            assert_never(settings.taps)


def on_rcs(deed: Deed, settings: InteraktSettings, url: str | None) -> tuple[str, JsonValue]:
    """Return the entity of a USER_MESSAGE, as far as it hangs on what the contact did."""
    return USER_MESSAGE, _entity(deed, settings, url)


def _entity(deed: Deed, settings: InteraktSettings, url: str | None) -> Object:
    match deed:
        case WroteText(text=text):
            return {"text": text}
        case Tapped(option=option):
            data = option.id
            if settings.postbacks == "base64":
                data = base64.b64encode(data.encode()).decode()
            kind = "ACTION" if does_something(deed.on, option) else "REPLY"
            # The documented tap leaves the words empty.
            answer: Object = {"postBack": {"data": data}, "plainText": "", "type": kind}
            return {"suggestionResponse": answer}
        case SentMedia(file=file, caption=caption):
            parts: Object = {
                "mimeType": file.mime_type,
                "fileSizeBytes": len(file.data),
                "fileName": file.filename,
                "fileUri": url,
            }
            return {"userFile": parts, "text": caption or ""}
        case SentLocation(latitude=latitude, longitude=longitude):
            return {"location": {"latitude": latitude, "longitude": longitude}}
        case SentContact(name=name, phone=phone):
            return {"text": f"{name} {phone}"}
        case Reacted(emoji=emoji):
            return {"text": emoji or ""}
        case Ordered(items=items):
            return {"text": ", ".join(f"{quantity} {sku}" for sku, quantity, _ in items)}
        case FilledForm(response_json=fields):
            return {"text": fields}
        case SentRaw():
            return {}
        case _:
            assert_never(deed)


def does_something(bubble: Bubble, option: Option) -> bool:
    """Tell whether a button of an RCS message opens something instead of answering."""
    return option.id in _actions(bubble.content)


def _actions(content: JsonValue) -> list[str]:
    match content:
        case {"action": {"postBack": {"data": str(data)}}}:
            return [data]
        case dict():
            return [data for inner in content.values() for data in _actions(inner)]
        case list():
            return [data for inner in content for data in _actions(inner)]
        case _:
            return []
