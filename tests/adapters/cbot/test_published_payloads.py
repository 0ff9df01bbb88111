"""Second opinions: what others published of the On-Premises wire, read as we do. Collected where it is present."""

import json
from typing import Any, TypeAlias

import pytest

from adapters.cbot.parse import parse_body
from adapters.whatsapp.errors import ONPREMISE, error_of, find_any_code
from engine.core.content import (
    ButtonReply,
    Location,
    Media,
    TemplateButton,
    Text,
)
from engine.core.signals import Arrival, DeliveryReported, MessageReceived
from tests.adapters.published import PAYLOADS
from tests.adapters.samples import LINE, NOW

Doc: TypeAlias = dict[str, Any]

ITEMS: dict[str, Doc] = {
    item["file"]: item
    for item in json.loads((PAYLOADS / "index.json").read_text(encoding="utf-8"))["items"]
    if item["direction"] == "inbound" and item["provider"] in ("onprem", "cbot")
}

KINDS = {
    "button": "template_button",
    "interactive-button_reply": "button_reply",
    "ephemeral": "unsupported",
}
"""The content's kind by the index's type, where the two words differ."""

READ_OTHERWISE = {
    "onprem/ephemeral-1.json": "their test drops what cannot be read; ours tells the flow that something came",
    "onprem/unsupported-2.json": "their test drops what cannot be read; ours tells the flow that something came",
    "onprem/contacts-2.json": "their test makes a message a card; ours is one message with two cards",
}
"""Bodies of which we make another number of messages than others do, and why."""


def arrivals_of(file: str) -> list[Arrival]:
    parcels = parse_body((PAYLOADS / file).read_bytes(), line=LINE, received_at=NOW)
    return [arrival for parcel in parcels for arrival in parcel.arrivals]


def test_there_are_some() -> None:
    assert len(ITEMS) >= 17


@pytest.mark.parametrize("file", ITEMS)
def test_every_published_webhook_is_what_its_index_says(file: str) -> None:
    type_ = ITEMS[file]["type"]
    (arrival,) = arrivals_of(file)
    match arrival.signal:
        case MessageReceived(content=content):
            assert content.kind == KINDS.get(type_, type_)
        case DeliveryReported(status=status):
            assert f"status-{status}" == type_
        case signal:
            pytest.fail(f"{signal.kind} of a {type_}")


EXPECTING = [file for file in ITEMS if "expected" in ITEMS[file] and file not in READ_OTHERWISE]


@pytest.mark.parametrize("file", EXPECTING)
def test_what_others_expect_of_a_webhook_is_met(file: str) -> None:
    (arrival,) = arrivals_of(file)
    for what, value in ITEMS[file]["expected"].items():
        assert told(what, arrival) == value


def told(what: str, arrival: Arrival) -> object:
    signal = arrival.signal
    match what, signal:
        case "raises", _:
            return False
        case "contact_name", _:
            return arrival.sender and arrival.sender.name
        case "status", DeliveryReported(status=status):
            return status
        case "error", DeliveryReported(errors=errors):
            return f"{errors[0].code}: {errors[0].title}"
        case _, MessageReceived(content=content):
            return said(what, content)
        case _:
            return None


def said(what: str, content: object) -> object:
    match what, content:
        case "text", Text(body=words) | Media(caption=words):
            return words
        case "text", ButtonReply(title=words) | TemplateButton(title=words):
            return words
        case "attachments", Media():
            return 1
        case "location", Location():
            return [content.latitude, content.longitude]
        case "title", Location():
            return f"{content.name}, {content.address}"
        case _:
            return None


# --- error codes -------------------------------------------------------------------------------------

CODES = json.loads((PAYLOADS / "errors" / "onprem_error_codes.json").read_text(encoding="utf-8"))

RETRIED = {"retry", "retry-slow", "retry-limited", "check-then-retry", "account", "auth"}

DECIDED_OTHERWISE = {1006: "the contact check comes first, and by then the contact stays unknown"}


def test_the_table_knows_these_codes_and_no_other() -> None:
    assert {entry["code"] for entry in CODES["codes"]} == ONPREMISE.keys()


@pytest.mark.parametrize("entry", CODES["codes"], ids=lambda entry: str(entry["code"]))
def test_every_published_error_code_is_tried_again_or_not_as_published(entry: Doc) -> None:
    known = find_any_code(entry["code"])
    assert known is not None
    error = error_of(known.action, known.meaning, code=str(entry["code"]), retry_after=None)
    if entry["code"] not in DECIDED_OTHERWISE:
        assert error.retryable == (entry["action"] in RETRIED)
