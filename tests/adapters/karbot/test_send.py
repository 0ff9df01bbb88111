"""What leaves for Karbot: the login, its renewal, and each call behind it; over real HTTP."""

import asyncio

import aiohttp
import orjson
import pytest
from aiohttp import web
from yarl import URL

from adapters.gupshup.render import Origin
from adapters.http import build_session
from adapters.karbot.adapter import Karbot
from adapters.karbot.client import TOKEN_LIFE_S, Client
from adapters.karbot.render import split_phone
from engine.core.content import ButtonValue, Media, Template, Text
from engine.core.errors import (
    AddressRejected,
    AnswerLost,
    ContentRejected,
    LineRejected,
    ProviderUnreachable,
    SendError,
)
from engine.core.ids import MessageId
from engine.ports import Accepted, NoLinks, Refused
from engine.ports.services import ManualSetup, TemplateDraft
from tests.adapters.cloud.provider import Silence, half_an_answer, hang_up
from tests.adapters.gupshup.provider import form_of, said_in
from tests.adapters.karbot.conftest import EMAIL, PASSWORD, make_settings
from tests.adapters.karbot.provider import KarbotProvider
from tests.adapters.samples import ANA_WITHOUT_PHONE, EVERY_OUTBOUND, LINE, outgoing

HELLO = Text(body="Hello")
READY = Template(name="order_ready", language="es_MX", id="gs-template", body=("Ana", "17"))


async def refused(karbot: Karbot) -> SendError:
    result = await karbot.send(outgoing(HELLO))
    assert isinstance(result, Refused)
    return result.error


# --- the login -----------------------------------------------------------------------------------------


async def test_the_first_send_logs_in_and_the_next_use_its_token(
    karbot: Karbot, provider: KarbotProvider
) -> None:
    await asyncio.gather(*(karbot.send(outgoing(HELLO)) for _ in range(5)))
    (login,) = provider.logins
    assert (login.method, login.json) == ("POST", {"email": EMAIL, "password": PASSWORD})
    assert {send.headers["authorization"] for send in provider.sends} == {"Bearer token-1"}
    assert len(provider.sends) == 5


@pytest.mark.parametrize(
    "answer",
    [
        {"token": "abc"},
        {"access_token": "abc"},
        {"statusCode": 200, "session": {"access_token": "abc", "expiresIn": 3600}},
    ],
    ids=["token", "access_token", "session"],
)
async def test_the_token_is_found_wherever_the_login_puts_it(
    karbot: Karbot, provider: KarbotProvider, answer: object
) -> None:
    provider.answers(200, answer)
    await karbot.send(outgoing(HELLO))
    assert provider.sends[0].headers["authorization"] == "Bearer abc"


async def test_a_token_is_renewed_before_it_ends(
    session: aiohttp.ClientSession, provider: KarbotProvider
) -> None:
    now = [1000.0]
    client = Client(
        session,
        base=URL(provider.url),
        email=EMAIL,
        password=PASSWORD,
        origin=Origin("525550000009", "LineaAna"),
        monotonic=lambda: now[0],
    )
    for later in (0, TOKEN_LIFE_S - 1, TOKEN_LIFE_S):
        now[0] = 1000.0 + later
        await client.message(outgoing(HELLO), HELLO)
    used = [send.headers["authorization"] for send in provider.sends]
    assert used == ["Bearer token-1", "Bearer token-1", "Bearer token-2"]


async def test_a_refused_token_is_renewed_once_and_the_same_message_sent(
    karbot: Karbot, provider: KarbotProvider
) -> None:
    await karbot.send(outgoing(HELLO))
    provider.answers(401, {"status": "error", "message": "Authentication Failed"})
    result = await karbot.send(outgoing(HELLO, id=MessageId(7)))
    assert isinstance(result, Accepted)
    _, first, second = provider.sends
    assert first.body == second.body
    assert [first.headers["authorization"], second.headers["authorization"]] == [
        "Bearer token-1",
        "Bearer token-2",
    ]


