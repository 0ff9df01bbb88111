"""The pretended CBOT and 360dialog: key, paths of each form, checks, answers, webhooks."""

import json
from base64 import b64decode
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import pytest

from adapters.sandbox.cbot import (
    ApprovedTemplate,
    CbotSandbox,
    CbotSettings,
    DialogSandbox,
    Fault,
    served,
)
from adapters.sandbox.courier import Heard

ANA = "525550000001"
KEY = {"D360-API-KEY": "sandbox-line-key"}
HELLO = {"to": ANA, "type": "text", "text": {"body": "Hello"}}

Doc = dict[str, Any]


@dataclass
class Business:
    """The other end of webhooks, without a network."""

    bodies: list[Doc] = field(default_factory=list)
    headers: list[Mapping[str, str]] = field(default_factory=list)

    async def post(self, body: bytes, headers: Mapping[str, str]) -> Heard | None:
        self.bodies.append(json.loads(body))
        self.headers.append(headers)
        return Heard(200)


@dataclass
class Client:
    """Calls the sandbox as a business does."""

    sandbox: CbotSandbox
    address: str
    http: aiohttp.ClientSession
    business: Business

    async def call(
        self, method: str, path: str, body: object = None, *, key: Mapping[str, str] = KEY
    ) -> tuple[int, Doc]:
        async with self.http.request(method, self.address + path, json=body, headers=key) as answer:
            return answer.status, await answer.json()

    async def send(self, body: Mapping[str, object] = HELLO) -> tuple[int, Doc]:
        """Send a message in the sandbox's form."""
        if self.sandbox.is_onpremise:
            return await self.call("POST", "/v1/messages", body)
        product: dict[str, object] = {"messaging_product": "whatsapp"}
        return await self.call("POST", "/messages", product | dict(body))


async def _client(settings: CbotSettings) -> AsyncIterator[Client]:
    business = Business()
    sandbox = CbotSandbox(settings, post=business.post)
    async with served(sandbox) as address, aiohttp.ClientSession() as http:
        yield Client(sandbox, address, http, business)


@pytest.fixture
async def cloud() -> AsyncIterator[Client]:
    async for made in _client(CbotSettings(window=False)):
        yield made


@pytest.fixture
async def onpremise() -> AsyncIterator[Client]:
    async for made in _client(
        CbotSettings(api="onpremise", window=False, asks_about_contacts=False)
    ):
        yield made


# --- the key and the paths -----------------------------------------------------------------------------


@pytest.mark.parametrize("key", [{}, {"D360-API-KEY": "x"}], ids=["none", "wrong"])
async def test_a_call_without_the_key_is_refused_with_another_code_inside(
    cloud: Client, key: Mapping[str, str]
) -> None:
    for method, path in [("POST", "/messages"), ("GET", "/health_status"), ("GET", "/700001")]:
        status, body = await cloud.call(method, path, key=key)
        assert status == 401
        assert body["meta"] == {
            "success": False,
            "httpCode": 404,
            "developerMessage": "Invalid api key",
        }


async def test_each_form_has_its_own_paths(cloud: Client, onpremise: Client) -> None:
    for client, path in ((cloud, "/v1/messages"), (onpremise, "/messages")):
        async with client.http.post(client.address + path, json=HELLO, headers=KEY) as answer:
            assert answer.status == 404
    assert (await cloud.send())[0] == 200
    assert (await onpremise.send())[0] == 200


async def test_a_line_for_each_provider_can_be_pasted() -> None:
    settings = CbotSettings(webhook_user="parley", webhook_password="word")
    keys = DialogSandbox(settings).line("http://127.0.0.1:1")
    assert keys == {
        "provider": "360dialog",
        "api": "cloud",
        "api_key": "sandbox-line-key",
        "api_key_header": "D360-API-KEY",
        "base_url": "http://127.0.0.1:1",
        "webhook_user": "parley",
        "webhook_password": "word",
    }
    assert CbotSandbox().line("x")["provider"] == "cbot"


# --- messages ------------------------------------------------------------------------------------------


async def test_the_cloud_form_answers_as_meta(cloud: Client) -> None:
    status, body = await cloud.send()
    assert status == 200
    assert body["messaging_product"] == "whatsapp"
    assert body["messages"][0]["id"].startswith("wamid.")
    status, body = await cloud.send({**HELLO, "text": {}})
    assert (status, body["error"]["code"]) == (400, 131008)


async def test_the_onpremise_form_answers_with_ids_of_its_own(onpremise: Client) -> None:
    status, body = await onpremise.send()
    assert status == 200
    assert body["messages"][0]["id"].startswith("gBEG")
    assert body["meta"]["api_status"] == "stable"
    assert "messaging_product" not in body


