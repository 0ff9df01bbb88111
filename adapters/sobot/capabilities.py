"""What a Sobot line can show and carry. Source of all figures: Sobot API documentation, read 2026-08.

Its figures are WhatsApp's own, as Cloud states them; what is said here is what differs.
"""

from datetime import timedelta

from adapters.cloud.capabilities import CAPABILITIES as CLOUD
from adapters.cloud.capabilities import MEDIA_FETCHED_BYTES

__all__ = ["CAPABILITIES", "MEDIA_FETCHED_BYTES"]

KINDS = frozenset(
    {
        "text",
        "image",
        "video",
        "document",
        "sticker",
        "location",
        "buttons",
        "list",
        "product",
        "products",
        "template",
        "contact_update",
    }
)
"""The page has no call for a sound, a reply, a reaction, a contact card, a link's button or a read mark."""

CAPABILITIES = CLOUD.model_copy(
    update={
        "kinds": KINDS,
        "media_header": False,
        "own_catalog": True,  # the one set in Sobot's own settings
        # "up until 24 hours after receiving a message from the user": the page of 2023.
        "window": timedelta(hours=24),
        # "only once, irrespective of your server status"
        "redelivers": False,
        "typing": False,
        "callback_length": 0,
        "media_bytes": {k: v for k, v in CLOUD.media_bytes.items() if k in KINDS},
    }
)
"""Sobot names no ceiling of its own for sends a second: that of the WhatsApp number behind it holds."""
