"""Adapter and sandbox, written apart from the same documents, agree in both forms."""

from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal

import aiohttp
import pytest
from pydantic import TypeAdapter

from adapters.cbot.adapter import Cbot
from adapters.registry import AnyLine, LineConfig, build_adapter
from adapters.sandbox.cbot import (
    ApprovedTemplate,
    CbotSandbox,
    CbotSettings,
    DialogSandbox,
    Fault,
    served,
)
from engine.core.content import (
    ButtonReply,
    ListReply,
    Location,
    Media,
    Reaction,
    Template,
    TemplateButton,
    Text,
)
from engine.core.content.template import ButtonValue
from engine.core.errors import (
    AddressRejected,
    AnswerLost,
    ContentRejected,
    LineRejected,
    ProviderUnreachable,
    RateLimited,
    SendError,
    WindowClosed,
)
from engine.core.ids import MessageId
from engine.ports import Accepted, NoLinks, Refused
from engine.ports.services import ManualSetup, TemplateDraft
from tests.adapters.business import Business
from tests.adapters.samples import ANA, EVERY_OUTBOUND, LINE, MemoryMedia, outgoing

HELLO = Text(body="Hello")
READY = ApprovedTemplate(
    name="order_ready", body="{{1}}, your order {{2}} is ready.", buttons=("Thanks",)
)
LINES: TypeAdapter[AnyLine] = TypeAdapter(LineConfig)


@dataclass
class World:
    """One line and its provider."""

    sandbox: CbotSandbox
    business: Business
    line: Cbot

    async def refused(self, content: Text | Template = HELLO) -> SendError:
        result = await self.line.send(outgoing(content))
        assert isinstance(result, Refused)
        return result.error


FORMS: dict[str, tuple[type[CbotSandbox], Literal["cloud", "onpremise"]]] = {
    "cbot cloud": (CbotSandbox, "cloud"),
    "cbot on-premise": (CbotSandbox, "onpremise"),
    "360dialog cloud": (DialogSandbox, "cloud"),
    "360dialog on-premise": (DialogSandbox, "onpremise"),
}


async def _world(
    form: str, session: aiohttp.ClientSession, **changes: object
) -> AsyncIterator[World]:
    kind, api = FORMS[form]
    business = Business()
    given = {"api": api, "templates": (READY,), "webhook_user": "parley", "redeliver_first_s": 60}
    settings = CbotSettings.model_validate(given | {"webhook_password": "word"} | changes)
    sandbox = kind(settings, post=business.post)
    async with served(sandbox) as address:
        line = build_adapter(
            LINE,
            LINES.validate_python(dict(sandbox.line(address))),
            session=session,
            media_store=MemoryMedia(picture=b"\xff\xd8 a picture"),
            media_links=NoLinks(),
            environ={},
        )
        assert isinstance(line, Cbot)
        business.adapter = line
        yield World(sandbox, business, line)


@pytest.fixture(params=FORMS)
async def world(
    request: pytest.FixtureRequest, session: aiohttp.ClientSession
) -> AsyncIterator[World]:
    async for made in _world(request.param, session):
        yield made


@pytest.fixture
async def onpremise(session: aiohttp.ClientSession) -> AsyncIterator[World]:
    async for made in _world("cbot on-premise", session):
        yield made


# --- messages ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", EVERY_OUTBOUND)
async def test_every_kind_reaches_the_phone(world: World, kind: str) -> None:
    ana = world.sandbox.contact(ANA.phone or "")
    await ana.says("hi")
    content = EVERY_OUTBOUND[kind]
    if kind in ("reaction", "read_mark"):
        key = "to" if kind == "reaction" else "message"
        content = content.model_copy(update={key: world.business.messages[0].external_id})
    result = await world.line.send(outgoing(content))
    assert isinstance(result, Accepted), result


