"""Gupshup's documented callbacks, of both versions."""

import json
from collections.abc import Sequence

from adapters.gupshup.parse import parse_body
from engine.core.value import Json
from tests.adapters.samples import LINE, NOW
from tests.web.replays.base import Payload, Replay

TABLE = """
[lines.gupshup]
provider = "gupshup"
api_key = "gs-test-key"
app = "PizzaAna"
source = "525550000009"
webhook_secret = "hidden-path"
base_url = "{base_url}"
"""

CONTENT = {
    "bare-onprem-referral": "text",
    "contact": "contacts",
    "file": "document",
    "message-event-deleted": "revoked",
    "request_welcome": "welcome",
}
"""The index's type -> our kind of content, where the words differ."""

BY_FILE = {
    # The types are the outer ones; whether a template's button or ours was tapped is told inside.
    "gupshup/text-2.json": "template_button",
    "gupshup/quick-reply-1.json": "template_button",
    "gupshup/quick-reply-2.json": "button_reply",
    "karbot/quick-reply-1.json": "template_button",
}


def _tables(replayed: Sequence[Payload], base_url: str) -> str:
    return TABLE.replace("{base_url}", base_url)


def wanted(payload: Payload) -> tuple[str, str] | None:
    """Return what shall be stored of a callback."""
    type_ = payload.type
    content = BY_FILE.get(payload.file) or CONTENT.get(type_)
    if content is not None:
        return "message_received", content
    for prefix in ("message-event-", "v3-status-"):
        if type_.startswith(prefix):
            said = type_.removeprefix(prefix)
            return "delivery_reported", "sent" if said == "enqueued" else said
    if type_ == "v3-event-platform-event":
        return "line_reported", "platform-event"
    if type_ == "preference-event-user_preferences":
        return "consent_changed", ""
    head, event, _ = type_.partition("-event-")
    if event:
        return "line_reported", f"{head}-event"
    return "message_received", type_


def text(payload: Payload, phone: str) -> bytes:
    """Return a callback in which this phone writes."""
    message: Json = {
        "id": f"hi.{phone}",
        "source": phone,
        "type": "text",
        "payload": {"text": "hi"},
    }
    body: Json = {"app": "PizzaAna", "version": 2, "type": "message", "payload": message}
    return json.dumps(body).encode()


def _accepted(id: str) -> Json:
    return {"status": "submitted", "messageId": id}


GUPSHUP = Replay(
    provider="gupshup",
    line="gupshup/hidden-path",
    tables=_tables,
    wanted=wanted,
    parse=lambda body: parse_body(body, line=LINE, received_at=NOW),
    text=text,
    accepted=_accepted,
    by_link=True,
)
