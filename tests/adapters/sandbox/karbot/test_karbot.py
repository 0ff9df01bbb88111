"""Karbot's login and template call; all else is Gupshup's, behind the token."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import cast

import aiohttp
import orjson
import pytest

from adapters.sandbox.courier import Heard
from adapters.sandbox.karbot import ApprovedTemplate, KarbotSandbox, KarbotSettings, served
from adapters.sandbox.wire import Object

MARIA = "5215550001234"
SETTINGS = KarbotSettings()
LOGIN = {"email": SETTINGS.email, "password": SETTINGS.password}


class Client:
    """A business that logs in."""

    def __init__(self, sandbox: KarbotSandbox, address: str, http: aiohttp.ClientSession) -> None:
        self.sandbox = sandbox
        self._address = address
        self._http = http
        self.token = ""

    async def post(
        self, path: str, body: object = None, *, form: dict[str, str] | None = None
    ) -> tuple[int, Object]:
        headers = {"Authorization": f"Bearer {self.token}"}
        url = self._address + path
        async with self._http.post(url, json=body, data=form, headers=headers) as answer:
            return answer.status, cast("Object", await answer.json())

    async def log_in(self) -> None:
        _, answer = await self.post("/v1/users/auth/", LOGIN)
        self.token = str(answer["token"])


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    sandbox = KarbotSandbox(SETTINGS)
    async with served(sandbox) as address, aiohttp.ClientSession() as http:
        yield Client(sandbox, address, http)


def template(to: str = "5550001234", *variables: str) -> Object:
    return {"countryCode": "52", "to": to, "templateId": "t-1", "variables": list(variables)}


@pytest.mark.parametrize(
    ("place", "path"),
    [
        pytest.param("token", ("token",), id="token"),
        pytest.param("access_token", ("access_token",), id="access_token"),
        pytest.param("session", ("session", "access_token"), id="session"),
    ],
)
async def test_a_login_gives_a_token_where_the_setting_says(
    place: str, path: tuple[str, ...]
) -> None:
    settings = SETTINGS.model_copy(update={"login_answer": place})
    sandbox = KarbotSandbox(settings)
    async with served(sandbox) as address, aiohttp.ClientSession() as http:
        _, found = await Client(sandbox, address, http).post("/v1/users/auth/", LOGIN)

    token: object = found
    for step in path:
        token = cast("Object", token)[step]
    assert list(sandbox.tokens) == [token]


async def test_a_wrong_password_is_refused_and_never_kept(client: Client) -> None:
    status, answer = await client.post("/v1/users/auth/", LOGIN | {"password": "guess"})

    assert (status, answer["message"]) == (401, "Authentication Failed")
    assert [one.body for one in client.sandbox.requests] == [None]


async def test_a_token_ends_after_its_hour(client: Client) -> None:
    await client.log_in()
    before, _ = await client.post("/v1/messages/send-template", template())
    client.sandbox.ahead = timedelta(minutes=61)
    after, _ = await client.post("/v1/messages/send-template", template())

    assert (before, after) == (200, 401)


@pytest.mark.parametrize("to", ["5550001234", "525550001234", "5215550001234"])
async def test_a_template_reaches_the_phone_however_it_is_written(client: Client, to: str) -> None:
    maria = client.sandbox.contact(MARIA)
    await client.log_in()

    status, answer = await client.post("/v1/messages/send-template", template(to, "María", "A7"))

    (noted,) = [one for one in client.sandbox.requests if one.message_id is not None]
    assert (status, answer["messageId"]) == (200, noted.message_id)
    assert maria.shown == ["[t-1] · María · A7"]


async def test_a_template_without_its_id_is_refused(client: Client) -> None:
    await client.log_in()

    status, answer = await client.post(
        "/v1/messages/send-template", {"countryCode": "52", "to": "5550001234"}
    )

    assert status == 400
    assert str(answer["message"]).startswith("templateId")


async def test_session_messages_and_templates_are_gupshups_behind_the_token(
    client: Client,
) -> None:
    client.sandbox.settings = SETTINGS.model_copy(
        update={"templates": (ApprovedTemplate(name="hello", id="t-1"),)}
    )
    await client.sandbox.contact(MARIA).says("hi")
    form = {
        "channel": "whatsapp",
        "source": SETTINGS.source,
        "destination": MARIA,
        "src.name": SETTINGS.app,
        "message": orjson.dumps({"type": "text", "text": "Hello"}).decode(),
    }

    before, _ = await client.post("/wa/api/v1/msg", form=form)
    await client.log_in()
    after, _ = await client.post("/wa/api/v1/msg", form=form)

    assert (before, after) == (401, 202)
    assert client.sandbox.contact(MARIA).shown == ["Hello"]


async def test_what_arrives_is_gupshups_envelope() -> None:
    heard: list[Object] = []

    async def post(body: bytes, _: object) -> Heard:
        heard.append(orjson.loads(body))
        return Heard(204)

    sandbox = KarbotSandbox(SETTINGS, post=post)
    delivery = await sandbox.contact(MARIA).says("hola")
    await sandbox.close()

    assert delivery.accepted
    assert [(one["app"], one["version"], one["type"]) for one in heard] == [
        ("SandboxApp", 2, "message")
    ]
