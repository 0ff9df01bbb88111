"""The pretended Sobot: its keys, its checks, its answers, its webhooks."""

import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import pytest

from adapters.sandbox.courier import Heard
from adapters.sandbox.sobot import ApprovedTemplate, Fault, SobotSandbox, SobotSettings, served

ANA = "525550000001"
KEYS = {"x-api-key": "sandbox-access-key", "x-api-secret": "sandbox-secret-key"}

Doc = dict[str, Any]


@dataclass
class Business:
    """The other end of webhooks, without a network."""

    bodies: list[Any] = field(default_factory=list)
    status: int = 200

    async def post(self, body: bytes, headers: Mapping[str, str]) -> Heard | None:
        assert headers == {"Content-Type": "application/json"}
        self.bodies.append(json.loads(body))
        return Heard(self.status)


@dataclass
class Client:
    """Calls the sandbox as a business does."""

    sandbox: SobotSandbox
    address: str
    http: aiohttp.ClientSession
    business: Business

    async def call(
        self, method: str, path: str, body: object = None, *, keys: Mapping[str, str] = KEYS
    ) -> tuple[int, Doc]:
        async with self.http.request(
            method, self.address + path, json=body, headers=keys
        ) as answer:
            return answer.status, await answer.json()

    async def send(self, **changes: object) -> tuple[int, Doc]:
        """Send a text with some of its keys changed; None leaves one out."""
        body: Doc = {"type": "text", "message": "Hello"} | changes
        to: Doc = {"customer_number": ANA, "customer_name": "Ana"}
        given = {key: value for key, value in (to | body).items() if value is not None}
        return await self.call("POST", "/message/", given)


async def _client(settings: SobotSettings) -> AsyncIterator[Client]:
    business = Business()
    sandbox = SobotSandbox(settings, post=business.post)
    async with served(sandbox) as address, aiohttp.ClientSession() as http:
        yield Client(sandbox, address, http, business)


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    async for made in _client(SobotSettings(window=False)):
        yield made


# --- keys ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "keys", [{}, KEYS | {"x-api-key": "x"}, KEYS | {"x-api-secret": "x"}], ids=["none", "a", "b"]
)
async def test_a_call_without_the_right_keys_is_refused(
    client: Client, keys: dict[str, str]
) -> None:
    for method, path in [
        ("POST", "/message/"),
        ("GET", "/api/customer"),
        ("GET", "/api/template/"),
    ]:
        status, body = await client.call(method, path, {}, keys=keys)
        assert (status, body["code"]) == (401, 401)


async def test_a_new_pair_of_keys_ends_the_old_one(client: Client) -> None:
    async with client.http.post(client.address + "/_sandbox/keys") as answer:
        made = await answer.json()
    assert (await client.call("GET", "/api/customer"))[0] == 401
    fresh = {"x-api-key": made["api_key"], "x-api-secret": made["api_secret"]}
    assert (await client.call("GET", "/api/customer", keys=fresh))[0] == 200


# --- messages ------------------------------------------------------------------------------------------


async def test_a_message_is_submitted_and_shows_on_the_phone(client: Client) -> None:
    status, body = await client.send()
    (bubble,) = client.sandbox.contact(ANA).bubbles
    assert (status, body["code"]) == (200, 200)
    assert body["data"] == {"id": bubble.id, "status": "submitted"}
    assert bubble.text == "Hello"