async def test_statuses_link_to_what_was_sent(world: World) -> None:
    await world.sandbox.contact(ANA.phone or "").says("hi")
    result = await world.line.send(outgoing(HELLO, id=MessageId(77)))
    assert isinstance(result, Accepted)
    statuses = await world.business.hears(3)
    assert [one.status for one in statuses] == ["sent", "delivered", "read"]
    assert {one.external_id for one in statuses} == {result.external_id}
    ours = None if world.sandbox.is_onpremise else MessageId(77)
    assert {one.message for one in statuses} == {ours}


async def test_taps_come_back_with_the_options_own_id(world: World) -> None:
    ana = world.sandbox.contact(ANA.phone or "")
    await ana.says("hi")
    await world.line.send(outgoing(EVERY_OUTBOUND["buttons"]))
    await ana.taps("Small")
    await world.line.send(outgoing(EVERY_OUTBOUND["list"]))
    await ana.chooses("Bianca")
    contents = [one.content for one in world.business.messages]
    assert contents[1:] == [
        ButtonReply(id="p1:1:order.size:s", title="Small"),
        ListReply(id="b", title="Bianca"),
    ]
    assert all(one.context is not None for one in world.business.messages[1:])


async def test_a_template_opens_the_talk_and_its_button_comes_back(world: World) -> None:
    template = Template(
        name="order_ready",
        language="en_US",
        body=("Ana", "17"),
        buttons=(ButtonValue(index=0, value="thanks", use="quick_reply"),),
    )
    assert isinstance(await world.line.send(outgoing(template)), Accepted)
    ana = world.sandbox.contact(ANA.phone or "")
    (shown,) = ana.bubbles
    assert shown.text == "Ana, your order 17 is ready."
    await ana.taps("thanks")
    (tap,) = world.business.messages
    assert isinstance(tap.content, TemplateButton)
    assert tap.content.payload == "thanks"


async def test_what_contacts_send_is_read(world: World) -> None:
    ana = world.sandbox.contact(ANA.phone or "", name="Ana")
    await ana.says("hi")
    await ana.sends_location(19.4326, -99.1332, name="Zócalo")
    await ana.sends_image(b"JPEG", mime_type="image/jpeg", caption="Here")
    await ana.sends_voice(b"OGG")
    await world.line.send(outgoing(HELLO))
    await ana.reacts("👍")
    text, place, image, voice, reaction = (one.content for one in world.business.messages)
    assert text == Text(body="hi")
    assert isinstance(place, Location)
    assert place.name == "Zócalo"
    assert isinstance(reaction, Reaction)
    assert isinstance(image, Media)
    assert isinstance(voice, Media)
    assert (image.kind, image.caption, voice.kind) == ("image", "Here", "voice")
    assert (await world.line.fetch(image)).data == b"JPEG"
    assert (await world.line.fetch(voice)).data == b"OGG"


async def test_a_stored_file_is_uploaded_and_sent(world: World) -> None:
    ana = world.sandbox.contact(ANA.phone or "")
    await ana.says("hi")
    result = await world.line.send(outgoing(Media(kind="image", stored="picture")))
    assert isinstance(result, Accepted), result
    (file,) = world.sandbox.shelf.files.values()
    assert file.data == b"\xff\xd8 a picture"


async def test_a_webhook_without_the_password_is_refused(
    world: World, session: aiohttp.ClientSession
) -> None:
    world.sandbox.settings = world.sandbox.settings.model_copy(update={"webhook_password": "x"})
    await world.sandbox.contact("525550000009").says("hi")
    assert (world.business.refused, world.business.messages) == (1, [])


# --- services ----------------------------------------------------------------------------------------


async def test_the_webhook_is_registered_with_its_header(world: World) -> None:
    services = world.line.services
    assert services.webhook is not None
    assert services.probe is not None
    told = await services.webhook.register("https://bot.example/webhooks/shop")
    assert told.endswith("with the line's user and password")
    assert world.sandbox.registered is not None
    assert world.sandbox.registered.url == "https://bot.example/webhooks/shop"
    await world.sandbox.contact("525550000009").says("hi")
    assert (world.business.refused, len(world.business.messages)) == (0, 1)
    assert "https://bot.example/webhooks/shop" in await services.probe.check_key()
    with suppress(ManualSetup):  # the On-Premises form has no call for it
        assert "AVAILABLE" in await services.probe.check_sender()


