"""A business at the Interakt sandbox: sends over HTTP, checks the signature of what comes back and keeps it."""

import hashlib
import hmac
from collections import deque
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import cast

import aiohttp
import orjson
from pydantic import JsonValue

from adapters.sandbox.courier import Heard
from adapters.sandbox.interakt import InteraktSandbox, InteraktSettings
from adapters.sandbox.server import served
from tests.adapters.sandbox.business import Clock, Object

PRIYA = "919812300001"


class Business:
    """Both directions: `call` asks the sandbox, `post` is what it posts to."""

    def __init__(self, settings: InteraktSettings, clock: Clock) -> None:
        self.settings = settings
        self.clock = clock
        self.heard: list[Object] = []
        """Every webhook, in the order of arrival."""
        self.answers: deque[int | None] = deque()
        """What to answer next; 200 when empty."""
        self.sandbox = InteraktSandbox(
            settings, now=clock.now, monotonic=clock.monotonic, post=self.post
        )
        self.address = ""
        self.http: aiohttp.ClientSession | None = None

    async def post(self, body: bytes, headers: Mapping[str, str]) -> Heard | None:
        mark = hmac.new(self.settings.signing_secret.encode(), body, hashlib.sha256).hexdigest()
        assert headers["Interakt-Signature"] == f"sha256={mark}"
        self.heard.append(orjson.loads(body))
        status = self.answers.popleft() if self.answers else 200
        return None if status is None else Heard(status)

    async def call(
        self, path: str, body: JsonValue = None, *, method: str = "POST", key: str | None = None
    ) -> tuple[int, Object]:
        """Ask the sandbox; `path` stands behind `/v1/public/`."""
        assert self.http is not None
        headers = {"Authorization": f"Basic {key or self.settings.api_key}"}
        url = f"{self.address}/v1/public/{path}"
        async with self.http.request(method, url, json=body, headers=headers) as answer:
            return answer.status, cast("Object", await answer.json())

    async def get(self, path: str) -> tuple[int, Object]:
        """Ask without a body."""
        return await self.call(path, method="GET")


@asynccontextmanager
async def business(**changes: object) -> AsyncIterator[Business]:
    """Serve a sandbox with these settings while the block runs; nothing limits its rate unless told."""
    settings = InteraktSettings.model_validate({"messages_per_second": 0} | changes)
    made = Business(settings, Clock())
    async with served(made.sandbox) as address, aiohttp.ClientSession() as http:
        made.address, made.http = address, http
        yield made


def to(phone: str = PRIYA, **body: JsonValue) -> Object:
    """Return a body to an Indian number, in the documented two parts."""
    return {"countryCode": "+91", "phoneNumber": phone.removeprefix("91"), **body}


def text_to(phone: str = PRIYA, words: str = "Hello", **more: JsonValue) -> Object:
    """Return a text."""
    return to(phone, type="Text", data={"message": words}, **more)


def part(body: Object, *keys: str) -> Object:
    """Return an object inside."""
    for key in keys:
        inner = body[key]
        assert isinstance(inner, dict)
        body = inner
    return body
