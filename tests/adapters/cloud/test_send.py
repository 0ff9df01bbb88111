"""What leaves for Cloud, and what its answers mean; over real HTTP."""

import aiohttp
import orjson
import pytest

from adapters.cloud.adapter import Cloud
from adapters.whatsapp.payloads import UNNAMED
from engine.core.content import (
    Button,
    Buttons,
    CallToAction,
    ContactCard,
    Contacts,
    Media,
    Outbound,
    ReadMark,
    Row,
    Section,
    Template,
    Text,
)
from engine.core.content import List as Menu
from engine.core.conversation import Contact
from engine.core.errors import (
    AddressRejected,
    AnswerLost,
    ContentRejected,
    LineRejected,
    MarketingStopped,
    PairLimited,
    ProviderUnreachable,
    RateLimited,
    SendError,
    WindowClosed,
)
from engine.core.ids import ContactId, ExternalId, MessageId
from engine.ports import Accepted, Refused
from tests.adapters.cloud.conftest import ACCOUNT, TOKEN, make_settings
from tests.adapters.cloud.provider import Provider
from tests.adapters.samples import (
    ANA_WITHOUT_PHONE,
    EVERY_OUTBOUND,
    LINE,
    OURS,
    MemoryMedia,
    outgoing,
)

HELLO = Text(body="Hello")


async def refused(cloud: Cloud) -> SendError:
    result = await cloud.send(outgoing(HELLO))
    assert isinstance(result, Refused)
    return result.error


async def test_a_message_goes_to_the_lines_number_with_our_id(
    cloud: Cloud, provider: Provider
) -> None:
    result = await cloud.send(outgoing(HELLO, id=MessageId(8012345678901234567), reply_to=OURS))
    assert isinstance(result, Accepted)
    assert result.external_id == "wamid.out1"
    (request,) = provider.requests
    assert (request.method, request.path) == ("POST", f"/v23.0/{ACCOUNT}/messages")
    assert request.headers["authorization"] == f"Bearer {TOKEN}"
    assert request.headers["content-type"] == "application/json"
    assert request.json == {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": "525550000001",
        "type": "text",
        "text": {"body": "Hello", "preview_url": False},
        "context": {"message_id": "wamid.ours"},
        "biz_opaque_callback_data": "8012345678901234567",
    }


async def test_a_contact_without_phone_is_reached_by_user_id(
    cloud: Cloud, provider: Provider
) -> None:
    await cloud.send(outgoing(HELLO, contact=ANA_WITHOUT_PHONE))
    (body,) = provider.bodies
    assert body["recipient"] == "MX.2000000000000001"
    assert "to" not in body


async def test_a_contact_without_any_address_is_refused_without_a_call(
    cloud: Cloud, provider: Provider
) -> None:
    result = await cloud.send(outgoing(HELLO, contact=Contact(id=ContactId(3))))
    assert isinstance(result, Refused)
    assert isinstance(result.error, AddressRejected)
    assert provider.requests == []


async def test_a_reply_to_a_message_without_an_id_is_sent_without_it(
    cloud: Cloud, provider: Provider
) -> None:
    await cloud.send(outgoing(HELLO, reply_to=ExternalId(f"{UNNAMED}abc")))
    assert "context" not in provider.bodies[0]


async def test_a_read_mark_carries_no_callback_and_names_no_message(
    cloud: Cloud, provider: Provider
) -> None:
    result = await cloud.send(outgoing(EVERY_OUTBOUND["read_mark"]))
    assert isinstance(result, Accepted)
    assert result.external_id is None
    assert provider.bodies == [
        {
            "messaging_product": "whatsapp",
            "status": "read",
            "message_id": "wamid.theirs",
            "typing_indicator": {"type": "text"},
        }
    ]


async def test_a_message_without_an_id_cannot_be_marked(cloud: Cloud, provider: Provider) -> None:
    result = await cloud.send(outgoing(ReadMark(message=ExternalId(f"{UNNAMED}abc"))))
    assert isinstance(result, Refused)
    assert isinstance(result.error, ContentRejected)
    assert provider.requests == []


