"""What leaves for CBOT and 360dialog, and what their answers mean; over real HTTP."""

import aiohttp
import orjson
import pytest

from adapters.cbot.adapter import Cbot
from engine.core.content import ReadMark, Template, Text
from engine.core.errors import (
    AddressRejected,
    AnswerLost,
    ContentRejected,
    LineRejected,
    PairLimited,
    ProviderUnreachable,
    RateLimited,
    SendError,
    WindowClosed,
)
from engine.core.ids import ExternalId, MessageId
from engine.ports import Accepted, Refused
from tests.adapters.cbot.conftest import KEY, make_line
from tests.adapters.cbot.provider import KeyedProvider
from tests.adapters.cloud.provider import hang_up
from tests.adapters.samples import EVERY_OUTBOUND, OURS, MemoryMedia, outgoing

HELLO = Text(body="Hello")
TEMPLATE = EVERY_OUTBOUND["template"]


async def refused(line: Cbot) -> SendError:
    result = await line.send(outgoing(HELLO))
    assert isinstance(result, Refused)
    return result.error


# --- what leaves -------------------------------------------------------------------------------------


async def test_the_cloud_form_is_metas_body_with_the_lines_key(
    cloud_line: Cbot, provider: KeyedProvider
) -> None:
    result = await cloud_line.send(outgoing(HELLO, id=MessageId(7), reply_to=OURS))
    assert isinstance(result, Accepted)
    assert result.external_id == "wamid.out1"
    (request,) = provider.requests
    assert (request.method, request.path) == ("POST", "/messages")
    assert request.headers["d360-api-key"] == KEY
    assert request.headers["content-type"] == "application/json"
    assert request.json == {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": "525550000001",
        "type": "text",
        "text": {"body": "Hello", "preview_url": False},
        "context": {"message_id": "wamid.ours"},
        "biz_opaque_callback_data": "7",
    }


async def test_the_onpremise_form_has_its_own_path_and_body(
    onpremise_line: Cbot, provider: KeyedProvider
) -> None:
    result = await onpremise_line.send(outgoing(HELLO, reply_to=OURS))
    assert isinstance(result, Accepted)
    assert result.external_id == "wamid.out1"
    (request,) = provider.requests
    assert (request.method, request.path) == ("POST", "/v1/messages")
    assert request.headers["d360-api-key"] == KEY
    assert request.json == {
        "recipient_type": "individual",
        "to": "525550000001",
        "type": "text",
        "text": {"body": "Hello"},
        "context": {"message_id": "wamid.ours"},
    }


async def test_the_key_goes_in_the_configured_header(
    session: aiohttp.ClientSession, provider: KeyedProvider
) -> None:
    line = make_line(session, provider, MemoryMedia(), api_key_header="X-Line-Key")
    await line.send(outgoing(HELLO))
    assert provider.requests[0].headers["x-line-key"] == KEY
    assert "d360-api-key" not in provider.requests[0].headers


async def test_a_read_mark_is_a_message_on_cloud_and_a_change_on_premise(
    cloud_line: Cbot, onpremise_line: Cbot, provider: KeyedProvider
) -> None:
    mark = ReadMark(message=ExternalId("gBE.theirs"), typing=True)
    marked = await cloud_line.send(outgoing(mark))
    assert isinstance(marked, Accepted)
    assert marked.external_id is None
    assert isinstance(await onpremise_line.send(outgoing(mark)), Accepted)
    cloud, onpremise = provider.requests
    assert (cloud.method, cloud.path) == ("POST", "/messages")
    assert cloud.json["typing_indicator"] == {"type": "text"}
    assert (onpremise.method, onpremise.path) == ("PUT", "/v1/messages/gBE.theirs")
    assert onpremise.json == {"status": "read"}


