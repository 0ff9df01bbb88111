"""A person orders a pizza in the simulator page: by taps, and by typing; on a desk and on a phone."""

import re
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from tests.journeys.phone import NARROW, WIDE, phone
from tests.journeys.server import serving

SIZES = [pytest.param(WIDE, id="1280"), pytest.param(NARROW, id="390")]
THANKS = re.compile(r"Thank you! Order \d+, about 30 minutes")


@pytest.mark.parametrize("size", SIZES)
async def test_a_pizza_is_ordered_by_taps(
    browser: Browser, tmp_path: Path, size: tuple[int, int]
) -> None:
    async with serving(tmp_path) as server, phone(browser, "order-by-taps", size) as ana:
        await ana.open(server.simulator)
        await ana.picture("before-the-first-message")

        await ana.page.get_by_role("button", name="Hi", exact=True).click()
        await ana.sees("Hi Ana Souza! 👋 How can we help?")
        await ana.picture("reply-buttons")
        await ana.taps("Order a pizza")
        await ana.sees("Which pizza?")
        await ana.opens_list("Our pizzas")
        await ana.picture("list-as-a-sheet")
        await ana.page.keyboard.press("Escape")
        await expect(ana.sheet).to_be_hidden()
        await ana.chooses("Our pizzas", "Margherita")
        await ana.sees("Which size?")
        await ana.taps("Large")
        await ana.sees("How many?")
        await ana.taps("2")
        await ana.sees("Delivery or pick up?")
        await ana.taps("Delivery")
        await ana.sees("Where to?")
        await ana.bot.get_by_role("button", name="Send location").last.click()
        await expect(ana.sheet).to_be_visible()
        await ana.calm()
        await ana.picture("places-as-a-sheet")
        await ana.sheet.get_by_role("button").filter(has_text="Old Town Square").click()
        await ana.sees("2 × Large Margherita · €17.00")
        await ana.picture("place-sent")
        await ana.sees_status("read")
        if size == WIDE:
            await ana.keep_for_docs()
        await ana.taps("Yes, order")
        await expect(ana.bot.get_by_text(THANKS)).to_be_visible()
        await ana.sees_status("read")
        await ana.picture("ordered")


@pytest.mark.parametrize("size", SIZES)
async def test_a_pizza_is_ordered_by_typing(
    browser: Browser, tmp_path: Path, size: tuple[int, int]
) -> None:
    async with serving(tmp_path) as server, phone(browser, "order-by-typing", size) as ana:
        await ana.open(server.simulator)
        await ana.says("pizza")
        await ana.sees("Which pizza?")
        await ana.says("magherita")
        await ana.sees("Which size?")
        await ana.says("large")
        await ana.sees("How many?")
        await ana.says("two hundred")
        await ana.sees("A number from 1 to 20")
        await ana.says("3")
        await ana.sees("Delivery or pick up?")
        await ana.says("delivery")
        await ana.sees("Where to?")
        await ana.says("Market Street 1")
        await ana.sees("3 × Large Margherita · €25.50")
        await ana.says("change or add")
        await ana.sees("What should change?")
        await ana.says("note")
        await ana.sees("Anything the kitchen should know?")
        await ana.says("No onions, please")
        await ana.sees("📝 No onions, please")
        await ana.picture("typed")
        await ana.says("yes, order")
        await expect(ana.bot.get_by_text(THANKS)).to_be_visible()
        await ana.picture("ordered")
