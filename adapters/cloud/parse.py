"""A Cloud webhook body -> what it says, account by account. Pure; one odd item never spoils the rest.

Source: Cloud API, webhooks overview and messages reference, read 2026-08.
"""

from collections.abc import Iterator
from datetime import datetime

from adapters.whatsapp.changes import Found, parcels_of, read_report, read_value
from adapters.wire import Wire, items_of, load_object, text_in, text_of
from engine.core.ids import LineId
from engine.ports import Parcel


def parse_body(body: bytes, *, line: LineId, received_at: datetime) -> list[Parcel]:
    """Return what a body says, in its order, one parcel an account.

    Raises:
        PayloadInvalid: The body is no JSON object.
    """
    read = read_entries(load_object(body), received_at)
    return parcels_of(read, line=line, received_at=received_at)


def read_entries(body: Wire, received_at: datetime) -> Iterator[tuple[str | None, list[Found]]]:
    """Yield what each change says, with the account it names."""
    if "entry" not in body:
        yield None, [read_report("unknown", body)]
        return
    for entry in items_of(body, "entry"):
        if not isinstance(entry, dict):
            yield None, [read_report("unknown", entry)]
            continue
        for change in items_of(entry, "changes"):
            value = change.get("value") if isinstance(change, dict) else None
            if not isinstance(change, dict) or not isinstance(value, dict):
                yield None, [read_report("unknown", change, entry)]
                continue
            account = text_in(value, "metadata", "phone_number_id")
            field = text_of(change, "field") or _field_elsewhere(value, entry)
            yield account, read_value(field, value, entry, received_at)


def _field_elsewhere(value: Wire, entry: Wire) -> str:
    """Return what a change is about whose field is missing; bodies of middlemen put it elsewhere, or nowhere."""
    field = text_of(value, "field") or text_of(entry, "field")
    if field is not None:
        return field
    if "message_echoes" in value:
        return "smb_message_echoes"
    return "messages" if value.keys() & {"messages", "statuses", "errors"} else "unknown"
