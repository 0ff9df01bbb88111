"""What is more than a text: cards to swipe through, products, pictures above buttons, and what the provider is told."""

from pathlib import Path

import pytest
from playwright.async_api import Browser, Route, expect

from tests.journeys.phone import NARROW, WIDE, Phone, phone
from tests.journeys.pictures import sunset
from tests.journeys.server import serving

SHELF = (str(Path(__file__).parent / "shelf"),)
SIZES = [pytest.param(WIDE, id="1280"), pytest.param(NARROW, id="390")]


async def with_pictures(ana: Phone) -> None:
    """Answer for the host that the flow's pictures are on."""
    data = sunset()

    async def answer(route: Route) -> None:
        await route.fulfill(body=data, content_type="image/png")

    await ana.page.route("https://files.example/*", answer)


@pytest.mark.parametrize("size", SIZES)
async def test_one_of_everything_is_shown_and_a_card_is_tapped(
    browser: Browser, tmp_path: Path, size: tuple[int, int]
) -> None:
    async with serving(tmp_path, flows=SHELF) as server, phone(browser, "shelf", size) as ana:
        await with_pictures(ana)
        await ana.open(server.simulator)
        await ana.says("hello")
        await ana.sees("Which one?")
        await ana.sees_status("read")
        told = ana.page.locator(".beside")
        await expect(told).to_have_count(1)
        await expect(told).to_contain_text("event Shelf shown: cups=3")
        await expect(told).to_contain_text("this provider has no place for it")
        await expect(ana.bot.filter(has_text="Where they are made").locator("img")).to_be_visible()
        await ana.picture("cards")
        await ana.page.locator("#talk").evaluate("(talk) => talk.scrollTo(0, 0)")
        await ana.picture("above")
        await ana.page.locator("#talk").evaluate("(talk) => talk.scrollTo(0, 640)")
        await ana.picture("products")

        slides = ana.page.get_by_role("list", name="Cards")
        await expect(slides.locator(".slide")).to_have_count(3)
        last = slides.locator(".slide").last.get_by_role("button", name="I take it")
        await last.scroll_into_view_if_needed()
        assert await slides.evaluate("(list) => list.scrollLeft") > 0
        await ana.calm()
        await last.click()
        await ana.sees("The wide cup: good choice.")
        await ana.sees_status("read")
        chosen = slides.locator(".slide").last.get_by_role("button", name="I take it (chosen)")
        await expect(chosen).to_be_attached()
        assert await slides.evaluate("(list) => list.scrollLeft") > 0
        await expect(told).to_have_count(2)
        await ana.picture("taken")


async def test_cards_are_swiped_by_the_keyboard(browser: Browser, tmp_path: Path) -> None:
    async with serving(tmp_path, flows=SHELF) as server, phone(browser, "swipe", NARROW) as ana:
        await with_pictures(ana)
        await ana.open(server.simulator)
        await ana.says("hello")
        await ana.sees("Which one?")
        await ana.sees_status("read")
        slides = ana.page.get_by_role("list", name="Cards")
        await slides.focus()
        await ana.page.keyboard.press("ArrowRight")
        await expect(slides.locator(".slide").first).not_to_be_in_viewport(ratio=1)
        assert await slides.evaluate("(list) => list.scrollLeft") > 0
        await ana.calm()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
async def test_cards_begin_at_the_right_where_the_page_does(
    browser: Browser, tmp_path: Path, dark: bool
) -> None:
    name = "shelf-dark" if dark else "shelf-rtl"
    async with (
        serving(tmp_path, flows=SHELF) as server,
        phone(browser, name, NARROW, dark=dark) as ana,
    ):
        await with_pictures(ana)
        await ana.open(server.simulator)
        await ana.page.evaluate("document.documentElement.dir = 'rtl'")
        await ana.says("أكواب")
        await ana.sees_from_the_right("أي كوب؟")
        await ana.sees_status("read")
        slides = ana.page.get_by_role("list", name="Cards")
        box, first = (
            await slides.bounding_box(),
            await slides.locator(".slide").first.bounding_box(),
        )
        assert box is not None
        assert first is not None
        assert abs(box["x"] + box["width"] - first["x"] - first["width"]) <= 2
        await ana.begins_at_the_right(".slide .text")
        await ana.picture("cards")
