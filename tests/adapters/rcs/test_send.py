"""What leaves for RCS, and what Interakt's answers mean; over real HTTP."""

import aiohttp
import orjson
import pytest

from adapters.interakt.adapter import Interakt
from adapters.rcs.adapter import Rcs
from adapters.registry import build_adapter
from engine.core.content import (
    Assignment,
    Card,
    Carousel,
    ContactUpdate,
    Event,
    Media,
    Outbound,
    Sms,
    Template,
    TemplateCard,
    Text,
)
from engine.core.errors import (
    AddressRejected,
    AnswerLost,
    ContentRejected,
    LineRejected,
    RateLimited,
    SendError,
)
from engine.core.signals import DeliveryReported, MessageReceived
from engine.ports import Accepted, NoLinks, Refused, WebhookRequest
from engine.ports.services import ManualSetup
from tests.adapters.interakt.conftest import API_KEY, SIGNING_SECRET, make_settings
from tests.adapters.interakt.provider import InteraktProvider, sent_id
from tests.adapters.interakt.test_signature import sign
from tests.adapters.rcs.test_parse import PAYLOADS
from tests.adapters.samples import ANA_WITHOUT_PHONE, LINE, NOW, MemoryMedia, outgoing

HELLO = Text(body="Hello")
SMS = Sms(
    message="Your order {{1}} is ready.",
    sender_id="OURSHP",
    entity_id="1101",
    template_id="1107",
    variables=("17",),
)
FALLBACK = [
    {
        "channel": "sms",
        "sender_id": "OURSHP",
        "pe_id": "1101",
        "provider_name": "default",
        "content": {
            "message": "Your order {{1}} is ready.",
            "dlt_te_id": "1107",
            "variables": ["17"],
        },
    }
]


@pytest.mark.parametrize(("channel", "adapter"), [("rcs", Rcs), ("whatsapp", Interakt)])
async def test_a_lines_channel_decides_what_serves_it(
    session: aiohttp.ClientSession, channel: str, adapter: type
) -> None:
    made = build_adapter(
        LINE,
        make_settings(channel=channel),
        session=session,
        media_store=MemoryMedia(),
        media_links=NoLinks(),
    )
    assert type(made) is adapter


async def test_a_message_goes_to_the_rcs_call_with_the_lines_key(
    rcs: Rcs, provider: InteraktProvider
) -> None:
    result = await rcs.send(outgoing(HELLO))
    assert isinstance(result, Accepted)
    assert result.external_id == sent_id(1)
    (request,) = provider.requests
    assert (request.method, request.path) == ("POST", "/v1/public/rcs/message/")
    assert request.headers["authorization"] == f"Basic {API_KEY}"
    assert request.json == {
        "countryCode": "+52",
        "phoneNumber": "5550000001",
        "type": "Text",
        "message": {"plainText": "Hello"},
    }


async def test_a_contact_without_phone_is_refused_without_a_call(
    rcs: Rcs, provider: InteraktProvider
) -> None:
    result = await rcs.send(outgoing(HELLO, contact=ANA_WITHOUT_PHONE))
    assert isinstance(result, Refused)
    assert isinstance(result.error, AddressRejected)
    assert provider.requests == []


async def test_what_rcs_would_refuse_is_refused_without_a_call(
    rcs: Rcs, provider: InteraktProvider
) -> None:
    result = await rcs.send(outgoing(Text(body="x" * 2001)))
    assert isinstance(result, Refused)
    assert isinstance(result.error, ContentRejected)
    assert provider.requests == []


@pytest.mark.parametrize("kind", ["image", "document", "video"])
async def test_a_file_of_ours_goes_out_as_a_link_even_where_words_stand_in_for_it(
    rcs: Rcs, provider: InteraktProvider, kind: str
) -> None:
    file = Media.model_validate({"kind": kind, "stored": "file7"})
    assert isinstance(await rcs.send(outgoing(file)), Accepted)
    assert "https://bot.example/media/file7" in str(provider.bodies)


async def test_a_template_has_its_cards_its_campaign_and_its_sms(
    rcs: Rcs, provider: InteraktProvider
) -> None:
    template = Template(
        name="ready",
        language="en",
        cards=(TemplateCard(body=("Diavola",)), TemplateCard(body=("Bianca",))),
        campaign="campaign-1",
        category="utility",
        sms=SMS,
    )
    await rcs.send(outgoing(template))
    (body,) = provider.bodies
    assert body == {
        "countryCode": "+52",
        "phoneNumber": "5550000001",
        "type": "Template",
        "template": {
            "name": "ready",
            "languageCode": "en",
            "carouselCards": [{"bodyValues": ["Diavola"]}, {"bodyValues": ["Bianca"]}],
        },
        "campaignId": "campaign-1",
        "fallback": FALLBACK,
    }