ONPREMISE_REFUSED: dict[str, tuple[Doc, int]] = {
    "a key of Cloud's": ({**HELLO, "messaging_product": "whatsapp"}, 1010),
    "our id": ({**HELLO, "biz_opaque_callback_data": "7"}, 1010),
    "a preview inside": ({**HELLO, "text": {"body": "x", "preview_url": True}}, 1010),
    "no text": ({"to": ANA, "type": "text"}, 1008),
    "no address": ({"type": "text", "text": {"body": "x"}}, 1008),
    "a text too long": ({**HELLO, "text": {"body": "x" * 4097}}, 1009),
    "a kind of Cloud's": (
        {
            "to": ANA,
            "type": "interactive",
            "interactive": {"type": "cta_url", "body": {"text": "x"}, "action": {}},
        },
        1009,
    ),
    "no policy": (
        {"to": ANA, "type": "template", "template": {"name": "x", "language": {"code": "es"}}},
        1008,
    ),
}


@pytest.mark.parametrize("case", ONPREMISE_REFUSED)
async def test_what_the_onpremise_form_does_not_take_has_its_code(
    onpremise: Client, case: str
) -> None:
    body, code = ONPREMISE_REFUSED[case]
    status, answer = await onpremise.send(body)
    assert (status, answer["errors"][0]["code"]) == (400, code)
    assert onpremise.sandbox.messages == []


async def test_a_preview_beside_the_text_is_taken(onpremise: Client) -> None:
    assert (await onpremise.send({**HELLO, "preview_url": True}))[0] == 200


async def test_what_is_no_object_is_refused(onpremise: Client) -> None:
    status, answer = await onpremise.call("POST", "/v1/messages", ["a list"])
    assert (status, answer["errors"][0]["code"]) == (400, 1008)


async def test_given_templates_ask_for_their_namespace() -> None:
    approved = (ApprovedTemplate(name="sale", language="es", body="Hoy: {{1}}"),)
    settings = CbotSettings(api="onpremise", templates=approved, asks_about_contacts=False)
    async for client in _client(settings):
        template: Doc = {
            "name": "sale",
            "language": {"policy": "deterministic", "code": "es"},
            "components": [{"type": "body", "parameters": [{"type": "text", "text": "pan"}]}],
        }
        body: Doc = {"to": ANA, "type": "template", "template": template}
        status, answer = await client.send(body)
        assert (status, answer["errors"][0]["code"]) == (404, 2001)
        template["namespace"] = "sandbox_namespace"
        assert (await client.send(body))[0] == 200
        assert client.sandbox.contact(ANA).shown == ["Hoy: pan"]


async def test_a_number_nobody_asked_about_is_unknown_until_it_is() -> None:
    async for client in _client(CbotSettings(api="onpremise", window=False)):
        status, answer = await client.send()
        assert (status, answer["errors"][0]["code"]) == (404, 1006)
        asked = {"blocking": "wait", "contacts": [f"+{ANA}", "+525550000009"], "force_check": True}
        client.sandbox.contact("525550000009").refuses = 1013
        _, answer = await client.call("POST", "/v1/contacts", asked)
        assert answer["contacts"] == [
            {"input": f"+{ANA}", "status": "valid", "wa_id": ANA},
            {"input": "+525550000009", "status": "invalid"},
        ]
        assert (await client.send())[0] == 200
        status, answer = await client.call("POST", "/v1/contacts", {})
        assert (status, answer["meta"]["success"]) == (400, False)


async def test_errors_may_come_with_200() -> None:
    async for client in _client(CbotSettings(api="onpremise", errors_with_200=True)):
        status, answer = await client.send()
        assert (status, answer["errors"][0]["code"]) == (200, 1006)


async def test_a_read_mark_changes_a_message_of_the_contact(onpremise: Client) -> None:
    ana = onpremise.sandbox.contact(ANA)
    await ana.says("hi")
    (mine,) = ana.bubbles
    path = f"/v1/messages/{mine.id}"
    assert (await onpremise.call("PUT", path, {"status": "sent"}))[0] == 400
    assert (await onpremise.call("PUT", "/v1/messages/gone", {"status": "read"}))[0] == 400
    assert (await onpremise.call("PUT", path, {"status": "read"}))[0] == 200
    assert mine.status == "read"


async def test_a_fault_answers_in_the_forms_own_words(cloud: Client, onpremise: Client) -> None:
    for client in (cloud, onpremise):
        fault = Fault(kind="error", retry_after_s=7)
        client.sandbox.faults.arm(fault, client.sandbox.monotonic())
    assert (await cloud.send())[1]["error"]["code"] == 131000
    assert (await onpremise.send())[1]["errors"][0]["code"] == 1014


# --- webhooks ------------------------------------------------------------------------------------------


async def test_the_cloud_form_posts_metas_webhooks(cloud: Client) -> None:
    await cloud.sandbox.contact(ANA).says("hi")
    (body,) = cloud.business.bodies
    assert body["object"] == "whatsapp_business_account"
    assert cloud.business.headers == [{"Content-Type": "application/json"}]


