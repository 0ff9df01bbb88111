"""What leaves for Gupshup, and what its answers mean; over real HTTP."""

import aiohttp
import pytest

from adapters.gupshup.adapter import Gupshup
from adapters.whatsapp.payloads import UNNAMED
from engine.core.content import Media, ReadMark, Template, Text
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
from engine.core.ids import ExternalId, MessageId
from engine.ports import Accepted, NoLinks, Refused
from tests.adapters.cloud.provider import half_an_answer
from tests.adapters.gupshup.conftest import API_KEY, make_settings
from tests.adapters.gupshup.provider import TEMPLATE, GupshupProvider, form_of, said_in
from tests.adapters.samples import EVERY_OUTBOUND, LINE, OURS, outgoing

HELLO = Text(body="Hello")


async def refused(gupshup: Gupshup) -> SendError:
    result = await gupshup.send(outgoing(HELLO))
    assert isinstance(result, Refused)
    return result.error


def line(session: aiohttp.ClientSession, **changes: object) -> Gupshup:
    return Gupshup(LINE, make_settings(**changes), session=session, media_links=NoLinks())


async def test_a_message_goes_as_a_form_with_the_key(
    gupshup: Gupshup, provider: GupshupProvider
) -> None:
    result = await gupshup.send(outgoing(HELLO, id=MessageId(7), reply_to=OURS))
    assert isinstance(result, Accepted)
    assert result.external_id == "gs-1"
    (request,) = provider.requests
    assert (request.method, request.path) == ("POST", "/wa/api/v1/msg")
    assert request.headers["apikey"] == API_KEY
    assert request.headers["content-type"] == "application/x-www-form-urlencoded"
    assert form_of(request)["destination"] == "525550000001"
    assert said_in(request) == {"type": "text", "text": "Hello", "context": {"msgId": OURS}}


async def test_signs_of_forms_and_of_all_scripts_arrive_as_they_were(
    gupshup: Gupshup, provider: GupshupProvider
) -> None:
    text = '50 % & más + 1 = 😀 — مرحبا\n"quoted"'
    await gupshup.send(outgoing(Text(body=text)))
    assert said_in(provider.requests[0]) == {"type": "text", "text": text}


async def test_a_stored_file_goes_by_its_own_link(
    gupshup: Gupshup, provider: GupshupProvider
) -> None:
    await gupshup.send(outgoing(Media(kind="document", stored="abc", filename="Menu.pdf")))
    assert said_in(provider.requests[0]) == {
        "type": "file",
        "url": "https://bot.example/media/abc/Menu.pdf",
        "filename": "Menu.pdf",
    }


async def test_without_a_public_address_a_stored_file_is_refused_with_what_to_set(
    session: aiohttp.ClientSession, provider: GupshupProvider
) -> None:
    gupshup = line(session, base_url=provider.url)
    result = await gupshup.send(outgoing(Media(kind="image", stored="abc")))
    assert isinstance(result, Refused)
    assert "public_url" in str(result.error)
    assert provider.requests == []


async def test_a_template_without_an_id_is_found_by_name_and_language_once(
    gupshup: Gupshup, provider: GupshupProvider
) -> None:
    for _ in range(2):
        assert isinstance(await gupshup.send(outgoing(EVERY_OUTBOUND["template"])), Accepted)
    asked, first, second = provider.requests
    assert (asked.method, asked.path) == ("GET", "/wa/app/app-1/template")
    assert first.path == second.path == "/wa/api/v1/template/msg"
    assert said_in(first, "template") == {"id": TEMPLATE["id"], "params": ["Ana", "17"]}


async def test_a_template_with_an_id_needs_no_list(
    gupshup: Gupshup, provider: GupshupProvider
) -> None:
    await gupshup.send(outgoing(Template(name="t", language="es", id="own-id")))
    (request,) = provider.requests
    assert said_in(request, "template") == {"id": "own-id", "params": []}


async def test_an_unknown_template_is_refused_with_the_languages_it_has(
    gupshup: Gupshup, provider: GupshupProvider
) -> None:
    result = await gupshup.send(outgoing(Template(name="order_ready", language="es_MX")))
    assert isinstance(result, Refused)
    assert isinstance(result.error, ContentRejected)
    assert "en_US" in str(result.error)


async def test_without_the_apps_id_a_template_needs_its_own(
    session: aiohttp.ClientSession, provider: GupshupProvider
) -> None:
    result = await line(session, base_url=provider.url, app_id=None).send(
        outgoing(EVERY_OUTBOUND["template"])
    )
    assert isinstance(result, Refused)
    assert "app_id" in str(result.error)
    assert provider.requests == []


async def test_a_list_of_templates_that_is_lost_leaves_no_doubt_of_the_send(
    gupshup: Gupshup, provider: GupshupProvider
) -> None:
    provider.does(half_an_answer)
    result = await gupshup.send(outgoing(EVERY_OUTBOUND["template"]))
    assert isinstance(result, Refused)
    assert type(result.error) is ProviderUnreachable


async def test_a_message_is_marked_as_read_by_its_id(
    gupshup: Gupshup, provider: GupshupProvider
) -> None:
    result = await gupshup.send(outgoing(ReadMark(message=ExternalId("wamid.HBg=/+"))))
    assert result == Accepted(None, result.exchange)
    (request,) = provider.requests
    assert (request.method, request.path) == ("PUT", "/wa/app/app-1/msg/wamid.HBg=/+/read")