async def test_cards_fall_back_to_an_sms(rcs: Rcs, provider: InteraktProvider) -> None:
    await rcs.send(outgoing(Carousel(cards=(Card(title="Ready"),), sms=SMS)))
    assert provider.bodies[0]["fallback"] == FALLBACK


DEEDS: dict[str, tuple[Outbound, str]] = {
    "an event": (Event(name="Ordered", traits={"total": 17}), "track/events/"),
    "a contact update": (ContactUpdate(traits={"city": "Pune"}), "track/users/"),
}


@pytest.mark.parametrize("case", DEEDS)
async def test_a_deed_is_told_to_the_account(
    rcs: Rcs, provider: InteraktProvider, case: str
) -> None:
    deed, path = DEEDS[case]
    result = await rcs.send(outgoing(deed))
    assert isinstance(result, Accepted)
    assert result.external_id is None
    assert [request.path for request in provider.requests] == [f"/v1/public/{path}"]


async def test_a_chat_on_rcs_is_assigned_to_nobody(rcs: Rcs, provider: InteraktProvider) -> None:
    assert isinstance(await rcs.send(outgoing(Assignment(agent="a@shop.example"))), Accepted)
    assert provider.requests == []


# --- answers -----------------------------------------------------------------------------------------

TAKEN = {"result": True, "message": "queued", "id": "id-1"}


@pytest.mark.parametrize("status", [200, 201, 401])
async def test_result_true_is_taken_whatever_the_status_says(
    rcs: Rcs, provider: InteraktProvider, status: int
) -> None:
    provider.answers(status, TAKEN)
    result = await rcs.send(outgoing(HELLO))
    assert isinstance(result, Accepted)
    assert result.external_id == "id-1"


ANSWERS: dict[str, tuple[int, object, type[SendError]]] = {
    "refused with 400": (400, {"result": False, "message": "Not a template"}, ContentRejected),
    "refused with 201": (201, {"result": False, "message": "Not a template"}, ContentRejected),
    "a wrong key": (401, {"result": False, "message": "Invalid API key"}, LineRejected),
    "a plan without calls": (403, b"Forbidden", LineRejected),
    "haste": (
        429,
        {"result": False, "message": "Rate limit exceeded for this resource"},
        RateLimited,
    ),
    "no id": (201, {"result": True, "message": "queued"}, AnswerLost),
}


@pytest.mark.parametrize("case", ANSWERS)
async def test_an_answer_means_what_the_documents_say(
    rcs: Rcs, provider: InteraktProvider, case: str
) -> None:
    status, body, error = ANSWERS[case]
    provider.answers(status, body)
    result = await rcs.send(outgoing(HELLO))
    assert isinstance(result, Refused)
    assert type(result.error) is error


# --- webhooks ----------------------------------------------------------------------------------------


async def test_a_callback_is_signed_as_the_other_channels_webhooks_are(rcs: Rcs) -> None:
    body = (PAYLOADS / "text.json").read_bytes()
    headers = {"interakt-signature": sign(body, SIGNING_SECRET)}
    rcs.verify(WebhookRequest(body=body, headers=headers))


async def test_webhooks_of_the_other_channel_are_read_too(rcs: Rcs) -> None:
    """A message that fell back to WhatsApp is told in its envelope, wherever that arrives."""
    customer = {"id": "customer-1", "channel_phone_number": "919812300001", "traits": {}}
    message = {"id": "m-1", "message_content_type": "Text", "message": "Two", "meta_data": {}}
    for kind, signal in {
        "message_received": MessageReceived,
        "message_api_delivered": DeliveryReported,
    }.items():
        body = {"type": kind, "data": {"customer": customer, "message": message}}
        (parcel,) = rcs.parse(orjson.dumps(body), received_at=NOW)
        assert [type(arrival.signal) for arrival in parcel.arrivals] == [signal]


# --- beside the chat ---------------------------------------------------------------------------------


async def test_the_accounts_customers_and_events_are_there_and_whatsapps_own_are_not(
    rcs: Rcs,
) -> None:
    here = rcs.services
    assert None not in (here.contacts, here.events, here.campaigns, here.probe)
    assert (here.templates, here.uploads, here.desk) == (None, None, None)


async def test_the_callbacks_address_is_set_by_hand(rcs: Rcs) -> None:
    assert rcs.services.webhook is not None
    with pytest.raises(ManualSetup, match=r"callbacks to https://bot\.example/webhooks/shop,"):
        await rcs.services.webhook.register("https://bot.example/webhooks/shop")
