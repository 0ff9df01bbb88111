"""Cloud's documented webhooks."""

import json
from collections.abc import Sequence

from adapters.cloud.parse import parse_body
from engine.core.value import Json
from tests.adapters.samples import LINE, NOW
from tests.web.replays.base import Payload, Replay, numbers_in
from tests.web.support import SANDBOX, line_table, signature, text_body

CONTENT = {
    "audio": "audio",
    "audio-voice": "voice",
    "button": "template_button",
    "button-bsuid": "template_button",
    "edit": "edited",
    "interactive-button_reply": "button_reply",
    "interactive-call_permission_reply": "interaction",
    "interactive-list_reply": "list_reply",
    "interactive-nfm_reply": "form_reply",
    "interactive-none": "interaction",
    "interactive-payment_method": "interaction",
    "malformed-docs-artifact": "text",
    "revoke": "revoked",
    "system-customer_identity_changed": "system",
    "system-user_changed_number": "system",
}
"""The index's type -> our kind of content, where the words differ."""

SAME_WORD = (
    "contacts",
    "document",
    "image",
    "location",
    "order",
    "reaction",
    "sticker",
    "text",
    "unsupported",
    "video",
)

NOTHING_NAMED = frozenset({"empty", "empty-entry"})
"""Bodies that carry nothing one could name."""


def _numbers(payload: Payload) -> list[str]:
    return list(dict.fromkeys(numbers_in(json.loads(payload.body))))


def _tables(replayed: Sequence[Payload], base_url: str) -> str:
    """Return a line for each number the payloads name, as their receiver would have configured them."""
    numbers = dict.fromkeys(number for payload in replayed for number in _numbers(payload))
    return "".join(
        line_table(f"number_{count}", number, base_url=f"{base_url}/v23.0")
        for count, number in enumerate(numbers)
    )


def _wanted(payload: Payload) -> tuple[str, str] | None:
    type_ = payload.type
    if type_ in NOTHING_NAMED:
        return None
    if payload.expected.get("messages_created") == 0:
        return "line_reported", "messages"
    if type_ == "event-smb_message_echoes":
        return "business_replied", ""
    if type_ == "error-value-level":
        return "line_reported", "errors"
    head, _, rest = type_.partition("-")
    match head:
        case "event" if rest == "user_preferences":
            # The others tell the same of the same person at the same time: it counts once.
            return ("consent_changed", "") if payload.file.endswith("-1.json") else None
        case "event":
            return "line_reported", rest
        case "status":
            return "delivery_reported", rest.partition("-")[0]
        case _:
            return "message_received", CONTENT.get(type_) or (head if head in SAME_WORD else type_)


def _text(payload: Payload, phone: str) -> bytes:
    number = next(iter(_numbers(payload)), SANDBOX.phone_number_id)
    return json.dumps(text_body("hi", id=f"hi.{phone}", sender=phone, number=number)).encode()


def _accepted(id: str) -> Json:
    return {"messaging_product": "whatsapp", "messages": [{"id": id}]}


CLOUD = Replay(
    provider="cloud",
    line="shop",
    tables=_tables,
    wanted=_wanted,
    parse=lambda body: parse_body(body, line=LINE, received_at=NOW),
    text=_text,
    accepted=_accepted,
    headers=signature,
)
