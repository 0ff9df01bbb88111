"""A server of the business, on loopback: it checks each post's signature as the docs say and keeps what it took."""

import asyncio
import hashlib
import hmac
import json
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

SECRET = "a secret of the business"


class Receiver:
    """Takes posts; `answers` holds what it answers to the next ones, 200 to all after."""

    def __init__(self) -> None:
        self.tried: list[dict[str, Any]] = []
        """Every post, in order."""
        self.taken: list[dict[str, Any]] = []
        """Those answered 200, in order."""
        self.answers: deque[int] = deque()
        self.down = False
        """Set to answer 503 to everything."""
        self.url = ""
        self.held = 0
        """Posts that came and are not answered."""
        self._gate = asyncio.Event()
        self._gate.set()

    def hold(self) -> None:
        """Answer nothing until `release`."""
        self._gate.clear()

    def release(self) -> None:
        """Answer again."""
        self._gate.set()

    async def receive(self, request: web.Request) -> web.Response:
        body = await request.read()
        timestamp = request.headers["X-Parley-Timestamp"]
        signed = hmac.new(SECRET.encode(), f"{timestamp}.".encode() + body, hashlib.sha256)
        assert request.headers["X-Parley-Signature"] == f"sha256={signed.hexdigest()}"
        assert request.content_type == "application/json"
        post = json.loads(body)
        self.tried.append(post)
        self.held += 1
        try:
            await self._gate.wait()
        finally:
            self.held -= 1
        status = 503 if self.down else self.answers.popleft() if self.answers else 200
        if status == 200:
            self.taken.append(post)
        return web.Response(status=status)

    def of(self, event: str) -> list[dict[str, Any]]:
        """Return what it took of one kind."""
        return [post for post in self.taken if post["event"] == event]


@asynccontextmanager
async def receiving() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    app = web.Application()
    app.router.add_post("/hook", receiver.receive)
    async with TestServer(app) as server:
        receiver.url = str(server.make_url("/hook"))
        yield receiver
