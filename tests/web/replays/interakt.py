"""Interakt's documented webhooks, of both channels."""

import hashlib
import hmac
import json
from collections.abc import Sequence

from adapters.interakt.parse import parse_body
from engine.core.value import Json
from tests.adapters.samples import LINE, NOW
from tests.web.replays.base import Payload, Replay

SECRET = "our-webhook-word"

TABLE = """
[lines.interakt]
provider = "interakt"
api_key = "dGVzdC1rZXk6"
signing_secret = "our-webhook-word"
base_url = "{base_url}"
"""


def _tables(replayed: Sequence[Payload], base_url: str) -> str:
    return TABLE.replace("{base_url}", base_url)


def wanted(payload: Payload) -> tuple[str, str] | None:
    """Return what shall be stored of a webhook."""
    match payload.file:
        case "interakt/message-api-clicked-1.json":
            return "message_received", "template_button"
        case "interakt/message-api-clicked-2.json":
            return "line_reported", "message_api_clicked"
        case "interakt/rcs-user-message-1.json" | "interakt/rcs-user-message-2.json":
            # Nobody can be answered whose number the documents masked.
            return "line_reported", "rcs_hidden_number"
        case "interakt/rcs-server-event-ttl-expiration-revoked-1.json":
            return "delivery_reported", "failed"
        case "interakt/rcs-user-event-message-read-1.json":
            return "delivery_reported", "read"
    _, _, said = payload.type.partition("_")
    return (
        ("message_received", "text")
        if said == "received-Text"
        else (
            "delivery_reported",
            said.removeprefix("api_"),
        )
    )


def text(payload: Payload, phone: str) -> bytes:
    """Return a webhook in which this phone writes."""
    message: Json = {"id": f"hi.{phone}", "message_content_type": "Text", "message": "hi"}
    data: Json = {"customer": {"channel_phone_number": phone}, "message": message}
    return json.dumps({"version": "1.0", "type": "message_received", "data": data}).encode()


def _accepted(id: str) -> Json:
    return {"result": True, "message": "Message created successfully", "id": id}


def _headers(body: bytes) -> dict[str, str]:
    digest = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    return {"Interakt-Signature": f"sha256={digest}"}


INTERAKT = Replay(
    provider="interakt",
    line="interakt",
    tables=_tables,
    wanted=wanted,
    parse=lambda body: parse_body(body, line=LINE, received_at=NOW),
    text=text,
    accepted=_accepted,
    headers=_headers,
    by_link=True,
)
