"""A webhook body of either form -> what it says. Pure; one odd item never spoils the rest.

A line takes both forms whatever its `api` says: providers moved numbers from one to the other without a word.
Source: On-Premises API, webhooks; Cloud API, webhooks; bodies of public clients' tests, read 2026-08.
"""

from collections.abc import Iterator
from datetime import datetime

from adapters.cbot.payloads import FORM_KEYS
from adapters.cloud.parse import read_entries
from adapters.whatsapp.changes import Found, parcels_of, read_report, read_value
from adapters.wire import Wire, load_object
from engine.core.ids import LineId
from engine.ports import Parcel


def parse_body(body: bytes, *, line: LineId, received_at: datetime) -> list[Parcel]:
    """Return what a body says, in its order, as one parcel: the webhook's address says which number it is for.

    Raises:
        PayloadInvalid: The body is no JSON object.
    """
    read = ((None, found) for found in _read_body(load_object(body), received_at))
    return parcels_of(read, line=line, received_at=received_at)


def _read_body(body: Wire, received_at: datetime) -> Iterator[list[Found]]:
    if "entry" in body:
        for _, found in read_entries(body, received_at):
            yield found
    elif body.keys() & FORM_KEYS:
        yield read_value("messages", body, {}, received_at)
    else:
        yield [read_report("unknown", body)]