LIST: Doc = {
    "type": "list",
    "message": "Which?",
    "list_obj": {
        "button": "Choose",
        "sections": [{"title": "Red", "rows": [{"id": "a", "title": "Diavola"}]}],
    },
}
MANY_ROWS = [{"id": str(n), "title": str(n)} for n in range(11)]


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"customer_name": None}, id="no name"),
        pytest.param({"customer_number": "+525550000001"}, id="plus"),
        pytest.param({"customer_number": "5255 5000 0001"}, id="spaces"),
        pytest.param({"message": "x" * 4097}, id="long text"),
        pytest.param({"message": ""}, id="empty text"),
        pytest.param({"type": "audio", "url": "https://files.example/1"}, id="audio"),
        pytest.param({"type": "reaction"}, id="reaction"),
        pytest.param({"preview_url": True}, id="unknown key"),
        pytest.param(
            {"type": "image", "message": None, "url": "https://files.example/1"}, id="no mime type"
        ),
        pytest.param(
            {
                "type": "document",
                "message": None,
                "url": "https://files.example/1",
                "mime_type": "application/pdf",
            },
            id="no filename",
        ),
        pytest.param(
            {"type": "location", "message": None, "latitude": "91", "longitude": "0"}, id="latitude"
        ),
        pytest.param({"type": "quick_reply", "buttons": ["a", "b", "c", "d"]}, id="four buttons"),
        pytest.param({"type": "quick_reply", "buttons": ["a", "a"]}, id="equal titles"),
        pytest.param({"type": "quick_reply", "buttons": ["x" * 21]}, id="long title"),
        pytest.param(
            {"type": "quick_reply", "buttons": ["a"], "header": "x" * 61}, id="long header"
        ),
        pytest.param(
            LIST | {"list_obj": {"button": "x", "sections": [{"title": "a", "rows": MANY_ROWS}]}},
            id="eleven rows",
        ),
        pytest.param(
            LIST | {"list_obj": {"button": "x", "sections": [{"rows": MANY_ROWS[:1]}]}},
            id="no section title",
        ),
        pytest.param({"type": "product", "product_list": {"sections": []}}, id="no products"),
    ],
)
async def test_what_the_page_does_not_allow_is_refused(client: Client, changes: Doc) -> None:
    status, body = await client.send(**changes)
    assert (status, body["code"]) == (400, 400)
    assert (body["message"] == "Invalid mobile number") == ("customer_number" in changes)
    assert client.sandbox.contact(ANA).bubbles == []


@pytest.mark.parametrize(
    ("changes", "options"),
    [
        pytest.param(
            {"type": "quick_reply", "buttons": ["Yes", "No"]}, ["Yes", "No"], id="buttons"
        ),
        pytest.param(LIST, ["a"], id="list"),
        pytest.param(
            {"type": "product", "product_list": {"product_retailer_id": "p1"}}, [], id="product"
        ),
        pytest.param(
            {
                "type": "image",
                "message": None,
                "url": "https://files.example/1.webp",
                "mime_type": "image/webp",
            },
            [],
            id="sticker as image",
        ),
    ],
)
async def test_what_can_be_tapped_is_shown(
    client: Client, changes: Doc, options: list[str]
) -> None:
    assert (await client.send(**changes))[0] == 200
    (bubble,) = client.sandbox.contact(ANA).bubbles
    assert [option.id for option in bubble.options] == options


async def test_errors_may_come_with_http_200() -> None:
    async for client in _client(SobotSettings(errors_with_200=True)):
        assert [status for status, _ in [await client.send(), await client.send(type="x")]] == [
            200,
            200,
        ]
        assert (await client.send())[1]["code"] == 400


async def test_a_fault_answers_with_its_code(client: Client) -> None:
    client.sandbox.faults.arm(Fault(kind="error", code=500), client.sandbox.monotonic())
    assert (await client.send())[0] == 500


async def test_haste_is_refused() -> None:
    async for client in _client(SobotSettings(window=False, messages_per_second=1)):
        answers = [(await client.send())[0] for _ in range(3)]
        assert 429 in answers


async def test_a_free_message_needs_the_customers_message_of_the_last_day() -> None:
    async for client in _client(SobotSettings()):
        assert (await client.send())[0] == 400
        await client.sandbox.contact(ANA).says("hi")
        assert (await client.send())[0] == 200


# --- templates -----------------------------------------------------------------------------------------

TEMPLATE: Doc = {"type": None, "message": None, "template_name": "ready", "template_lang": "en"}
PARAMS = [{"type": "body", "parameters": [{"type": "text", "text": "17"}]}]