async def test_the_onpremise_form_posts_what_happened_at_its_top(onpremise: Client) -> None:
    ana = onpremise.sandbox.contact(ANA, name="Ana")
    await ana.sends_voice(b"OGG")
    await onpremise.send()
    await onpremise.sandbox.courier.settled()
    voice, sent, *_ = onpremise.business.bodies
    assert voice["contacts"] == [{"profile": {"name": "Ana"}, "wa_id": ANA}]
    (message,) = voice["messages"]
    assert message["type"] == "voice"
    assert message["voice"].keys() == {"id", "mime_type", "sha256"}
    (status,) = sent["statuses"]
    assert status.keys() == {"id", "recipient_id", "status", "timestamp"}


async def test_a_reply_names_the_message_it_answers(onpremise: Client) -> None:
    ana = onpremise.sandbox.contact(ANA)
    await ana.says("hi")
    await onpremise.send()
    shown = ana.bubbles[-1]
    await ana.says("yes", reply_to=shown.id)
    (message,) = onpremise.business.bodies[-1]["messages"]
    assert message["context"] == {"from": "15550001000", "id": shown.id}


async def test_the_registered_webhook_brings_the_header_it_was_given(onpremise: Client) -> None:
    _, before = await onpremise.call("GET", "/v1/configs/webhook")
    assert before == {"url": ""}
    wanted = {"url": "https://bot.example/hook", "headers": {"Authorization": "Basic YTpi"}}
    assert await onpremise.call("POST", "/v1/configs/webhook", wanted) == (200, wanted)
    assert await onpremise.call("GET", "/v1/configs/webhook") == (200, wanted)
    await onpremise.sandbox.contact(ANA).says("hi")
    assert onpremise.business.headers[0]["Authorization"] == "Basic YTpi"
    status, answer = await onpremise.call("POST", "/v1/configs/webhook", {"url": "nowhere"})
    assert status == 400
    assert "url" in answer["meta"]["developerMessage"]


async def test_user_and_password_of_the_settings_go_with_each_webhook() -> None:
    settings = CbotSettings(webhook_user="parley", webhook_password="word")
    async for client in _client(settings):
        await client.sandbox.contact(ANA).says("hi")
        scheme, coded = client.business.headers[0]["Authorization"].split()
        assert (scheme, b64decode(coded)) == ("Basic", b"parley:word")


# --- files and the account -----------------------------------------------------------------------------


async def test_metas_own_address_of_a_file_is_served_here_with_the_key(cloud: Client) -> None:
    form = aiohttp.FormData({"messaging_product": "whatsapp"})
    form.add_field("file", b"PNG", filename="a.png", content_type="image/png")
    async with cloud.http.post(cloud.address + "/media", data=form, headers=KEY) as answer:
        id_ = (await answer.json())["id"]
    _, found = await cloud.call("GET", f"/{id_}")
    assert found["url"].startswith("https://lookaside.example/whatsapp_business/attachments/")
    path = found["url"].removeprefix("https://lookaside.example")
    async with cloud.http.get(cloud.address + path, headers=KEY) as answer:
        assert await answer.read() == b"PNG"
    assert (await cloud.call("GET", path, key={}))[0] == 401
    assert (await cloud.call("GET", "/whatsapp_business/attachments/?mid=1"))[0] == 404
    assert (await cloud.call("GET", "/700001"))[0] == 404


async def test_a_form_without_a_file_is_refused(cloud: Client) -> None:
    assert (await cloud.call("POST", "/media", {"file": 1}))[0] == 400


async def test_the_onpremise_form_takes_bytes_and_gives_them_back(onpremise: Client) -> None:
    url = onpremise.address + "/v1/media"
    headers = KEY | {"Content-Type": "image/png"}
    async with onpremise.http.post(url, data=b"PNG", headers=headers) as answer:
        id_ = (await answer.json())["media"][0]["id"]
    async with onpremise.http.get(f"{url}/{id_}", headers=KEY) as answer:
        assert (await answer.read(), answer.content_type) == (b"PNG", "image/png")
    assert (await onpremise.call("GET", "/v1/media/gone"))[0] == 404
    headers["Content-Type"] = "application/x-unknown"
    async with onpremise.http.post(url, data=b"?", headers=headers) as answer:
        assert answer.status == 400


async def test_templates_are_listed_by_page_and_handed_in(onpremise: Client) -> None:
    draft = {"name": "sale", "language": "es", "category": "MARKETING", "components": []}
    status, made = await onpremise.call("POST", "/v1/configs/templates", draft)
    assert (status, made["status"], made["namespace"]) == (200, "submitted", "sandbox_namespace")
    assert (await onpremise.call("POST", "/v1/configs/templates", {"name": "x"}))[0] == 400
    _, page = await onpremise.call("GET", "/v1/configs/templates?offset=1&limit=5")
    assert (page["waba_templates"], page["count"], page["total"]) == ([], 0, 1)
    assert (await onpremise.call("GET", "/v1/configs/templates?offset=x"))[0] == 400


async def test_the_number_tells_that_it_may_send(cloud: Client) -> None:
    _, body = await cloud.call("GET", "/health_status")
    assert body["health_status"]["can_send_message"] == "AVAILABLE"
