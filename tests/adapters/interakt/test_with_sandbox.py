"""Adapter and sandbox, written apart from the same documents, agree: what one says the other understands."""

import pytest

from adapters.sandbox.faults import Fault
from adapters.sandbox.interakt.book import KnownTemplate
from adapters.sandbox.interakt.wire import Draft
from adapters.sandbox.settings import ApprovedTemplate
from engine.core.content import (
    Button,
    ButtonReply,
    Buttons,
    Contacts,
    FormReply,
    Inbound,
    ListReply,
    Location,
    Media,
    Order,
    Reaction,
    Template,
    TemplateButton,
    Text,
)
from engine.core.errors import (
    AnswerLost,
    ContentRejected,
    LineRejected,
    ProviderUnreachable,
    RateLimited,
    SendError,
    WindowClosed,
)
from engine.core.ids import MessageId
from engine.ports import Accepted, Refused
from tests.adapters.interakt.talk import talk
from tests.adapters.samples import ANA, EVERY_OUTBOUND, outgoing
from tests.adapters.sandbox.interakt.test_account import DRAFT

HELLO = Text(body="Hello")
PHONE = ANA.phone or ""


@pytest.mark.parametrize("kind", EVERY_OUTBOUND)
async def test_every_kind_is_taken(kind: str) -> None:
    async with talk("whatsapp") as both:
        await both.sandbox.contact(PHONE).says("hi")
        content = EVERY_OUTBOUND[kind]
        if isinstance(content, Media):
            content = content.model_copy(
                update={"external_id": None, "url": "https://files.example/1"}
            )
        result = await both.line.send(outgoing(content))
        assert isinstance(result, Accepted), result


async def test_statuses_name_our_message() -> None:
    async with talk("whatsapp", window=False) as both:
        result = await both.line.send(outgoing(HELLO, id=MessageId(8012345678901234567)))
        assert isinstance(result, Accepted)
        await both.hears(statuses=3)
        assert [report.status for report in both.statuses] == ["sent", "delivered", "read"]
        for report in both.statuses:
            assert report.message == 8012345678901234567
            assert report.external_id == result.external_id


@pytest.mark.parametrize("taps", ["json", "object", "title"])
async def test_taps_are_read_in_each_form(taps: str) -> None:
    async with talk("whatsapp", taps=taps, window=False) as both:
        ana = both.sandbox.contact(PHONE)
        await both.line.send(outgoing(EVERY_OUTBOUND["buttons"]))
        await both.line.send(outgoing(EVERY_OUTBOUND["list"]))
        await ana.taps("Small")
        await ana.chooses("Diavola")
        told: list[Inbound] = [message.content for message in both.messages]
        if taps == "title":
            # The older form does not tell a button from a row.
            assert told == [
                ButtonReply(id=None, title="Small"),
                ButtonReply(id=None, title="Diavola"),
            ]
            return
        assert told == [
            ButtonReply(id="p1:1:order.size:s", title="Small"),
            ListReply(id="a", title="Diavola", description="Hot"),
        ]
        context = both.messages[0].context
        assert context is not None
        assert context.reply_to == ana.bubbles[0].id


@pytest.mark.parametrize("title", ["2", "true", "null", '"Large"', "Größe 😀"])
async def test_a_title_alone_is_never_read_as_something_else(title: str) -> None:
    async with talk("whatsapp", taps="title", window=False) as both:
        question = Buttons(body="How many?", buttons=(Button(id="a", title=title),))
        await both.line.send(outgoing(question))
        await both.sandbox.contact(PHONE).taps(title)
        assert [m.content for m in both.messages] == [ButtonReply(id=None, title=title)]


async def test_what_a_contact_does_is_read() -> None:
    async with talk("whatsapp", window=False) as both:
        ana = both.sandbox.contact(PHONE, name="Ana Prueba")
        await both.line.send(outgoing(HELLO))
        await ana.says("hi")
        await ana.sends_location(19.4326, -99.1332, name="Zócalo")
        await ana.sends_contact("Luis Gil", "+525550000003")
        await ana.reacts("👍")
        await ana.orders(("diavola", 2, 9.5))
        await ana.fills_form('{"table": 4}')
        said = [message.content for message in both.messages]
        assert said[:2] == [
            Text(body="hi"),
            Location(latitude=19.4326, longitude=-99.1332, name="Zócalo"),
        ]
        assert [type(content) for content in said[2:]] == [Contacts, Reaction, Order, FormReply]
        sender = next(arrival.sender for arrival in both.arrivals if arrival.sender)
        assert (sender.phone, sender.name) == (PHONE, "Ana Prueba")


