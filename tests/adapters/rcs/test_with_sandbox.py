"""Adapter and sandbox, written apart from the same documents, agree: what one says the other understands."""

import pytest

from engine.core.content import (
    Button,
    ButtonReply,
    Card,
    Carousel,
    Location,
    Media,
    OpenUrl,
    Text,
)
from engine.core.signals import LineReported
from engine.ports import Accepted
from tests.adapters.interakt.talk import talk
from tests.adapters.samples import ANA, EVERY_OUTBOUND, outgoing

HELLO = Text(body="Hello")
PHONE = ANA.phone or ""


@pytest.mark.parametrize("kind", EVERY_OUTBOUND)
async def test_every_kind_is_taken(kind: str) -> None:
    async with talk("rcs") as both:
        content = EVERY_OUTBOUND[kind]
        if isinstance(content, Media):
            content = content.model_copy(
                update={"external_id": None, "url": "https://files.example/1"}
            )
        result = await both.line.send(outgoing(content))
        assert isinstance(result, Accepted), result


@pytest.mark.parametrize("postbacks", ["plain", "base64"])
async def test_a_tap_brings_the_options_own_id_back(postbacks: str) -> None:
    async with talk("rcs", postbacks=postbacks) as both:
        await both.line.send(outgoing(EVERY_OUTBOUND["buttons"]))
        await both.sandbox.contact(PHONE).taps("Small")
        assert [m.content for m in both.messages] == [ButtonReply(id="p1:1:order.size:s", title="")]


async def test_a_tap_on_a_link_is_no_message() -> None:
    async with talk("rcs") as both:
        card = Card(
            title="Diavola",
            actions=(
                OpenUrl(id="see", title="See", url="https://shop.example/"),
                Button(id="p1:1:order.pizza:d", title="Take it"),
            ),
        )
        await both.line.send(outgoing(Carousel(cards=(card,))))
        ana = both.sandbox.contact(PHONE)
        await ana.taps("See")
        await ana.taps("Take it")
        assert [m.content for m in both.messages] == [
            ButtonReply(id="p1:1:order.pizza:d", title="")
        ]
        reports = [a.signal for a in both.arrivals if isinstance(a.signal, LineReported)]
        assert [report.field for report in reports] == ["rcs_tap"]


async def test_what_a_contact_sends_is_read() -> None:
    async with talk("rcs") as both:
        ana = both.sandbox.contact(PHONE)
        await ana.says("hi")
        await ana.sends_location(19.4326, -99.1332)
        await ana.sends_image(b"\xff\xd8 hers", caption="My door")
        told = [message.content for message in both.messages]
        assert told[:2] == [Text(body="hi"), Location(latitude=19.4326, longitude=-99.1332)]
        file = told[2]
        assert isinstance(file, Media)
        assert (file.kind, file.caption) == ("image", "My door")
        assert (await both.line.fetch(file)).data == b"\xff\xd8 hers"
        assert [a.sender and a.sender.phone for a in both.arrivals] == [PHONE] * 3


async def test_delivered_and_read_name_the_message_that_was_sent() -> None:
    async with talk("rcs") as both:
        result = await both.line.send(outgoing(HELLO))
        assert isinstance(result, Accepted)
        await both.hears(statuses=2)
        told = [(report.status, report.external_id) for report in both.statuses]
        assert told == [("delivered", result.external_id), ("read", result.external_id)]


async def test_what_did_not_arrive_in_time_has_failed() -> None:
    async with talk("rcs") as both:
        both.sandbox.contact(PHONE).refuses = 1013
        assert isinstance(await both.line.send(outgoing(HELLO)), Accepted)
        await both.hears(statuses=1)
        (report,) = both.statuses
        assert (report.status, report.errors[0].code) == ("failed", "TTL_EXPIRATION_REVOKED")
