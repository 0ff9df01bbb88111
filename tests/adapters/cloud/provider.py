"""A provider that answers as it is told: a real server on loopback that keeps every request."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from itertools import count
from typing import ClassVar

import orjson
from aiohttp import web
from aiohttp.test_utils import TestServer

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass
class Request:
    """One request as it came."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes
    form: dict[str, object] = field(default_factory=dict)

    @property
    def json(self) -> dict[str, object]:
        """The body as an object."""
        value = orjson.loads(self.body)
        assert isinstance(value, dict)
        return value


class Provider:
    """Accepts everything, unless the next answers are scripted."""

    base_path: ClassVar[str] = "/v23.0"
    """What a line's base_url ends in."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self._script: deque[Handler] = deque()
        self._ids = count(1)
        app = web.Application(client_max_size=200 * 1024 * 1024)
        app.router.add_route("*", "/{path:.*}", self._handle)
        self.server = TestServer(app)

    @property
    def url(self) -> str:
        """What stands as base_url."""
        return str(self.server.make_url("")).rstrip("/") + self.base_path

    @property
    def bodies(self) -> list[dict[str, object]]:
        """The JSON bodies that came."""
        return [request.json for request in self.requests]

    def answers(self, status: int, body: object = b"", **headers: str) -> None:
        """Answer the next request so; a body that is no bytes is written as JSON."""
        data = body if isinstance(body, bytes) else orjson.dumps(body)

        async def answer(_: web.Request) -> web.StreamResponse:
            return web.Response(status=status, body=data, headers=headers)

        self._script.append(answer)

    def does(self, handler: Handler) -> None:
        """Let the next request be answered by this."""
        self._script.append(handler)

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        form: dict[str, object] = {}
        body = b""
        if request.content_type == "multipart/form-data":
            for key, value in (await request.post()).items():
                form[key] = value.file.read() if isinstance(value, web.FileField) else value
        else:
            body = await request.read()
        kept = Request(
            method=request.method,
            path=request.path,
            query=dict(request.query),
            headers={key.lower(): value for key, value in request.headers.items()},
            body=body,
            form=form,
        )
        self.requests.append(kept)
        if self._script:
            return await self._script.popleft()(request)
        return web.json_response(self._accepted(kept))

    def _accepted(self, request: Request) -> dict[str, object]:
        if request.form:
            return {"id": f"upload-{next(self._ids)}"}
        if request.method == "GET":
            return {"error": {"code": 100, "error_subcode": 33, "message": "no such object"}}
        if request.json.get("status") == "read":
            return {"success": True}
        return {
            "messaging_product": "whatsapp",
            "contacts": [{"input": request.json.get("to"), "wa_id": request.json.get("to")}],
            "messages": [{"id": f"wamid.out{next(self._ids)}"}],
        }


async def hang_up(request: web.Request) -> web.StreamResponse:
    """Close the connection after the request has been read, without an answer."""
    assert request.transport is not None
    request.transport.close()
    return web.Response()


async def half_an_answer(request: web.Request) -> web.StreamResponse:
    """Promise a long answer and close in the middle."""
    response = web.StreamResponse(headers={"Content-Length": "1000"})
    await response.prepare(request)
    await response.write(b'{"messages": [{"id": "wam')
    assert request.transport is not None
    request.transport.close()
    return response


class Silence:
    """A provider that takes the request and says nothing until it is told to."""

    def __init__(self) -> None:
        self.asked = asyncio.Event()
        self.over = asyncio.Event()

    async def __call__(self, request: web.Request) -> web.StreamResponse:
        """Wait."""
        self.asked.set()
        await self.over.wait()
        return web.Response()