TOO_MUCH: dict[str, Outbound] = {
    "empty text": Text(body=" "),
    "long text": Text(body="x" * 4097),
    "long text in utf-16": Text(body="😀" * 2049),
    "four buttons": Buttons(
        body="?", buttons=tuple(Button(id=str(n), title=f"{n}") for n in range(4))
    ),
    "no button": Buttons(body="?", buttons=()),
    "long title": Buttons(body="?", buttons=(Button(id="a", title="x" * 21),)),
    "equal titles": Buttons(
        body="?", buttons=(Button(id="a", title="A"), Button(id="b", title="A"))
    ),
    "equal ids": Buttons(body="?", buttons=(Button(id="a", title="A"), Button(id="a", title="B"))),
    "long header": Buttons(body="?", buttons=(Button(id="a", title="A"),), header="x" * 61),
    "eleven rows": Menu(
        body="?",
        label="Choose",
        sections=(Section(rows=tuple(Row(id=str(n), title=str(n)) for n in range(11))),),
    ),
    "untitled section": Menu(
        body="?",
        label="Choose",
        sections=(
            Section(rows=(Row(id="a", title="A"),)),
            Section(title="B", rows=(Row(id="b", title="B"),)),
        ),
    ),
    "long description": Menu(
        body="?",
        label="Choose",
        sections=(Section(rows=(Row(id="a", title="A", description="x" * 73),)),),
    ),
    "no rows": Menu(body="?", label="Choose", sections=(Section(rows=()),)),
    "no web address": CallToAction(body="?", title="Open", url="javascript:alert(1)"),
    "no card": Contacts(cards=()),
    "nameless card": Contacts(cards=(ContactCard(name=" "),)),
    "nameless template": Template(name="", language="es"),
    "long footer": CallToAction(body="?", title="A", url="https://a.example", footer="x" * 61),
    "captioned voice": Media(kind="voice", external_id="1", caption="Listen"),
    "no source": Media(kind="image"),
    "two sources": Media(kind="image", external_id="1", url="https://files.example/1.jpg"),
}


@pytest.mark.parametrize("case", TOO_MUCH)
async def test_what_the_provider_would_refuse_does_not_leave(
    cloud: Cloud, provider: Provider, case: str
) -> None:
    result = await cloud.send(outgoing(TOO_MUCH[case]))
    assert isinstance(result, Refused)
    assert isinstance(result.error, ContentRejected)
    assert not result.error.retryable
    assert provider.requests == []


async def test_the_largest_text_leaves(cloud: Cloud, provider: Provider) -> None:
    assert isinstance(await cloud.send(outgoing(Text(body="x" * 4096))), Accepted)
    assert isinstance(await cloud.send(outgoing(Text(body="😀" * 2048))), Accepted)
    assert len(provider.requests) == 2


# --- what answers mean -------------------------------------------------------------------------------


