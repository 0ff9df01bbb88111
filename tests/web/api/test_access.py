"""Who may use the API for what: every address of the table, with every wrong token."""

from datetime import UTC, datetime
from typing import NamedTuple

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from engine.core.value import Json
from storage.tokens import revoke_token
from tests.web.api.support import SCOPES, TEMPLATE, Api, new_phone
from web.api.routes import TABLE, routes
from web.api.table import PREFIX, Route
from web.keys import CLOCK, DATABASE
from web.settings import ApiSettings

pytestmark = pytest.mark.asyncio(loop_scope="session")

DOCUMENT = ("GET", "/openapi.json")
"""The one address that needs no token."""


class Sample(NamedTuple):
    """A request to an address that is right but for its token; `{id}` is a message on the line `shop`."""

    path: str
    body: Json = None


SAMPLES = {
    ("POST", "/messages"): Sample(
        "/messages", {"line": "shop", "to": {"phone": "5215550001"}, "content": TEMPLATE}
    ),
    ("GET", "/messages/{id}"): Sample("/messages/{id}"),
    ("POST", "/broadcasts"): Sample(
        "/broadcasts",
        {
            "line": "shop",
            "template": {"name": "tea_is_ready", "language": "en"},
            "contacts": [{"phone": "5215550001"}],
        },
    ),
    ("GET", "/broadcasts/{broadcast}"): Sample("/broadcasts/1"),
    ("POST", "/broadcasts/{broadcast}"): Sample("/broadcasts/1", {"state": "stopped"}),
    ("POST", "/broadcasts/check"): Sample(
        "/broadcasts/check",
        {
            "line": "shop",
            "template": {"name": "tea_is_ready", "language": "en"},
            "contacts": [{"phone": "5215550001"}],
        },
    ),
    ("GET", "/broadcasts/{broadcast}/contacts/{after}"): Sample("/broadcasts/1/contacts/0"),
    ("GET", "/templates/{line}"): Sample("/templates/shop"),
    ("POST", "/templates"): Sample(
        "/templates",
        {
            "line": "shop",
            "template": {
                "name": "cups",
                "language": "en",
                "category": "utility",
                "body": "Your cup is here.",
            },
        },
    ),
    ("POST", "/templates/preview"): Sample(
        "/templates/preview",
        {
            "line": "shop",
            "content": {"kind": "template", "name": "order_is_ready", "language": "en"},
        },
    ),
    ("GET", "/chats/{line}/{conversation}"): Sample("/chats/shop/1"),
    ("POST", "/chats/{line}/{conversation}/takeover"): Sample(
        "/chats/shop/1/takeover", {"agent": "kim"}
    ),
    ("POST", "/chats/{line}/{conversation}/messages"): Sample(
        "/chats/shop/1/messages", {"agent": "kim", "content": TEMPLATE}
    ),
    ("POST", "/chats/{line}/{conversation}/release"): Sample(
        "/chats/shop/1/release", {"agent": "kim"}
    ),
    ("POST", "/chats/{line}/{conversation}/close"): Sample(
        "/chats/shop/1/close", {"agent": "kim", "reason": "answered"}
    ),
    ("POST", "/flows/{flow}/start"): Sample(
        "/flows/tea/start", {"line": "shop", "contact": {"phone": "5215550001"}}
    ),
}

EVERY_ROUTE = pytest.mark.parametrize(
    "route", TABLE, ids=[f"{route.method} {route.path}" for route in TABLE]
)


async def ask(api: Api, route: Route, token: str | None) -> tuple[int, str]:
    sample = SAMPLES[route.method, route.path]
    path = sample.path
    if "{id}" in path:
        path = path.replace("{id}", (await api.send(new_phone())).said["id"])
    answered = await api.call(route.method, path, sample.body, token=token)
    if answered.status == 401:
        assert answered.headers["WWW-Authenticate"] == "Bearer"
    return answered.refusal


async def test_the_table_and_its_samples_are_all_that_is_served(api: Api) -> None:
    served = {
        (route.method, route.resource.canonical.removeprefix(PREFIX))
        for route in api.bot.app.router.routes()
        if route.resource is not None and route.resource.canonical.startswith("/api")
    }

    assert served == {(route.method, route.path) for route in TABLE} | {DOCUMENT}
    assert served == {*SAMPLES, DOCUMENT}


@EVERY_ROUTE
async def test_without_a_token_nothing_is_told(api: Api, route: Route) -> None:
    assert await ask(api, route, None) == (401, "token_invalid")