async def test_a_read_mark_on_premise_needs_no_words_in_the_answer(
    onpremise_line: Cbot, provider: KeyedProvider
) -> None:
    mark = ReadMark(message=ExternalId("gBE.theirs"))
    provider.answers(200, b"")
    assert isinstance(await onpremise_line.send(outgoing(mark)), Accepted)
    provider.answers(500, b"")
    assert isinstance(await onpremise_line.send(outgoing(mark)), Refused)


async def test_a_template_gets_the_accounts_namespace_which_is_asked_for_once(
    onpremise_line: Cbot, provider: KeyedProvider
) -> None:
    for _ in range(2):
        assert isinstance(await onpremise_line.send(outgoing(TEMPLATE)), Accepted)
    asked, *sent = provider.requests
    assert (asked.method, asked.path) == ("GET", "/v1/configs/templates")
    assert [one.json["template"] for one in sent] == [
        {
            "namespace": "names_1",
            "name": "order_ready",
            "language": {"policy": "deterministic", "code": "en_US"},
            "components": sent[0].json["template"]["components"],  # type: ignore[index]
        }
    ] * 2


async def test_a_namespace_of_the_flows_own_is_not_asked_for(
    onpremise_line: Cbot, provider: KeyedProvider
) -> None:
    await onpremise_line.send(outgoing(Template(name="sale", language="es", namespace="mine")))
    (request,) = provider.requests
    assert request.json["template"]["namespace"] == "mine"  # type: ignore[index]


async def test_a_provider_that_lists_no_templates_gets_the_template_without_namespace(
    onpremise_line: Cbot, provider: KeyedProvider
) -> None:
    provider.answers(404, b"<html>where?</html>")
    assert isinstance(await onpremise_line.send(outgoing(TEMPLATE)), Accepted)
    assert "namespace" not in provider.requests[1].json["template"]  # type: ignore[operator]


async def test_a_provider_that_is_down_while_it_is_asked_gets_the_template_later(
    onpremise_line: Cbot, provider: KeyedProvider
) -> None:
    provider.answers(502, b"<html>bad gateway</html>")
    result = await onpremise_line.send(outgoing(TEMPLATE))
    assert isinstance(result, Refused)
    assert type(result.error) is ProviderUnreachable
    assert isinstance(await onpremise_line.send(outgoing(TEMPLATE)), Accepted)


@pytest.mark.parametrize("kind", ["voice", "cta_url", "location_request", "carousel"])
async def test_what_only_cloud_shows_degrades_on_premise(
    onpremise_line: Cbot, provider: KeyedProvider, kind: str
) -> None:
    assert isinstance(await onpremise_line.send(outgoing(EVERY_OUTBOUND[kind])), Accepted)
    (body,) = provider.bodies
    assert body["type"] == ("audio" if kind == "voice" else "text")


# --- the contact that the On-Premises API does not know -----------------------------------------------

UNKNOWN = {"errors": [{"code": 1006, "title": "Resource not found", "details": "unknown contact"}]}


def checked(status: str, wa_id: str | None = None) -> dict[str, object]:
    contact = {"input": "+525550000001", "status": status, "wa_id": wa_id}
    return {"contacts": [{key: value for key, value in contact.items() if value}]}


async def test_an_unknown_contact_is_asked_about_and_gets_the_message(
    onpremise_line: Cbot, provider: KeyedProvider
) -> None:
    provider.answers(404, UNKNOWN)
    provider.answers(200, checked("valid", "5215550000001"))
    result = await onpremise_line.send(outgoing(HELLO))
    assert isinstance(result, Accepted)
    first, check, second = provider.requests
    assert (check.method, check.path) == ("POST", "/v1/contacts")
    assert check.json == {
        "blocking": "wait",
        "contacts": ["+525550000001"],
        "force_check": True,
    }
    assert second.json == first.json | {"to": "5215550000001"}


