"""The words of Interakt's wire. Source: Interakt Public APIs, read 2026-08."""

from engine.core.content import MediaKind
from engine.core.signals import Status

MESSAGES = "v1/public/message/"
USERS = "v1/public/track/users/"
EVENTS = "v1/public/track/events/"
CUSTOMERS = "v1/public/apis/users/"
CUSTOMER_BY_PHONE = "v1/public/apis/users/phone_number/"
CUSTOMER_BY_ID = "v1/public/apis/users/id/"
CAMPAIGNS = "v1/public/create-campaign/"
TEMPLATES = "v1/public/track/templates/"
TEMPLATE_LIST = "v1/public/track/organization/templates"
UPLOADS = "v1/public/track/files/upload_to_fb/"
ASSIGNMENT = "v1/public/assignment/"

RECEIVED = frozenset({"message_received", "message_api_flow_response"})
"""Webhooks that carry something of the contact's."""

CLICKED = "message_api_clicked"

STATUSES: dict[str, Status] = {
    f"message_{source}_{status}": status
    for source in ("api", "campaign")
    for status in ("sent", "delivered", "read", "failed")
}
"""Webhooks that tell what became of a message."""

STATUS_TIMES: dict[Status, str] = {
    "sent": "received_at_utc",
    "delivered": "delivered_at_utc",
    "read": "seen_at_utc",
}
"""Where the time of a status stands in its message."""

MEDIA_TYPES: dict[MediaKind, str] = {
    "image": "Image",
    "video": "Video",
    "audio": "Audio",
    "document": "Document",
    "sticker": "Sticker",
}
"""`type` of a file sent."""

NAMED = frozenset({"video", "audio", "document"})
"""Files that may carry a name."""

CAPTIONED = frozenset({"image", "video", "audio", "document"})
"""Files that may carry a text; here audio does too."""
