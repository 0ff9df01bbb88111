"""A Sobot webhook body -> what it says. Pure; one odd item never spoils the rest.

A message comes as a list of WhatsApp's changes, a status bare: `{id, status, timestamp}`. Neither names our number.
Source: Sobot API documentation, "Webhook", read 2026-08.
"""

from collections.abc import Iterator
from datetime import datetime

from adapters.sobot.payloads import FILED
from adapters.whatsapp.changes import Found, parcels_of, read_report, read_status, read_value
from adapters.wire import Wire, items_of, load_value, text_of
from engine.core.errors import PayloadInvalid
from engine.core.ids import LineId
from engine.ports import Parcel


def parse_body(body: bytes, *, line: LineId, received_at: datetime) -> list[Parcel]:
    """Return what a body says, in its order.

    Raises:
        PayloadInvalid: The body is neither a JSON object nor a list.
    """
    value = load_value(body)
    if not isinstance(value, dict | list):
        raise PayloadInvalid("the body is JSON, but neither an object nor a list")
    items = value if isinstance(value, list) else [value]
    found = [one for item in items for one in _read_item(item, received_at)]
    return parcels_of([(None, found)], line=line, received_at=received_at)


def _read_item(item: object, received_at: datetime) -> Iterator[Found]:
    if not isinstance(item, dict):
        yield read_report("unknown", item)
        return
    match item:
        case {"entry": _}:  # as Meta writes it; not seen, but every middleman passes it on one day
            for entry in items_of(item, "entry"):
                changes = items_of(entry, "changes") if isinstance(entry, dict) else [entry]
                for change in changes:
                    yield from _read_change(change, received_at)
        case {"value": _}:
            yield from _read_change(item, received_at)
        case {"messages": _} | {"statuses": _}:
            yield from _read_change({"value": item}, received_at)
        case {"status": _}:
            yield read_status(item, received_at)
        case _:
            yield read_report("unknown", item)


def _read_change(change: object, received_at: datetime) -> Iterator[Found]:
    value = change.get("value") if isinstance(change, dict) else None
    if not isinstance(change, dict) or not isinstance(value, dict):
        yield read_report("unknown", change)
        return
    field = text_of(change, "field") or "messages"
    messages = [_mended(message) for message in items_of(value, "messages")]
    mended = {**value, "messages": messages} if "messages" in value else value
    yield from read_value(field, mended, {}, received_at)


def _mended(message: object) -> object:
    """Return the message with its file under its own type: Sobot's page shows a video's under `image`."""
    if not isinstance(message, dict):
        return message
    kind = text_of(message, "type")
    if kind not in FILED or isinstance(message.get(kind), dict):
        return message
    misplaced: Wire | None = message.get("image")
    return {**message, kind: misplaced} if isinstance(misplaced, dict) else message
