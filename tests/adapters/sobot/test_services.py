"""Sobot's customers and templates, over real HTTP."""

from datetime import date

import aiohttp
import pytest

from adapters.sobot.adapter import Sobot
from adapters.sobot.payloads import PAGES_READ
from engine.core.errors import ContentRejected, LineRejected
from engine.ports.services import (
    ButtonDraft,
    CardDraft,
    ContactBook,
    Filter,
    HeaderDraft,
    ManualSetup,
    Probe,
    Profile,
    TemplateBook,
    TemplateDraft,
)
from tests.adapters.cloud.provider import Request
from tests.adapters.samples import LINE, Links
from tests.adapters.sobot.conftest import make_settings
from tests.adapters.sobot.provider import SobotProvider, page


@pytest.fixture
def contacts(sobot: Sobot) -> ContactBook:
    assert sobot.services.contacts is not None
    return sobot.services.contacts


@pytest.fixture
def templates(sobot: Sobot) -> TemplateBook:
    assert sobot.services.templates is not None
    return sobot.services.templates


@pytest.fixture
def probe(sobot: Sobot) -> Probe:
    assert sobot.services.probe is not None
    return sobot.services.probe


def test_sobot_offers_these_and_no_more(sobot: Sobot) -> None:
    offered = {name for name, service in sobot.services._asdict().items() if service}
    assert offered == {"contacts", "templates", "webhook", "probe"}


# --- customers ---------------------------------------------------------------------------------------


async def test_everything_sobot_keeps_is_saved(
    contacts: ContactBook, provider: SobotProvider
) -> None:
    await contacts.save(
        Profile(
            phone="525550000001",
            user_id="kept nowhere",
            name="Ana Prueba",
            email="ana@shop.example",
            gender="female",
            born_on=date(1990, 2, 1),
            links={"linkedin": "https://profiles.example/ana"},
            traits={"favourite pizza": "Diavola", "visits": 3},
            tags=("regular", "north"),
            sales_cycle=True,
        )
    )
    assert provider.bodies == [
        {
            "mobile": "525550000001",
            "name": "Ana Prueba",
            "email": "ana@shop.example",
            "linkedin_profile": "https://profiles.example/ana",
            "gender": "Female",
            "date_of_birth": "01-02-1990",
            "extra_fields": {"favourite_pizza": "Diavola", "visits": 3},
            "labels": ["regular", "north"],
        }
    ]


async def test_a_wrong_key_is_told(contacts: ContactBook, provider: SobotProvider) -> None:
    provider.answers(401, {"message": "Unauthorized", "code": 401})
    with pytest.raises(LineRejected):
        await contacts.save(Profile(phone="525550000001"))


def customers(first: int, count: int) -> list[dict[str, object]]:
    return [
        {"id": n, "name": f"Customer {n}", "mobile": str(525550000000 + n)}
        for n in range(first, first + count)
    ]


async def test_a_page_is_read_as_it_comes(contacts: ContactBook, provider: SobotProvider) -> None:
    provider.answers(200, page(customers(1, 2)))
    found = await contacts.list()
    assert found.profiles == (
        Profile(phone="525550000001", name="Customer 1"),
        Profile(phone="525550000002", name="Customer 2"),
    )
    assert (found.total, found.more) == (2, False)
    assert (provider.requests[0].path, provider.requests[0].query) == ("/api/customer", {})


async def test_pages_of_ours_are_cut_from_pages_of_theirs(
    contacts: ContactBook, provider: SobotProvider
) -> None:
    provider.answers(200, page(customers(21, 20), next="https://api.example/?page=3"))
    provider.answers(200, page(customers(41, 20), next="https://api.example/?page=4"))
    found = await contacts.list(offset=25, limit=20)
    assert [profile.name for profile in found.profiles] == [f"Customer {n}" for n in range(26, 46)]
    assert found.more
    assert [request.query for request in provider.requests] == [{"page": "2"}, {"page": "3"}]