async def test_a_contact_that_stays_unknown_gets_no_third_try(
    onpremise_line: Cbot, provider: KeyedProvider
) -> None:
    provider.answers(200, UNKNOWN)
    provider.answers(200, checked("valid", "525550000001"))
    provider.answers(200, UNKNOWN)
    assert type(await refused(onpremise_line)) is AddressRejected
    assert [one.path for one in provider.requests] == [
        "/v1/messages",
        "/v1/contacts",
        "/v1/messages",
    ]


async def test_the_same_code_about_a_file_is_no_question_about_the_contact(
    onpremise_line: Cbot, provider: KeyedProvider
) -> None:
    gone = {"code": 1006, "title": "Resource not found", "details": "media 7b1c does not exist"}
    provider.answers(404, {"errors": [gone]})
    assert type(await refused(onpremise_line)) is ContentRejected
    assert len(provider.requests) == 1


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        pytest.param(200, checked("invalid"), AddressRejected, id="no WhatsApp"),
        pytest.param(200, checked("failed"), ProviderUnreachable, id="not now"),
        pytest.param(200, {"contacts": []}, ProviderUnreachable, id="nobody"),
        pytest.param(200, b"<html></html>", ProviderUnreachable, id="HTML"),
        pytest.param(401, b"", LineRejected, id="key refused"),
        pytest.param(429, b"", RateLimited, id="too fast"),
    ],
)
async def test_what_the_check_says_decides_and_nothing_is_sent_twice(
    onpremise_line: Cbot,
    provider: KeyedProvider,
    status: int,
    body: object,
    kind: type[SendError],
) -> None:
    provider.answers(404, UNKNOWN)
    provider.answers(status, body)
    assert type(await refused(onpremise_line)) is kind
    assert [one.path for one in provider.requests] == ["/v1/messages", "/v1/contacts"]


async def test_a_check_whose_answer_is_lost_leaves_the_message_unsent_not_uncertain(
    onpremise_line: Cbot, provider: KeyedProvider
) -> None:
    provider.answers(404, UNKNOWN)
    provider.does(hang_up)
    assert type(await refused(onpremise_line)) is ProviderUnreachable


# --- what answers mean -------------------------------------------------------------------------------


def meta(message: str, code: int = 400, **more: object) -> dict[str, object]:
    return {"meta": {"httpCode": code, "developerMessage": message, "success": False, **more}}


def onpremise(code: int, details: str = "because") -> dict[str, object]:
    return {"errors": [{"code": code, "title": "t", "details": details}], "meta": {"version": "2"}}


BOTH = [
    pytest.param(400, meta("Number is disabled"), LineRejected, id="disabled"),
    pytest.param(
        400, meta("You exceeded the endpoint rate limit"), RateLimited, id="endpoint limit"
    ),
    pytest.param(400, meta("limit of 1 request every 2 seconds"), RateLimited, id="one a while"),
    pytest.param(400, meta("unpaid invoice"), LineRejected, id="unpaid"),
    pytest.param(400, meta("body is no JSON"), ContentRejected, id="another 400"),
    pytest.param(401, meta("Invalid api key", 404), LineRejected, id="wrong key"),
    pytest.param(403, meta("path is blocked", 403), LineRejected, id="blocked"),
    pytest.param(500, meta("internal", 500), ProviderUnreachable, id="500"),
    pytest.param(502, meta("bad gateway", 502), ProviderUnreachable, id="502"),
    pytest.param(200, meta("not found", 404), LineRejected, id="refusal with 200"),
    pytest.param(200, {"meta": {"success": False}}, ProviderUnreachable, id="no reason given"),
    pytest.param(
        400,
        {"meta": {"http_code": 400, "developer_message": "bad", "details": ["to", 7]}},
        ContentRejected,
        id="older spelling",
    ),
    pytest.param(401, {"error": "no key"}, LineRejected, id="error in words"),
    pytest.param(400, {"error": {"code": 131047}}, WindowClosed, id="Meta's window"),
    pytest.param(400, {"error": {"code": 131056}}, PairLimited, id="Meta's pair limit"),
    pytest.param(400, {"error": {"code": 132001}}, ContentRejected, id="Meta's template"),
    pytest.param(
        400, {"error": {"code": 100, "error_subcode": 33}}, LineRejected, id="Meta's object"
    ),
    pytest.param(200, {"messages": []}, AnswerLost, id="no message named"),
]

