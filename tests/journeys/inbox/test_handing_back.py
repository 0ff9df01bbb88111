"""An agent corrects what was ordered and hands the chat back to the flow, which goes on from there."""

import pytest
from playwright.async_api import Browser, expect

from tests.journeys.inbox.business import Shop
from tests.journeys.inbox.seat import SIZES, seat


@pytest.mark.parametrize("size", SIZES)
async def test_the_bot_asks_again_with_the_corrected_quantity(
    browser: Browser, shop: Shop, size: tuple[int, int]
) -> None:
    ana = await shop.agent("Ana Torres")
    noor = await shop.waiting("Noor Haddad", "pizza", "margherita", "large", "2", "pick up")
    async with seat(browser, "handing-back", size, ana) as page:
        await page.open(await shop.path(noor))
        await page.claims()
        await noor.says("I meant three, sorry")
        await page.hears("I meant three, sorry")
        await page.opens_side()
        await expect(page.side.locator("#hand-back")).to_contain_text("How many?")
        await page.picture("answers")
        await page.side.get_by_role("button", name="Correct: How many?").click()
        await page.side.locator('select[name="answer.quantity"]').select_option("3")
        await page.side.locator('select[name="go"]').select_option("confirm")
        await page.picture("corrected")
        await page.side.get_by_role("button", name="Look and hand back").click()
        await expect(page.dialog).to_contain_text("was 2 → becomes 3")
        await page.picture("review")
        await page.dialog.get_by_role("button", name="Hand back").click()
        await expect(page.side.locator(".side-held.bot")).to_be_visible()
        (asked,) = await noor.receives()
        assert "3 × Large Margherita" in asked.text
        await page.picture("handed-back")
        await page.closes_side()
        await expect(page.ours.last.locator(".text")).to_contain_text("3 × Large Margherita")

        await noor.taps("Yes, order")
        assert "Thank you! Order" in (await noor.receives())[0].text
        await expect(page.ours.last.locator(".text")).to_contain_text("Thank you! Order")
        await page.picture("goes-on")
