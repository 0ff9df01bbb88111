"""The payloads beside this file, read by the adapter."""

from datetime import UTC, datetime
from pathlib import Path

from adapters.cbot.parse import parse_body
from engine.core.signals import Arrival, DeliveryReported, LineReported, MessageReceived
from tests.adapters.samples import LINE, NOW

PAYLOADS = Path(__file__).parent / "payloads"
PHONE, USER_ID = "525550000001", "MX.2000000000000001"
SENT_AT = datetime(2026, 9, 21, 14, 13, 20, tzinfo=UTC)


def arrivals_of(case: str) -> tuple[Arrival, ...]:
    body = (PAYLOADS / f"{case}.json").read_bytes()
    (parcel,) = parse_body(body, line=LINE, received_at=NOW)
    assert parcel.account is None
    return parcel.arrivals


def arrival_of(case: str) -> Arrival:
    (arrival,) = arrivals_of(case)
    return arrival


def message_of(case: str) -> MessageReceived:
    signal = arrival_of(case).signal
    assert isinstance(signal, MessageReceived)
    return signal


def status_of(case: str) -> DeliveryReported:
    signal = arrival_of(case).signal
    assert isinstance(signal, DeliveryReported)
    return signal


def report_of(case: str) -> LineReported:
    arrival = arrival_of(case)
    assert isinstance(arrival.signal, LineReported)
    assert arrival.sender is None
    return arrival.signal
