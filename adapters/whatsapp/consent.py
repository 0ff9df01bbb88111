"""What providers tell of a contact's wish for messages: Meta's preferences, and refusals for want of consent. Pure.

Source: Cloud API, `user_preferences` webhooks reference and error codes; Gupshup, user events and error codes; read
2026-08.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from adapters.whatsapp.inbound import split_address
from adapters.wire import Wire, objects_of, text_of, time_of
from engine.core.signals import ConsentChange, ConsentChanged, DeliveryReported, Sender

Told = tuple[ConsentChanged, Sender]
"""A change, and the contact it belongs to."""

REFUSALS: Final[Mapping[str, ConsentChange]] = {"131050": "marketing_stopped"}
"""Error codes of a failed message which say that the contact does not want it."""

LIST_REFUSALS: Final[Mapping[str, ConsentChange]] = {**REFUSALS, "1012": "opted_out"}
"""The same where the provider keeps a list of its own of who wants no messages, as Gupshup does."""

_LIST_EVENTS: Final[Mapping[str, ConsentChange]] = {
    "opted-out": "opted_out",
    "opted-in": "opted_in",
}
_MARKETING = "marketing_messages"
_CHANGES: Final[Mapping[str, ConsentChange]] = {
    "stop": "marketing_stopped",
    "resume": "marketing_resumed",
    "signup": "marketing_resumed",
}


def read_preferences(value: Wire, received_at: datetime) -> list[Told] | None:
    """Return what `user_preferences` say; None where one of them is of a form that nobody has documented."""
    told: list[Told] = []
    items = objects_of(value, "user_preferences")
    for item in items:
        change = _CHANGES.get(text_of(item, "value") or "")
        who = _contact(item)
        if change is None or who is None or text_of(item, "category") != _MARKETING:
            return None
        at = time_of(item, "timestamp", otherwise=received_at)
        source = f"user_preferences {text_of(item, 'value')}"
        told.append((told_change(change, source, at, received_at), who))
    return told or None


def read_list_event(event: Wire, at: datetime, received_at: datetime) -> Told | None:
    """Return that a contact left the provider's list or came back; None for another event, and a hidden number."""
    kind, phone = text_of(event, "type") or "", text_of(event, "phone") or ""
    change = _LIST_EVENTS.get(kind)
    if change is None or not (phone.isascii() and phone.isdigit()):
        return None
    return told_change(change, f"user-event {kind}", at, received_at), Sender(phone=phone)


def told_by_refusal(
    report: DeliveryReported, refusals: Mapping[str, ConsentChange], received_at: datetime
) -> Told | None:
    """Return what the failure of a message says of the contact's wish; None where it says nothing of it."""
    for error in report.errors:
        change = refusals.get(error.code)
        if change is not None and report.recipient is not None and report.status == "failed":
            return told_change(change, error.code, report.at, received_at), report.recipient
    return None


def told_change(
    change: ConsentChange, source: str, at: datetime, received_at: datetime
) -> ConsentChanged:
    """Return what a provider tells; its time is never trusted past the arrival."""
    return ConsentChanged(change=change, by="provider", source=source, at=min(at, received_at))


def _contact(item: Wire) -> Sender | None:
    phone, user_id = split_address(text_of(item, "wa_id"))
    user_id = text_of(item, "user_id") or text_of(item, "userid") or user_id
    if phone is not None and not phone.isdigit():
        phone = None  # a masked number stands for many people
    return Sender(phone=phone, user_id=user_id) if phone or user_id else None
