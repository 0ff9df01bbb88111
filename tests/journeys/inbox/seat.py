"""An agent at work: what they press and see, and pictures of it."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import pytest
from playwright.async_api import Browser, ConsoleMessage, Locator, Page, expect

from adapters.sandbox.cloud import Bubble, Contact
from tests.journeys.desk import Desk, window
from tests.journeys.inbox.business import Shop
from tests.journeys.phone import NARROW, PICTURES, TIMEOUT_MS, WIDE, WRITES_PICTURES, still
from tests.web.inbox import support

SIZES = [pytest.param(WIDE, id="1280"), pytest.param(NARROW, id="390")]
INBOX_PICTURES = PICTURES / "inbox"


class Seat(Desk):
    """One page of the inbox, and the agent before it.

    Args:
        page: A fresh page.
        origin: Where the inbox is served.
        journey: What the pictures are called.
    """

    def __init__(self, page: Page, origin: str, journey: str) -> None:
        self._allowed: tuple[str, ...] = ()
        super().__init__(page, origin)
        width = page.viewport_size["width"] if page.viewport_size else 0
        self.is_narrow = width == NARROW[0]
        self._name = f"{journey}-{width}"
        self._pictures = 0

    # --- what there is

    @property
    def composer(self) -> Locator:
        """What stands below the transcript."""
        return self.page.locator("#composer")

    @property
    def text(self) -> Locator:
        """Where a message is written."""
        return self.page.locator("#text")

    @property
    def side(self) -> Locator:
        """What stands beside the chat."""
        return self.page.locator("#side")

    @property
    def dialog(self) -> Locator:
        """The window that is open."""
        return self.page.locator("dialog[open]")

    @property
    def ours(self) -> Locator:
        """What the business said."""
        return self.page.locator("#messages > .ours")

    @property
    def theirs(self) -> Locator:
        """What the contact said."""
        return self.page.locator("#messages > .theirs")

    def row(self, name: str) -> Locator:
        """Return the row of somebody's chat."""
        return self.page.locator("#rows .chat-row", has=self.page.get_by_text(name, exact=True))

    # --- what one does

    async def sits_down(self, query: str = "?view=queue") -> None:
        """Open the inbox."""
        await self.open(query)

    async def goes_to(self, name: str) -> None:
        """Open somebody's chat from the list."""
        await self.row(name).locator("a").click()
        await expect(self.page.locator("#chat h1")).to_have_text(name)

    async def goes_back(self) -> None:
        """Return to the list, where the chat hides it."""
        if self.is_narrow:
            await self.page.locator(".chat-head .back").click()
            await expect(self.page.locator("#list-scroll")).to_be_visible()

    async def claims(self) -> None:
        """Take the open chat from its queue."""
        await self.composer.get_by_role("button", name="Claim").click()
        await self.writes_here()

    async def writes_here(self) -> None:
        """Wait until a message may be written."""
        await expect(self.page.locator("#composer[data-state=open]")).to_be_attached()

    async def writes(self, words: str) -> None:
        """Type a message, and do not send it yet."""
        await self.text.fill(words)

    async def sends(self, words: str) -> None:
        """Write a message and send it."""
        await self.writes(words)
        await self.presses_send()

    async def presses_send(self) -> None:
        """Press the button that sends."""
        await self.composer.locator("#send").click()

    async def opens_side(self) -> None:
        """Show what stands beside the chat, where it does not stand there already."""
        if self.is_narrow:
            await self.page.locator(".to-side").click()
        await expect(self.side).to_be_visible()

    async def closes_side(self) -> None:
        """Return to the chat."""
        if self.is_narrow:
            await self.page.locator(".from-side").click()
            await expect(self.page.locator(".chat-head")).to_be_visible()

    # --- what one sees

    async def hears(self, words: str) -> None:
        """Wait until the contact's newest message says this."""
        await expect(self.theirs.last.locator(".text")).to_have_text(words)

    async def said(self, words: str) -> None:
        """Wait until the business's newest message says this."""
        await expect(self.ours.last.locator(".text")).to_have_text(words)

    async def ticks(self, status: str) -> None:
        """Wait until the business's newest message has this status."""
        await expect(self.ours.last.locator(".tick")).to_have_attribute("data-status", status)

    @asynccontextmanager
    async def is_told(self, event: str) -> AsyncIterator[None]:
        """Wait at the block's end until the stream has told the page of this event."""
        told = asyncio.Event()
        wire = await self.page.context.new_cdp_session(self.page)
        wire.on(
            "Network.eventSourceMessageReceived",
            lambda one: told.set() if one["eventName"] == event else None,
        )
        await wire.send("Network.enable")
        yield
        async with asyncio.timeout(TIMEOUT_MS / 1000):
            await told.wait()
        await wire.detach()

    async def picture(self, name: str) -> None:
        """Check the page; where they are wanted, keep a picture of it as it is now."""
        await self.calm()
        self._pictures += 1
        if not WRITES_PICTURES:
            return
        await still(self.page)
        INBOX_PICTURES.mkdir(parents=True, exist_ok=True)
        file = INBOX_PICTURES / f"{self._name}-{self._pictures:02d}-{name}.png"
        await self.page.screenshot(path=file)

    @contextmanager
    def refused(self, *words: str) -> Iterator[None]:
        """Within the block the browser may complain of these, because the test made them so."""
        self._allowed = words
        try:
            yield
        finally:
            self._allowed = ()

    def _hear(self, message: ConsoleMessage) -> None:
        if not any(words in message.text for words in self._allowed):
            super()._hear(message)


@asynccontextmanager
async def seat(
    browser: Browser,
    journey: str,
    size: tuple[int, int],
    who: support.Browser,
    *,
    dark: bool = False,
) -> AsyncIterator[Seat]:
    """Give an agent a window of this size for the block."""
    scale = 2 if WRITES_PICTURES else 1
    async with window(browser, size, who, dark=dark, scale=scale) as page:
        yield Seat(page, who.inbox.origin, journey)


async def receives(shop: Shop, contact: Contact, words: str) -> Bubble:
    """Wait until a contact's phone shows this as its newest message, and return it."""

    def newest() -> Bubble | None:
        return next((one for one in reversed(contact.bubbles) if one.by == "business"), None)

    await shop.sandbox.until(
        lambda: (one := newest()) is not None and one.text == words, timeout_s=30
    )
    found = newest()
    assert found is not None
    return found
