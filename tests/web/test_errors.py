"""Every refusal has its status and the one JSON shape."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from engine.core.errors import (
    LineUnknown,
    ParleyError,
    PayloadInvalid,
    PayloadTooLarge,
    SignatureInvalid,
    StoreUnavailable,
)
from web.errors import answering, no_route

Client = TestClient[web.Request, web.Application]


async def raising(request: web.Request) -> web.Response:
    raise request.app[ERROR]


ERROR = web.AppKey[Exception]("error")


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    app = web.Application(client_max_size=10)
    app[ERROR] = LineUnknown()
    app.router.add_get("/raises/{word}", answering(raising))
    app.router.add_post("/reads", answering(reading))
    app.add_routes([no_route()])
    async with TestClient(TestServer(app)) as client:
        yield client


async def reading(request: web.Request) -> web.Response:
    return web.Response(body=await request.read())


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        pytest.param(SignatureInvalid(), 401, "signature_invalid", id="signature"),
        pytest.param(LineUnknown(), 404, "line_unknown", id="line"),
        pytest.param(PayloadTooLarge(), 413, "payload_too_large", id="too-large"),
        pytest.param(PayloadInvalid(), 400, "payload_invalid", id="payload"),
        pytest.param(StoreUnavailable(), 503, "store_unavailable", id="store"),
        pytest.param(web.HTTPConflict(), 409, "conflict", id="http"),
        pytest.param(RuntimeError("a secret"), 500, "internal_error", id="unexpected"),
    ],
)
async def test_an_error_is_answered_in_one_shape(error: Exception, status: int, code: str) -> None:
    app = web.Application()
    app[ERROR] = error
    app.router.add_get("/raises/{word}", answering(raising))
    async with TestClient(TestServer(app)) as client:
        answer = await client.get("/raises/x")

        told = await answer.json()

    assert answer.status == status
    assert (told["ok"], told["code"], told["status"]) == (False, code, status)
    assert told["error"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none';")
    assert "a secret" not in told["error"]
    assert ("Retry-After" in answer.headers) == isinstance(error, StoreUnavailable)


@pytest.mark.parametrize("path", ["/nowhere", "/", "/no/where", "/a%0Ab"])
async def test_an_unknown_route_has_the_same_shape(client: Client, path: str) -> None:
    answer = await client.get(path)

    assert answer.status == 404
    assert await answer.json() == {
        "ok": False,
        "error": "Not Found.",
        "code": "not_found",
        "status": 404,
    }


async def test_a_wrong_method_names_the_right_ones(client: Client) -> None:
    answer = await client.put("/reads", data=b"x")

    assert answer.status == 405
    assert (await answer.json())["code"] == "method_not_allowed"
    assert answer.headers["Allow"] == "POST"


async def test_a_body_that_names_no_length_is_capped_too(client: Client) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(4):
            yield b"12345"

    answer = await client.post("/reads", data=chunks())

    assert answer.status == 413
    assert (await answer.json())["code"] == PayloadTooLarge.code


def test_every_error_of_ours_has_a_code_of_its_own() -> None:
    def below(kind: type[ParleyError]) -> list[type[ParleyError]]:
        return [kind, *(found for child in kind.__subclasses__() for found in below(child))]

    kinds = [kind for kind in below(ParleyError) if kind.__module__ == "engine.core.errors"]
    codes = [kind.code for kind in kinds]

    assert len(codes) == len(set(codes))
