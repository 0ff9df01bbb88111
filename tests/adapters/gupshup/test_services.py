"""What Gupshup offers beside the chat."""

import aiohttp
import pytest

from adapters.gupshup.adapter import Gupshup
from engine.core.errors import ContentRejected, LineRejected
from engine.core.templates import TemplateShape
from engine.ports import NoLinks
from engine.ports.services import ManualSetup, TemplateDraft, TemplateInfo
from tests.adapters.gupshup.conftest import API_KEY, make_settings
from tests.adapters.gupshup.provider import TEMPLATE, GupshupProvider
from tests.adapters.samples import LINE


async def test_templates_are_listed_by_name_and_status(
    gupshup: Gupshup, provider: GupshupProvider
) -> None:
    templates = gupshup.services.templates
    assert templates is not None
    assert list(await templates.list()) == [
        TemplateInfo(
            name="order_ready",
            language="en_US",
            status="approved",
            category="utility",
            id=str(TEMPLATE["id"]),
            body="{{1}}, order {{2}} is ready",
            namespace="space-1",
            shape=TemplateShape(body="{{1}}, order {{2}} is ready"),
            raw=dict(TEMPLATE),
        )
    ]
    assert provider.requests[0].headers["apikey"] == API_KEY
    assert list(await templates.list(name="order_late")) == []
    assert list(await templates.list(status="rejected")) == []


@pytest.mark.parametrize(
    "answer",
    [{}, {"templates": None}, {"templates": [7, {}]}, {"templates": [{"containerMeta": "{"}]}],
    ids=str,
)
async def test_an_odd_list_is_read_as_far_as_it_goes(
    gupshup: Gupshup, provider: GupshupProvider, answer: dict[str, object]
) -> None:
    provider.answers(200, answer)
    templates = gupshup.services.templates
    assert templates is not None
    assert all(info.status == "unknown" for info in await templates.list())


async def test_a_template_is_handed_in_on_the_dashboard(gupshup: Gupshup) -> None:
    templates = gupshup.services.templates
    assert templates is not None
    draft = TemplateDraft(name="promo", language="es", category="marketing", body="Hi")
    with pytest.raises(ContentRejected, match="dashboard"):
        await templates.create(draft)


async def test_the_webhook_is_set_by_hand_and_the_text_says_where(gupshup: Gupshup) -> None:
    webhook = gupshup.services.webhook
    assert webhook is not None
    with pytest.raises(ManualSetup) as told:
        await webhook.register("https://bot.example/webhooks/shop/s3cret")
    assert "https://bot.example/webhooks/shop/s3cret" in str(told.value)
    assert "sent, delivered, read" in str(told.value)


async def test_a_look_at_the_line_tells_whether_the_key_is_good(
    gupshup: Gupshup, provider: GupshupProvider
) -> None:
    probe = gupshup.services.probe
    assert probe is not None
    assert "1 templates" in await probe.check_key()
    with pytest.raises(ManualSetup, match="525550000009"):
        await probe.check_sender()
    provider.answers(401, {"status": "error", "message": "Authentication Failed"})
    with pytest.raises(LineRejected, match="check api_key"):
        await probe.check_key()


async def test_without_the_apps_id_the_look_says_what_to_set(
    session: aiohttp.ClientSession, provider: GupshupProvider
) -> None:
    settings = make_settings(base_url=provider.url, app_id=None)
    probe = Gupshup(LINE, settings, session=session, media_links=NoLinks()).services.probe
    assert probe is not None
    with pytest.raises(ContentRejected, match="app_id"):
        await probe.check_key()
