"""The clock jumps past the window while the bot works: its late answer is held, and everybody can see why."""

from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from tests.journeys.phone import NARROW, WIDE, phone
from tests.journeys.server import serving

FLOWS = Path(__file__).parent / "flows"


@pytest.mark.parametrize("size", [pytest.param(WIDE, id="1280"), pytest.param(NARROW, id="390")])
async def test_an_answer_after_25_hours_is_held(
    browser: Browser, tmp_path: Path, size: tuple[int, int]
) -> None:
    async with (
        serving(tmp_path, flows=(str(FLOWS),)) as server,
        phone(browser, "clock", size) as ana,
    ):
        await ana.open(server.simulator)
        await ana.says("Hello")
        await ana.sees("One moment")
        await expect(ana.page.locator("#presence")).to_have_text("typing…")
        await expect(ana.page.locator("#window-pill")).to_have_text("23 h 59 min")
        await ana.picture("typing")

        await ana.jumps("+25 hours")
        await expect(ana.page.locator("#window-pill")).to_have_text("Closed")
        (tmp_path / "done").touch()
        await ana.sees("Your report is ready.")
        await ana.sees_status("held")
        await expect(ana.bot.last).to_contain_text("Held: the window is closed")
        # A typing mark that came after the jump shows for 25 seconds: no answer ends it.
        await expect(ana.page.locator("#presence")).to_contain_text("Ana", timeout=30_000)
        await ana.opens_side("Behind the chat")
        await expect(ana.page.locator("#window-figure")).to_have_text("Closed")
        await ana.calm()
        await ana.picture("held")
        await ana.closes_side("Behind the chat")
    (tmp_path / "done").unlink()


async def test_the_jump_outlives_the_server_and_never_goes_back(
    browser: Browser, tmp_path: Path
) -> None:
    async with serving(tmp_path) as server, phone(browser, "clock-kept", WIDE) as ana:
        await ana.open(server.simulator)
        await ana.says("Hello")
        await ana.sees("How can we help?")
        await ana.jumps("+25 hours")
        await expect(ana.page.locator("#clock-ahead")).to_have_text("25 h ahead of the wall clock")
    async with serving(tmp_path) as server, phone(browser, "clock-kept", WIDE) as ana:
        await ana.open(server.simulator)
        await expect(ana.page.locator("#clock-ahead")).to_have_text("25 h ahead of the wall clock")
        await expect(ana.page.locator("#window-pill")).to_have_text("Closed")
        await ana.taps("Opening hours")
        await ana.sees("Anything else?")
        await expect(ana.page.locator("#window-pill")).to_have_text("23 h 59 min")
        await expect(ana.page.locator(".chip").last).to_contain_text("later")
        await ana.picture("a-day-later")
