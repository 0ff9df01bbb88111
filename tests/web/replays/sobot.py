"""Sobot's documented webhooks."""

import json
from collections.abc import Sequence

from adapters.sobot.parse import parse_body
from engine.core.value import Json
from tests.adapters.samples import LINE, NOW
from tests.web.replays.base import Payload, Replay

TABLE = """
[lines.sobot]
provider = "sobot"
api_key = "test-access-key"
api_secret = "test-secret-key"
webhook_secret = "hidden-path"
base_url = "{base_url}"
"""


def _tables(replayed: Sequence[Payload], base_url: str) -> str:
    return TABLE.replace("{base_url}", base_url)


def _wanted(payload: Payload) -> tuple[str, str] | None:
    status = payload.type.removeprefix("status-")
    if status != payload.type:
        return "delivery_reported", status
    return "message_received", payload.type


def _text(payload: Payload, phone: str) -> bytes:
    message: Json = {"id": f"hi.{phone}", "from": phone, "type": "text", "text": {"body": "hi"}}
    change: Json = {"field": "messages", "value": {"messages": [message]}}
    return json.dumps([change]).encode()


def _accepted(id: str) -> Json:
    return {"data": {"id": id, "status": "submitted"}, "message": "Sent", "code": 200}


SOBOT = Replay(
    provider="sobot",
    line="sobot/hidden-path",
    tables=_tables,
    wanted=_wanted,
    parse=lambda body: parse_body(body, line=LINE, received_at=NOW),
    text=_text,
    accepted=_accepted,
    by_link=True,
)
