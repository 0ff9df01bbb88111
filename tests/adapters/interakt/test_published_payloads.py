"""Second opinions: the webhooks and answers that others published, read as we do. Collected where they are present."""

import json
from datetime import timedelta

import orjson
import pytest

from adapters.http import Answer
from adapters.interakt.errors import read_answer
from adapters.interakt.parse import parse_body
from engine.core.content import Text
from engine.core.errors import SendError
from engine.core.signals import (
    Arrival,
    DeliveryReported,
    LineReported,
    MessageReceived,
)
from tests.adapters.published import PAYLOADS
from tests.adapters.samples import LINE, NOW

ITEMS = {
    item["file"]: item
    for item in json.loads((PAYLOADS / "index.json").read_text(encoding="utf-8"))["items"]
    if item["provider"] == "interakt"
}
WHATSAPP = [
    file
    for file, item in ITEMS.items()
    if item["direction"] == "inbound" and not item["type"].startswith("rcs-")
]
ANSWERS = [file for file, item in ITEMS.items() if item["direction"] == "response"]


def arrival_of(file: str) -> Arrival:
    (parcel,) = parse_body((PAYLOADS / file).read_bytes(), line=LINE, received_at=NOW)
    (arrival,) = parcel.arrivals
    assert Arrival.model_validate_json(arrival.model_dump_json()) == arrival
    return arrival


def test_there_are_as_many_as_the_index_says() -> None:
    assert len(WHATSAPP) == 7
    assert len(ANSWERS) == 21


@pytest.mark.parametrize("file", WHATSAPP)
def test_every_published_webhook_is_what_its_index_says(file: str) -> None:
    arrival, item = arrival_of(file), ITEMS[file]
    body = orjson.loads((PAYLOADS / file).read_bytes())
    message, customer = body["data"]["message"], body["data"]["customer"]
    match arrival.signal:
        case DeliveryReported(external_id=external_id, status=status, errors=errors):
            assert item["type"] == f"message_api_{status}"
            assert external_id == message["id"]
            assert [error.code for error in errors] == (
                [message["channel_error_code"]] if status == "failed" else []
            )
        case MessageReceived(content=Text(body=said)):
            assert item["type"] == "message_received-Text"
            assert said == message["message"]
            assert arrival.sender is not None
            assert arrival.sender.phone == customer["channel_phone_number"]
            assert arrival.sender.name == customer["traits"]["name"]
        case MessageReceived(content=content):
            assert item["label"] == "message_api_clicked (quick reply)"
            assert content.kind == "template_button"
            assert content.title == message["meta_data"]["button_text"]
        case LineReported(field=field):
            assert (item["label"], field) == (
                "message_api_clicked (call to action)",
                "message_api_clicked",
            )
        case signal:
            raise AssertionError(signal.kind)


def test_a_number_with_dots_is_masked() -> None:
    (file,) = (file for file in WHATSAPP if ITEMS[file]["type"] == "message_api_failed")
    signal = arrival_of(file).signal
    assert isinstance(signal, DeliveryReported)
    assert signal.recipient is not None
    assert signal.recipient.phone is None


@pytest.mark.parametrize("file", ANSWERS)
@pytest.mark.parametrize("status", [200, 201, 400, 401, 429])
def test_a_published_answer_means_the_same_with_any_status(file: str, status: int) -> None:
    body = (PAYLOADS / file).read_bytes()
    answer = Answer(status, body, timedelta(seconds=20))
    if ITEMS[file]["type"] == "ok":
        assert read_answer(answer) == orjson.loads(body)
    else:
        with pytest.raises(SendError):
            read_answer(answer)
