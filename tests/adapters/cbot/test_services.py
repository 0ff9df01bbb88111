"""What the provider offers beside the chat, asked of a server that answers as the documents say."""

import aiohttp
import pytest

from adapters.cbot.adapter import Cbot
from adapters.cbot.signature import header_of
from engine.core.errors import ContentRejected, LineRejected, ProviderUnreachable
from engine.ports.services import ManualSetup, TemplateDraft
from tests.adapters.cbot.conftest import PASSWORD, USER, make_line, make_settings
from tests.adapters.cbot.provider import KeyedProvider
from tests.adapters.cloud.provider import hang_up
from tests.adapters.samples import MemoryMedia

ADDRESS = "https://bot.example/webhooks/shop/s3cret"


def template(name: str, **more: object) -> dict[str, object]:
    return {
        "name": name,
        "namespace": "names_1",
        "language": "es",
        "status": "approved",
        "category": "UTILITY",
        "components": [{"type": "BODY", "text": "{{1}}, su pedido está listo."}],
        "rejected_reason": "NONE",
        **more,
    }


async def test_templates_are_listed_page_by_page(cloud_line: Cbot, provider: KeyedProvider) -> None:
    first = [template(f"one_{number}") for number in range(100)]
    provider.answers(200, {"waba_templates": first, "count": 100, "total": 101})
    last = template("sale", status="rejected", rejected_reason="PROMOTIONAL")
    provider.answers(200, {"waba_templates": [last, {}], "count": 1, "total": 101})
    assert cloud_line.services.templates is not None
    found = await cloud_line.services.templates.list()
    assert len(found) == 101
    assert (found[0].name, found[0].status, found[0].namespace, found[0].reason) == (
        "one_0",
        "approved",
        "names_1",
        None,
    )
    assert found[0].body == "{{1}}, su pedido está listo."
    assert (found[-1].status, found[-1].reason) == ("rejected", "PROMOTIONAL")
    assert [(one.path, one.query["offset"]) for one in provider.requests] == [
        ("/v1/configs/templates", "0"),
        ("/v1/configs/templates", "100"),
    ]


async def test_templates_are_listed_by_name_and_status(
    cloud_line: Cbot, provider: KeyedProvider
) -> None:
    for _ in range(2):
        both = [template("one"), template("two", status="submitted")]
        provider.answers(200, {"waba_templates": both, "total": 2})
    assert cloud_line.services.templates is not None
    (one,) = await cloud_line.services.templates.list(name="one")
    assert one.name == "one"
    (approved,) = await cloud_line.services.templates.list(status="approved")
    assert approved.name == "one"


async def test_a_template_is_handed_in(cloud_line: Cbot, provider: KeyedProvider) -> None:
    provider.answers(201, template("order_ready", id="7001", status="submitted"))
    assert cloud_line.services.templates is not None
    draft = TemplateDraft(
        name="order_ready",
        language="es",
        category="utility",
        body="{{1}}, su pedido está listo.",
        examples=("Ana",),
    )
    made = await cloud_line.services.templates.create(draft)
    (request,) = provider.requests
    assert (request.method, request.path) == ("POST", "/v1/configs/templates")
    assert request.json["category"] == "UTILITY"
    assert (made.name, made.status, made.id) == ("order_ready", "pending", "7001")


# --- the webhook -------------------------------------------------------------------------------------


async def test_the_address_is_set_and_read_back(
    onpremise_line: Cbot, provider: KeyedProvider
) -> None:
    provider.answers(200, {"url": ADDRESS})
    provider.answers(200, {"url": ADDRESS})
    assert onpremise_line.services.webhook is not None
    told = await onpremise_line.services.webhook.register(ADDRESS)
    assert told == f"the provider sends webhooks to {ADDRESS} now"
    post, get = provider.requests
    assert (post.method, post.path, post.json) == ("POST", "/v1/configs/webhook", {"url": ADDRESS})
    assert (get.method, get.path) == ("GET", "/v1/configs/webhook")


async def test_the_basic_header_goes_with_the_address(
    session: aiohttp.ClientSession, provider: KeyedProvider
) -> None:
    guard = {"webhook_user": USER, "webhook_password": PASSWORD}
    line = make_line(session, provider, MemoryMedia(), **guard)
    provider.answers(200, {"url": ADDRESS})
    provider.answers(200, {"url": ADDRESS})
    assert line.services.webhook is not None
    told = await line.services.webhook.register(ADDRESS)
    assert told.endswith("with the line's user and password")
    wanted = header_of(make_settings(**guard))
    assert provider.requests[0].json["headers"] == {"Authorization": wanted}


async def test_an_address_that_is_not_taken_over_is_told(
    cloud_line: Cbot, provider: KeyedProvider
) -> None:
    provider.answers(200, {})
    provider.answers(200, {"url": "https://old.example"})
    assert cloud_line.services.webhook is not None
    assert "still names https://old.example" in await cloud_line.services.webhook.register(ADDRESS)


async def test_an_address_that_is_refused_is_an_error(
    cloud_line: Cbot, provider: KeyedProvider
) -> None:
    said = {"meta": {"success": False, "http_code": 400, "developer_message": "no https"}}
    provider.answers(400, said)
    assert cloud_line.services.webhook is not None
    with pytest.raises(ContentRejected, match="no https"):
        await cloud_line.services.webhook.register(ADDRESS)


# --- the probe ---------------------------------------------------------------------------------------


async def test_the_key_is_tried_where_only_the_key_may_look(
    cloud_line: Cbot, provider: KeyedProvider
) -> None:
    provider.answers(200, {"url": ADDRESS})
    provider.answers(200, {})
    provider.answers(401, {"meta": {"developerMessage": "Invalid api key"}})
    assert cloud_line.services.probe is not None
    assert ADDRESS in await cloud_line.services.probe.check_key()
    assert "parley lines register" in await cloud_line.services.probe.check_key()
    with pytest.raises(LineRejected, match="Invalid api key"):
        await cloud_line.services.probe.check_key()


async def test_the_number_that_sends_is_looked_at(
    cloud_line: Cbot, provider: KeyedProvider
) -> None:
    blocked = {
        "entity_type": "WABA",
        "errors": [{"error_code": 141006, "error_description": "no payment method"}],
    }
    fine = {"entity_type": "PHONE_NUMBER", "can_send_message": "AVAILABLE"}
    provider.answers(
        200, {"health_status": {"can_send_message": "BLOCKED", "entities": [fine, blocked]}}
    )
    provider.answers(200, {})
    assert cloud_line.services.probe is not None
    assert await cloud_line.services.probe.check_sender() == (
        "sending is BLOCKED; WABA: no payment method"
    )
    assert await cloud_line.services.probe.check_sender() == "sending is unknown"
    assert provider.requests[0].path == "/health_status"


async def test_the_onpremise_form_has_no_call_that_tells_of_the_number(
    onpremise_line: Cbot, provider: KeyedProvider
) -> None:
    assert onpremise_line.services.probe is not None
    with pytest.raises(ManualSetup, match="--to"):
        await onpremise_line.services.probe.check_sender()
    assert provider.requests == []


async def test_an_answer_that_does_not_come_is_trouble_to_try_again(
    cloud_line: Cbot, provider: KeyedProvider
) -> None:
    provider.does(hang_up)
    assert cloud_line.services.webhook is not None
    with pytest.raises(ProviderUnreachable):
        await cloud_line.services.webhook.register(ADDRESS)
