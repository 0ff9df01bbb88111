"""RCS callbacks as they are documented, and what they become."""

from datetime import UTC, datetime
from pathlib import Path

import orjson
import pytest

from adapters.rcs.parse import read_callback
from adapters.whatsapp.changes import Found
from engine.core.content import (
    ButtonReply,
    Inbound,
    Location,
    Media,
    ProviderError,
    Text,
    Unsupported,
)
from engine.core.signals import DeliveryReported, LineReported, MessageReceived, Sender, Status
from tests.adapters.samples import NOW

PAYLOADS = Path(__file__).parent / "payloads"
MESSAGE = "5b0d6f1e-0000-4000-8000-000000000001"
PHONE = "919812300001"


def read(case: str, **entity: object) -> Found:
    body = orjson.loads((PAYLOADS / f"{case}.json").read_bytes())
    body["entity"] |= entity
    (found,) = read_callback(body, NOW)
    return found


def content_of(case: str, **entity: object) -> Inbound:
    _, signal, _ = read(case, **entity)
    assert isinstance(signal, MessageReceived)
    return signal.content


def test_a_text_comes_from_a_whole_number() -> None:
    key, signal, sender = read("text")
    assert isinstance(signal, MessageReceived)
    assert (key, signal.external_id, signal.content) == (
        "MxRcsText0001",
        "MxRcsText0001",
        Text(body="Two, please"),
    )
    assert signal.sent_at == datetime(2026, 9, 21, 14, 13, 20, 250_000, tzinfo=UTC)
    assert sender == Sender(phone=PHONE)


CONTENTS: dict[str, Inbound] = {
    "tap": ButtonReply(id="p1:4:order.size:s", title=""),
    "tap_with_title": ButtonReply(id="p1:4:order.size:l", title="Large"),
    "tap_base64": ButtonReply(id="p1:4:order.size:m", title="Medium"),
    "file": Media(
        kind="image",
        url="https://files.example/rcs/door.jpg",
        mime_type="image/jpeg",
        filename="door.jpg",
    ),
    "file_with_thumbnail": Media(
        kind="document",
        url="https://files.example/rcs/list.pdf",
        mime_type="application/pdf",
        filename="list.pdf",
    ),
    "file_without_address": Media(
        kind="video", mime_type="video/mp4", error="the callback names no address of the file"
    ),
    "location": Location(latitude=18.5204, longitude=73.8567),
    "location_out_of_range": Unsupported(type="location", reason="the place has no coordinates"),
    "nothing": Unsupported(type=""),
}


@pytest.mark.parametrize("case", CONTENTS)
def test_a_message_carries_what_the_contact_sent(case: str) -> None:
    assert content_of(case) == CONTENTS[case]


@pytest.mark.parametrize(
    "data",
    [
        pytest.param("menu", id="a short word"),
        pytest.param("suggestion_1", id="no base64"),
        pytest.param("SR1L1C1", id="no whole base64"),
        pytest.param("tuesday1", id="base64 of no text"),
    ],
)
def test_a_postback_that_only_looks_like_base64_stays_what_it_is(data: str) -> None:
    answer = {"postBack": {"data": data}, "plainText": "Tuesday", "type": "REPLY"}
    assert content_of("tap", suggestionResponse=answer) == ButtonReply(id=data, title="Tuesday")


def test_a_tap_without_postback_keeps_its_title() -> None:
    answer = {"plainText": "Large", "type": "REPLY"}
    assert content_of("tap", suggestionResponse=answer) == ButtonReply(id=None, title="Large")


def test_a_message_without_an_id_is_known_by_what_it_says() -> None:
    key, signal, _ = read("text", messageId=None)
    assert isinstance(signal, MessageReceived)
    assert key == signal.external_id
    assert key == read("text", messageId=None)[0]
    assert key != read("text", messageId=None, text="Three")[0]


def test_a_time_without_a_zone_is_utc_and_an_odd_one_is_the_arrivals() -> None:
    times = {"2026-09-21T14:13:20": datetime(2026, 9, 21, 14, 13, 20, tzinfo=UTC), "soon": NOW}
    for written, meant in times.items():
        _, signal, _ = read("text", sendTime=written)
        assert isinstance(signal, MessageReceived)
        assert signal.sent_at == meant


STATUSES: dict[str, tuple[Status, str, str | None]] = {
    "read": ("read", "READ", None),
    "delivered": ("delivered", "DELIVERED", None),
    "expired": ("failed", "TTL_EXPIRATION_REVOKED", "not delivered within its time"),
    "taken_back": ("deleted", "REVOKE_SUCCESS", None),
    "not_taken_back": ("warning", "REVOKE_FAILURE", "could not be taken back"),
}


@pytest.mark.parametrize("case", STATUSES)
def test_an_event_tells_what_became_of_a_message(case: str) -> None:
    status, name, meaning = STATUSES[case]
    key, signal, sender = read(case)
    assert isinstance(signal, DeliveryReported)
    assert (key, signal.external_id, signal.status) == (f"{MESSAGE}:{name}", MESSAGE, status)
    assert (signal.recipient, sender) == (Sender(phone=PHONE), None)
    assert signal.at == datetime(2026, 9, 21, 14, 13, 20, 250_123, tzinfo=UTC)
    titles = [error.title or "" for error in signal.errors]
    assert len(titles) == (meaning is not None)
    assert all(meaning in title for title in titles if meaning)


def test_a_hidden_number_does_not_hide_what_became_of_a_message() -> None:
    _, signal, _ = read("expired_hidden_number")
    assert isinstance(signal, DeliveryReported)
    assert signal.recipient is None
    assert signal.errors == (
        ProviderError(
            code="TTL_EXPIRATION_REVOKED", title="not delivered within its time, and taken back"
        ),
    )


@pytest.mark.parametrize(
    ("case", "field"),
    [
        ("hidden_number", "rcs_hidden_number"),
        ("tap_on_link", "rcs_tap"),
        ("typing", "rcs_is_typing"),
        ("capabilities", "rcs_capability"),
    ],
)
def test_what_is_no_message_and_no_status_is_reported_of_the_line(case: str, field: str) -> None:
    _, signal, sender = read(case)
    assert isinstance(signal, LineReported)
    assert (signal.field, sender) == (field, None)
    assert signal.data == orjson.loads((PAYLOADS / f"{case}.json").read_bytes())