async def test_a_customer_is_looked_for_page_by_page(
    contacts: ContactBook, provider: SobotProvider
) -> None:
    provider.answers(200, page(customers(1, 20), next="https://api.example/?page=2"))
    provider.answers(200, page(customers(21, 5)))
    found = await contacts.find(phone="525550000023")
    assert found is not None
    assert found.name == "Customer 23"


@pytest.mark.parametrize("written", ["5215550000023", "+52 555 000 0023"])
async def test_a_customer_is_found_however_the_number_is_written(
    contacts: ContactBook, provider: SobotProvider, written: str
) -> None:
    provider.answers(200, page(customers(21, 5)))
    found = await contacts.find(phone=written)
    assert found is not None
    assert found.name == "Customer 23"


async def test_nobody_is_found_where_nobody_is(
    contacts: ContactBook, provider: SobotProvider
) -> None:
    assert await contacts.find(phone="525550000023") is None
    assert len(provider.requests) == 1


class Endless(SobotProvider):
    """Says of every page that another follows."""

    def _accepted(self, request: Request) -> dict[str, object]:
        return page(customers(1, 1), next="https://api.example/?page=2")


async def test_a_search_ends_where_a_list_does_not(session: aiohttp.ClientSession) -> None:
    provider = Endless()
    await provider.server.start_server()
    settings = make_settings(base_url=provider.url)
    contacts = Sobot(LINE, settings, session=session, media_links=Links()).services.contacts
    assert contacts is not None
    with pytest.raises(ContentRejected, match="read no further"):
        await contacts.find(phone="525550000023")
    assert len(provider.requests) == PAGES_READ
    await provider.server.close()


async def test_what_sobot_cannot_be_asked_is_refused(
    contacts: ContactBook, provider: SobotProvider
) -> None:
    with pytest.raises(ContentRejected):
        await contacts.find(user_id="7")
    with pytest.raises(ContentRejected):
        await contacts.list(filters=[Filter(trait="city", value="Puebla")])
    assert provider.requests == []


# --- templates ---------------------------------------------------------------------------------------


def stored(number: int, status: int, **changes: object) -> dict[str, object]:
    return {
        "id": number,
        "template": "Your order {{1}} is ready.",
        "entity_name": f"order_{number}",
        "category": "UTILITY",
        "template_id": f"90000{number}",
        "status": status,
        "rejected_reason": None,
        "lang_code": "en",
    } | changes


async def test_templates_are_listed_with_all_pages(
    templates: TemplateBook, provider: SobotProvider
) -> None:
    first = [stored(1, 0), stored(2, 1)]
    provider.answers(200, page(first, next="https://api.example/?page=2"))
    provider.answers(200, page([stored(3, 2, rejected_reason="Too vague"), stored(4, 7)]))
    found = await templates.list()
    assert [(one.name, one.status, one.reason) for one in found] == [
        ("order_1", "pending", None),
        ("order_2", "approved", None),
        ("order_3", "rejected", "Too vague"),
        ("order_4", "unknown", None),
    ]
    assert (found[0].id, found[0].language, found[0].category) == ("900001", "en", "utility")
    assert found[0].body == "Your order {{1}} is ready."
    assert [request.path for request in provider.requests] == ["/api/template/"] * 2


@pytest.mark.parametrize(
    ("status", "number"), [("pending", "0"), ("approved", "1"), ("rejected", "2")]
)
async def test_templates_are_asked_for_by_status(
    templates: TemplateBook, provider: SobotProvider, status: str, number: str
) -> None:
    await templates.list(status=status)  # type: ignore[arg-type] # the parameters are such
    assert provider.requests[0].query == {"status": number}


async def test_a_status_that_sobot_has_not_finds_nothing(
    templates: TemplateBook, provider: SobotProvider
) -> None:
    assert await templates.list(status="paused") == []
    assert provider.requests == []


async def test_templates_are_told_apart_by_name(
    templates: TemplateBook, provider: SobotProvider
) -> None:
    provider.answers(200, page([stored(1, 1), stored(2, 1)]))
    assert [one.name for one in await templates.list(name="order_2")] == ["order_2"]


