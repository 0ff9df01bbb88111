"""Adapter and sandbox, written apart from the same documents, agree: what one says the other understands."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from adapters.cloud.adapter import Cloud
from adapters.sandbox.cloud import CloudSandbox, CloudSettings, Fault, served
from engine.core.content import (
    ButtonReply,
    Contacts,
    FormReply,
    ListReply,
    Location,
    Media,
    Order,
    Reaction,
    Text,
)
from engine.core.errors import (
    AnswerLost,
    PairLimited,
    ProviderUnreachable,
    RateLimited,
    WindowClosed,
)
from engine.core.ids import MessageId
from engine.ports import Accepted, Refused
from tests.adapters.business import Business
from tests.adapters.cloud.conftest import make_settings
from tests.adapters.samples import ANA, EVERY_OUTBOUND, LINE, MemoryMedia, outgoing

HELLO = Text(body="Hello")


@pytest.fixture
def business() -> Business:
    return Business()


@pytest.fixture
def sandbox(business: Business) -> CloudSandbox:
    return CloudSandbox(CloudSettings(redeliver_first_s=60), post=business.post)


@pytest.fixture
async def cloud(
    sandbox: CloudSandbox, business: Business, session: aiohttp.ClientSession
) -> AsyncIterator[Cloud]:
    async with served(sandbox) as address:
        made = Cloud(
            LINE,
            make_settings(
                phone_number_id=sandbox.settings.phone_number_id,
                token=sandbox.settings.token,
                app_secret=sandbox.settings.app_secret,
                verify_token=sandbox.settings.verify_token,
                base_url=f"{address}/v23.0",
            ),
            session=session,
            media_store=MemoryMedia(picture=b"\xff\xd8 a picture"),
        )
        business.adapter = made
        yield made


@pytest.mark.parametrize("kind", EVERY_OUTBOUND)
async def test_every_kind_reaches_the_phone(
    cloud: Cloud, sandbox: CloudSandbox, business: Business, kind: str
) -> None:
    ana = sandbox.contact(ANA.phone or "")
    await ana.says("hi")
    content = EVERY_OUTBOUND[kind]
    if kind in ("reaction", "read_mark"):
        key = "to" if kind == "reaction" else "message"
        content = content.model_copy(update={key: business.messages[0].external_id})
    result = await cloud.send(outgoing(content))
    assert isinstance(result, Accepted), result


async def test_statuses_name_our_message(
    cloud: Cloud, sandbox: CloudSandbox, business: Business
) -> None:
    ana = sandbox.contact(ANA.phone or "")
    await ana.says("hi")
    result = await cloud.send(outgoing(HELLO, id=MessageId(8012345678901234567)))
    assert isinstance(result, Accepted)
    await business.hears(statuses=3)
    assert [report.status for report in business.statuses] == ["sent", "delivered", "read"]
    for report in business.statuses:
        assert report.message == 8012345678901234567
        assert report.external_id == result.external_id


async def test_what_a_contact_does_is_read(
    cloud: Cloud, sandbox: CloudSandbox, business: Business
) -> None:
    ana = sandbox.contact(ANA.phone or "", name="Ana Prueba")
    await ana.says("hi")
    await cloud.send(outgoing(EVERY_OUTBOUND["buttons"]))
    await cloud.send(outgoing(EVERY_OUTBOUND["list"]))
    await ana.taps("Small")
    await ana.chooses("Diavola")
    await ana.sends_location(19.4326, -99.1332, name="Zócalo")
    await ana.sends_contact("Luis Gil", "+525550000003")
    await ana.reacts("👍")
    await ana.orders(("diavola", 2, 9.5))
    await ana.fills_form('{"table": 4}')
    said = [message.content for message in business.messages]
    assert said[:4] == [
        Text(body="hi"),
        ButtonReply(id="p1:1:order.size:s", title="Small"),
        ListReply(id="a", title="Diavola", description="Hot"),
        Location(latitude=19.4326, longitude=-99.1332, name="Zócalo"),
    ]
    assert [type(content) for content in said[4:]] == [Contacts, Reaction, Order, FormReply]
    assert business.messages[1].context is not None
    assert {parcel.account for parcel in business.parcels} == {cloud.account}


async def test_files_go_both_ways(cloud: Cloud, sandbox: CloudSandbox, business: Business) -> None:
    ana = sandbox.contact(ANA.phone or "")
    await ana.sends_image(b"\xff\xd8 hers", caption="My door")
    (message,) = business.messages
    assert isinstance(message.content, Media)
    fetched = await cloud.fetch(message.content)
    assert (fetched.data, fetched.mime_type) == (b"\xff\xd8 hers", "image/jpeg")
    result = await cloud.send(outgoing(Media(kind="image", stored="picture", caption="Ours")))
    assert isinstance(result, Accepted)


async def test_someone_without_a_phone_is_answered(
    cloud: Cloud, sandbox: CloudSandbox, business: Business
) -> None:
    someone = sandbox.contact("MX.2000000000000001")
    await someone.says("hi")
    (parcel,) = business.parcels
    sender = parcel.arrivals[0].sender
    assert sender is not None
    assert (sender.phone, sender.user_id) == (None, "MX.2000000000000001")
    contact = ANA.model_copy(update={"phone": None, "user_id": sender.user_id})
    assert isinstance(await cloud.send(outgoing(HELLO, contact=contact)), Accepted)


async def test_a_closed_window_is_told_as_such(cloud: Cloud, sandbox: CloudSandbox) -> None:
    result = await cloud.send(outgoing(HELLO))
    assert isinstance(result, Refused)
    assert type(result.error) is WindowClosed
    assert isinstance(await cloud.send(outgoing(EVERY_OUTBOUND["template"])), Accepted)


@pytest.mark.parametrize(
    ("fault", "kind", "reaches"),
    [
        pytest.param(Fault(kind="error", code=130429), RateLimited, False, id="rate"),
        pytest.param(Fault(kind="error", code=131056), PairLimited, False, id="pair"),
        pytest.param(Fault(kind="error", code=131016), ProviderUnreachable, False, id="down"),
        pytest.param(Fault(kind="html"), ProviderUnreachable, False, id="HTML 502"),
        pytest.param(Fault(kind="half"), AnswerLost, True, id="half an answer"),
        pytest.param(Fault(kind="close"), AnswerLost, True, id="closed"),
    ],
)
async def test_trouble_at_the_provider_is_told_as_what_it_is(
    cloud: Cloud, sandbox: CloudSandbox, fault: Fault, kind: type[Exception], reaches: bool
) -> None:
    ana = sandbox.contact(ANA.phone or "")
    await ana.says("hi")
    sandbox.faults.arm(fault, sandbox.monotonic())
    result = await cloud.send(outgoing(HELLO))
    assert isinstance(result, Refused)
    assert type(result.error) is kind
    assert [bubble.by for bubble in sandbox.messages] == (["business"] if reaches else [])
