"""The bodies that Interakt posts to the business: WhatsApp's envelope, and RCS callbacks, which have none.

Source: Interakt resource center, webhooks, and Public APIs, RCS callbacks, read 2026-08.
"""

import json
from dataclasses import dataclass
from datetime import datetime

from pydantic import JsonValue

from adapters.sandbox.contact import Contact
from adapters.sandbox.interakt.book import Customer, iso
from adapters.sandbox.interakt.settings import InteraktSettings
from adapters.sandbox.phone import Bubble
from adapters.sandbox.reply import Refusal
from adapters.sandbox.wire import Object

TEMPLATE = "Template"


@dataclass(frozen=True, slots=True)
class Told:
    """What every webhook of one message is made of."""

    settings: InteraktSettings
    customer: Customer
    contact: Contact
    now: datetime


# --- WhatsApp ----------------------------------------------------------------------------------------


def received(told: Told, bubble: Bubble, over: Object) -> bytes:
    """Return the webhook of a contact's message."""
    content = bubble.content if isinstance(bubble.content, dict) else {}
    message = _message(bubble, "CustomerMessage", "Sent", told.now)
    message |= {"message_content_type": bubble.type, "is_template_message": False}
    message |= content
    if bubble.reply_to is not None:
        message["message_context"] = {"id": bubble.reply_to}
    return _envelope(told, "message_received", {"message": message | over})


def clicked(told: Told, on: Bubble, click: Object) -> bytes:
    """Return the webhook of a tap on a template's button: a quick reply, or one that opened something."""
    message = _ours(on, told.now)
    stamped: Object = {**click, "click_timestamp": told.now.strftime("%Y-%m-%d %H:%M:%S.%f")}
    if click["click_type"] == "CTA":
        event: Object = {"callbackData": on.callback_data, **stamped}
        return _envelope(told, "message_api_clicked", {"message": message, "event": event})
    payload: Object = {"type": "QUICK_REPLY", "text": click["button_text"]}
    stamped["button_payload"] = {"payload": payload}
    meta = message["meta_data"]
    assert isinstance(meta, dict)
    message["meta_data"] = meta | stamped
    return _envelope(told, "message_api_clicked", {"message": message})


def reported(told: Told, bubble: Bubble, error: Refusal | None) -> bytes:
    """Return the webhook of a status."""
    message = _ours(bubble, told.now)
    if error is not None:
        message["channel_failure_reason"] = error.details
        message["channel_error_code"] = str(error.code)
    return _envelope(told, f"message_api_{bubble.status}", {"message": message})


def _ours(bubble: Bubble, now: datetime) -> Object:
    """Return a message of the business as its webhooks show it."""
    message = _message(bubble, "PublicApiMessage", bubble.status.capitalize(), now)
    meta: Object = {"source": "PublicInterakt"}
    if bubble.callback_data is not None:
        meta["source_data"] = {"callback_data": bubble.callback_data}
    return message | {
        "message_content_type": bubble.type,
        "is_template_message": bubble.type == TEMPLATE,
        "message": json.dumps(bubble.content) if bubble.type == TEMPLATE else bubble.text,
        "meta_data": meta,
    }


def _message(bubble: Bubble, origin: str, status: str, now: datetime) -> Object:
    seen = status == "Read"
    return {
        "id": bubble.id,
        "chat_message_type": origin,
        "channel_failure_reason": None,
        "message_status": status,
        "received_at_utc": iso(bubble.at),
        "delivered_at_utc": iso(now) if seen or status == "Delivered" else None,
        "seen_at_utc": iso(now) if seen else None,
        "campaign_id": None,
        "raw_template": None,
        "channel_error_code": None,
        "media_url": None,
        "message": "",
        "meta_data": {},
    }


def _envelope(told: Told, kind: str, data: Object) -> bytes:
    customer, hidden = told.customer, told.settings.hides_numbers
    who: Object = {
        "id": customer.id,
        # Seen both ways: the last digits as dots, and nothing at all.
        "channel_phone_number": f"{customer.phone[:6]}...." if hidden else customer.phone,
        "traits": {"name": told.contact.name, "whatsapp_opted_in": True, **customer.traits},
    }
    if customer.country_code and not hidden:
        who |= {"phone_number": customer.phone_number, "country_code": customer.country_code}
    body = {
        "version": "1.0",
        "timestamp": iso(told.now),
        "type": kind,
        "data": {"customer": who, **data},
    }
    return json.dumps(body).encode()


# --- RCS ---------------------------------------------------------------------------------------------


def rcs_message(told: Told, bubble: Bubble, over: Object) -> bytes:
    """Return the callback of a contact's message."""
    entity: Object = {
        "messageId": bubble.id,
        "sendTime": _zulu(bubble.at),
        "text": "",
        "userFile": None,
        "location": None,
        "suggestionResponse": None,
    }
    content = bubble.content if isinstance(bubble.content, dict) else {}
    return _callback(told, "USER_MESSAGE", entity | content | over)


def rcs_event(told: Told, bubble: Bubble, error: Refusal | None) -> bytes:
    """Return the callback of what became of a message."""
    phone = _number(told)
    entity: Object = {
        "eventType": str(error.code) if error else f"MESSAGE_{bubble.status.upper()}",
        "messageId": bubble.id,
        "sendTime": _zulu(told.now),
        "eventId": f"Mx{bubble.id.replace('-', '')[:20]}",
    }
    if error is not None:
        return _callback(told, "SERVER_EVENT", entity | {"phoneNumber": phone})
    return _callback(told, "USER_EVENT", entity | {"senderPhoneNumber": phone})


def _callback(told: Told, kind: str, entity: Object) -> bytes:
    body: dict[str, JsonValue] = {
        "userPhoneNumber": _number(told),
        "botId": told.settings.bot_id,
        "entityType": kind,
        "entity": entity,
    }
    return json.dumps(body).encode()


def _number(told: Told) -> str:
    phone = told.customer.phone
    return f"+{phone[:-5]}*****" if told.settings.hides_numbers else f"+{phone}"


def _zulu(at: datetime) -> str:
    return f"{iso(at)}Z"
