"""The bodies that Meta posts to the business.

Source: https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks, read 2026-08.
"""

import json
from datetime import datetime

from pydantic import JsonValue

from adapters.sandbox.cloud.settings import CloudSettings

Object = dict[str, JsonValue]


def seconds(at: datetime) -> str:
    """Return a time as webhooks print it."""
    return str(int(at.timestamp()))


def message_body(settings: CloudSettings, profile: Object, message: Object) -> bytes:
    """Return the webhook of one message from a contact."""
    return _body(settings, {"contacts": [profile], "messages": [message]})


def status_body(settings: CloudSettings, profile: Object | None, status: Object) -> bytes:
    """Return the webhook of one status; failed ones carry no contacts."""
    contacts: Object = {} if profile is None else {"contacts": [profile]}
    return _body(settings, contacts | {"statuses": [status]})


def _body(settings: CloudSettings, value: Object) -> bytes:
    metadata: Object = {
        "display_phone_number": settings.display_phone_number,
        "phone_number_id": settings.phone_number_id,
    }
    change: Object = {
        "value": {"messaging_product": "whatsapp", "metadata": metadata, **value},
        "field": "messages",
    }
    entry: Object = {"id": settings.account_id, "changes": [change]}
    # Meta escapes what is not ASCII, and its slashes: a signature over re-serialised JSON would not match.
    text = json.dumps(
        {"object": "whatsapp_business_account", "entry": [entry]}, separators=(",", ":")
    )
    return text.replace("/", "\\/").encode()
