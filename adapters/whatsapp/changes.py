"""One change of a webhook -> what it says. Pure; one odd item never spoils the rest.

A change is `{"field": ..., "value": ...}` as Meta writes it; others send the value alone, or changes without an entry.
Source: Cloud API, webhooks overview and messages reference, read 2026-08.
"""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime

import orjson

from adapters.whatsapp.consent import REFUSALS, read_preferences, told_by_refusal
from adapters.whatsapp.inbound import (
    read_content,
    read_context,
    read_errors,
    read_referral,
    read_sender,
    split_address,
)
from adapters.whatsapp.payloads import FREE_ENTRY_POINTS, OWN_IDS, STATUSES, UNNAMED
from adapters.whatsapp.templates import read_change
from adapters.wire import (
    Wire,
    int_of,
    items_of,
    objects_of,
    part_of,
    text_of,
    tidy,
    time_of,
)
from engine.core.content import Echo
from engine.core.ids import ExternalId, LineId, MessageId
from engine.core.signals import (
    Arrival,
    BusinessReplied,
    ConsentChange,
    ConsentChanged,
    DeliveryReported,
    LineReported,
    MessageReceived,
    Sender,
    Signal,
)
from engine.ports import Parcel

KEY_LENGTH = 512
"""Ids are far shorter; a longer one is replaced by its hash, so that the database can index it."""

Found = tuple[str, Signal, Sender | None]
"""A key, a signal, and the contact it belongs to."""


def parcels_of(
    read: Iterable[tuple[str | None, list[Found]]],
    *,
    line: LineId,
    received_at: datetime,
    refusals: Mapping[str, ConsentChange] = REFUSALS,
) -> list[Parcel]:
    """Return what was read, in its order, one parcel an account.

    Args:
        read: By account.
        line: Where it came in.
        received_at: When.
        refusals: The error codes which say that a contact does not want a message: they are told beside the report.
    """
    parcels: dict[str | None, list[Arrival]] = {}
    for account, found in read:
        for key, signal, sender in found:
            # Trusted, as the message in it is: what the readers return has these types already.
            arrival = Arrival.trusted(
                line=line,
                key=key,
                signal=signal,
                received_at=received_at,
                sender=sender,
                conversation=None,
            )
            parcels.setdefault(account, []).append(arrival)
            if isinstance(signal, DeliveryReported) and signal.errors:
                told = told_by_refusal(signal, refusals, received_at)
                if told is not None:
                    parcels[account].append(_refused(arrival, *told))
    return [Parcel(account, tuple(arrivals)) for account, arrivals in parcels.items()]


def _refused(report: Arrival, consent: ConsentChanged, who: Sender) -> Arrival:
    """Return what a failed message says that its contact wants."""
    key = short_key(f"consent:{report.key}")
    return report.model_copy(update={"key": key, "signal": consent, "sender": who})


def read_value(field: str, value: Wire, entry: Wire, received_at: datetime) -> list[Found]:
    """Return what the value of one field says; `entry` is what it came in, with its id and time."""
    match field:
        case "messages":
            contacts = objects_of(value, "contacts")
            messages = items_of(value, "messages")
            found = [_read_message(message, contacts, received_at) for message in messages]
            if "statuses" in value:
                found += [
                    read_status(status, received_at) for status in items_of(value, "statuses")
                ]
            if errors := value.get("errors"):
                found.append(read_report("errors", errors, entry))
            elif "messages" not in value and "statuses" not in value:
                found.append(read_report(field, value, entry))
            return found
        case "user_preferences":
            return _read_preferences(value, entry, received_at)
        case "smb_message_echoes":
            return [_read_echo(echo, received_at) for echo in items_of(value, "message_echoes")]
        case _:
            return [read_report(field, value, entry)]


def _read_message(message: object, contacts: list[Wire], received_at: datetime) -> Found:
    if not isinstance(message, dict):
        return read_report("messages", message)
    sender = read_sender(message, contacts)
    if sender is None:
        return read_report("messages", message)
    external_id = external_id_of(message)
    if message.get("errors") and external_id.startswith(UNNAMED):
        # A message that could not be delivered to us at all: there is nothing to show and nothing to answer.
        return read_report("messages", message)
    signal = MessageReceived.trusted(
        kind="message_received",
        external_id=external_id,
        content=read_content(message),
        sent_at=time_of(message, "timestamp", otherwise=received_at),
        context=read_context(message) if "context" in message else None,
        referral=read_referral(message) if "referral" in message else None,
        group_id=text_of(message, "group_id") if "group_id" in message else None,
    )
    return external_id, signal, sender


def _read_preferences(value: Wire, entry: Wire, received_at: datetime) -> list[Found]:
    told = read_preferences(value, received_at)
    if told is None:
        return [read_report("user_preferences", value, entry)]
    return [consent_found(signal, who) for signal, who in told]


