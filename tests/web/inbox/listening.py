"""A page of the inbox as its script hears the server: the stream's events in order."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import ClientResponse

from tests.web.inbox.support import Browser
from web.inbox.people.signing import PLAIN_COOKIE

PATIENCE_S = 10.0


@dataclass(frozen=True)
class Event:
    """One event."""

    name: str
    data: Any


@dataclass
class Page:
    """An open page; `last` is the id it would come back with."""

    browser: Browser
    answer: ClientResponse
    heard: list[Event] = field(default_factory=list)
    last: str = ""
    ended: bool = False
    _news: asyncio.Event = field(default_factory=asyncio.Event)
    _looked: int = 0

    @property
    def id(self) -> str:
        return str(next(event.data["stream"] for event in self.heard if event.name == "hello"))

    async def hears(self, name: str, **data: object) -> Any:
        """Wait for the next event of a name with these data, passing over all others; return its data."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                while self._looked < len(self.heard):
                    event = self.heard[self._looked]
                    self._looked += 1
                    if event.name == name and data.items() <= event.data.items():
                        return event.data
                assert not self.ended, f"the stream ended without {name!r}: {self.heard}"
                self._news.clear()
                await self._news.wait()

    async def ends(self) -> None:
        """Wait until the server has sent the page away."""
        async with asyncio.timeout(PATIENCE_S):
            while not self.ended:
                self._news.clear()
                await self._news.wait()

    def names(self) -> list[str]:
        return [event.name for event in self.heard]

    async def looks(self, *, visible: bool = True, writing: bool = False) -> None:
        """Say that the page is looked at or not, and whether its agent writes."""
        said = {"visible": visible, "writing": writing}
        form = {name: "yes" if is_so else "no" for name, is_so in said.items()}
        told = await self.browser.post("/presence", {"stream": self.id, **form})
        assert told.status == 204

    async def listen(self) -> None:
        fields: dict[str, str] = {}
        try:
            async for raw in self.answer.content:
                name, _, value = raw.decode().rstrip("\n").partition(": ")
                if name:
                    fields[name] = value
                    continue
                self.last = fields.get("id", self.last)
                if "data" in fields:
                    self.heard.append(Event(fields["event"], json.loads(fields["data"])))
                fields = {}
                self._news.set()
        finally:
            self.ended = True
            self._news.set()


@asynccontextmanager
async def listening(
    browser: Browser, query: Mapping[str, str] | None = None, *, last: str | None = None
) -> AsyncIterator[Page]:
    """Open a page's stream; it has said hello, and told the numbers, when this begins.

    Args:
        browser: Who looks.
        query: What the page shows.
        last: The id of the last event it heard before it was away; None is a page that was just made.
    """
    headers = {"Cookie": f"{PLAIN_COOKIE}={browser.secret}"}
    if last is not None:
        headers["Last-Event-ID"] = last
    client = browser.inbox.bot.client
    async with client.get("/inbox/events", params=query or {}, headers=headers) as answer:
        assert answer.status == 200, await answer.text()
        page = Page(browser, answer)
        task = asyncio.create_task(page.listen())
        try:
            await page.hears("hello")
            yield page
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