ONPREMISE = [
    pytest.param(200, onpremise(470), WindowClosed, id="window with 200"),
    pytest.param(400, onpremise(470), WindowClosed, id="window"),
    pytest.param(400, onpremise(471), RateLimited, id="tier"),
    pytest.param(400, onpremise(1013), AddressRejected, id="no WhatsApp"),
    pytest.param(401, onpremise(1005), LineRejected, id="access denied"),
    pytest.param(400, onpremise(1009), ContentRejected, id="value not valid"),
    pytest.param(400, onpremise(2000), ContentRejected, id="template variables"),
    pytest.param(500, onpremise(1014), ProviderUnreachable, id="internal"),
    pytest.param(429, onpremise(1015), RateLimited, id="too many"),
    pytest.param(400, onpremise(402), LineRejected, id="payment"),
    pytest.param(400, onpremise(98765), ContentRejected, id="unknown code"),
    pytest.param(200, onpremise(98765), ContentRejected, id="unknown code with 200"),
    pytest.param(503, b"", RateLimited, id="503"),
]


@pytest.mark.parametrize(("status", "body", "kind"), BOTH)
async def test_each_answer_has_its_meaning_in_both_forms(
    cloud_line: Cbot,
    onpremise_line: Cbot,
    provider: KeyedProvider,
    status: int,
    body: object,
    kind: type[SendError],
) -> None:
    for line in (cloud_line, onpremise_line):
        provider.answers(status, body)
        assert type(await refused(line)) is kind


@pytest.mark.parametrize(("status", "body", "kind"), ONPREMISE)
async def test_each_onpremise_answer_has_its_meaning(
    onpremise_line: Cbot,
    provider: KeyedProvider,
    status: int,
    body: object,
    kind: type[SendError],
) -> None:
    provider.answers(status, body)
    assert type(await refused(onpremise_line)) is kind


async def test_a_refused_line_says_what_to_look_at(
    cloud_line: Cbot, provider: KeyedProvider
) -> None:
    for body in (meta("Invalid api key", 404), b"", {"error": {"code": 100, "error_subcode": 33}}):
        provider.answers(401, body)
        assert "check api_key, api_key_header and base_url" in str(await refused(cloud_line))


async def test_a_refusal_keeps_what_was_said_and_how_long_to_wait(
    onpremise_line: Cbot, provider: KeyedProvider
) -> None:
    provider.answers(400, onpremise(470, "more than 24 hours"), **{"Retry-After": "7"})
    error = await refused(onpremise_line)
    assert error.provider_code == "470"
    assert "more than 24 hours" in str(error)
    provider.answers(429, b"", **{"Retry-After": "7"})
    wait = (await refused(onpremise_line)).retry_after
    assert wait is not None
    assert wait.total_seconds() == 7


async def test_an_exchange_shows_the_call_without_the_key(
    onpremise_line: Cbot, provider: KeyedProvider
) -> None:
    provider.answers(400, {"meta": {"developerMessage": "bad", "api_key": "leaked"}})
    result = await onpremise_line.send(outgoing(HELLO))
    assert result.exchange is not None
    assert (result.exchange.method, result.exchange.status) == ("POST", 400)
    assert result.exchange.url.endswith("/v1/messages")
    assert orjson.loads(result.exchange.request)["text"]["body"] == "Hello"
    kept = f"{result.exchange.url}{result.exchange.request}{result.exchange.response}"
    assert KEY not in kept
    assert "leaked" not in kept
