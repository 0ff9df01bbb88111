"""The same order in three languages: typed, tapped, interrupted, corrected; Arabic runs from right to left."""

import re
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from tests.journeys.phone import NARROW, WIDE, phone
from tests.journeys.server import serving

SIZES = [pytest.param(WIDE, id="1280"), pytest.param(NARROW, id="390")]


@pytest.mark.parametrize("size", SIZES)
async def test_an_order_is_typed_in_english(
    browser: Browser, tmp_path: Path, size: tuple[int, int]
) -> None:
    async with serving(tmp_path) as server, phone(browser, "order-english", size) as ana:
        await ana.open(server.simulator)
        await ana.says("pizza")
        await ana.sees("Which pizza?")
        await ana.says("margherita")
        await ana.sees("Which size?")
        await ana.says("small")
        await ana.sees("How many?")
        await ana.says("when do you open?")
        await ana.sees(re.compile("11:00 to 23:00.*How many?", re.DOTALL))
        await ana.picture("asked-in-between")
        await ana.says("two")
        await ana.sees("Delivery or pick up?")
        await ana.says("change the size to large")
        await ana.sees("Delivery or pick up?")
        await ana.says("help")
        await ana.sees("Delivery or pick up?")
        await ana.says("pick up")
        await ana.sees("Anything the kitchen should know?")
        await ana.says("no, thanks")
        await ana.sees("2 × Large Margherita, Pick up. Shall we make it?")
        await ana.picture("corrected")
        await ana.says("yes, order")
        await expect(ana.bot.get_by_text(re.compile(r"Thank you! Order \d+"))).to_be_visible()
        await ana.picture("ordered")


@pytest.mark.parametrize("size", SIZES)
async def test_an_order_is_tapped_in_arabic(
    browser: Browser, tmp_path: Path, size: tuple[int, int]
) -> None:
    async with serving(tmp_path) as server, phone(browser, "order-arabic-taps", size) as ana:
        await ana.open(server.simulator)
        await ana.says("اللغة")
        await ana.taps("العربية")
        await ana.sees_from_the_right("حسنًا، نكمل بالعربية.")
        await ana.says("مرحبا")
        await ana.sees_from_the_right("كيف نساعدك؟")
        await ana.picture("reply-buttons")
        await ana.taps("طلب بيتزا")