async def test_a_token_refused_twice_stops_the_line(
    karbot: Karbot, provider: KarbotProvider
) -> None:
    await karbot.send(outgoing(HELLO))
    failed = {"status": "error", "message": "Authentication Failed"}
    provider.answers(401, failed)
    provider.answers(200, {"token": "another"})
    provider.answers(401, failed)
    error = await refused(karbot)
    assert type(error) is LineRejected
    assert "check email, password" in str(error)
    assert len(provider.sends) == 3


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        pytest.param(401, {"message": "wrong password"}, LineRejected, id="wrong password"),
        pytest.param(400, {"message": "no such user"}, LineRejected, id="no such user"),
        pytest.param(404, b"<html>where?</html>", LineRejected, id="HTML 404"),
        pytest.param(200, b"<html>hello</html>", LineRejected, id="HTML"),
        pytest.param(200, {"token": ""}, LineRejected, id="no token"),
        pytest.param(200, {"token": "a\nb"}, LineRejected, id="token with a line end"),
        pytest.param(503, b"", ProviderUnreachable, id="down"),
        pytest.param(504, b"", ProviderUnreachable, id="gateway timeout"),
    ],
)
async def test_a_login_that_fails_sends_nothing(
    karbot: Karbot, provider: KarbotProvider, status: int, body: object, kind: type[SendError]
) -> None:
    provider.answers(status, body)
    error = await refused(karbot)
    assert isinstance(error, kind)
    assert not isinstance(error, AnswerLost)
    assert provider.sends == []


@pytest.mark.parametrize("broken", [hang_up, half_an_answer], ids=["hang up", "half an answer"])
async def test_a_login_without_an_answer_leaves_no_doubt_of_the_send(
    karbot: Karbot, provider: KarbotProvider, broken: object
) -> None:
    provider.does(hang_up if broken is hang_up else half_an_answer)
    error = await refused(karbot)
    assert error.retryable
    assert not isinstance(error, AnswerLost)
    assert provider.sends == []


async def test_a_slow_login_leaves_no_doubt_of_the_send(provider: KarbotProvider) -> None:
    silence = Silence()
    provider.does(silence)
    async with build_session(answer_s=0.05) as session:
        settings = make_settings(base_url=provider.url)
        karbot = Karbot(LINE, settings, session=session, media_links=NoLinks())
        assert type(await refused(karbot)) is ProviderUnreachable
    silence.over.set()


async def test_no_exchange_shows_the_password_or_the_token(
    karbot: Karbot, provider: KarbotProvider
) -> None:
    async def echo(request: web.Request) -> web.StreamResponse:
        return web.json_response({"token": request.headers["Authorization"], "status": "error"})

    await karbot.send(outgoing(HELLO))
    provider.does(echo)
    exchange = (await karbot.send(outgoing(HELLO))).exchange
    assert exchange is not None
    kept = f"{exchange.url}{exchange.request}{exchange.response}"
    assert "token-1" not in kept
    assert PASSWORD not in kept


# --- messages ------------------------------------------------------------------------------------------


async def test_a_session_message_goes_as_gupshups_form(
    karbot: Karbot, provider: KarbotProvider
) -> None:
    result = await karbot.send(outgoing(HELLO))
    assert isinstance(result, Accepted)
    assert result.external_id == "gs-1"
    (send,) = provider.sends
    assert (send.method, send.path) == ("POST", "/wa/api/v1/msg")
    form = form_of(send)
    assert (form["source"], form["src.name"]) == ("525550000009", "LineaAna")
    assert said_in(send) == {"type": "text", "text": "Hello"}


