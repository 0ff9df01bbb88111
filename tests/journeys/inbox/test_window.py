"""The window closes while the agent writes: a template goes out instead, and the draft waits until it opens again."""

from datetime import timedelta

import pytest
from playwright.async_api import Browser, expect

from storage.templates import save_templates
from tests.journeys.inbox.business import Shop
from tests.journeys.inbox.seat import SIZES, receives, seat
from tests.journeys.phone import WIDE
from web.keys import CLOCK, DATABASE, TEMPLATES

CHOOSES_WHILE_SEARCHING = """async (words) => {
  const box = document.querySelector("#composer [name=q]");
  box.value = words;
  box.dispatchEvent(new Event("input", { bubbles: true }));
  document.querySelector("#composer .template-list button").click();
  await new Promise((done) => setTimeout(done, 500));
}"""
"""The search has waited for more letters by then: what was chosen meanwhile stays."""


TWO_HOURS_FAST = "const right = Date.now; Date.now = () => right() + 7_200_000;"


@pytest.mark.parametrize("size", SIZES)
async def test_a_closed_window_turns_the_composer_into_a_picker_of_templates(
    browser: Browser, shop: Shop, size: tuple[int, int]
) -> None:
    ana = await shop.agent("Ana Torres")
    noor = await shop.waiting("Noor Haddad", "Hello")
    async with seat(browser, "window", size, ana) as page:
        await page.open(await shop.path(noor))
        await page.claims()
        await expect(page.page.locator(".window-pill")).to_contain_text("23 h")
        await page.writes("Your pizza is in the oven")
        await page.picture("open")

        shop.jump(timedelta(hours=25))
        with page.refused("409"):
            await page.presses_send()
            await expect(page.page.locator("#composer[data-state=shut]")).to_be_attached()
        await expect(page.composer).to_contain_text("only a template can be sent")
        await expect(page.composer).to_contain_text("Your draft is kept")
        await expect(page.page.locator(".window-pill")).to_contain_text("closed")
        await page.picture("closed")
        thanks = page.composer.get_by_role("button", name="thanks")
        await expect(thanks).to_be_visible()
        await page.page.get_by_label("Search templates").fill("ready")
        await expect(thanks).to_be_hidden()
        await page.page.evaluate(CHOOSES_WHILE_SEARCHING, "read")
        await page.page.get_by_label("Value of 1").fill("Noor")
        await page.page.get_by_label("Value of 2").fill("1042")
        preview = page.page.locator(".template-preview")
        await expect(preview).to_contain_text("Hi Noor, your order 1042 is ready.")
        await expect(preview.locator(".bubble")).to_be_in_viewport(ratio=0.9)
        await page.picture("template")
        await page.page.get_by_role("button", name="Send the template").click()
        sent = await receives(shop, noor, "Hi Noor, your order 1042 is ready.")
        assert sent.type == "template"
        await page.said("Hi Noor, your order 1042 is ready.")
        await page.picture("template-sent")

        await noor.says("On my way")
        await page.hears("On my way")
        await page.writes_here()
        await expect(page.text).to_have_value("Your pizza is in the oven")
        await expect(page.page.locator(".window-pill")).to_contain_text("23 h")
        await page.picture("open-again")
        await page.presses_send()
        await receives(shop, noor, "Your pizza is in the oven")


@pytest.mark.parametrize("size", SIZES)
async def test_a_wait_is_counted_by_the_clock_of_its_line(
    browser: Browser, shop: Shop, size: tuple[int, int]
) -> None:
    ana = await shop.agent("Ana Torres")
    await shop.waiting("Noor Haddad", "Hello")
    async with seat(browser, "wait", size, ana) as page:
        await page.sits_down()
        chip = page.page.locator(".row-waits")
        await expect(chip).to_have_text("just came")
        shop.jump(timedelta(hours=25))
        await page.sits_down()
        await expect(chip).to_contain_text("25 h")
        await page.picture("waits")
        await page.page.evaluate("dispatchEvent(new Event('visibilitychange'))")
        await expect(chip).to_contain_text("25 h")


