"""The bodies that Meta posts to the business.

Source: https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks, read 2026-08.
"""

import json
from datetime import datetime

from adapters.sandbox.cloud.settings import CloudSettings
from adapters.sandbox.contact import Contact
from adapters.sandbox.phone import Bubble
from adapters.sandbox.wire import Object


def seconds(at: datetime) -> str:
    """Return a time as webhooks print it."""
    return str(int(at.timestamp()))


def profile_of(contact: Contact) -> Object:
    """Return a contact's entry of `contacts`."""
    profile: Object = {"profile": {"name": contact.name}, "user_id": contact.user_id}
    return profile if contact.hides_phone else profile | {"wa_id": contact.address}


def message_of(settings: CloudSettings, contact: Contact, bubble: Bubble) -> Object:
    """Return a contact's message as an entry of `messages`."""
    message: Object = {"id": bubble.id, "timestamp": seconds(bubble.at), "type": bubble.type}
    message |= {} if bubble.content is None else {bubble.type: bubble.content}
    message |= {"from_user_id": contact.user_id}
    message |= {} if contact.hides_phone else {"from": contact.address}
    if bubble.reply_to is not None:
        message["context"] = {"from": settings.display_phone_number, "id": bubble.reply_to}
    return message


def message_body(settings: CloudSettings, profile: Object, message: Object) -> bytes:
    """Return the webhook of one message from a contact."""
    return _body(settings, {"contacts": [profile], "messages": [message]})


def status_body(settings: CloudSettings, profile: Object | None, status: Object) -> bytes:
    """Return the webhook of one status; failed ones carry no contacts."""
    contacts: Object = {} if profile is None else {"contacts": [profile]}
    return _body(settings, contacts | {"statuses": [status]})


def preference_body(settings: CloudSettings, contact: Contact, wish: str, at: datetime) -> bytes:
    """Return the webhook of what a contact did with marketing messages: `stop` or `resume`."""
    preference: Object = {
        "detail": f"User requested to {wish} marketing messages",
        "category": "marketing_messages",
        "value": wish,
        "timestamp": int(at.timestamp()),
        "user_id": contact.user_id,
    }
    preference |= {} if contact.hides_phone else {"wa_id": contact.address}
    value: Object = {"contacts": [profile_of(contact)], "user_preferences": [preference]}
    return _body(settings, value, field="user_preferences")


def _body(settings: CloudSettings, value: Object, *, field: str = "messages") -> bytes:
    metadata: Object = {
        "display_phone_number": settings.display_phone_number,
        "phone_number_id": settings.phone_number_id,
    }
    change: Object = {
        "value": {"messaging_product": "whatsapp", "metadata": metadata, **value},
        "field": field,
    }
    entry: Object = {"id": settings.account_id, "changes": [change]}
    # Meta escapes what is not ASCII, and its slashes: a signature over re-serialised JSON would not match.
    text = json.dumps(
        {"object": "whatsapp_business_account", "entry": [entry]}, separators=(",", ":")
    )
    return text.replace("/", "\\/").encode()
