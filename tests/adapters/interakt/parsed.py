"""The payloads beside this file, read by the adapter."""

from datetime import UTC, datetime
from pathlib import Path

from adapters.interakt.parse import parse_body
from engine.core.content import Inbound
from engine.core.signals import Arrival, DeliveryReported, LineReported, MessageReceived
from tests.adapters.samples import LINE, NOW

PAYLOADS = Path(__file__).parent / "payloads"
PHONE, CUSTOMER = "525550000001", "00000000-0000-4000-8000-000000000001"
OURS = "20000000-0000-4000-8000-000000000001"
SENT_AT = datetime(2026, 9, 21, 14, 59, 58, tzinfo=UTC)
TOLD_AT = datetime(2026, 9, 21, 14, 59, 58, 120_000, tzinfo=UTC)


def arrival_of(case: str) -> Arrival:
    (parcel,) = parse_body((PAYLOADS / f"{case}.json").read_bytes(), line=LINE, received_at=NOW)
    (arrival,) = parcel.arrivals
    return arrival


def message_of(case: str) -> MessageReceived:
    signal = arrival_of(case).signal
    assert isinstance(signal, MessageReceived)
    return signal


def content_of(case: str) -> Inbound:
    return message_of(case).content


def status_of(case: str) -> DeliveryReported:
    signal = arrival_of(case).signal
    assert isinstance(signal, DeliveryReported)
    return signal


def report_of(case: str) -> LineReported:
    arrival = arrival_of(case)
    assert isinstance(arrival.signal, LineReported)
    assert arrival.sender is None
    return arrival.signal