async def test_an_id_never_leads_to_another_call(
    gupshup: Gupshup, provider: GupshupProvider
) -> None:
    result = await gupshup.send(outgoing(ReadMark(message=ExternalId("../../../other/call"))))
    assert result.exchange is not None
    assert result.exchange.url.endswith("/wa/app/app-1/msg/..%2F..%2F..%2Fother%2Fcall/read")


async def test_a_message_without_an_id_cannot_be_marked(
    gupshup: Gupshup, provider: GupshupProvider
) -> None:
    result = await gupshup.send(outgoing(ReadMark(message=ExternalId(f"{UNNAMED}1"))))
    assert isinstance(result, Refused)
    assert provider.requests == []


async def test_without_the_apps_id_nothing_is_marked(
    session: aiohttp.ClientSession, provider: GupshupProvider
) -> None:
    gupshup = line(session, base_url=provider.url, app_id=None, read_marks=True)
    assert not gupshup.read_marks
    assert await gupshup.send(outgoing(EVERY_OUTBOUND["read_mark"])) == Accepted(None)
    assert provider.requests == []


async def test_what_whatsapp_would_refuse_does_not_leave(
    gupshup: Gupshup, provider: GupshupProvider
) -> None:
    result = await gupshup.send(outgoing(Text(body="x" * 4097)))
    assert isinstance(result, Refused)
    assert isinstance(result.error, ContentRejected)
    assert provider.requests == []


# --- what answers mean -------------------------------------------------------------------------------


def error(message: str = "because", **more: object) -> dict[str, object]:
    return {"status": "error", "message": message, **more}


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        pytest.param(400, error("Invalid Destination"), AddressRejected, id="destination"),
        pytest.param(202, error("Invalid Destination"), AddressRejected, id="destination in 202"),
        pytest.param(400, error("Invalid App Details"), LineRejected, id="app"),
        pytest.param(401, error("Authentication Failed"), LineRejected, id="key"),
        pytest.param(429, error("Too Many Requests"), RateLimited, id="throttled"),
        pytest.param(400, error(code=1002), AddressRejected, id="not on WhatsApp"),
        pytest.param(400, error(code=1003), LineRejected, id="wallet"),
        pytest.param(400, error(code=1004), WindowClosed, id="window"),
        pytest.param(400, error(code="470"), WindowClosed, id="window, as text"),
        pytest.param(400, error(code=131047), WindowClosed, id="window, in Meta's code"),
        pytest.param(400, error(code=131049), AddressRejected, id="marketing ceiling"),
        pytest.param(400, error(code=1010), ContentRejected, id="file's link"),
        pytest.param(400, error(code=4001), RateLimited, id="too many calls"),
        pytest.param(500, error(code=500), ProviderUnreachable, id="trouble"),
        pytest.param(400, error(code=987654), ContentRejected, id="unknown code"),
        pytest.param(200, error(), ContentRejected, id="error in a success"),
        pytest.param(202, {"status": "submitted"}, AnswerLost, id="success without an id"),
        pytest.param(200, {"messages": []}, AnswerLost, id="success without a message"),
    ],
)
async def test_each_answer_has_its_meaning(
    gupshup: Gupshup,
    provider: GupshupProvider,
    status: int,
    body: object,
    kind: type[SendError],
) -> None:
    provider.answers(status, body)
    assert type(await refused(gupshup)) is kind


@pytest.mark.parametrize(
    ("status", "body", "id"),
    [
        pytest.param(202, {"status": "submitted", "messageId": "gs-9"}, "gs-9", id="202"),
        pytest.param(200, {"status": "success", "messageId": "gs-9"}, "gs-9", id="200"),
        pytest.param(200, {"messageId": 17}, "17", id="number"),
        pytest.param(200, {"messages": [{"id": "gs-9"}]}, "gs-9", id="in Meta's words"),
    ],
)
async def test_a_success_names_the_message(
    gupshup: Gupshup, provider: GupshupProvider, status: int, body: object, id: str
) -> None:
    provider.answers(status, body, **{"Content-Type": "text/html"})
    result = await gupshup.send(outgoing(HELLO))
    assert isinstance(result, Accepted)
    assert result.external_id == id


async def test_a_refused_key_says_where_to_look(
    gupshup: Gupshup, provider: GupshupProvider
) -> None:
    provider.answers(401, error("Authentication Failed"))
    said = str(await refused(gupshup))
    assert "Authentication Failed" in said
    assert "check api_key, app, source and base_url" in said


async def test_a_named_wait_is_kept(gupshup: Gupshup, provider: GupshupProvider) -> None:
    provider.answers(429, error("Too Many Requests"), **{"Retry-After": "7"})
    wait = (await refused(gupshup)).retry_after
    assert wait is not None
    assert wait.total_seconds() == 7


async def test_an_exchange_shows_the_call_without_its_key(
    gupshup: Gupshup, provider: GupshupProvider
) -> None:
    provider.answers(401, error("Authentication Failed", apikey=API_KEY))
    exchange = (await gupshup.send(outgoing(HELLO))).exchange
    assert exchange is not None
    assert (exchange.method, exchange.status) == ("POST", 401)
    assert exchange.url.endswith("/wa/api/v1/msg")
    assert "Hello" in exchange.request
    assert API_KEY not in f"{exchange.url}{exchange.request}{exchange.response}"
