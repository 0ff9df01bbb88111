"""The fake keeps to the contract, and does what a test tells it."""

import asyncio

import pytest

from adapters.fake import FakeAdapter, message_payload, status_payload
from engine.core.content import ButtonReply, Media, Text
from engine.core.errors import AnswerLost, SignatureInvalid
from engine.core.ids import MessageId
from engine.core.signals import DeliveryReported, LineReported, MessageReceived
from engine.ports import Accepted, Adapter, FetchedMedia, Refused, WebhookRequest
from tests.adapters.contract import AdapterContract
from tests.adapters.samples import LINE, NOW, outgoing


class TestFake(AdapterContract):
    @pytest.fixture
    def adapter(self) -> Adapter:
        return FakeAdapter(LINE)

    @staticmethod
    def text_body(text: str, *, id: str) -> bytes:
        return message_payload(Text(body=text), id=id)


async def test_it_remembers_what_was_tried_and_what_was_accepted() -> None:
    fake = FakeAdapter(LINE)
    lost = AnswerLost()
    fake.refuse(None, lost)
    first, second, third = (outgoing(Text(body=word)) for word in ("one", "two", "three"))
    assert isinstance(await fake.send(first), Accepted)
    assert await fake.send(second) == Refused(lost)
    assert isinstance(await fake.send(third), Accepted)
    assert fake.tried == [first, second, third]
    assert fake.sent == [first, third]


async def test_a_held_send_waits_until_it_is_released() -> None:
    fake = FakeAdapter(LINE)
    fake.hold()
    send = asyncio.ensure_future(fake.send(outgoing(Text(body="Hi"))))
    while not fake.tried:
        await asyncio.sleep(0)
    assert not send.done()
    fake.release()
    assert isinstance(await send, Accepted)


def test_any_inbound_content_may_be_written() -> None:
    fake = FakeAdapter(LINE, account="42")
    tap = ButtonReply(id="p1:1:order.size:l", title="Large")
    (parcel,) = fake.parse(message_payload(tap, id="in-1", account="42"), received_at=NOW)
    assert parcel.account == "42"
    signal = parcel.arrivals[0].signal
    assert isinstance(signal, MessageReceived)
    assert signal.content == tap


def test_a_status_names_our_message() -> None:
    body = status_payload("fake:1:1", "delivered", message=MessageId(1))
    (parcel,) = FakeAdapter(LINE).parse(body, received_at=NOW)
    (arrival,) = parcel.arrivals
    assert isinstance(arrival.signal, DeliveryReported)
    assert (arrival.key, arrival.signal.message) == ("fake:1:1:delivered", 1)


def test_what_it_does_not_know_is_kept_for_the_line() -> None:
    body = b'{"messages": [7, {"id": "x"}], "statuses": [{"id": "x", "status": "eaten"}]}'
    (parcel,) = FakeAdapter(LINE).parse(body, received_at=NOW)
    assert all(isinstance(arrival.signal, LineReported) for arrival in parcel.arrivals)
    assert len({arrival.key for arrival in parcel.arrivals}) == 3


def test_its_secret_is_checked() -> None:
    fake = FakeAdapter(LINE, secret="word")
    fake.verify(WebhookRequest(body=b"", headers={"x-fake-secret": "word"}))
    with pytest.raises(SignatureInvalid):
        fake.verify(WebhookRequest(body=b"", headers={}))


async def test_it_answers_a_check_and_finds_files() -> None:
    fake = FakeAdapter(LINE)
    assert fake.challenge({"challenge": "12"}) == "12"
    fake.files["700001"] = FetchedMedia(b"data", "image/png")
    assert (await fake.fetch(Media(kind="image", external_id="700001"))).data == b"data"