async def test_a_template_goes_outside_the_window_with_its_variables() -> None:
    approved = ApprovedTemplate(name="ready", language="en", body="Order {{1}} is ready.")
    async for client in _client(SobotSettings(templates=(approved,))):
        assert (await client.send(**TEMPLATE, params=PARAMS))[0] == 200
        assert client.sandbox.contact(ANA).shown == ["Order 17 is ready."]
        assert (await client.send(**TEMPLATE))[0] == 400
        assert (await client.send(**TEMPLATE | {"template_lang": "hi"}, params=PARAMS))[0] == 400


DRAFT: Doc = {
    "category": "UTILITY",
    "entity_name": "order ready",
    "template_type": "TEXT",
    "body": "Order {{1}} is ready.",
    "example_body_param": {"body_text": [["17"]]},
    "lang_code": "en",
}


async def test_a_template_that_is_handed_in_waits_for_approval(client: Client) -> None:
    _, added = await client.call("POST", "/api/template/", DRAFT)
    assert added == {"message": "Template created successfully", "code": 201}
    _, pending = await client.call("GET", "/api/template/?status=0")
    (template,) = pending["data"]
    assert (template["entity_name"], template["status"]) == ("order_ready", 0)
    assert (template["template"], template["lang_code"]) == (DRAFT["body"], "en")
    _, approved = await client.call("GET", "/api/template/?status=1")
    assert approved["data"] == []
    status, _ = await client.call("POST", "/api/template/", DRAFT)
    assert status == 400


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"example_body_param": None}, id="no examples"),
        pytest.param({"template_type": "MEDIA"}, id="no header"),
        pytest.param({"template_type": "MEDIA", "header_type": "IMAGE"}, id="no example file"),
        pytest.param({"header_type": "TEXT"}, id="no header text"),
        pytest.param({"buttons": ["a", "b", "c", "d"]}, id="four buttons"),
        pytest.param({"url": "https://shop.example", "url_name": "Open"}, id="no sub_type"),
        pytest.param(
            {"sub_type": "CTA", "url": "https://shop.example/{{1}}", "url_name": "Open"},
            id="no example address",
        ),
        pytest.param({"category": "OFFER"}, id="category"),
    ],
)
async def test_a_draft_that_lacks_something_is_refused(client: Client, changes: Doc) -> None:
    draft = {key: value for key, value in (DRAFT | changes).items() if value is not None}
    status, body = await client.call("POST", "/api/template/", draft)
    assert (status, body["code"]) == (400, 400)


# --- customers -----------------------------------------------------------------------------------------

LUIS: Doc = {"mobile": "525550000002", "name": "Luis Gil", "gender": "Male"}


async def test_customers_are_added_updated_and_listed(client: Client) -> None:
    assert (await client.call("POST", "/api/customer", LUIS))[1]["code"] == 201
    again = await client.call("POST", "/api/customer", LUIS)
    assert again == (400, {"message": "Customer already exists", "code": 400})
    _, updated = await client.call("PUT", "/api/customer/525550000002", {"name": "Luis G."})
    assert updated["code"] == 201
    _, listed = await client.call("GET", "/api/customer")
    (customer,) = listed["data"]
    assert (customer["mobile"], customer["name"]) == ("525550000002", "Luis G.")
    assert (customer["first_name"], customer["last_name"]) == ("Luis", "G.")
    assert (listed["count"], listed["next"], listed["previous"]) == (1, None, None)


async def test_who_wrote_is_a_customer_without_a_call(client: Client) -> None:
    await client.sandbox.contact(ANA, name="Ana").says("hi")
    _, listed = await client.call("GET", "/api/customer")
    assert [customer["mobile"] for customer in listed["data"]] == [ANA]
    status, _ = await client.call("POST", "/api/customer", {"mobile": ANA, "name": "Ana"})
    assert status == 400