DRAFT = TemplateDraft(
    name="order ready",
    language="en_US",
    category="utility",
    body="Your order {{1}} is ready.",
    examples=("17",),
    footer="Pizza Prueba",
)


async def test_a_template_is_handed_in(templates: TemplateBook, provider: SobotProvider) -> None:
    draft = DRAFT.model_copy(
        update={
            "header": HeaderDraft(format="text", text="Hi {{1}}", example="Ana"),
            "buttons": (
                ButtonDraft(
                    kind="url",
                    text="Track",
                    url="https://shop.example/{{1}}",
                    example="https://shop.example/17",
                ),
                ButtonDraft(kind="phone", text="Call", phone="+525550000009"),
            ),
        }
    )
    made = await templates.create(draft)
    assert (made.name, made.status) == ("order_ready", "pending")
    assert provider.bodies == [
        {
            "category": "UTILITY",
            "entity_name": "order_ready",
            "body": "Your order {{1}} is ready.",
            "template_type": "TEXT",
            "lang_code": "en_US",
            "footer": "Pizza Prueba",
            "example_body_param": {"body_text": [["17"]]},
            "header_type": "TEXT",
            "header": "Hi {{1}}",
            "example_header_param": {"header_text": ["Ana"]},
            "sub_type": "CTA",
            "phone_numbers": [{"phone_number": "525550000009", "text": "Call"}],
            "url": "https://shop.example/{{1}}",
            "example_website": "https://shop.example/17",
            "url_name": "Track",
        }
    ]


async def test_a_template_below_a_picture_names_an_example(
    templates: TemplateBook, provider: SobotProvider
) -> None:
    header = HeaderDraft(format="image", url="https://files.example/1.jpg")
    replies = (ButtonDraft(kind="quick_reply", text="Yes"),)
    await templates.create(DRAFT.model_copy(update={"header": header, "buttons": replies}))
    (body,) = provider.bodies
    assert (body["template_type"], body["header_type"]) == ("MEDIA", "IMAGE")
    assert (body["example"], body["buttons"]) == ("https://files.example/1.jpg", ["Yes"])


REPLY, CALL = ButtonDraft(kind="quick_reply", text="Yes"), ButtonDraft(kind="phone", text="Call")


@pytest.mark.parametrize(
    "changes",
    [
        {"cards": (CardDraft(header=HeaderDraft(format="image"), body="x"),)},
        {"header": HeaderDraft(format="video", handle="4::aW")},
        {"buttons": (REPLY, CALL)},
        {"buttons": (CALL, CALL)},
    ],
    ids=["cards", "no address", "mixed buttons", "two calls"],
)
async def test_a_template_that_sobot_does_not_take_is_refused(
    templates: TemplateBook, provider: SobotProvider, changes: dict[str, object]
) -> None:
    with pytest.raises(ContentRejected):
        await templates.create(DRAFT.model_copy(update=changes))
    assert provider.requests == []


# --- set-up ------------------------------------------------------------------------------------------


async def test_the_webhook_is_set_by_hand(sobot: Sobot) -> None:
    assert sobot.services.webhook is not None
    with pytest.raises(ManualSetup, match=r"paste https://bot\.example/webhooks/shop/x as"):
        await sobot.services.webhook.register("https://bot.example/webhooks/shop/x")


async def test_the_keys_are_tried_by_reading(probe: Probe, provider: SobotProvider) -> None:
    provider.answers(200, page(customers(1, 3)))
    assert "3 customers" in await probe.check_key()
    provider.answers(200, page([stored(1, 1)]))
    assert "1 approved" in await probe.check_sender()
    assert [request.method for request in provider.requests] == ["GET", "GET"]


async def test_wrong_keys_are_told_with_what_to_do(probe: Probe, provider: SobotProvider) -> None:
    provider.answers(401, {"message": "Unauthorized", "code": 401})
    with pytest.raises(LineRejected, match="api_key"):
        await probe.check_key()