@EVERY_ROUTE
async def test_a_token_of_our_form_that_is_not_ours_is_a_strangers(api: Api, route: Route) -> None:
    own, secret = api.token.rsplit("_", 1)[0], "A" * 43

    assert await ask(api, route, f"parley_0123456789ab_{secret}") == (401, "token_invalid")
    assert await ask(api, route, f"{own}_{secret}") == (401, "token_invalid")


@EVERY_ROUTE
async def test_a_token_without_the_scope_is_refused(api: Api, route: Route) -> None:
    others = [scope for scope in SCOPES if scope != route.scope]

    assert await ask(api, route, await api.make_token(scopes=others)) == (403, "scope_missing")


@EVERY_ROUTE
async def test_a_token_of_another_line_is_refused(api: Api, route: Route) -> None:
    token = await api.make_token(lines=["kiosk"])

    assert await ask(api, route, token) == (403, "line_forbidden")


@EVERY_ROUTE
async def test_a_revoked_token_counts_no_more(api: Api, route: Route) -> None:
    name = f"revoked {route.method} {route.path}"
    token = await api.make_token(name=name)

    assert await revoke_token(api.bot.app[DATABASE], name, now=datetime.now(UTC))
    assert not await revoke_token(api.bot.app[DATABASE], name, now=datetime.now(UTC))
    assert await ask(api, route, token) == (401, "token_invalid")


@pytest.mark.parametrize(
    "shown",
    ["", "Basic YTpi", "Bearer", "Bearer  ", "Bearer parley", "Bearer ñ", "parley_a_b"],
)
async def test_what_is_no_token_is_refused(api: Api, shown: str) -> None:
    headers = {"Authorization": shown}
    async with api.bot.client.get("/api/v1/messages/1", headers=headers) as answer:
        assert answer.status == 401


async def test_the_document_needs_no_token(api: Api) -> None:
    answered = await api.call("GET", "/openapi.json", token=None)

    assert answered.status == 200
    assert answered.said["openapi"] == "3.1.0"


async def test_the_secret_of_a_token_is_not_kept(api: Api) -> None:
    _, id_, secret = (await api.make_token(name="hashed")).split("_", 2)
    ((row,),) = api.bot.rows(
        "SELECT json_array(id, name, hash, scopes) FROM token WHERE id = ?", id_
    )

    assert secret not in str(row)
    assert len(secret) == 43  # 256 bits


async def test_the_last_use_of_a_token_is_kept(api: Api) -> None:
    token = await api.make_token(name="used")
    asked = "SELECT used_at FROM token WHERE name = 'used'"
    assert api.bot.rows(asked) == [(None,)]

    await api.call("GET", "/messages/1", token=token)

    ((used_at,),) = api.bot.rows(asked)
    assert used_at is not None


async def test_each_act_of_a_token_is_in_the_audit(api: Api) -> None:
    token = await api.make_token(name="audited")
    phone = new_phone()
    id_ = (await api.send(phone, token=token)).said["id"]
    await api.send(phone, {"kind": "text", "body": "closed"}, token=token)
    flow = (await api.start(phone, token=token)).said["id"]

    found = api.bot.rows(
        "SELECT line_id, id, act, subject FROM audit WHERE actor = 'token:audited' ORDER BY id"
    )
    assert found == [
        ("shop", int(id_), "message_requested", id_),
        ("shop", int(flow), "flow_requested", "tea"),
    ]
    assert api.bot.rows("SELECT act, actor FROM audit WHERE subject = 'audited'") == [
        ("token_created", "command")
    ]


async def test_whoever_asks_too_often_is_told_when_to_ask_again(api: Api) -> None:
    app = web.Application()
    app[DATABASE], app[CLOCK] = api.bot.app[DATABASE], api.bot.app[CLOCK]
    app.add_routes(routes(ApiSettings(requests_per_second=1, burst=1)))
    token = await api.make_token(scopes=["messages:send"])
    headers = {"Authorization": f"Bearer {token}"}
    told: dict[str, str] = {}
    async with TestClient(TestServer(app)) as client:
        for _ in range(
            1000
        ):  # the second is refused already, unless a second passes between the two
            async with client.post("/api/v1/messages", data=b"{", headers=headers) as answer:
                if answer.status == 429:
                    told = {"after": answer.headers["Retry-After"]} | await answer.json()
                    break
                assert answer.status == 400

    assert (told["after"], told["code"]) == ("1", "rate_limited")
