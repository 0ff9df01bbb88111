"""The terminal keeps to the contract, and shows what it is given."""

import pytest

from adapters.console.adapter import Console
from adapters.console.payloads import CONTACT, line_payload
from engine.core.content import Button, Buttons, Media, Reaction, Text
from engine.core.errors import LineUnknown, PayloadInvalid, ProviderUnreachable
from engine.core.ids import ExternalId, MessageId
from engine.core.signals import Sender
from engine.ports import Accepted, Adapter, Refused, WebhookRequest
from tests.adapters.contract import AdapterContract
from tests.adapters.samples import LINE, NOW, OURS, outgoing


class TestConsole(AdapterContract):
    @pytest.fixture
    def adapter(self) -> Adapter:
        return Console(LINE, write=list[str]().append)

    @staticmethod
    def text_body(text: str, *, id: str) -> bytes:
        return line_payload(text, id=id)


@pytest.fixture
def shown() -> list[str]:
    return []


@pytest.fixture
def console(shown: list[str]) -> Console:
    return Console(LINE, write=shown.append)


async def test_a_question_is_shown_with_numbered_options(
    console: Console, shown: list[str]
) -> None:
    question = Buttons(
        body="Which *size*?", buttons=(Button(id="s", title="Small"), Button(id="l", title="Large"))
    )
    result = await console.send(outgoing(question, id=MessageId(7)))
    assert shown == ["Which size?\n1. Small\n2. Large"]
    assert result == Accepted(ExternalId("console:7"))


async def test_what_a_terminal_cannot_show_writes_nothing(
    console: Console, shown: list[str]
) -> None:
    assert await console.send(outgoing(Reaction(to=OURS, emoji=None))) == Accepted(None)
    assert shown == []


async def test_a_file_is_shown_by_its_caption_and_url(console: Console, shown: list[str]) -> None:
    media = Media(kind="image", url="https://files.example/1.jpg", caption="Ours")
    await console.send(outgoing(media))
    await console.send(outgoing(Media(kind="document", stored="abc", filename="Menu.pdf")))
    assert shown == ["Ours\nhttps://files.example/1.jpg", "[document: Menu.pdf]"]


async def test_a_terminal_that_is_gone_is_tried_again() -> None:
    def write(text: str) -> None:
        raise BrokenPipeError

    result = await Console(LINE, write=write).send(outgoing(Text(body="Hi")))
    assert isinstance(result, Refused)
    assert isinstance(result.error, ProviderUnreachable)


async def test_messages_go_to_the_terminal_by_default(capsys: pytest.CaptureFixture[str]) -> None:
    await Console(LINE).send(outgoing(Text(body="Hi")))
    assert capsys.readouterr().out == "Hi\n"


def test_whoever_types_is_one_contact(console: Console) -> None:
    (parcel,) = console.parse(line_payload("Hi", id="1"), received_at=NOW)
    assert parcel.arrivals[0].sender == Sender(user_id=CONTACT)


def test_a_line_without_an_id_is_refused(console: Console) -> None:
    with pytest.raises(PayloadInvalid):
        console.parse(b'{"text": "Hi"}', received_at=NOW)


def test_nothing_comes_in_over_http(console: Console) -> None:
    with pytest.raises(LineUnknown):
        console.verify(WebhookRequest(body=b"{}", headers={}))
    with pytest.raises(LineUnknown):
        console.challenge({})
