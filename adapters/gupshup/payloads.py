"""The words of Gupshup's wire that reading and writing share."""

CHANNEL = "whatsapp"

MESSAGES = "wa/api/v1/msg"
"""Where session messages go."""
TEMPLATES = "wa/api/v1/template/msg"
"""Where templates go."""

MEDIA = {
    "image": "image",
    "video": "video",
    "audio": "audio",
    "sticker": "sticker",
    "file": "document",
}
"""Gupshup's word for a file -> WhatsApp's. Source: Gupshup, types of payload, read 2026-08."""

BARE = frozenset({"messages", "statuses", "errors"})
"""Keys of a body of the On-Premises API."""
