"""The names on the wire of Interakt's RCS: its call, its message types, its callbacks' events.

Source: Interakt Public APIs, RCS, read 2026-08.
"""

from typing import Literal

from engine.core.signals import Status

MESSAGES = "v1/public/rcs/message/"

Type = Literal[
    "Text", "QR", "BUTTON_URL", "DIALER_ACTION", "Location", "Calender", "Image", "Template",
    "CAROUSEL", "STANDALONE_CAROUSEL",
]  # fmt: skip
"""The message types as they are written there; a standalone carousel is one card."""

ENTITY = "entityType"
"""The key that RCS callbacks alone have: they come without the WhatsApp webhooks' envelope."""

EVENTS: dict[str, Status] = {
    "SENT": "sent",
    "DELIVERED": "delivered",
    "READ": "read",
    "FAILED": "failed",
    "TTL_EXPIRATION_REVOKED": "failed",
    "TTL_EXPIRATION_REVOKE_FAILED": "warning",
    "REVOKE_SUCCESS": "deleted",
    "REVOKED": "deleted",
    "REVOKE_FAILURE": "warning",
    "REVOKE_FAILED": "warning",
}
"""What an event says of a message, by its `eventType` without `MESSAGE_` before it.

The documents name MESSAGE_READ, TTL_EXPIRATION_REVOKED, success and failure of a revocation; the others are what the
RCS network below calls the same.
"""

MEANINGS = {
    "FAILED": "the message could not be delivered",
    "TTL_EXPIRATION_REVOKED": "not delivered within its time, and taken back",
    "TTL_EXPIRATION_REVOKE_FAILED": "not delivered within its time, and may still arrive",
    "REVOKE_FAILURE": "the message could not be taken back",
    "REVOKE_FAILED": "the message could not be taken back",
}
"""What an event that brings no good news means, for whoever reads the message's state."""
