"""Adapter and sandbox, written apart from the same page, agree: what one says the other understands."""

import asyncio
from collections.abc import AsyncIterator, Mapping

import aiohttp
import pytest

from adapters.sandbox.courier import Heard
from adapters.sandbox.sobot import Fault, SobotSandbox, SobotSettings, served
from adapters.sobot.adapter import Sobot
from engine.core.content import (
    ButtonReply,
    Contacts,
    ContactUpdate,
    ListReply,
    Location,
    Media,
    Outbound,
    Reaction,
    Text,
)
from engine.core.errors import (
    AnswerLost,
    InboundError,
    LineRejected,
    ProviderUnreachable,
    RateLimited,
    WindowClosed,
)
from engine.core.signals import DeliveryReported, MessageReceived
from engine.ports import Accepted, Parcel, Refused
from engine.ports.services import HeaderDraft, Profile, TemplateDraft
from tests.adapters.samples import ANA, EVERY_OUTBOUND, LINE, NOW, Links, outgoing
from tests.adapters.sobot.conftest import make_settings

HELLO = Text(body="Hello")


class Business:
    """Our side: what the sandbox posts is read, as the web does."""

    def __init__(self) -> None:
        self.sobot: Sobot | None = None
        self.parcels: list[Parcel] = []
        self._news = asyncio.Event()

    async def post(self, body: bytes, headers: Mapping[str, str]) -> Heard:
        assert self.sobot is not None
        try:
            self.parcels += self.sobot.parse(body, received_at=NOW)
        except InboundError as error:
            return Heard(error.status)
        self._news.set()
        return Heard(200)

    async def hears(self, statuses: int) -> None:
        """Wait until so many statuses have come."""
        async with asyncio.timeout(10):
            while len(self.statuses) < statuses:
                self._news.clear()
                await self._news.wait()

    @property
    def messages(self) -> list[MessageReceived]:
        arrivals = [arrival for parcel in self.parcels for arrival in parcel.arrivals]
        return [a.signal for a in arrivals if isinstance(a.signal, MessageReceived)]

    @property
    def statuses(self) -> list[DeliveryReported]:
        arrivals = [arrival for parcel in self.parcels for arrival in parcel.arrivals]
        return [a.signal for a in arrivals if isinstance(a.signal, DeliveryReported)]


@pytest.fixture
def business() -> Business:
    return Business()


@pytest.fixture
def sandbox(business: Business) -> SobotSandbox:
    return SobotSandbox(SobotSettings(), post=business.post)


@pytest.fixture
async def sobot(
    sandbox: SobotSandbox, business: Business, session: aiohttp.ClientSession
) -> AsyncIterator[Sobot]:
    async with served(sandbox) as address:
        line = make_settings(**sandbox.line(address))
        business.sobot = Sobot(LINE, line, session=session, media_links=Links())
        yield business.sobot


def by_link(content: Outbound) -> Outbound:
    if not isinstance(content, Media):
        return content
    return content.model_copy(update={"external_id": None, "url": "https://files.example/1"})


@pytest.mark.parametrize("kind", EVERY_OUTBOUND)
async def test_every_kind_is_taken(sobot: Sobot, sandbox: SobotSandbox, kind: str) -> None:
    await sandbox.contact(ANA.phone or "").says("hi")
    result = await sobot.send(outgoing(by_link(EVERY_OUTBOUND[kind])))
    assert isinstance(result, Accepted), result


async def test_statuses_name_what_was_sent(
    sobot: Sobot, sandbox: SobotSandbox, business: Business
) -> None:
    await sandbox.contact(ANA.phone or "").says("hi")
    result = await sobot.send(outgoing(HELLO))
    assert isinstance(result, Accepted)
    await business.hears(statuses=3)
    assert [report.status for report in business.statuses] == ["sent", "delivered", "read"]
    assert {report.external_id for report in business.statuses} == {result.external_id}


