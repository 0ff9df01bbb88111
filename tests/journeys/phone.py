"""A person at the simulator page: says, taps, looks. Every step must leave the page calm and within its width."""

import os
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from playwright.async_api import (
    Browser,
    ConsoleMessage,
    Locator,
    Page,
    Request,
    Response,
    TimeoutError,
    expect,
)

ROOT = Path(__file__).parents[2]
PICTURES = ROOT / "artifacts" / "journeys"
DOCS = ROOT / "docs" / "images"

WRITES_PICTURES = os.environ.get("PARLEY_WRITE_PICTURES") == "1"

TIMEOUT_MS = 20_000
expect.set_options(timeout=TIMEOUT_MS)  # a busy machine; its own five seconds are for a quiet one
NEAR_PX = 4

WIDE = (1280, 880)
NARROW = (390, 844)


class Phone:
    """The page of one contact, in one browser window.

    Args:
        page: A fresh page.
        journey: What the pictures are called.
    """

    def __init__(self, page: Page, journey: str) -> None:
        self.page = page
        self.complaints: list[str] = []
        """Errors of the console, of scripts, of requests; `calm` fails on any."""
        width = page.viewport_size["width"] if page.viewport_size else 0
        self.is_narrow = width < 1100
        self._name = f"{journey}-{width}"
        self._pictures = 0
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(f"script: {error}"))
        page.on("requestfailed", self._note_failed)
        page.on("response", self._note_refused)

    # --- what one does

    async def open(self, address: str) -> None:
        """Load the page and wait until it shows a phone."""
        await self.page.goto(address)
        await expect(self.page.locator("body[data-ready]")).to_be_attached()
        await self.calm()

    async def writes(self, text: str) -> None:
        """Type a text, and do not send it yet."""
        await self.page.get_by_label("Message", exact=True).fill(text)
        await self.calm()

    async def says(self, text: str) -> None:
        """Type a text and press Enter."""
        await self.writes(text)
        await self.page.keyboard.press("Enter")
        await _said(self.mine.last, text)
        await self.calm()

    async def taps(self, title: str) -> None:
        """Tap a button of the newest message that has one of this title."""
        # A message that changes its ticks is made anew; a button pressed in that very moment is not the one let go.
        await self.sees_status("read")
        before = await self.mine.count()
        await self.bot.get_by_role("button", name=title, exact=True).last.click()
        await self._answered(before, title)

    async def chooses(self, label: str, row: str) -> None:
        """Open the newest list and choose a row of its sheet."""
        await self.opens_list(label)
        before = await self.mine.count()
        await self.sheet.get_by_role("button").filter(has_text=row).click()
        await expect(self.sheet).to_be_hidden()
        await self._answered(before, row)

    async def opens_list(self, label: str) -> None:
        """Open the newest list's sheet."""
        await self.bot.get_by_role("button", name=label, exact=True).last.click()
        await expect(self.sheet).to_be_visible()
        await self.calm()

    async def sends_place(self, name: str) -> None:
        """Send one of the offered places by the attach menu."""
        await self.page.get_by_role("button", name="Attach").click()
        await self.page.get_by_role("menuitem", name="Location").click()
        await expect(self.sheet).to_be_visible()
        await self.calm()
        await self.sheet.get_by_role("button").filter(has_text=name).click()
        await expect(self.mine.last).to_contain_text(name)
        await self.calm()

    async def picks_file(self, path: Path, caption: str) -> None:
        """Choose a file by the attach menu and write its caption; it is not sent yet."""
        await self.page.get_by_role("button", name="Attach").click()
        async with self.page.expect_file_chooser() as chooser:
            await self.page.get_by_role("menuitem", name="Photo, video or file").click()
        await (await chooser.value).set_files(path)
        await self.sheet.get_by_label("Caption (optional)").fill(caption)
        await self.calm()

    async def jumps(self, label: str) -> None:
        """Move the clock ahead."""
        await self.opens_side("Contacts and clock")
        await self.page.get_by_role("button", name=label, exact=True).click()
        await expect(self.page.locator("#toast")).to_contain_text("The clock moved")
        await self.calm()
        await self.closes_side("Contacts and clock")

    async def switches_to(self, name: str) -> None:
        """Take another contact's phone."""
        await self.opens_side("Contacts and clock")
        await self.page.locator("#contacts").get_by_role("button").filter(has_text=name).click()
        await expect(self.page.locator("#presence")).to_contain_text(name)
        await self.calm()

    async def opens_side(self, name: str) -> None:
        """Open one of the panels, where the page is too narrow to show them beside the phone."""
        if self.is_narrow:
            await self.page.get_by_role("button", name=name, exact=True).click()
        await expect(self.page.get_by_role("complementary", name=name)).to_be_visible()

    async def closes_side(self, name: str) -> None:
        """Close it again."""
        if self.is_narrow:
            await self.page.get_by_role("complementary", name=name).get_by_label("Close").click()
            await expect(self.page.get_by_role("complementary", name=name)).to_be_hidden()

    # --- what one sees

    @property
    def bot(self) -> Locator:
        """The bot's messages."""
        return self.page.locator(".message:not(.mine)")

    @property
    def mine(self) -> Locator:
        """The contact's messages."""
        return self.page.locator(".message.mine")

    @property
    def sheet(self) -> Locator:
        """The bottom sheet."""
        return self.page.get_by_role("dialog")

    async def sees(self, text: str | re.Pattern[str]) -> None:
        """Wait until the newest message of the bot says this."""
        await _said(self.bot.last, text)
        await self.calm()

    async def sees_from_the_right(self, text: str) -> None:
        """Wait until the newest message of the bot says this, in lines that begin at the right."""
        await self.sees(text)
        await self.begins_at_the_right(".message:not(.mine) .text")

    async def begins_at_the_right(self, selector: str) -> None:
        """Fail where the words of the last such part do not stand at its right edge, or leave it at the left."""
        # Looked up and measured in one go: a message that changes its ticks is made anew.
        edges = await self.page.evaluate(
            """(selector) => {
              const part = [...document.querySelectorAll(selector)].at(-1);
              const range = document.createRange();
              range.selectNodeContents(part);
              const [words, box] = [range.getBoundingClientRect(), part.getBoundingClientRect()];
              return {
                direction: getComputedStyle(part).direction,
                right: box.right - words.right,
                left: words.left - box.left,
              };
            }""",
            selector,
        )
        assert edges["direction"] == "rtl", edges
        assert abs(edges["right"]) <= NEAR_PX, edges
        assert edges["left"] >= -NEAR_PX, edges

    async def sees_status(self, status: str) -> None:
        """Wait until the newest message of the bot has this status."""
        await expect(self.bot.last.locator(f"[data-status={status}]")).to_be_attached()

    async def calm(self) -> None:
        """Fail on an error anywhere, and on anything wider than the window."""
        assert self.complaints == []
        wide = await self.page.evaluate(
            """() => [document.documentElement, ...document.querySelectorAll(
                "#talk, .bubble, .options button, .rows button, .side, .card, .contacts, .contact, "
                + ".sheet, .sheet-body, .chat-header, .composer"
              )]
              .filter((part) => part.scrollWidth > part.clientWidth)
              .map((part) => `${part.className || part.tagName}: ${part.scrollWidth} in ${part.clientWidth}`)"""
        )
        assert not wide, f"wider than its place: {wide}"

    async def picture(self, name: str) -> None:
        """Keep a picture of the page as it is now."""
        await still(self.page)
        self._pictures += 1
        PICTURES.mkdir(parents=True, exist_ok=True)
        await self.page.screenshot(path=PICTURES / f"{self._name}-{self._pictures:02d}-{name}.png")

    async def keep_for_docs(self) -> None:
        """Keep the pictures that the docs show: the whole page, and the phone alone; where that is wanted."""
        if not WRITES_PICTURES:
            return
        await self.page.evaluate("document.activeElement.blur()")
        await still(self.page)
        await self.page.screenshot(path=DOCS / "simulator-page.png")
        dress = """([ground, shadow]) => {
          document.body.style.background = ground;
          document.querySelector(".phone").style.boxShadow = shadow;
        }"""
        await self.page.evaluate(dress, ["transparent", "none"])
        alone = self.page.locator(".phone")
        await alone.screenshot(path=DOCS / "simulator.png", omit_background=True)
        await self.page.evaluate(dress, ["", ""])

    async def _answered(self, before: int, words: str) -> None:
        await _said(self.mine.nth(before), words)
        await self.calm()

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(f"console: {message.text}")

    def _note_failed(self, request: Request) -> None:
        # Leaving a contact ends the stream of its phone: that is no failure.
        if "/simulator/events" not in request.url:
            self.complaints.append(f"request: {request.method} {request.url} {request.failure}")

    def _note_refused(self, response: Response) -> None:
        if response.status >= 400:
            self.complaints.append(f"answer: {response.status} {response.url}")


