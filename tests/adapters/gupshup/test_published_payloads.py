"""Second opinions: what others published of Gupshup's wire, read as we do. Collected where it is present."""

import json
from typing import Any

import pytest

from adapters.gupshup.adapter import Gupshup
from adapters.gupshup.errors import code_of
from adapters.gupshup.parse import parse_body
from adapters.whatsapp.errors import error_of
from engine.core.content import Text
from engine.core.errors import AddressRejected, LineRejected, RateLimited, SendError
from engine.core.signals import Arrival, DeliveryReported, MessageReceived
from engine.ports import Accepted, Refused
from tests.adapters.gupshup.provider import GupshupProvider
from tests.adapters.published import PAYLOADS
from tests.adapters.samples import LINE, NOW, outgoing

ITEMS: dict[str, dict[str, Any]] = {
    item["file"]: item
    for item in json.loads((PAYLOADS / "index.json").read_text("utf-8"))["items"]
    if item["provider"] == "gupshup"
}
INBOUND = [file for file, item in ITEMS.items() if item["direction"] == "inbound"]
RESPONSES = [file for file, item in ITEMS.items() if item["direction"] == "response"]
CODES = json.loads((PAYLOADS / "errors" / "gupshup_error_codes.json").read_text("utf-8"))["codes"]


def arrival_of(file: str) -> Arrival:
    ((_, (arrival,)),) = parse_body((PAYLOADS / file).read_bytes(), line=LINE, received_at=NOW)
    return arrival


def test_there_are_as_many_as_the_index_says() -> None:
    assert (len(INBOUND), len(RESPONSES)) == (39, 8)


@pytest.mark.parametrize("file", INBOUND)
def test_every_message_has_its_sender_and_its_own_key(file: str) -> None:
    arrival = arrival_of(file)
    if isinstance(arrival.signal, MessageReceived):
        assert arrival.sender is not None
        assert arrival.sender.phone
        assert arrival.key == arrival.signal.external_id
        assert arrival.signal.sent_at < NOW
    else:
        assert (arrival.sender is None) == (arrival.signal.kind != "consent_changed")


TAPPED = {
    "gupshup/button-reply-1.json": (None, "First"),
    "gupshup/quick-reply-2.json": (None, "First"),
    "gupshup/list-reply-1.json": ("section 1 row 1 postback payload", "section 1 row 1"),
}


@pytest.mark.parametrize("file", TAPPED)
def test_a_tap_brings_its_postback_or_its_title_and_the_message_it_was_made_on(file: str) -> None:
    signal = arrival_of(file).signal
    assert isinstance(signal, MessageReceived)
    assert signal.content.kind in ("button_reply", "list_reply")
    assert (signal.content.id, signal.content.title) == TAPPED[file]
    body = json.loads((PAYLOADS / file).read_bytes())
    assert signal.context is not None
    assert signal.context.reply_to == body["payload"]["context"]["gsId"]


RULE = {
    # Which id the send's answer gave, and what is learnt beside it, as the table of the documents says.
    "gupshup/message-event-enqueued-1.json": ("id", "payload.whatsappMessageId"),
    "gupshup/message-event-sent-1.json": ("gsId", "id"),
    "gupshup/message-event-delivered-1.json": ("gsId", "id"),
    "gupshup/message-event-delivered-2.json": ("gsId", "id"),
    "gupshup/message-event-read-1.json": ("gsId", "id"),
    "gupshup/message-event-failed-1.json": ("id", "id"),
    "gupshup/message-event-failed-2.json": ("gsId", "id"),
    "gupshup/message-event-sent-2.json": ("id", "id"),
}


@pytest.mark.parametrize("file", RULE)
def test_an_event_is_told_by_the_id_that_the_documents_name(file: str) -> None:
    signal = arrival_of(file).signal
    assert isinstance(signal, DeliveryReported)
    event = json.loads((PAYLOADS / file).read_bytes())["payload"]
    first, second = RULE[file]
    other = event["payload"]["whatsappMessageId"] if "." in second else event[second]
    assert (signal.external_id, signal.alias) == (event[first], other)


ERRORS: dict[str, type[SendError]] = {
    "error-4xx-with-meta-code": AddressRejected,
    "error-auth": LineRejected,
    "error-bad-app": LineRejected,
    "error-bad-destination": AddressRejected,
    "error-throttled": RateLimited,
}


@pytest.mark.parametrize("file", RESPONSES)
async def test_every_answer_has_its_meaning(
    gupshup: Gupshup, provider: GupshupProvider, file: str
) -> None:
    item = ITEMS[file]
    status = int(next((word for word in item["notes"].split() if word.isdigit()), 200))
    provider.answers(status, (PAYLOADS / file).read_bytes())
    result = await gupshup.send(outgoing(Text(body="Hello")))
    expected = ERRORS.get(item["type"])
    if expected is None:
        assert isinstance(result, Accepted)
        assert result.external_id
    else:
        assert isinstance(result, Refused)
        assert type(result.error) is expected


RETRIED = {"retry", "retry-slow", "retry-limited", "account"}


@pytest.mark.parametrize("entry", CODES, ids=lambda entry: str(entry["code"]))
def test_every_published_error_code_is_known(entry: dict[str, Any]) -> None:
    known = code_of(entry["code"])
    assert known is not None
    error = error_of(known.action, known.meaning, code=str(entry["code"]), retry_after=None)
    assert error.retryable == (entry["action"] in RETRIED)
    assert known.action == {"retry-slow": "slow", "retry-limited": "retry"}.get(
        entry["action"], entry["action"]
    )