async def test_what_a_contact_does_is_read(
    sobot: Sobot, sandbox: SobotSandbox, business: Business
) -> None:
    ana = sandbox.contact(ANA.phone or "", name="Ana Prueba")
    await ana.says("hi")
    asked = await sobot.send(outgoing(EVERY_OUTBOUND["buttons"]))
    await sobot.send(outgoing(EVERY_OUTBOUND["list"]))
    await ana.taps("Small")
    await ana.chooses("Diavola")
    await ana.sends_location(19.4326, -99.1332, name="Zócalo")
    await ana.sends_contact("Luis Gil", "+525550000003")
    await ana.reacts("👍")
    said = [message.content for message in business.messages]
    assert said[:4] == [
        Text(body="hi"),
        ButtonReply(id="Small", title="Small"),
        ListReply(id="a", title="Diavola", description="Hot"),
        Location(latitude=19.4326, longitude=-99.1332, name="Zócalo"),
    ]
    assert [type(content) for content in said[4:]] == [Contacts, Reaction]
    context = business.messages[1].context
    assert isinstance(asked, Accepted)
    assert context is not None
    assert context.reply_to == asked.external_id


async def test_a_contacts_film_is_fetched(
    sobot: Sobot, sandbox: SobotSandbox, business: Business
) -> None:
    await sandbox.contact(ANA.phone or "").sends_media("video", b"film", mime_type="video/mp4")
    (message,) = business.messages
    assert isinstance(message.content, Media)
    assert message.content.kind == "video"
    assert await sobot.fetch(message.content) == (b"film", "video/mp4")


async def test_a_closed_window_is_told_as_such(sobot: Sobot) -> None:
    result = await sobot.send(outgoing(HELLO))
    assert isinstance(result, Refused)
    assert type(result.error) is WindowClosed
    assert isinstance(await sobot.send(outgoing(EVERY_OUTBOUND["template"])), Accepted)


async def test_keys_that_were_made_anew_stop_the_line(sobot: Sobot, sandbox: SobotSandbox) -> None:
    sandbox.new_keys()
    result = await sobot.send(outgoing(HELLO))
    assert isinstance(result, Refused)
    assert type(result.error) is LineRejected


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        pytest.param(Fault(kind="error", code=429), RateLimited, id="rate"),
        pytest.param(Fault(kind="error", code=500), ProviderUnreachable, id="down"),
        pytest.param(Fault(kind="html"), ProviderUnreachable, id="HTML 502"),
        pytest.param(Fault(kind="half"), AnswerLost, id="half an answer"),
        pytest.param(Fault(kind="close"), AnswerLost, id="closed"),
    ],
)
async def test_trouble_at_the_provider_is_told_as_what_it_is(
    sobot: Sobot, sandbox: SobotSandbox, fault: Fault, kind: type[Exception]
) -> None:
    await sandbox.contact(ANA.phone or "").says("hi")
    sandbox.faults.arm(fault, sandbox.monotonic())
    result = await sobot.send(outgoing(HELLO))
    assert isinstance(result, Refused)
    assert type(result.error) is kind


async def test_customers_are_saved_and_found(sobot: Sobot, sandbox: SobotSandbox) -> None:
    contacts = sobot.services.contacts
    assert contacts is not None
    ana = sandbox.contact(ANA.phone or "", name="Ana Prueba")
    await ana.says("hi")
    update = ContactUpdate(traits={"home town": "Puebla"}, tags=("regular",))
    assert isinstance(await sobot.send(outgoing(update)), Accepted)
    await contacts.save(Profile(phone="525550000077", name="Luis Gil", gender="male"))
    assert await contacts.find(phone="525550000077") == Profile(
        phone="525550000077", name="Luis Gil"
    )
    listed = await contacts.list()
    assert [profile.phone for profile in listed.profiles] == [ANA.phone, "525550000077"]


async def test_a_template_is_handed_in_and_listed(sobot: Sobot) -> None:
    templates = sobot.services.templates
    assert templates is not None
    await templates.create(
        TemplateDraft(
            name="order ready",
            language="en",
            category="utility",
            body="Order {{1}} is ready.",
            examples=("17",),
            header=HeaderDraft(format="image", url="https://files.example/1.jpg"),
        )
    )
    (found,) = await templates.list(status="pending")
    assert (found.name, found.language, found.status) == ("order_ready", "en", "pending")
    assert await templates.list(status="approved") == []


async def test_the_probe_reads_what_the_keys_open(sobot: Sobot) -> None:
    assert sobot.services.probe is not None
    assert "0 customers" in await sobot.services.probe.check_key()
    assert "0 approved" in await sobot.services.probe.check_sender()
