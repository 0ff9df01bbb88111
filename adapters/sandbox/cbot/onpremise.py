"""What the On-Premises form says in its own way: bodies sent, and webhooks.

Source: On-Premises API reference, messages and webhooks; CBOT, "Basics", read 2026-08.
"""

import json

from pydantic import JsonValue

from adapters.sandbox.cbot.refusals import CODES, OnPremiseRefusal, onpremise_code
from adapters.sandbox.cloud.webhooks import seconds
from adapters.sandbox.contact import Contact
from adapters.sandbox.phone import Bubble
from adapters.sandbox.reply import Refusal
from adapters.sandbox.wire import Object

FRAME = frozenset({"to", "type", "recipient_type", "preview_url", "render_mentions", "context"})
"""What may stand beside the content."""

INTERACTIVE = frozenset({"button", "list", "product", "product_list"})
"""The kinds of `interactive` that it knew to its end."""


def as_cloud(body: Object, *, namespace: str | None) -> Object:
    """Return a body as Cloud would have it, so that its content is checked once for both.

    Args:
        body: As it came.
        namespace: What a template must name; None where the account's templates are not given.

    Raises:
        OnPremiseRefusal: A key of Cloud's, or one that this form needs and Cloud does not.
    """
    kind = str(body.get("type", "text"))
    strange = body.keys() - FRAME - {kind}
    if strange:
        raise OnPremiseRefusal(1010, f"Parameter {min(strange)!r} is not required")
    cloud: Object = {"messaging_product": "whatsapp", **body}
    preview = cloud.pop("preview_url", None)
    cloud.pop("render_mentions", None)
    match cloud.get(kind):
        case {"preview_url": _} if kind == "text":
            raise OnPremiseRefusal(1010, "Parameter 'text.preview_url' is not required")
        case dict() as text if kind == "text" and preview is not None:
            cloud["text"] = {**text, "preview_url": preview}
        case {"type": str(form)} if kind == "interactive" and form not in INTERACTIVE:
            raise OnPremiseRefusal(1009, f"interactive.type {form!r} is not valid")
        case dict() as template if kind == "template":
            _check_template(template, namespace)
        case _:
            pass
    return cloud


def _check_template(template: Object, namespace: str | None) -> None:
    match template.get("language"):
        case {"policy": "deterministic"}:
            pass
        case _:
            raise OnPremiseRefusal(1008, "template.language.policy must be deterministic")
    if namespace is not None and template.get("namespace") != namespace:
        raise OnPremiseRefusal(2001, f"template.namespace is not {namespace!r}")


def message_body(contact: Contact, bubble: Bubble, over: Object, *, number: str) -> bytes:
    """Return the webhook of a contact's message; `number` is the line's own."""
    kind, content = _own_words(bubble)
    message: Object = {
        "from": contact.address,
        "id": bubble.id,
        "timestamp": seconds(bubble.at),
        "type": kind,
    }
    message |= {} if content is None else {kind: content}
    if bubble.reply_to is not None:
        message["context"] = {"from": number, "id": bubble.reply_to}
    profile: Object = {"profile": {"name": contact.name}, "wa_id": contact.address}
    return _body({"contacts": [profile], "messages": [message | over]})


def _own_words(bubble: Bubble) -> tuple[str, JsonValue]:
    """Return the type and content: a voice note is a type of its own here, and a sticker tells less."""
    content = bubble.content
    if not isinstance(content, dict) or bubble.type not in ("audio", "sticker"):
        return bubble.type, content
    rest: Object = {key: value for key, value in content.items() if key not in _CLOUD_ALONE}
    return "voice" if content.get("voice") is True else bubble.type, rest


_CLOUD_ALONE = frozenset({"voice", "animated"})


def status_body(
    contact: Contact, bubble: Bubble, status: str, error: Refusal | None, *, at: str
) -> bytes:
    """Return the webhook of a status; `at` is the time as webhooks print it."""
    told: Object = {
        "id": bubble.id,
        "recipient_id": contact.address,
        "status": status,
        "timestamp": at,
    }
    if error is not None:
        code = onpremise_code(int(error.code))
        told["errors"] = [{"code": code, "title": CODES.get(code, (400, "Generic error"))[1]}]
    return _body({"statuses": [told]})


def _body(body: dict[str, JsonValue]) -> bytes:
    return json.dumps(body, separators=(",", ":")).encode()