async def test_a_quick_reply_of_a_template_counts_once() -> None:
    async with talk("whatsapp") as both:
        known = KnownTemplate(
            id="t-1",
            draft=Draft.model_validate(DRAFT),
            created_at="2026-09-01T12:00:00",
            organization_id="o-1",
            wa_id="1",
        )
        both.sandbox.templates[known.name, known.language] = known
        template = Template(name="order_ready", language="en", body=("17",))
        assert isinstance(await both.line.send(outgoing(template)), Accepted)
        await both.sandbox.contact(PHONE).taps("Thanks")
        await both.sandbox.courier.settled()
        assert [m.content for m in both.messages] == [TemplateButton(payload=None, title="Thanks")]


async def test_files_go_both_ways() -> None:
    async with talk("whatsapp") as both:
        ana = both.sandbox.contact(PHONE)
        await ana.sends_image(b"\xff\xd8 hers", caption="My door")
        (message,) = both.messages
        assert isinstance(message.content, Media)
        fetched = await both.line.fetch(message.content)
        assert (fetched.data, fetched.mime_type) == (b"\xff\xd8 hers", "image/jpeg")
        ours = Media(kind="image", stored="picture", caption="Ours")
        assert isinstance(await both.line.send(outgoing(ours)), Accepted)


async def test_someone_whose_number_is_hidden_is_answered() -> None:
    async with talk("whatsapp", hides_numbers=True) as both:
        someone = both.sandbox.contact(PHONE)
        await someone.says("hi")
        sender = both.arrivals[0].sender
        assert sender is not None
        assert sender.phone is None
        contact = ANA.model_copy(update={"phone": None, "user_id": sender.user_id})
        assert isinstance(await both.line.send(outgoing(HELLO, contact=contact)), Accepted)
        assert someone.shown == ["Hello"]


@pytest.mark.parametrize("status", [400, 201])
async def test_a_closed_window_is_told_as_such(status: int) -> None:
    async with talk("whatsapp", refusal_status=status) as both:
        result = await both.line.send(outgoing(HELLO))
        assert isinstance(result, Refused)
        assert type(result.error) is WindowClosed
        assert isinstance(await both.line.send(outgoing(EVERY_OUTBOUND["template"])), Accepted)


async def test_a_template_of_another_category_is_not_sent() -> None:
    approved = ApprovedTemplate(name="order_ready", body="{{1}} {{2}}", category="marketing")
    async with talk("whatsapp", templates=[approved]) as both:
        template = EVERY_OUTBOUND["template"].model_copy(update={"category": "utility"})
        result = await both.line.send(outgoing(template))
        assert isinstance(result, Refused)
        assert type(result.error) is ContentRejected


async def test_what_could_not_be_delivered_has_failed() -> None:
    async with talk("whatsapp", window=False) as both:
        both.sandbox.contact(PHONE).refuses = 1013
        assert isinstance(await both.line.send(outgoing(HELLO)), Accepted)
        await both.hears(statuses=1)
        (report,) = both.statuses
        assert (report.status, report.errors[0].code) == ("failed", "1013")


@pytest.mark.parametrize("channel", ["whatsapp", "rcs"])
@pytest.mark.parametrize(
    ("fault", "kind", "reaches"),
    [
        pytest.param(Fault(kind="error", code="rate"), RateLimited, False, id="rate"),
        pytest.param(Fault(kind="error", code="key"), LineRejected, False, id="key"),
        pytest.param(Fault(kind="error", code=None), ProviderUnreachable, False, id="down"),
        pytest.param(Fault(kind="html"), ProviderUnreachable, False, id="HTML 502"),
        pytest.param(Fault(kind="half"), AnswerLost, True, id="half an answer"),
        pytest.param(Fault(kind="close"), AnswerLost, True, id="closed"),
    ],
)
async def test_trouble_at_the_provider_is_told_as_what_it_is(
    fault: Fault, kind: type[SendError], reaches: bool, channel: str
) -> None:
    async with talk(channel, window=False) as both:
        both.sandbox.faults.arm(fault, both.sandbox.monotonic())
        result = await both.line.send(outgoing(HELLO))
        assert isinstance(result, Refused)
        assert type(result.error) is kind
        assert len(both.sandbox.messages) == int(reaches)


async def test_haste_is_told_with_its_wait() -> None:
    async with talk("whatsapp", window=False, messages_per_second=1) as both:
        results = [await both.line.send(outgoing(HELLO)) for _ in range(2)]
        assert isinstance(results[1], Refused)
        wait = results[1].error.retry_after
        assert wait is not None
        assert wait.total_seconds() == 20


@pytest.mark.parametrize("channel", ["whatsapp", "rcs"])
async def test_a_provider_that_answers_too_late_leaves_open_what_became_of_the_message(
    channel: str,
) -> None:
    async with talk(channel, answer_s=1.0, window=False) as both:
        both.sandbox.faults.arm(Fault(kind="timeout"), both.sandbox.monotonic())
        result = await both.line.send(outgoing(HELLO))
        assert isinstance(result, Refused)
        assert type(result.error) is AnswerLost
        assert both.sandbox.contact(PHONE).shown == ["Hello"]