async def test_a_template_of_words_goes_by_karbots_own_call(
    karbot: Karbot, provider: KarbotProvider
) -> None:
    assert isinstance(await karbot.send(outgoing(READY)), Accepted)
    (send,) = provider.sends
    assert (send.method, send.path) == ("POST", "/v1/messages/send-template")
    assert send.headers["content-type"] == "application/json"
    assert send.json == {
        "countryCode": "52",
        "to": "5550000001",
        "templateId": "gs-template",
        "variables": ["Ana", "17"],
    }


@pytest.mark.parametrize(
    "more",
    [
        {"header": Media(kind="image", url="https://files.example/1")},
        {"buttons": (ButtonValue(index=0, value="yes", use="quick_reply"),)},
    ],
    ids=["file", "postback"],
)
async def test_a_template_with_more_than_words_goes_as_gupshups_form(
    karbot: Karbot, provider: KarbotProvider, more: dict[str, object]
) -> None:
    await karbot.send(outgoing(READY.model_copy(update=more)))
    (send,) = provider.sends
    assert send.path == "/wa/api/v1/template/msg"
    assert said_in(send, "template") == {"id": "gs-template", "params": ["Ana", "17"]}


async def test_a_template_is_found_by_name_and_language(
    karbot: Karbot, provider: KarbotProvider
) -> None:
    await karbot.send(outgoing(EVERY_OUTBOUND["template"]))
    asked, send = provider.sends
    assert (asked.method, asked.path) == ("GET", "/wa/app/LineaAna/template")
    assert orjson.loads(send.body)["templateId"] == "7d1c9c1e-0000-4000-8000-000000000001"


async def test_a_contact_without_a_phone_gets_no_template(
    karbot: Karbot, provider: KarbotProvider
) -> None:
    result = await karbot.send(outgoing(READY, contact=ANA_WITHOUT_PHONE))
    assert isinstance(result, Refused)
    assert isinstance(result.error, AddressRejected)
    assert provider.sends == []


@pytest.mark.parametrize(
    ("phone", "parts"),
    [
        ("525550000001", ("52", "5550000001")),
        ("5215550000001", ("52", "15550000001")),
        ("4915112345678", ("49", "15112345678")),
        ("12025550123", ("1", "2025550123")),
    ],
)
def test_a_number_is_parted_behind_its_country_and_loses_no_digit(
    phone: str, parts: tuple[str, str]
) -> None:
    assert split_phone(phone) == parts


@pytest.mark.parametrize("phone", ["", "00", "hello"])
def test_a_number_of_no_country_is_refused(phone: str) -> None:
    with pytest.raises(AddressRejected):
        split_phone(phone)


# --- beside the chat -------------------------------------------------------------------------------------


async def test_a_look_at_the_line_logs_in_and_asks_for_its_templates(
    karbot: Karbot, provider: KarbotProvider
) -> None:
    probe = karbot.services.probe
    assert probe is not None
    assert await probe.check_key() == "the login is good"
    assert "525550000009 of the line 'LineaAna'" in await probe.check_sender()
    assert len(provider.logins) == 1
    provider.answers(401, {"message": "wrong password"})
    with pytest.raises(LineRejected, match="check email, password"):
        await probe.check_key()


async def test_the_webhook_is_set_by_hand_and_the_text_says_where(karbot: Karbot) -> None:
    webhook = karbot.services.webhook
    assert webhook is not None
    with pytest.raises(ManualSetup, match=r"https://bot\.example/webhooks/shop"):
        await webhook.register("https://bot.example/webhooks/shop")


async def test_read_marks_are_left_out_since_nothing_is_known_of_them(
    karbot: Karbot, provider: KarbotProvider
) -> None:
    assert await karbot.send(outgoing(EVERY_OUTBOUND["read_mark"])) == Accepted(None)
    assert provider.requests == []


async def test_templates_are_handed_in_at_karbot(karbot: Karbot) -> None:
    assert karbot.services.templates is not None
    draft = TemplateDraft(name="sale", language="es", category="marketing", body="Hoy: {{1}}")

    with pytest.raises(ContentRejected, match="Karbot's platform"):
        await karbot.services.templates.create(draft)
