"""What the Interakt sandbox keeps beside the chat: customers, events, chats, campaigns, templates, files."""

import aiohttp
import pytest
from pydantic import JsonValue

from tests.adapters.sandbox.business import Object
from tests.adapters.sandbox.interakt.business import PRIYA, Business, business, part, to

ARUN = "919812300002"


def names_in(answer: Object) -> list[JsonValue]:
    customers = part(answer, "data")["customers"]
    assert isinstance(customers, list)
    found: list[JsonValue] = []
    for customer in customers:
        assert isinstance(customer, dict)
        found.append(part(customer, "traits")["name"])
    return found


async def fill(shop: Business) -> None:
    for number, (phone, name) in enumerate(((PRIYA, "Priya"), (ARUN, "Arun")), 1):
        body = to(phone, traits={"name": name, "orders": number}, userId=f"ours-{number}")
        assert (await shop.call("track/users/", body))[0] == 202


async def test_a_customer_is_added_and_then_updated() -> None:
    async with business() as shop:
        await fill(shop)
        more = to(traits={"city": "Pune"}, tags=["regular"], add_to_sales_cycle=True)
        status, answer = await shop.call(
            "track/users", more | {"createdAt": "2026-01-02T03:04:05Z"}
        )
        customer = shop.sandbox.customers[PRIYA]
        assert (status, answer["result"]) == (202, True)
        assert customer.id in str(answer["message"])
        assert customer.traits == {"name": "Priya", "orders": 1, "city": "Pune"}
        assert (customer.tags, customer.in_sales_cycle) == (["regular"], True)
        assert customer.created_at == "2026-01-02T03:04:05Z"


async def test_an_event_stands_at_its_customer() -> None:
    async with business() as shop:
        status, answer = await shop.call("track/events/", to(event="Ordered", traits={"total": 17}))
        assert (status, answer["result"]) == (201, True)
        assert answer["id"]
        assert shop.sandbox.customers[PRIYA].events == [("Ordered", {"total": 17})]


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ([], ["Priya", "Arun"]),
        ([{"trait": "orders", "op": "gt", "val": 1}], ["Arun"]),
        ([{"trait": "name", "op": "contains", "val": "riy"}], ["Priya"]),
        (
            [
                {"trait": "orders", "op": "eq", "val": 1},
                {"trait": "orders", "op": "eq", "val": 2, "supr_op": "or"},
            ],
            ["Priya", "Arun"],
        ),
        (
            [
                {"trait": "orders", "op": "lt", "val": 2},
                {"trait": "name", "op": "ne", "val": "Priya", "supr_op": "and"},
            ],
            [],
        ),
        ([{"trait": "orders", "op": "gt", "val": "many"}], []),
        ([{"trait": "country_code", "op": "eq", "val": "+91"}], ["Priya", "Arun"]),
    ],
)  # fmt: skip
async def test_customers_are_found_by_conditions(filters: JsonValue, found: list[str]) -> None:
    async with business() as shop:
        await fill(shop)
        status, answer = await shop.call("apis/users/", {"filters": filters})
        assert (status, names_in(answer)) == (200, found)


async def test_customers_come_in_pages() -> None:
    async with business() as shop:
        await fill(shop)
        _, first = await shop.call("apis/users/?offset=0&limit=1", {"filters": []})
        _, second = await shop.call("apis/users/?offset=1&limit=1", {"filters": []})
        assert [names_in(first), names_in(second)] == [["Priya"], ["Arun"]]
        pages = [part(answer, "data") for answer in (first, second)]
        assert [page["has_next_page"] for page in pages] == [True, False]
        assert [page["total_customers"] for page in pages] == [2, 2]
        assert (await shop.call("apis/users/?limit=many", {"filters": []}))[0] == 400


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("phone_number/9812300001", ["Priya"]),
        ("phone_number/919812300001", []),
        ("id/ours-2", ["Arun"]),
        ("id/nobody", []),
    ],
)
async def test_one_customer_is_found_by_number_without_its_code_or_by_id(
    path: str, found: list[str]
) -> None:
    async with business() as shop:
        await fill(shop)
        status, answer = await shop.get(f"apis/users/{path}")
        assert (status, names_in(answer)) == (200, found)


async def test_a_chat_is_given_to_an_agent() -> None:
    async with business() as shop:
        await fill(shop)
        given: Object = {"user_phone_number": PRIYA, "agent_email": "kitchen@shop.example"}
        status, answer = await shop.call("assignment/", given)
        assert (status, answer["result"]) == (200, True)
        assert shop.sandbox.customers[PRIYA].agent == "kitchen@shop.example"
        status, answer = await shop.call("assignment/", given | {"user_phone_number": "919999999"})
        assert (status, answer["result"]) == (400, False)


