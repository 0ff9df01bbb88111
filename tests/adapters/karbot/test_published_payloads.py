"""Karbot's own published webhooks, read as we do. Collected where they are present."""

import json

from adapters.karbot.parse import parse_body
from engine.core.content import TemplateButton, Text
from engine.core.signals import MessageReceived
from tests.adapters.published import PAYLOADS
from tests.adapters.samples import LINE, NOW


def read(name: str) -> tuple[MessageReceived, dict[str, object]]:
    body = (PAYLOADS / "karbot" / f"{name}.json").read_bytes()
    ((_, (arrival,)),) = parse_body(body, line=LINE, received_at=NOW)
    assert isinstance(arrival.signal, MessageReceived)
    assert arrival.sender is not None
    payload = json.loads(body)["payload"]
    assert arrival.sender.phone == payload["source"]
    return arrival.signal, payload


def test_the_published_text_is_a_text() -> None:
    signal, payload = read("text-1")
    assert signal.content == Text(body=payload["payload"]["text"])  # type: ignore[index]  # as published


def test_the_published_tap_names_its_message_by_gupshups_id() -> None:
    signal, payload = read("quick-reply-1")
    assert isinstance(signal.content, TemplateButton)
    assert signal.context is not None
    assert signal.context.reply_to == payload["context"]["gsId"]  # type: ignore[index]  # as published


def test_the_vendors_page_prints_these_two_and_no_call() -> None:
    page = json.loads((PAYLOADS.parent / "karbot-api.json").read_text("utf-8"))
    assert "item" not in page["collection"]
    assert page["collection"]["info"]["description"].count("``` json") == 2
