"""The two webhooks that Karbot prints; all others are Gupshup's, and read by what reads these."""

from pathlib import Path

from adapters.karbot.parse import parse_body
from engine.core.content import Context, TemplateButton, Text
from engine.core.ids import ExternalId
from engine.core.signals import MessageReceived, Sender
from tests.adapters.samples import LINE, NOW

PAYLOADS = Path(__file__).parent / "payloads"


def read(case: str) -> tuple[MessageReceived, Sender | None]:
    body = (PAYLOADS / f"{case}.json").read_bytes()
    ((_, (arrival,)),) = parse_body(body, line=LINE, received_at=NOW)
    assert isinstance(arrival.signal, MessageReceived)
    return arrival.signal, arrival.sender


def test_a_text_comes_from_its_contact_with_mexicos_1() -> None:
    signal, sender = read("text")
    assert signal.content == Text(body="Two, please")
    assert sender == Sender(phone="5215550000001", name="Ana Prueba")


def test_a_tap_on_a_templates_button_names_the_message_it_stood_on() -> None:
    signal, _ = read("template_button")
    assert signal.content == TemplateButton(payload=None, title="Yes, confirm")
    assert signal.context == Context(reply_to=ExternalId("gs-ours"))
