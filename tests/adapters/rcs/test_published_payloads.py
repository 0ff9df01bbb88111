"""Second opinions: the callbacks in Interakt's documents, read as ours are. Collected where they are present."""

import pytest

from adapters.interakt.parse import parse_body
from engine.core.signals import Arrival, DeliveryReported, LineReported
from tests.adapters.published import PAYLOADS
from tests.adapters.samples import LINE, NOW

FILES = sorted(path.name for path in (PAYLOADS / "interakt").glob("rcs-*.json"))


def arrival_of(file: str) -> Arrival:
    body = (PAYLOADS / "interakt" / file).read_bytes()
    (parcel,) = parse_body(body, line=LINE, received_at=NOW)
    (arrival,) = parcel.arrivals
    return arrival


def test_there_are_as_many_as_were_published() -> None:
    assert len(FILES) == 4


@pytest.mark.parametrize("file", [file for file in FILES if "-event-" in file])
def test_a_published_event_tells_what_became_of_a_message(file: str) -> None:
    signal = arrival_of(file).signal
    assert isinstance(signal, DeliveryReported)
    assert signal.status == ("read" if "read" in file else "failed")
    assert signal.recipient is None, "the printed numbers are hidden"


@pytest.mark.parametrize("file", [file for file in FILES if "-event-" not in file])
def test_a_published_message_of_a_hidden_number_is_kept_as_a_report(file: str) -> None:
    """Whole numbers in the same bodies are read in test_parse."""
    signal = arrival_of(file).signal
    assert isinstance(signal, LineReported)
    assert signal.field == "rcs_hidden_number"
