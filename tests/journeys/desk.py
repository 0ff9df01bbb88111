"""An agent's browser at the inbox. Every step must leave the page without errors and within its width."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Browser, ConsoleMessage, Page

from tests.journeys.phone import NARROW
from tests.web.inbox import support
from web.inbox.people.signing import PLAIN_COOKIE


class Desk:
    """One page of the inbox.

    Args:
        page: A fresh page.
        origin: Where the inbox is served.
    """

    def __init__(self, page: Page, origin: str) -> None:
        self.page = page
        self.origin = origin
        self.complaints: list[str] = []
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(f"script: {error}"))

    async def open(self, path: str = "") -> None:
        """Load a page of the inbox."""
        await self.page.goto(f"{self.origin}/inbox{path}")
        await self.calm()

    async def look(self, width: int, height: int, *, dark: bool) -> None:
        """Change the window and the time of day."""
        await self.page.set_viewport_size({"width": width, "height": height})
        await self.page.emulate_media(color_scheme="dark" if dark else "light")

    async def rows(self) -> list[str]:
        """Return the names in the list shown."""
        return await self.page.locator("#rows .row-name").all_inner_texts()

    async def calm(self) -> None:
        """Fail on an error anywhere, and on anything wider than its place."""
        assert not self.complaints, self.complaints
        wide = await self.page.evaluate(
            """() => [document.documentElement, ...document.querySelectorAll(
                ".region, .list-head, .tabs, .list-scroll, .row-link, .row-top, .row-last, .bar, .popup, .door, "
                + ".talk, .message, .bubble, .chat-head, .composer, .writing, .side, dialog, .page, .supervise"
              )]
              .filter((part) => part.checkVisibility() && part.scrollWidth > part.clientWidth + 1)
              .map((part) => `${part.className || part.tagName}: ${part.scrollWidth} in ${part.clientWidth}`)"""
        )
        assert not wide, f"wider than its place: {wide}"

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(f"console: {message.text}")


@asynccontextmanager
async def window(
    browser: Browser,
    size: tuple[int, int],
    who: support.Browser,
    *,
    dark: bool = False,
    scale: int = 1,
) -> AsyncIterator[Page]:
    """Open a window of this size for the block, signed in as this agent, or as nobody."""
    narrow = size == NARROW
    context = await browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        color_scheme="dark" if dark else "light",
        device_scale_factor=scale,
        reduced_motion="reduce",
        has_touch=narrow,
        is_mobile=narrow,
        locale="en-GB",
        timezone_id="Europe/Berlin",
    )
    origin = who.inbox.origin
    if who.secret:
        await context.add_cookies([{"name": PLAIN_COOKIE, "value": who.secret, "url": origin}])
    try:
        yield await context.new_page()
    finally:
        await context.close()


@asynccontextmanager
async def desk(
    browser: Browser, size: tuple[int, int], who: support.Browser
) -> AsyncIterator[Desk]:
    """Open a window of this size for the block, signed in as this agent, or as nobody."""
    async with window(browser, size, who) as page:
        yield Desk(page, who.inbox.origin)