async def test_templates_are_listed_and_handed_in(world: World) -> None:
    assert world.line.services.templates is not None
    draft = TemplateDraft(name="sale", language="es", category="marketing", body="Hoy: {{1}}")
    made = await world.line.services.templates.create(draft)
    assert made.status == "pending"
    found = await world.line.services.templates.list()
    assert [(one.name, one.status) for one in found] == [
        ("order_ready", "approved"),
        ("sale", "pending"),
    ]


# --- refusals ----------------------------------------------------------------------------------------


async def test_a_closed_window_is_told(world: World) -> None:
    world.sandbox.settings = world.sandbox.settings.model_copy(
        update={"asks_about_contacts": False}
    )
    assert type(await world.refused()) is WindowClosed


async def test_a_wrong_key_is_told(world: World) -> None:
    world.sandbox.settings = world.sandbox.settings.model_copy(update={"api_key": "another"})
    error = await world.refused()
    assert type(error) is LineRejected
    assert "check api_key" in str(error)


async def test_a_wrong_number_of_variables_is_told(world: World) -> None:
    await world.sandbox.contact(ANA.phone or "").says("hi")
    error = await world.refused(Template(name="order_ready", language="en_US", body=("Ana",)))
    assert type(error) is ContentRejected


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (Fault(kind="html"), ProviderUnreachable),
        (Fault(kind="half"), AnswerLost),
        (Fault(kind="close"), AnswerLost),
        (Fault(kind="error", code=130429), RateLimited),
        (Fault(kind="error"), ProviderUnreachable),
    ],
    ids=["html", "half", "close", "too fast", "trouble"],
)
async def test_each_fault_has_its_meaning(
    world: World, fault: Fault, kind: type[SendError]
) -> None:
    await world.sandbox.contact(ANA.phone or "").says("hi")
    world.sandbox.faults.arm(fault, world.sandbox.monotonic())
    assert type(await world.refused()) is kind
    assert isinstance(await world.line.send(outgoing(HELLO)), Accepted)


# --- the On-Premises form alone ------------------------------------------------------------------------


async def test_a_contact_who_never_wrote_is_asked_about_and_gets_the_template(
    onpremise: World,
) -> None:
    template = EVERY_OUTBOUND["template"]
    assert isinstance(await onpremise.line.send(outgoing(template)), Accepted)
    assert [one.path for one in onpremise.sandbox.requests] == [
        "/v1/configs/templates",
        "/v1/messages",
        "/v1/contacts",
        "/v1/messages",
    ]
    assert len(onpremise.sandbox.messages) == 1
    assert isinstance(await onpremise.line.send(outgoing(template)), Accepted)
    assert len(onpremise.sandbox.requests) == 5


async def test_a_contact_without_whatsapp_is_told(onpremise: World) -> None:
    onpremise.sandbox.contact(ANA.phone or "").refuses = 1013
    error = await onpremise.refused()
    assert type(error) is AddressRejected
    assert onpremise.sandbox.messages == []


async def test_errors_are_seen_where_they_come_with_200(
    session: aiohttp.ClientSession,
) -> None:
    async for world in _world("cbot on-premise", session, errors_with_200=True):
        await world.sandbox.contact(ANA.phone or "").says("hi")
        fault = Fault(kind="error", code=471)
        world.sandbox.faults.arm(fault, world.sandbox.monotonic())
        result = await world.line.send(outgoing(HELLO))
        assert isinstance(result, Refused)
        assert type(result.error) is RateLimited
        assert result.exchange is not None
        assert result.exchange.status == 200


async def test_a_late_refusal_is_a_failed_status(session: aiohttp.ClientSession) -> None:
    async for world in _world(
        "cbot on-premise", session, late_refusals=True, asks_about_contacts=False
    ):
        assert isinstance(await world.line.send(outgoing(HELLO)), Accepted)
        (status,) = await world.business.hears(1)
        assert (status.status, status.errors[0].code) == ("failed", "470")
