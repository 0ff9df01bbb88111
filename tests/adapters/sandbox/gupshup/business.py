"""A business at Gupshup: hears its webhooks, sends its forms over HTTP."""

from collections import deque
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import cast

import aiohttp
import orjson

from adapters.sandbox.courier import Heard
from adapters.sandbox.gupshup import GupshupSandbox, GupshupSettings, served
from adapters.sandbox.wire import Object

MARIA = "5215550001234"
SETTINGS = GupshupSettings(messages_per_second=0)


@dataclass
class Business:
    """The other end of the webhooks, without a network."""

    heard: list[Object] = field(default_factory=list)
    answers: deque[Heard | None] = field(default_factory=deque)
    """What to answer next; an empty 200 where there is nothing."""

    async def post(self, body: bytes, headers: Mapping[str, str]) -> Heard | None:
        assert headers["Content-Type"] == "application/json"
        self.heard.append(orjson.loads(body))
        return self.answers.popleft() if self.answers else Heard(200)

    def payloads(self, kind: str) -> list[Object]:
        """Return the payloads of the envelopes of a type, in the order of arrival."""
        return [cast("Object", one["payload"]) for one in self.heard if one["type"] == kind]

    @property
    def messages(self) -> list[Object]:
        return self.payloads("message")

    @property
    def events(self) -> list[Object]:
        return self.payloads("message-event")


@dataclass
class Bench:
    """A sandbox on the air and the business that speaks with it."""

    sandbox: GupshupSandbox
    business: Business
    address: str
    http: aiohttp.ClientSession

    async def send(
        self, message: Object, /, *, to: str = MARIA, api_key: str | None = None, **fields: str
    ) -> tuple[int, Object]:
        """Send a session message."""
        form = self.form(to) | {"message": orjson.dumps(message).decode()} | fields
        return await self.post("/wa/api/v1/msg", form, api_key=api_key)

    async def send_template(
        self, template: Object, /, *, to: str = MARIA, **fields: str
    ) -> tuple[int, Object]:
        """Send a template message."""
        form = self.form(to) | {"template": orjson.dumps(template).decode()} | fields
        return await self.post("/wa/api/v1/template/msg", form)

    async def post(
        self, path: str, form: dict[str, str], *, api_key: str | None = None
    ) -> tuple[int, Object]:
        headers = {"apikey": self.sandbox.settings.api_key if api_key is None else api_key}
        url = self.address + path
        async with self.http.post(url, data=form, headers=headers) as answer:
            return answer.status, cast("Object", await answer.json(content_type=None))

    def form(self, to: str) -> dict[str, str]:
        settings = self.sandbox.settings
        return {
            "channel": "whatsapp",
            "source": settings.source,
            "destination": to,
            "src.name": settings.app,
        }


@asynccontextmanager
async def benched(settings: GupshupSettings = SETTINGS) -> AsyncIterator[Bench]:
    business = Business()
    sandbox = GupshupSandbox(settings, post=business.post)
    async with served(sandbox) as address, aiohttp.ClientSession() as http:
        yield Bench(sandbox, business, address, http)