async def test_a_campaign_gets_an_id() -> None:
    async with business() as shop:
        made: Object = {
            "campaign_name": "Spring",
            "campaign_type": "PublicAPI",
            "template_name": "ready",
            "language_code": "en",
        }
        status, answer = await shop.call("create-campaign/", made)
        data = part(answer, "data")
        assert (status, data["name"]) == (201, "Spring")
        assert list(shop.sandbox.campaigns) == [data["campaignId"]]


DRAFT: Object = {
    "display_name": "Order Ready",
    "language": "English",
    "category": "Utility",
    "header_format": None,
    "body": "Order {{1}} is ready.",
    "body_text": ["17"],
    "button_type": "Quick Replies",
    "buttons": [{"type": "QUICK_REPLY", "text": "Thanks"}],
}


@pytest.mark.parametrize(("approves", "status"), [(True, "APPROVED"), (False, "WAITING")])
async def test_a_template_is_handed_in_listed_and_sent(approves: bool, status: str) -> None:
    async with business(approves=approves) as shop:
        got, answer = await shop.call("track/templates/", DRAFT)
        data = part(answer, "data")
        assert (got, data["approval_status"]) == (200, "WAITING")
        assert (data["name"], data["language"], data["category"]) == (
            "order_ready",
            "en",
            "UTILITY",
        )
        _, listed = await shop.get("track/organization/templates?template_name=order_ready")
        (one,) = templates_in(listed)
        assert (one["id"], one["approval_status"]) == (data["id"], status)
        filled: Object = {"name": "order_ready", "languageCode": "en", "bodyValues": ["17"]}
        assert (await shop.call("message/", to(type="Template", template=filled)))[0] == 201
        (bubble,) = shop.sandbox.contact(PRIYA).bubbles
        assert bubble.text == "Order 17 is ready."
        assert [option.title for option in bubble.options] == ["Thanks"]


async def test_a_template_is_handed_in_once() -> None:
    async with business() as shop:
        assert (await shop.call("track/templates/", DRAFT))[0] == 200
        assert (await shop.call("track/templates/", DRAFT))[0] == 400


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 1),
        ("?approval_status=APPROVED&language=all", 1),
        ("?approval_status=REJECTED", 0),
        ("?variable_present=No", 0),
        ("?template_name=another", 0),
        ("?offset=1", 1),
    ],
)
async def test_templates_are_listed_by_what_is_asked(query: str, count: int) -> None:
    async with business() as shop:
        await shop.call("track/templates/", DRAFT)
        status, answer = await shop.get(f"track/organization/templates{query}")
        assert (status, answer["count"], answer["has_next"]) == (200, count, False)
        assert len(templates_in(answer)) == (0 if "offset" in query else count)


def templates_in(answer: Object) -> list[Object]:
    listed = part(answer, "results")["templates"]
    assert isinstance(listed, list)
    return [one for one in listed if isinstance(one, dict)]


async def test_a_file_gets_a_handle_and_an_address() -> None:
    async with business() as shop:
        assert shop.http is not None
        form = aiohttp.FormData()
        form.add_field("uploadFile", b"a picture", filename="door.jpg", content_type="image/jpeg")
        url = f"{shop.address}/v1/public/track/files/upload_to_fb/?fileCategory=message_template_media"
        headers = {"Authorization": f"Basic {shop.settings.api_key}"}
        async with shop.http.post(url, data=form, headers=headers) as answer:
            data = part(await answer.json(), "data")
            assert (answer.status, data["file_name"]) == (200, "door.jpg")
            assert data["file_handle"]
        async with shop.http.get(str(data["file_url"])) as file:
            assert (file.content_type, await file.read()) == ("image/jpeg", b"a picture")
        async with shop.http.post(
            url, data=aiohttp.FormData({"other": "x"}), headers=headers
        ) as no:
            assert no.status == 400


async def test_an_address_runs_out() -> None:
    async with business() as shop:
        delivery = await shop.sandbox.contact(PRIYA).sends_image(b"a picture")
        assert delivery.accepted
        url = part(shop.heard[-1], "data", "message")["media_url"]
        shop.clock.pass_by(days=31)
        assert shop.http is not None
        async with shop.http.get(str(url)) as answer:
            assert answer.status == 404
