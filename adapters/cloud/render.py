"""A message on its way out -> the body of the call that sends it. Pure.

Source: Cloud API, messages reference, read 2026-08.
"""

from adapters.whatsapp.outbound import render_content
from adapters.whatsapp.payloads import PRODUCT, UNNAMED
from adapters.wire import write_json
from engine.core.content import Outbound, ReadMark
from engine.core.conversation import Contact
from engine.core.errors import AddressRejected, ContentRejected
from engine.core.ids import ExternalId, MessageId


def render_message(
    content: Outbound,
    *,
    contact: Contact,
    message: MessageId,
    reply_to: ExternalId | None = None,
) -> bytes:
    """Return the body that sends a message.

    Args:
        content: What it carries, already within the provider's limits.
        contact: Who gets it: by phone, or by the business-scoped id of one who has no phone here.
        message: Our id, which comes back with every status.
        reply_to: The message it answers, shown above it.

    Raises:
        AddressRejected: The contact has neither a phone nor a user id.
        ContentRejected: A text cannot be written as JSON.
    """
    kind, part = render_content(content)
    body: dict[str, object] = {
        "messaging_product": PRODUCT,
        "recipient_type": "individual",
        **_address(contact),
        "biz_opaque_callback_data": str(message),
        "type": kind,
        kind: part,
    }
    if reply_to is not None and not reply_to.startswith(UNNAMED):
        body["context"] = {"message_id": reply_to}
    return write_json(body)


def render_read_mark(mark: ReadMark) -> bytes:
    """Return the body that marks a message as read; it carries no callback data.

    Raises:
        ContentRejected: The message came without an id of the provider's.
    """
    if mark.message.startswith(UNNAMED):
        raise ContentRejected("the message came without an id, so it cannot be marked as read")
    body: dict[str, object] = {
        "messaging_product": PRODUCT,
        "status": "read",
        "message_id": mark.message,
    }
    if mark.typing:
        body["typing_indicator"] = {"type": "text"}
    return write_json(body)


def _address(contact: Contact) -> dict[str, str]:
    if contact.phone is not None:
        return {"to": contact.phone}
    if contact.user_id is not None:
        return {"recipient": contact.user_id}
    raise AddressRejected("the contact has neither a phone nor a user id")
