"""Adapters and sandboxes of Gupshup and Karbot, written apart from the same documents, agree."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from adapters.gupshup.adapter import Gupshup
from adapters.gupshup.settings import GupshupLine
from adapters.karbot.adapter import Karbot
from adapters.karbot.settings import KarbotLine
from adapters.sandbox.gupshup import Fault, GupshupSandbox, GupshupSettings, served
from adapters.sandbox.karbot import KarbotSandbox, KarbotSettings
from engine.core.content import (
    ButtonReply,
    ButtonValue,
    Contacts,
    ListReply,
    Location,
    Media,
    Outbound,
    Reaction,
    Template,
    TemplateButton,
    Text,
)
from engine.core.errors import (
    AnswerLost,
    ProviderUnreachable,
    RateLimited,
)
from engine.ports import Accepted, Refused
from tests.adapters.business import Business
from tests.adapters.samples import ANA, EVERY_OUTBOUND, LINE, Links, outgoing

HELLO = Text(body="Hello")
SURE = Template(
    name="sure", language="es", id="t-1", buttons=(ButtonValue(index=0, value="yes", use="quick_reply"),)
)  # fmt: skip

Adapter = Gupshup | Karbot


@pytest.fixture
def business() -> Business:
    return Business()


@pytest.fixture
def forms() -> dict[str, object]:
    """The forms that the sandbox's webhooks take; a test's mark changes them."""
    return {}


@pytest.fixture(params=["gupshup", "karbot"])
def sandbox(
    request: pytest.FixtureRequest, business: Business, forms: dict[str, object]
) -> GupshupSandbox:
    if request.param == "karbot":
        return KarbotSandbox(KarbotSettings.model_validate(forms), post=business.post)
    return GupshupSandbox(GupshupSettings.model_validate(forms), post=business.post)


@pytest.fixture
async def adapter(
    sandbox: GupshupSandbox, business: Business, session: aiohttp.ClientSession
) -> AsyncIterator[Adapter]:
    async with served(sandbox) as address:
        table = sandbox.line(address)
        if isinstance(sandbox, KarbotSandbox):
            line = KarbotLine.model_validate(table)
            made: Adapter = Karbot(LINE, line, session=session, media_links=Links())
        else:
            made = Gupshup(
                LINE, GupshupLine.model_validate(table), session=session, media_links=Links()
            )
        business.adapter = made
        yield made


def as_taken(content: Outbound) -> Outbound:
    """Return a sample as this provider can have it: files by link, templates by id."""
    match content:
        case Media():
            link = {"external_id": None, "url": "https://files.example/1"}
            return content.model_copy(update=link)
        case Template():
            return content.model_copy(update={"id": "t-1"})
        case _:
            return content


@pytest.mark.parametrize("kind", EVERY_OUTBOUND)
async def test_every_kind_is_taken(adapter: Adapter, sandbox: GupshupSandbox, kind: str) -> None:
    await sandbox.contact(ANA.phone or "").says("hi")
    result = await adapter.send(outgoing(as_taken(EVERY_OUTBOUND[kind])))
    assert isinstance(result, Accepted), result


async def test_statuses_name_what_was_sent_and_its_other_id(
    adapter: Adapter, sandbox: GupshupSandbox, business: Business
) -> None:
    await sandbox.contact(ANA.phone or "").says("hi")
    result = await adapter.send(outgoing(HELLO))
    assert isinstance(result, Accepted)
    await business.hears(statuses=4)
    told = [report.status for report in business.statuses]
    assert told == ["sent", "sent", "delivered", "read"]
    assert {report.external_id for report in business.statuses} == {result.external_id}
    (alias,) = {report.alias for report in business.statuses}
    assert alias not in (None, result.external_id)


@pytest.mark.parametrize("forms", [{"gs_ids": False}], ids=["late"])
async def test_late_statuses_come_by_the_other_id_alone(
    adapter: Adapter, sandbox: GupshupSandbox, business: Business
) -> None:
    await sandbox.contact(ANA.phone or "").says("hi")
    await adapter.send(outgoing(HELLO))
    await business.hears(statuses=4)
    enqueued, *later = business.statuses
    assert {(report.external_id, report.alias) for report in later} == {
        (enqueued.alias, enqueued.alias)
    }


FORMS = {
    "as documented": {},
    "as partners have it": {"button_type": "quick_reply", "template_tap_type": "text"},
}


@pytest.mark.parametrize("forms", FORMS.values(), ids=FORMS)
async def test_what_a_contact_does_is_read(
    adapter: Adapter, sandbox: GupshupSandbox, business: Business
) -> None:
    ana = sandbox.contact(ANA.phone or "", name="Ana Prueba")
    await ana.says("hi")
    asked = await adapter.send(outgoing(EVERY_OUTBOUND["buttons"]))
    await adapter.send(outgoing(EVERY_OUTBOUND["list"]))
    await ana.taps("Small")
    await ana.chooses("Diavola")
    await ana.sends_location(19.4326, -99.1332, name="Zócalo")
    await ana.sends_contact("Luis Gil", "+525550000003")
    await ana.reacts("👍")
    said = [message.content for message in business.messages]
    assert said[:3] == [
        Text(body="hi"),
        ButtonReply(id="p1:1:order.size:s", title="Small"),
        ListReply(id="a", title="Diavola", description="Hot"),
    ]
    assert [type(content) for content in said[3:]] == [Location, Contacts, Reaction]
    context = business.messages[1].context
    assert isinstance(asked, Accepted)
    assert context is not None
    assert context.reply_to == asked.external_id


@pytest.mark.parametrize("forms", [{"postbacks": False}], ids=["no postback"])
async def test_a_tap_without_its_postback_names_title_and_message(
    adapter: Adapter, sandbox: GupshupSandbox, business: Business
) -> None:
    ana = sandbox.contact(ANA.phone or "")
    await ana.says("hi")
    asked = await adapter.send(outgoing(EVERY_OUTBOUND["buttons"]))
    await ana.taps("Small")
    tap = business.messages[-1]
    assert tap.content == ButtonReply(id=None, title="Small")
    assert isinstance(asked, Accepted)
    assert tap.context is not None
    assert tap.context.reply_to == asked.external_id


@pytest.mark.parametrize("forms", FORMS.values(), ids=FORMS)
async def test_a_templates_tap_brings_its_payload_back(
    adapter: Adapter, sandbox: GupshupSandbox, business: Business
) -> None:
    ana = sandbox.contact(ANA.phone or "")
    assert isinstance(await adapter.send(outgoing(SURE)), Accepted)
    await ana.taps("yes")
    (tap,) = business.messages
    assert isinstance(tap.content, TemplateButton)
    assert tap.content.payload == "yes"


async def test_a_contacts_file_is_fetched(
    adapter: Adapter, sandbox: GupshupSandbox, business: Business
) -> None:
    await sandbox.contact(ANA.phone or "").sends_image(b"picture", caption="Ours")
    (message,) = business.messages
    assert isinstance(message.content, Media)
    assert (message.content.kind, message.content.caption) == ("image", "Ours")
    assert await adapter.fetch(message.content) == (b"picture", "image/jpeg")


async def test_a_closed_window_is_told_by_an_event(
    adapter: Adapter, sandbox: GupshupSandbox, business: Business
) -> None:
    result = await adapter.send(outgoing(HELLO))
    assert isinstance(result, Accepted)
    await business.hears(statuses=2)
    _, failed = business.statuses
    assert (failed.status, failed.errors[0].code) == ("failed", "470")
    assert result.external_id in (failed.external_id, failed.alias)


async def test_what_is_no_message_is_read_too(
    adapter: Adapter, sandbox: GupshupSandbox, business: Business
) -> None:
    ana = sandbox.contact(ANA.phone or "")
    deliveries = [
        await sandbox.opts(ana, "sandbox-start"),
        await sandbox.checks_connectivity(),
        await sandbox.tell_event("account-event", {"type": "tier-event"}),
    ]
    assert len(deliveries) == len(business.parcels)
    assert business.messages == []
    assert business.statuses == []


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
    adapter: Adapter, sandbox: GupshupSandbox, fault: Fault, kind: type[Exception]
) -> None:
    await sandbox.contact(ANA.phone or "").says("hi")
    await adapter.send(outgoing(HELLO))  # Karbot has logged in before the trouble begins
    sandbox.faults.arm(fault, sandbox.monotonic())
    result = await adapter.send(outgoing(HELLO))
    assert isinstance(result, Refused)
    assert type(result.error) is kind
