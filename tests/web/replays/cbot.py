"""The documented webhooks of the On-Premises form, with the Basic header that was set with their address."""

import json
from base64 import b64encode
from collections.abc import Sequence

from adapters.cbot.parse import parse_body
from engine.core.value import Json
from tests.adapters.samples import LINE, NOW
from tests.web.replays.base import Payload, Replay

TABLE = """
[lines.cbot]
provider = "cbot"
api = "onpremise"
api_key = "test-line-key"
webhook_user = "parley"
webhook_password = "a long password"
base_url = "{base_url}"
"""

CONTENT = {
    "button": "template_button",
    "ephemeral": "unsupported",
    "interactive-button_reply": "button_reply",
}
"""The index's type -> our kind of content, where the words differ."""


def _tables(replayed: Sequence[Payload], base_url: str) -> str:
    return TABLE.replace("{base_url}", base_url)


def _wanted(payload: Payload) -> tuple[str, str] | None:
    status = payload.type.removeprefix("status-")
    if status != payload.type:
        return "delivery_reported", status
    return "message_received", CONTENT.get(payload.type, payload.type)


def _text(payload: Payload, phone: str) -> bytes:
    message: Json = {"id": f"hi.{phone}", "from": phone, "type": "text", "text": {"body": "hi"}}
    return json.dumps({"messages": [message]}).encode()


def _accepted(id: str) -> Json:
    return {"messages": [{"id": id}], "meta": {"api_status": "stable"}}


def _headers(body: bytes) -> dict[str, str]:
    return {"Authorization": "Basic " + b64encode(b"parley:a long password").decode()}


CBOT = Replay(
    provider="onprem",
    line="cbot",
    tables=_tables,
    wanted=_wanted,
    parse=lambda body: parse_body(body, line=LINE, received_at=NOW),
    text=_text,
    accepted=_accepted,
    headers=_headers,
)
