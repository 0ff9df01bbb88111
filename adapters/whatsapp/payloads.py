"""The words of WhatsApp's wire that reading and writing share."""

from typing import get_args

from engine.core.signals import Status

PRODUCT = "whatsapp"
"""`messaging_product`, in every body."""

STATUSES: dict[str, Status] = {
    **{status: status for status in get_args(Status)},
    # Gupshup alone says it: Gupshup has the message, which is what `sent` means of ours until more is told.
    "enqueued": "sent",
}
"""`statuses[].status`. Source: Cloud API, status messages webhook; Gupshup, message events, read 2026-08."""

OWN_IDS = ("gs_id", "gsId")
"""What Gupshup adds beside WhatsApp's `id`: the one that it gave at the send. Source: Gupshup, events, read 2026-08."""

FREE_ENTRY_POINTS = frozenset({"free_entry_point", "referral_conversion"})
"""What a conversation's origin or a price's type says while messages are free after an advertisement."""

UNNAMED = "unnamed:"
"""Begins the external id that we give to a message without one; the provider does not know it."""
