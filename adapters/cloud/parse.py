"""A Cloud webhook body -> what it says, account by account. Pure; one odd item never spoils the rest.

Source: Cloud API, webhooks overview and messages reference, read 2026-08.
"""

import hashlib
from collections.abc import Iterator
from datetime import datetime

import orjson

from adapters.cloud.payloads import FREE_ENTRY_POINTS, STATUSES, UNNAMED
from adapters.whatsapp.inbound import (
    read_content,
    read_context,
    read_errors,
    read_referral,
    read_sender,
    split_address,
)
from adapters.wire import (
    Wire,
    int_of,
    items_of,
    load_object,
    objects_of,
    part_of,
    text_in,
    text_of,
    tidy,
    time_of,
)
from engine.core.content import Echo
from engine.core.ids import ExternalId, LineId, MessageId
from engine.core.signals import (
    Arrival,
    BusinessReplied,
    DeliveryReported,
    LineReported,
    MessageReceived,
    Sender,
    Signal,
)
from engine.ports import Parcel

KEY_LENGTH = 512
"""Ids are far shorter; a longer one is replaced by its hash, so that the database can index it."""


def parse_body(body: bytes, *, line: LineId, received_at: datetime) -> list[Parcel]:
    """Return what a body says, in its order, one parcel an account.

    Raises:
        PayloadInvalid: The body is no JSON object.
    """
    parcels: dict[str | None, list[Arrival]] = {}
    for account, found in _read_body(load_object(body), received_at):
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
    return [Parcel(account, tuple(arrivals)) for account, arrivals in parcels.items()]


_Found = tuple[str, Signal, Sender | None]
"""A key, a signal, and the contact it belongs to."""


def _read_body(body: Wire, received_at: datetime) -> Iterator[tuple[str | None, list[_Found]]]:
    if "entry" not in body:
        yield None, [_report("unknown", body)]
        return
    for entry in items_of(body, "entry"):
        if not isinstance(entry, dict):
            yield None, [_report("unknown", entry)]
            continue
        for change in items_of(entry, "changes"):
            value = change.get("value") if isinstance(change, dict) else None
            if not isinstance(change, dict) or not isinstance(value, dict):
                yield None, [_report("unknown", change, entry)]
                continue
            account = text_in(value, "metadata", "phone_number_id")
            field = text_of(change, "field") or _field_elsewhere(value, entry)
            yield account, _read_value(field, value, entry, received_at)


def _field_elsewhere(value: Wire, entry: Wire) -> str:
    """Return what a change is about whose field is missing; bodies of middlemen put it elsewhere, or nowhere."""
    field = text_of(value, "field") or text_of(entry, "field")
    if field is not None:
        return field
    if "message_echoes" in value:
        return "smb_message_echoes"
    return "messages" if value.keys() & {"messages", "statuses", "errors"} else "unknown"


def _read_value(field: str, value: Wire, entry: Wire, received_at: datetime) -> list[_Found]:
    match field:
        case "messages":
            contacts = objects_of(value, "contacts")
            messages = items_of(value, "messages")
            found = [_read_message(message, contacts, received_at) for message in messages]
            if "statuses" in value:
                found += [
                    _read_status(status, received_at) for status in items_of(value, "statuses")
                ]
            if errors := value.get("errors"):
                found.append(_report("errors", errors, entry))
            elif "messages" not in value and "statuses" not in value:
                found.append(_report(field, value, entry))
            return found
        case "smb_message_echoes":
            return [_read_echo(echo, received_at) for echo in items_of(value, "message_echoes")]
        case _:
            return [_report(field, value, entry)]


def _read_message(message: object, contacts: list[Wire], received_at: datetime) -> _Found:
    if not isinstance(message, dict):
        return _report("messages", message)
    sender = read_sender(message, contacts)
    if sender is None:
        return _report("messages", message)
    external_id = _external_id(message)
    if message.get("errors") and external_id.startswith(UNNAMED):
        # A message that could not be delivered to us at all: there is nothing to show and nothing to answer.
        return _report("messages", message)
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


def _read_echo(message: object, received_at: datetime) -> _Found:
    if not isinstance(message, dict):
        return _report("smb_message_echoes", message)
    phone, user_id = split_address(text_of(message, "to"))
    user_id = text_of(message, "to_user_id") or user_id
    if not phone and not user_id:
        return _report("smb_message_echoes", message)
    external_id = _external_id(message)
    echo = Echo(
        external_id=external_id,
        content=read_content(message),
        sent_at=time_of(message, "timestamp", otherwise=received_at),
    )
    return (
        _short(f"echo:{external_id}"),
        BusinessReplied(echo=echo),
        Sender(phone=phone, user_id=user_id),
    )


def _read_status(status: object, received_at: datetime) -> _Found:
    if not isinstance(status, dict):
        return _report("statuses", status)
    external_id, name = text_of(status, "id"), STATUSES.get(text_of(status, "status") or "")
    if external_id is None or name is None:
        return _report("statuses", status)
    in_group = text_of(status, "recipient_type") == "group"
    recipient = _group_recipient(status) if in_group else _recipient(status)
    key = f"{external_id}:{name}"
    if in_group and recipient is not None:
        key += f":{recipient.phone or recipient.user_id}"
    signal = DeliveryReported(
        external_id=ExternalId(_short(external_id)),
        message=_our_id(status),
        status=name,
        at=time_of(status, "timestamp", otherwise=received_at),
        recipient=recipient,
        errors=read_errors(status) if "errors" in status else (),
        free_until=_free_until(status),
    )
    return _short(key), signal, None


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


def _our_id(status: Wire) -> MessageId | None:
    """Return our id of the message, if it is ours that came back: other programs may send on this number too."""
    data = status.get("biz_opaque_callback_data")
    if not isinstance(data, str) or not data.isascii() or not data.isdigit():
        return None
    number = int_of(status, "biz_opaque_callback_data")
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


def _report(field: str, item: object, entry: Wire | None = None) -> _Found:
    """Make a line's report; its key is a hash of the item, with the entry's id and time where it has them."""
    data = tidy(item)
    where = [] if entry is None else [text_of(entry, "id"), text_of(entry, "time")]
    key = f"report:{field[:64]}:{_hash([where, data])}"
    return key, LineReported(field=field[:64], data=data), None


def _external_id(message: Wire) -> ExternalId:
    external_id = text_of(message, "id")
    return ExternalId(_short(external_id) if external_id else UNNAMED + _hash(tidy(message)))


def _short(key: str) -> str:
    return key if len(key) <= KEY_LENGTH else f"long:{_hash(key)}"


def _hash(item: object) -> str:
    return hashlib.sha256(orjson.dumps(item, option=orjson.OPT_SORT_KEYS)).hexdigest()
