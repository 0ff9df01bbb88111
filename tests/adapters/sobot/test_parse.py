"""What Sobot's webhooks say, by the payloads beside this file."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from adapters.sobot.parse import parse_body
from engine.core.content import (
    ButtonReply,
    ListReply,
    Location,
    Media,
    TemplateButton,
    Text,
    Unsupported,
)
from engine.core.errors import PayloadInvalid
from engine.core.limits import BODY_BYTES
from engine.core.signals import Arrival, DeliveryReported, LineReported, MessageReceived
from tests.adapters.samples import LINE, NOW

PAYLOADS = Path(__file__).parent / "payloads"


def parse(case: str) -> tuple[Arrival, ...]:
    body = (PAYLOADS / f"{case}.json").read_bytes()
    (parcel,) = parse_body(body, line=LINE, received_at=NOW)
    assert parcel.account is None
    return parcel.arrivals


def message_of(case: str) -> MessageReceived:
    (arrival,) = parse(case)
    assert isinstance(arrival.signal, MessageReceived)
    return arrival.signal


def report_of(case: str) -> LineReported:
    (arrival,) = parse(case)
    assert isinstance(arrival.signal, LineReported)
    assert arrival.sender is None
    return arrival.signal


def test_a_text_names_its_sender_and_its_time() -> None:
    (arrival,) = parse("text")
    assert arrival.key == "wamid.in1"
    assert arrival.sender is not None
    assert (arrival.sender.phone, arrival.sender.name) == ("525550000001", "Ana Prueba")
    assert isinstance(arrival.signal, MessageReceived)
    assert arrival.signal.content == Text(body="Two, please")
    assert arrival.signal.sent_at == datetime(2026, 9, 21, 14, 13, 20, tzinfo=UTC)


def test_a_file_comes_with_its_address() -> None:
    assert message_of("image").content == Media(
        kind="image",
        external_id="410001",
        url="https://files.example/410001",
        mime_type="image/png",
        sha256="q0XxN3o=",
        caption="The door",
    )


def test_a_file_may_come_without_an_address() -> None:
    content = message_of("image_without_url").content
    assert isinstance(content, Media)
    assert (content.external_id, content.url) == ("410002", None)


def test_a_videos_file_stands_under_image() -> None:
    content = message_of("video_under_image").content
    assert isinstance(content, Media)
    assert (content.kind, content.mime_type) == ("video", "video/mp4")
    assert content.url == "https://files.example/410003"


def test_a_document_keeps_its_name() -> None:
    content = message_of("document").content
    assert isinstance(content, Media)
    assert (content.kind, content.filename) == ("document", "receipt.pdf")


def test_a_place_may_be_written_as_text() -> None:
    content = message_of("location").content
    assert content == Location(latitude=19.4326, longitude=-99.1332, name="Zócalo")


@pytest.mark.parametrize(
    ("case", "id", "reply_to"),
    [("button_reply_by_title", "Small", "wamid.out1"), ("button_reply_by_index", "0", None)],
)
def test_a_tap_carries_its_title_and_what_it_was_made_on(
    case: str, id: str, reply_to: str | None
) -> None:
    signal = message_of(case)
    assert signal.content == ButtonReply(id=id, title="Small")
    assert (signal.context and signal.context.reply_to) == reply_to


def test_a_rows_id_comes_back() -> None:
    assert message_of("list_reply").content == ListReply(
        id="p1:3:order.pizza:diavola", title="Diavola", description="Hot"
    )


def test_a_templates_button_is_told_by_its_title() -> None:
    assert message_of("template_button").content == TemplateButton(payload="Yes", title="Yes")


@pytest.mark.parametrize("status", ["sent", "delivered", "read", "failed"])
def test_a_bare_status_is_a_delivery_report(status: str) -> None:
    (arrival,) = parse(f"status_{status}")
    signal = arrival.signal
    assert isinstance(signal, DeliveryReported)
    assert (signal.external_id, signal.status, signal.message) == ("wamid.out1", status, None)
    assert signal.at == datetime(2026, 9, 21, 14, 15, tzinfo=UTC)
    assert arrival.key == f"wamid.out1:{status}"
    assert [error.code for error in signal.errors] == (["131026"] if status == "failed" else [])


def test_statuses_may_come_in_a_list() -> None:
    kinds = [(arrival.key, arrival.signal.kind) for arrival in parse("statuses_in_a_list")]
    assert kinds == [
        ("wamid.out1:sent", "delivery_reported"),
        ("wamid.out1:read", "delivery_reported"),
    ]


def test_a_list_may_hold_both() -> None:
    assert [arrival.key for arrival in parse("batch")] == [
        "wamid.in1",
        "wamid.out9:read",
        "wamid.second",
    ]


def test_a_whole_cloud_body_is_read_too() -> None:
    assert [arrival.key for arrival in parse("as_cloud_writes_it")] == [
        "wamid.in5",
        "wamid.out1:delivered",
    ]


@pytest.mark.parametrize("case", ["no_from", "status_unknown", "template_status"])
def test_what_belongs_to_no_talk_is_kept_as_a_report(case: str) -> None:
    assert report_of(case).data


def test_an_unknown_type_is_a_message_that_cannot_be_shown() -> None:
    assert message_of("future_type").content == Unsupported(type="hologram")


@pytest.mark.parametrize("body", [b"{}", b'[1, "a", null]', b'{"value": 3}', b'[{"entry": [[]]}]'])
def test_odd_json_is_kept_as_reports(body: bytes) -> None:
    (parcel,) = parse_body(body, line=LINE, received_at=NOW)
    assert {arrival.signal.kind for arrival in parcel.arrivals} == {"line_reported"}


@pytest.mark.parametrize("body", [b"", b"12", b'"text"', b"<html></html>"])
def test_what_is_no_object_or_list_is_refused(body: bytes) -> None:
    with pytest.raises(PayloadInvalid):
        parse_body(body, line=LINE, received_at=NOW)


def test_a_body_of_three_megabytes_is_taken() -> None:
    body = (PAYLOADS / "text.json").read_bytes()
    large = body.replace(b"Two, please", b"x" * (3 * 1024 * 1024 - len(body)))
    assert len(large) <= BODY_BYTES
    (parcel,) = parse_body(large, line=LINE, received_at=NOW)
    assert parcel.arrivals[0].key == "wamid.in1"
