"""A typed line -> a message from the contact. Pure."""

from datetime import datetime

from adapters.console.payloads import CONTACT
from adapters.wire import load_object, text_of
from engine.core.content import Text
from engine.core.errors import PayloadInvalid
from engine.core.ids import ExternalId, LineId
from engine.core.signals import Arrival, MessageReceived, Sender
from engine.ports import Parcel


def parse_body(body: bytes, *, line: LineId, received_at: datetime) -> list[Parcel]:
    """Return what was typed.

    Raises:
        PayloadInvalid: The body is no JSON object with an `id`.
    """
    payload = load_object(body)
    key = text_of(payload, "id")
    if key is None:
        raise PayloadInvalid("a typed line needs an id")
    signal = MessageReceived(
        external_id=ExternalId(key),
        content=Text(body=text_of(payload, "text") or ""),
        sent_at=received_at,
    )
    arrival = Arrival(
        line=line,
        key=key,
        signal=signal,
        received_at=received_at,
        sender=Sender(user_id=CONTACT),
    )
    return [Parcel(None, (arrival,))]