@pytest.mark.parametrize("size", SIZES)
async def test_the_composer_turns_by_itself_as_the_window_closes(
    browser: Browser, shop: Shop, size: tuple[int, int]
) -> None:
    ana = await shop.agent("Ana Torres")
    noor = await shop.waiting("Noor Haddad", "Hello")
    shop.jump(timedelta(hours=23, minutes=57))
    async with seat(browser, "closes", size, ana) as page:
        await page.page.clock.install()
        await page.open(await shop.path(noor))
        await page.claims()
        await page.picture("minutes-left")
        shop.jump(timedelta(minutes=4))
        for _ in range(8):  # an agent who looks on, and types nothing
            await page.page.clock.run_for(30_000)
        await expect(page.page.locator("#composer[data-state=shut]")).to_be_attached()
        await expect(page.page.locator(".window-pill")).to_contain_text("closed")
        await page.picture("closed")


async def test_the_composer_turns_where_the_network_is_away_as_the_window_closes(
    browser: Browser, shop: Shop
) -> None:
    ana = await shop.agent("Ana Torres")
    noor = await shop.waiting("Noor Haddad", "Hello")
    shop.jump(timedelta(hours=23, minutes=57))
    async with seat(browser, "closes-offline", WIDE, ana) as page:
        await page.page.clock.install()
        await page.open(await shop.path(noor))
        await page.claims()
        shop.jump(timedelta(minutes=4))
        with page.refused("ERR_INTERNET_DISCONNECTED", "htmx:sendError", "htmx:afterRequest"):
            await page.page.context.set_offline(True)
            for _ in range(8):
                await page.page.clock.run_for(30_000)
            await expect(page.page.locator("#composer[data-state=open]")).to_be_attached()
            await page.page.context.set_offline(False)
        await page.page.clock.run_for(10_000)
        await expect(page.page.locator("#composer[data-state=shut]")).to_be_attached()


@pytest.mark.parametrize("size", SIZES)
async def test_a_browser_whose_clock_is_wrong_shows_the_servers_times(
    browser: Browser, shop: Shop, size: tuple[int, int]
) -> None:
    ana = await shop.agent("Ana Torres")
    noor = await shop.waiting("Noor Haddad", "Hello")
    async with seat(browser, "wrong-clock", size, ana) as page:
        await page.page.add_init_script(TWO_HOURS_FAST)
        await page.sits_down()
        await expect(page.row("Noor Haddad").locator(".row-time")).to_have_text("now")
        async with page.is_told("row"):
            await noor.says("Are you there?")
        await expect(page.row("Noor Haddad").locator(".row-time")).to_have_text("now")
        await page.picture("just-written")


@pytest.mark.parametrize("size", SIZES)
async def test_where_a_line_has_no_template_there_is_nothing_to_search(
    browser: Browser, shop: Shop, size: tuple[int, int]
) -> None:
    app = shop.inbox.bot.app
    await save_templates(app[DATABASE], shop.line, [], now=app[CLOCK].now())
    await app[TEMPLATES].load()
    ana = await shop.agent("Ana Torres")
    noor = await shop.waiting("Noor Haddad", "Hello")
    shop.jump(timedelta(hours=25))
    async with seat(browser, "no-template", size, ana) as page:
        await page.open(await shop.path(noor))
        await page.composer.get_by_role("button", name="Claim").click()
        await expect(page.composer).to_contain_text("no approved template")
        await expect(page.page.get_by_label("Search templates")).to_be_hidden()
        await page.picture("none")


@pytest.mark.parametrize("size", SIZES)
async def test_who_has_opted_out_is_sent_nothing(
    browser: Browser, shop: Shop, size: tuple[int, int]
) -> None:
    ana = await shop.agent("Ana Torres")
    noor = await shop.waiting("Noor Haddad", "Hello")
    async with seat(browser, "opted-out", size, ana) as page:
        await page.open(await shop.path(noor))
        await page.claims()
        await noor.says("STOP")
        await page.hears("STOP")
        await expect(page.page.locator("#composer[data-state=unwanted]")).to_be_attached()
        await expect(page.composer).to_contain_text(
            "The contact has opted out: nothing can be sent."
        )
        await expect(page.text).to_be_hidden()
        await page.picture("opted-out")
        await page.opens_side()
        await expect(page.side).to_contain_text("No messages since")
        await page.picture("side")
