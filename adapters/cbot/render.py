"""A message on its way out -> the On-Premises body of the call that sends it; the cloud form's is Cloud's own. Pure.

Source: On-Premises API reference, messages; CBOT, "Basics", read 2026-08.
"""

from adapters.whatsapp.outbound import render_content, render_template
from adapters.whatsapp.payloads import UNNAMED
from adapters.wire import write_json
from engine.core.content import Outbound, ReadMark, Template, Text
from engine.core.conversation import Contact
from engine.core.errors import AddressRejected, ContentRejected
from engine.core.ids import ExternalId

POLICY = "deterministic"
"""The one policy of a template's language: this language or none."""


def render_message(
    content: Outbound,
    *,
    to: str,
    reply_to: ExternalId | None = None,
) -> bytes:
    """Return the On-Premises body that sends a message.

    Args:
        content: What it carries, already within the provider's limits.
        to: Who gets it, as WhatsApp calls them.
        reply_to: The message it answers, shown above it.

    Raises:
        ContentRejected: A text cannot be written as JSON.
    """
    kind, part = render_content(content)
    body: dict[str, object] = {"recipient_type": "individual", "to": to, "type": kind, kind: part}
    match content:
        case Text(body=text, preview_url=preview):
            # Here the preview is asked for beside the text, and only where it is wanted.
            body["text"] = {"body": text}
            if preview:
                body["preview_url"] = True
        case Template(language=language):
            template = render_template(content)
            body["template"] = template | {"language": {"policy": POLICY, "code": language}}
    if reply_to is not None and not reply_to.startswith(UNNAMED):
        body["context"] = {"message_id": reply_to}
    return write_json(body)


def address_of(contact: Contact) -> str:
    """Return what stands under `to`: the phone, or the business-scoped id where the phone stood before.

    Raises:
        AddressRejected: The contact has neither.
    """
    if contact.phone or contact.user_id:
        return contact.phone or contact.user_id or ""
    raise AddressRejected("the contact has neither a phone nor a user id")


def id_to_mark(mark: ReadMark) -> ExternalId:
    """Return the message to mark as read.

    Raises:
        ContentRejected: It came without an id of the provider's.
    """
    if mark.message.startswith(UNNAMED):
        raise ContentRejected("the message came without an id, so it cannot be marked as read")
    return mark.message
