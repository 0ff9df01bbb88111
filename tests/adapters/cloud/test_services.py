"""What Meta offers beside the chat, asked of a server that answers as the documents say."""

import aiohttp
import pytest

from adapters.cloud.adapter import Cloud
from engine.core.errors import LineRejected
from engine.core.templates import TemplateShape
from engine.core.value import Json
from engine.ports.services import (
    ButtonDraft,
    CardDraft,
    HeaderDraft,
    ManualSetup,
    Services,
    TemplateDraft,
    TemplateInfo,
)
from tests.adapters.cloud.conftest import VERIFY_TOKEN, make_settings
from tests.adapters.cloud.provider import Provider
from tests.adapters.samples import LINE, MemoryMedia

WABA = "401000000000001"

READY: dict[str, Json] = {
    "id": "7001",
    "name": "order_ready",
    "language": "en_US",
    "status": "APPROVED",
    "category": "UTILITY",
    "components": [{"type": "BODY", "text": "{{1}}, your order {{2}} is ready."}],
    "rejected_reason": "NONE",
}


@pytest.fixture
async def services(session: aiohttp.ClientSession, provider: Provider) -> Services:
    settings = make_settings(base_url=provider.url, business_account_id=WABA)
    return Cloud(LINE, settings, session=session, media_store=MemoryMedia()).services


async def test_templates_are_listed_page_by_page(services: Services, provider: Provider) -> None:
    assert services.templates is not None
    paging = {"cursors": {"after": "QVFI"}, "next": "https://graph.example/next"}
    provider.answers(200, {"data": [READY], "paging": paging})
    refused = {**READY, "name": "sale", "status": "REJECTED", "rejected_reason": "PROMOTIONAL"}
    provider.answers(200, {"data": [refused, {"no": "name"}]})

    ready, sale = await services.templates.list()

    assert ready == TemplateInfo(
        name="order_ready",
        language="en_US",
        status="approved",
        category="utility",
        id="7001",
        body="{{1}}, your order {{2}} is ready.",
        shape=TemplateShape(body="{{1}}, your order {{2}} is ready."),
        raw=READY,
    )
    assert (sale.status, sale.reason) == ("rejected", "PROMOTIONAL")
    assert [request.path for request in provider.requests] == [
        f"/v23.0/{WABA}/message_templates"
    ] * 2
    assert provider.requests[1].query["after"] == "QVFI"


async def test_a_name_finds_no_longer_ones(services: Services, provider: Provider) -> None:
    assert services.templates is not None
    provider.answers(200, {"data": [READY, {**READY, "name": "order_ready_again"}]})

    found = await services.templates.list(name="order_ready", status="approved")

    assert [template.name for template in found] == ["order_ready"]
    assert provider.requests[0].query["name"] == "order_ready"


async def test_a_draft_is_handed_in(services: Services, provider: Provider) -> None:
    assert services.templates is not None
    provider.answers(200, {"id": "7002", "status": "PENDING", "category": "MARKETING"})
    draft = TemplateDraft(
        name="new_pizzas",
        language="es_MX",
        category="marketing",
        body="{{1}}, look at these",
        examples=("Ana",),
        header=HeaderDraft(format="text", text="For {{1}}", example="you"),
        footer="Say stop at any time",
        buttons=(
            ButtonDraft(kind="quick_reply", text="Stop"),
            ButtonDraft(kind="phone", text="Call", phone="+525550000001"),
            ButtonDraft(
                kind="url",
                text="Open",
                url="https://shop.example/{{1}}",
                example="https://shop.example/a",
            ),
        ),
        cards=(
            CardDraft(
                header=HeaderDraft(format="image", handle="4::aW1h"),
                body="Diavola",
                buttons=(ButtonDraft(kind="quick_reply", text="This one"),),
            ),
        ),
    )

    made = await services.templates.create(draft)

    assert (made.id, made.status, made.name) == ("7002", "pending", "new_pizzas")
    assert provider.bodies == [
        {
            "name": "new_pizzas",
            "language": "es_MX",
            "category": "MARKETING",
            "components": [
                {
                    "type": "HEADER",
                    "format": "TEXT",
                    "text": "For {{1}}",
                    "example": {"header_text": ["you"]},
                },
                {
                    "type": "BODY",
                    "text": "{{1}}, look at these",
                    "example": {"body_text": [["Ana"]]},
                },
                {"type": "FOOTER", "text": "Say stop at any time"},
                {
                    "type": "BUTTONS",
                    "buttons": [
                        {"type": "QUICK_REPLY", "text": "Stop"},
                        {"type": "PHONE_NUMBER", "text": "Call", "phone_number": "+525550000001"},
                        {
                            "type": "URL",
                            "text": "Open",
                            "url": "https://shop.example/{{1}}",
                            "example": ["https://shop.example/a"],
                        },
                    ],
                },
                {
                    "type": "CAROUSEL",
                    "cards": [
                        {
                            "components": [
                                {
                                    "type": "HEADER",
                                    "format": "IMAGE",
                                    "example": {"header_handle": ["4::aW1h"]},
                                },
                                {"type": "BODY", "text": "Diavola"},
                                {
                                    "type": "BUTTONS",
                                    "buttons": [{"type": "QUICK_REPLY", "text": "This one"}],
                                },
                            ]
                        }
                    ],
                },
            ],
        }
    ]


async def test_the_webhook_is_registered(services: Services, provider: Provider) -> None:
    assert services.webhook is not None
    provider.answers(200, {"success": True})

    said = await services.webhook.register("https://bot.example/webhooks/shop")

    assert "https://bot.example/webhooks/shop" in said
    assert provider.requests[0].path == f"/v23.0/{WABA}/subscribed_apps"
    assert provider.bodies == [
        {
            "override_callback_uri": "https://bot.example/webhooks/shop",
            "verify_token": VERIFY_TOKEN,
        }
    ]


async def test_without_an_account_it_says_what_to_paste(cloud: Cloud) -> None:
    assert cloud.services.templates is None
    assert cloud.services.webhook is not None
    with pytest.raises(ManualSetup, match=r"https://bot\.example/webhooks/shop"):
        await cloud.services.webhook.register("https://bot.example/webhooks/shop")


async def test_the_number_is_looked_at(services: Services, provider: Provider) -> None:
    assert services.probe is not None
    provider.answers(200, {"id": "301000000000001"})
    provider.answers(
        200,
        {
            "display_phone_number": "+52 55 5000 0001",
            "verified_name": "Shop",
            "quality_rating": "GREEN",
        },
    )

    assert await services.probe.check_key() == "Meta takes the token"
    assert await services.probe.check_sender() == "+52 55 5000 0001, Shop, GREEN"


async def test_a_wrong_token_is_told(services: Services, provider: Provider) -> None:
    assert services.probe is not None
    provider.answers(401, {"error": {"code": 190, "message": "expired"}})
    with pytest.raises(LineRejected, match="expired"):
        await services.probe.check_key()