async def test_lists_have_pages_of_twenty(client: Client) -> None:
    for n in range(21):
        await client.call("POST", "/api/customer", {"mobile": f"5255500001{n:02}", "name": "A"})
    _, first = await client.call("GET", "/api/customer")
    assert (len(first["data"]), first["count"]) == (20, 21)
    async with client.http.get(first["next"], headers=KEYS) as answer:
        second = await answer.json()
    assert (len(second["data"]), second["next"]) == (1, None)
    assert second["previous"]


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"mobile": "+5255"}, "Invalid mobile number"),
        ({"mobile": "5" * 16}, "Invalid mobile number"),
        ({"name": "x" * 101}, "name"),
        ({"gender": "male"}, "gender"),
        ({"date_of_birth": "1990-01-02"}, "date_of_birth"),
        ({"extra_fields": {"home town": "Puebla"}}, "extra_fields"),
        ({"email": "ana"}, "email"),
    ],
)
async def test_a_customer_that_does_not_fit_is_refused(
    client: Client, changes: Doc, says: str
) -> None:
    status, body = await client.call("POST", "/api/customer", LUIS | changes)
    assert status == 400
    assert says in body["message"]


async def test_an_unknown_customer_is_not_updated(client: Client) -> None:
    assert (await client.call("PUT", "/api/customer/52555", {"name": "A"}))[0] == 400


# --- webhooks ------------------------------------------------------------------------------------------


def message_in(body: Any) -> Doc:
    (change,) = body
    assert change["field"] == "messages"
    value = change["value"]
    assert value["metadata"].keys() == {"display_phone_number"}
    (message,) = value["messages"]
    assert isinstance(message, dict)
    return message


async def test_a_message_comes_as_a_list_of_changes(client: Client) -> None:
    await client.sandbox.contact(ANA, name="Ana").says("hi")
    (body,) = client.business.bodies
    message = message_in(body)
    assert (message["from"], message["type"], message["text"]) == (ANA, "text", {"body": "hi"})
    assert body[0]["value"]["contacts"] == [{"profile": {"name": "Ana"}, "wa_id": ANA}]


async def test_statuses_come_bare(client: Client) -> None:
    _, sent = await client.send()
    await client.sandbox.courier.settled()
    assert [body.keys() for body in client.business.bodies] == [{"id", "status", "timestamp"}] * 3
    assert [body["status"] for body in client.business.bodies] == ["sent", "delivered", "read"]
    assert {body["id"] for body in client.business.bodies} == {sent["data"]["id"]}


async def test_each_webhook_is_posted_once_whatever_is_answered(client: Client) -> None:
    client.business.status = 503
    delivery = await client.sandbox.contact(ANA).says("hi")
    await client.sandbox.courier.settled()
    assert not delivery.accepted
    assert len(client.business.bodies) == 1


@pytest.mark.parametrize(("tap_id", "id"), [("title", "No"), ("index", "1")])
async def test_a_taps_id_is_what_sobot_makes_of_it(tap_id: str, id: str) -> None:
    settings = SobotSettings.model_validate({"tap_id": tap_id, "window": False, "statuses": ()})
    async for client in _client(settings):
        _, sent = await client.send(type="quick_reply", buttons=["Yes", "No"])
        await client.sandbox.contact(ANA).taps("No")
        message = message_in(client.business.bodies[-1])
        reply = {"type": "button_reply", "button_reply": {"id": id, "title": "No"}}
        assert message["interactive"] == reply
        assert message["context"]["id"] == sent["data"]["id"]


async def test_a_rows_own_id_comes_back(client: Client) -> None:
    await client.send(**LIST)
    await client.sandbox.courier.settled()
    await client.sandbox.contact(ANA).chooses("Diavola")
    reply = message_in(client.business.bodies[-1])["interactive"]
    assert reply == {"type": "list_reply", "list_reply": {"id": "a", "title": "Diavola"}}


async def test_a_video_stands_under_image_and_files_have_addresses(client: Client) -> None:
    ana = client.sandbox.contact(ANA)
    await ana.sends_media("video", b"film", mime_type="video/mp4")
    message = message_in(client.business.bodies[-1])
    assert message["type"] == "video"
    assert "video" not in message
    async with client.http.get(message["image"]["url"]) as answer:
        assert await answer.read() == b"film"