async def still(page: Page) -> None:
    """Take the mouse away; wait for fonts and for running animations, endless ones aside."""
    await page.mouse.move(0, 0)
    await page.evaluate(
        "Promise.all([document.fonts.ready, ...document.getAnimations()"
        ".filter(a => a.effect.getComputedTiming().iterations !== Infinity).map(a => a.finished.catch(() => {}))])"
    )


async def _said(message: Locator, text: str | re.Pattern[str]) -> None:
    """Wait until a message says this. The browser looks at each frame; `expect`, which names what it saw, is slow."""
    words = message.locator(".text")
    with suppress(TimeoutError):
        await words.filter(has_text=text).wait_for(state="attached", timeout=TIMEOUT_MS)
    await expect(words).to_contain_text(text)


@asynccontextmanager
async def phone(
    browser: Browser,
    journey: str,
    size: tuple[int, int],
    *,
    dark: bool = False,
) -> AsyncIterator[Phone]:
    """Open a window of this size for the block; one narrow enough for a phone is touched, not clicked."""
    narrow = size == NARROW
    context = await browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        color_scheme="dark" if dark else "light",
        device_scale_factor=2 if WRITES_PICTURES else 1,
        reduced_motion="reduce",
        has_touch=narrow,
        is_mobile=narrow,
        locale="en-GB",
        timezone_id="Europe/Berlin",
    )
    try:
        yield Phone(await context.new_page(), journey)
    finally:
        await context.close()
