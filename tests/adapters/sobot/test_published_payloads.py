"""Second opinions: what others published of Sobot's wire, read as we do. Collected where it is present."""

import json

import pytest

from adapters.sobot.parse import parse_body
from engine.core.content import Media, Text
from engine.core.signals import Arrival, DeliveryReported, MessageReceived
from tests.adapters.published import PAYLOADS
from tests.adapters.samples import LINE, NOW

INBOUND = {
    item["file"]: item["type"]
    for item in json.loads((PAYLOADS / "index.json").read_text(encoding="utf-8"))["items"]
    if item["provider"] == "sobot" and item["direction"] == "inbound"
}


def arrival_of(file: str) -> Arrival:
    (parcel,) = parse_body((PAYLOADS / file).read_bytes(), line=LINE, received_at=NOW)
    (arrival,) = parcel.arrivals
    assert Arrival.model_validate_json(arrival.model_dump_json()) == arrival
    return arrival


def test_there_are_messages_and_statuses() -> None:
    assert {"text", "image", "video"} <= set(INBOUND.values())
    assert any(type.startswith("status") for type in INBOUND.values())


@pytest.mark.parametrize("file", INBOUND)
def test_a_published_body_is_read_as_what_it_is(file: str) -> None:
    body = json.loads((PAYLOADS / file).read_bytes())
    arrival = arrival_of(file)
    if isinstance(body, dict):
        assert isinstance(arrival.signal, DeliveryReported)
        assert (arrival.signal.external_id, arrival.signal.status) == (body["id"], body["status"])
        return
    value = body[0]["value"]
    message = value["messages"][0]
    assert isinstance(arrival.signal, MessageReceived)
    assert arrival.signal.external_id == message["id"]
    assert arrival.sender is not None
    assert arrival.sender.name == value["contacts"][0]["profile"]["name"]
    content = arrival.signal.content
    if message["type"] == "text":
        assert content == Text(body=message["text"]["body"])
        return
    file_ = message.get(message["type"]) or message["image"]
    assert isinstance(content, Media)
    assert (content.kind, content.external_id) == (message["type"], file_["id"])
    assert (content.url, content.mime_type) == (file_.get("url"), file_["mime_type"])