def consent_found(signal: ConsentChanged, who: Sender) -> Found:
    """Return what a provider tells of a contact under a key that is the same however often it is told."""
    key = f"consent:{who.user_id or who.phone}:{signal.change}:{signal.at.isoformat()}"
    return short_key(key), signal, who


def _read_echo(message: object, received_at: datetime) -> Found:
    if not isinstance(message, dict):
        return read_report("smb_message_echoes", message)
    phone, user_id = split_address(text_of(message, "to"))
    user_id = text_of(message, "to_user_id") or user_id
    if not phone and not user_id:
        return read_report("smb_message_echoes", message)
    external_id = external_id_of(message)
    echo = Echo(
        external_id=external_id,
        content=read_content(message),
        sent_at=time_of(message, "timestamp", otherwise=received_at),
    )
    return (
        short_key(f"echo:{external_id}"),
        BusinessReplied(echo=echo),
        Sender(phone=phone, user_id=user_id),
    )


def read_status(status: object, received_at: datetime) -> Found:
    """Return one delivery report, or a report of what cannot be read as one."""
    if not isinstance(status, dict):
        return read_report("statuses", status)
    said = text_of(status, "status") or ""
    external_id, alias = read_ids(status)
    name = STATUSES.get(said)
    if external_id is None or name is None:
        return read_report("statuses", status)
    in_group = text_of(status, "recipient_type") == "group"
    recipient = _group_recipient(status) if in_group else _recipient(status)
    key = f"{external_id}:{said}"
    if in_group and recipient is not None:
        key += f":{recipient.phone or recipient.user_id}"
    signal = DeliveryReported(
        external_id=ExternalId(short_key(external_id)),
        message=our_id_of(status, "biz_opaque_callback_data"),
        alias=alias,
        status=name,
        at=time_of(status, "timestamp", otherwise=received_at),
        recipient=recipient,
        errors=read_errors(status) if "errors" in status else (),
        free_until=_free_until(status),
    )
    return short_key(key), signal, None


def read_ids(item: Wire) -> tuple[str | None, ExternalId | None]:
    """Return the id that a message was sent under, and the other one where there are two."""
    id_ = text_of(item, "id")
    for key in OWN_IDS:
        if key in item and (own := text_of(item, key)):
            return own, None if id_ is None else ExternalId(short_key(id_))
    return id_, None


def _recipient(status: Wire) -> Sender | None:
    phone, user_id = split_address(text_of(status, "recipient_id"))
    user_id = text_of(status, "recipient_user_id") or user_id
    return Sender(phone=phone, user_id=user_id) if phone or user_id else None


def _group_recipient(status: Wire) -> Sender | None:
    """Return the participant a group's status is about; `recipient_id` is the group there."""
    participant = text_of(status, "recipient_participant_id")
    phone, user_id = split_address(participant or text_of(status, "participant_recipient_id"))
    user_id = text_of(status, "recipient_participant_user_id") or user_id
    return Sender(phone=phone, user_id=user_id) if phone or user_id else None


def our_id_of(item: Wire, key: str) -> MessageId | None:
    """Return our id of the message, if it is ours that came back: other programs may send on this number too."""
    data = item.get(key)
    if not isinstance(data, str) or not data.isascii() or not data.isdigit():
        return None
    number = int_of(item, key)
    return None if number is None else MessageId(number)


def _free_until(status: Wire) -> datetime | None:
    conversation = part_of(status, "conversation")
    if "expiration_timestamp" not in conversation:
        return None
    origin = text_of(part_of(conversation, "origin"), "type")
    price = text_of(part_of(status, "pricing"), "type")
    if origin not in FREE_ENTRY_POINTS and price not in FREE_ENTRY_POINTS:
        return None
    return time_of(conversation, "expiration_timestamp", otherwise=None)


# --- keys: the same item gets the same key however often it is delivered ---------------------------


def read_report(field: str, item: object, entry: Wire | None = None) -> Found:
    """Return a line's report; its key is a hash of the item, with the entry's id and time where it has them."""
    data = tidy(item)
    where = [] if entry is None else [text_of(entry, "id"), text_of(entry, "time")]
    key = f"report:{field[:64]}:{hash_of([where, data])}"
    template = read_change(field, data) if isinstance(data, dict) else None
    return key, LineReported(field=field[:64], data=data, template=template), None


def external_id_of(message: Wire) -> ExternalId:
    """Return the message's id; one made of its content where it has none."""
    external_id = text_of(message, "id")
    return ExternalId(short_key(external_id) if external_id else UNNAMED + hash_of(tidy(message)))


def short_key(key: str) -> str:
    """Return the key, or its hash where it is too long to be indexed."""
    return key if len(key) <= KEY_LENGTH else f"long:{hash_of(key)}"


def hash_of(item: object) -> str:
    """Return the SHA-256 of the item's JSON, the same whatever the order of its keys."""
    return hashlib.sha256(orjson.dumps(item, option=orjson.OPT_SORT_KEYS)).hexdigest()