def error(code: int, details: str = "because", **more: object) -> dict[str, object]:
    return {"error": {"message": "m", "code": code, "error_data": {"details": details}, **more}}


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        pytest.param(400, error(130429), RateLimited, id="throughput"),
        pytest.param(400, error(80007), RateLimited, id="account throttled"),
        pytest.param(400, error(131048), RateLimited, id="spam limit"),
        pytest.param(400, error(131056), PairLimited, id="pair"),
        pytest.param(400, error(131047), WindowClosed, id="window"),
        pytest.param(400, error(131026), AddressRejected, id="undeliverable"),
        pytest.param(400, error(131049), AddressRejected, id="marketing ceiling"),
        pytest.param(400, error(131050), MarketingStopped, id="no marketing"),
        pytest.param(400, error(100), ContentRejected, id="invalid parameter"),
        pytest.param(400, error(132000), ContentRejected, id="template variables"),
        pytest.param(404, error(132001), ContentRejected, id="unknown template"),
        pytest.param(500, error(131000), ProviderUnreachable, id="provider trouble"),
        pytest.param(503, error(2), ProviderUnreachable, id="down"),
        pytest.param(400, error(132069), ProviderUnreachable, id="form throttled"),
        pytest.param(401, error(190), LineRejected, id="token expired"),
        pytest.param(403, error(234), LineRejected, id="permission removed"),
        pytest.param(400, error(131031), LineRejected, id="account locked"),
        pytest.param(400, error(100, error_subcode=33), LineRejected, id="wrong number id"),
        pytest.param(400, error(987654), ContentRejected, id="unknown code"),
        pytest.param(403, error(987654), LineRejected, id="unknown code 403"),
        pytest.param(500, error(987654), ProviderUnreachable, id="unknown code 500"),
        pytest.param(400, {"error": {"code": "131047"}}, WindowClosed, id="code as text"),
        pytest.param(200, error(131047), WindowClosed, id="error in a success"),
        pytest.param(
            200, {"errors": [{"code": 131026}]}, AddressRejected, id="errors in a success"
        ),
        pytest.param(200, {"messages": []}, AnswerLost, id="success without a message"),
        pytest.param(200, {"messages": [{"id": None}]}, AnswerLost, id="success without an id"),
        pytest.param(413, b"", ContentRejected, id="too large"),
    ],
)
async def test_each_answer_has_its_meaning(
    cloud: Cloud, provider: Provider, status: int, body: object, kind: type[SendError]
) -> None:
    provider.answers(status, body)
    assert type(await refused(cloud)) is kind


async def test_an_error_keeps_the_code_and_what_was_said(cloud: Cloud, provider: Provider) -> None:
    provider.answers(400, error(131047, "More than 24 hours have passed"))
    error_ = await refused(cloud)
    assert error_.provider_code == "131047"
    assert "More than 24 hours have passed" in str(error_)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("7", 7), ("Wed, 21 Oct 2015 07:28:00 GMT", 0), ("soon", None), ("9999999999", 86_400)],
    ids=["seconds", "date that is past", "nonsense", "far away"],
)
async def test_a_named_wait_is_kept(
    cloud: Cloud, provider: Provider, header: str, seconds: int | None
) -> None:
    provider.answers(429, b"", **{"Retry-After": header})
    wait = (await refused(cloud)).retry_after
    assert (None if wait is None else wait.total_seconds()) == seconds


async def test_a_line_throttled_for_quality_waits_for_minutes(
    cloud: Cloud, provider: Provider
) -> None:
    provider.answers(400, error(131048))
    wait = (await refused(cloud)).retry_after
    assert wait is not None
    assert wait.total_seconds() >= 60


# --- what a broken network means ---------------------------------------------------------------------


async def test_an_unknown_host_means_that_nothing_was_sent(session: aiohttp.ClientSession) -> None:
    settings = make_settings(base_url="http://nowhere.invalid")
    cloud = Cloud(LINE, settings, session=session, media_store=MemoryMedia())
    assert type(await refused(cloud)) is ProviderUnreachable


async def test_failed_tls_means_that_nothing_was_sent(
    session: aiohttp.ClientSession, provider: Provider
) -> None:
    settings = make_settings(base_url=provider.url.replace("http://", "https://"))
    cloud = Cloud(LINE, settings, session=session, media_store=MemoryMedia())
    assert type(await refused(cloud)) is ProviderUnreachable
    assert provider.requests == []


# --- what is kept ------------------------------------------------------------------------------------


async def test_an_exchange_shows_the_call_without_its_secrets(
    cloud: Cloud, provider: Provider
) -> None:
    provider.answers(400, {"error": {"code": 190, "message": "x", "access_token": "EAAB-leaked"}})
    result = await cloud.send(outgoing(HELLO))
    assert result.exchange is not None
    exchange = result.exchange
    assert (exchange.method, exchange.status) == ("POST", 400)
    assert exchange.url.endswith(f"/{ACCOUNT}/messages")
    assert orjson.loads(exchange.request)["text"]["body"] == "Hello"
    assert exchange.elapsed_ms > 0
    kept = f"{exchange.url}{exchange.request}{exchange.response}"
    assert TOKEN not in kept
    assert "EAAB-leaked" not in kept
    assert '"access_token":"***"' in kept
