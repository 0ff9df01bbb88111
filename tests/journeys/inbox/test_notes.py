"""What agents say among themselves, and what they need not type again."""

import pytest
from playwright.async_api import Browser, expect

from tests.journeys.inbox.business import Shop
from tests.journeys.inbox.seat import SIZES, receives, seat


@pytest.mark.parametrize("size", SIZES)
async def test_a_note_is_seen_by_the_other_agent_and_never_by_the_contact(
    browser: Browser, shop: Shop, size: tuple[int, int]
) -> None:
    agents = [await shop.agent("Ana Torres"), await shop.agent("Ben Okafor", "supervisor")]
    noor = await shop.waiting("Noor Haddad", "Hello")
    path = await shop.path(noor)
    async with (
        seat(browser, "note-ana", size, agents[0]) as ana,
        seat(browser, "note-ben", size, agents[1], dark=True) as ben,
    ):
        await ana.open(path)
        await ana.claims()
        await ben.open(path)
        await expect(ana.page.locator("[data-presence]")).to_have_text(
            "Ben Okafor is looking at this chat"
        )
        await ana.page.get_by_role("button", name="Private note").click()
        await ana.writes("She paid twice, *refund* her")
        await expect(ben.page.locator("[data-presence]")).to_have_text("Ana Torres is writing")
        await ana.picture("being-written")
        await ana.page.get_by_role("button", name="Keep the note").click()
        for page in (ana, ben):
            await expect(page.ours.last).to_contain_text("Ana Torres, private note")
            await expect(page.ours.last.locator(".text")).to_have_text("She paid twice, refund her")
            await page.picture("noted")
        await ana.sends("It is on its way back to you")
        await receives(shop, noor, "It is on its way back to you")
        assert not any("refund" in words for words in noor.shown)


@pytest.mark.parametrize("size", SIZES)
async def test_a_reply_that_a_note_interrupts_is_still_there_after_another_chat(
    browser: Browser, shop: Shop, size: tuple[int, int]
) -> None:
    ana = await shop.agent("Ana Torres")
    noor = await shop.waiting("Noor Haddad", "Hello")
    await shop.waiting("Ben Okafor", "Hello")
    async with seat(browser, "note-between", size, ana) as page:
        await page.open(await shop.path(noor))
        await page.claims()
        async with page.page.expect_response(lambda answer: answer.url.endswith("/draft")):
            await page.writes("Your pizza is")
        await page.page.get_by_role("button", name="Private note").click()
        await page.writes("no onions")
        await page.page.get_by_role("button", name="Keep the note").click()
        await expect(page.text).to_have_value("Your pizza is")
        await page.goes_back()
        await page.page.locator("#tab-queue").click()
        await page.goes_to("Ben Okafor")
        await page.goes_back()
        await page.page.locator("#tab-mine").click()
        await page.goes_to("Noor Haddad")
        await expect(page.text).to_have_value("Your pizza is")
        await page.picture("still-there")


@pytest.mark.parametrize("size", SIZES)
async def test_a_canned_reply_is_made_once_and_found_by_its_first_letters(
    browser: Browser, shop: Shop, size: tuple[int, int]
) -> None:
    eva = await shop.agent("Eva Lind", "supervisor")
    noor = await shop.waiting("Noor Haddad", "Hello")
    shortcut = f"thanks{shop.number}"
    async with seat(browser, "canned", size, eva) as page:
        await page.open("/replies")
        await page.page.get_by_label("Shortcut").fill(shortcut)
        new = page.page.locator("section.card")
        await new.get_by_label("Text").fill("Thank you, {contact.name|there}! {agent.name}")
        await new.get_by_role("button", name="Save").click()
        await expect(page.page.locator(".reply-list")).to_contain_text(f"/{shortcut}")
        await page.picture("page")
        await page.open(await shop.path(noor))
        await page.claims()
        await page.text.press_sequentially(f"/{shortcut[:-1]}")
        offered = page.page.get_by_role("option", name=f"/{shortcut}")
        await expect(offered).to_be_visible()
        await page.picture("offered")
        await offered.click()
        await expect(page.text).to_have_value("Thank you, Noor Haddad! Eva Lind")
        await page.presses_send()
        await receives(shop, noor, "Thank you, Noor Haddad! Eva Lind")
        await page.said("Thank you, Noor Haddad! Eva Lind")
        await page.picture("sent")
