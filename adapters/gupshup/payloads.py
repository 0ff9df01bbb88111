"""The words of Gupshup's wire, version 2 of its callbacks, that reading and writing share."""

from engine.core.signals import Status

CHANNEL = "whatsapp"

MESSAGES = "wa/api/v1/msg"
"""Where session messages go."""
TEMPLATES = "wa/api/v1/template/msg"
"""Where templates go."""

EVENTS: dict[str, Status] = {
    # Gupshup has it, which is what `sent` says of a message here; that WhatsApp has it is told by its own `sent`.
    "enqueued": "sent",
    "sent": "sent",
    "delivered": "delivered",
    "read": "read",
    "failed": "failed",
}
"""`message-event` types that tell of a message of ours. Source: Gupshup, message events, read 2026-08."""

MEDIA = {
    "image": "image",
    "video": "video",
    "audio": "audio",
    "sticker": "sticker",
    "file": "document",
}
"""Gupshup's word for a file -> WhatsApp's. Source: Gupshup, types of payload, read 2026-08."""
