"""What stands beside a chat, in a real browser: for everybody, by keys, and no correction lost."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from tests.journeys.accessible import assert_accessible
from tests.journeys.desk import desk
from tests.journeys.phone import NARROW, WIDE
from tests.web.inbox.support import Inbox
from tests.web.inbox.tea import at_the_counter, serving_tea
from web.inbox.texts import ENGLISH


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def tea(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Inbox]:
    async with serving_tea(tmp_path_factory.mktemp("side")) as served:
        yield served


@pytest.mark.asyncio(loop_scope="session")
async def test_a_chat_is_claimed_corrected_and_handed_back_by_keys(
    browser: Browser, tea: Inbox
) -> None:
    shop = await at_the_counter(tea, "393331239001")
    ana = await tea.sign_in("ana", "supervisor", available=True)
    async with desk(browser, WIDE, ana) as at:
        page = at.page
        await at.open(await shop.path())
        await assert_accessible(page)
        await page.keyboard.press("c")
        await expect(page.locator(".side-held.mine")).to_be_visible()
        await expect(page.locator("#composer[data-writes]")).to_be_visible()
        await expect(page.locator(".diagram-small .box.here")).to_be_in_viewport()

        cups = page.locator('[name="typed.cups"]')
        await page.get_by_label(ENGLISH["edit_answer"].format(title="How many cups?")).first.click()
        for written in ("", "forty"):  # what is brought up to date closes no field, nor empties one
            await cups.fill(written)
            async with page.expect_response(lambda answer: "/side?zone=" in answer.url):
                await page.evaluate('document.body.dispatchEvent(new Event("side-stale"))')
            await page.wait_for_load_state("networkidle")
            await expect(cups).to_be_visible()
            await expect(cups).to_have_value(written)
        await page.locator("[data-review]").click()
        await expect(page.locator(".answer-problem")).to_have_text("1 to 9.")
        await expect(cups).to_be_focused()
        await cups.fill("seven")
        await page.keyboard.press("Enter")
        await expect(page.locator("#act ins")).to_contain_text("7")
        await assert_accessible(page)
        await page.keyboard.press("Enter")
        await expect(page.locator(".side-held.bot")).to_be_visible()
        answers = await shop.buyer.receives(2)
        assert answers[-1].text == "7 cups, 21 euros. Right?"
        await at.calm()

        await at.look(*NARROW, dark=True)
        await at.open(f"{await shop.path()}#side")
        await expect(page.locator(".diagram-small .box.here")).to_be_in_viewport()
        await assert_accessible(page)
        await at.open("/supervise")
        await assert_accessible(page)
        await at.look(*WIDE, dark=False)
        await at.calm()
        await assert_accessible(page)
