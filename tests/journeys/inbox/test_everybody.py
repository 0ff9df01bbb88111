"""For everybody: right to left, long names on a phone, and nothing that a screen reader cannot tell."""

import pytest
from playwright.async_api import Browser, expect

from tests.journeys.accessible import assert_accessible
from tests.journeys.inbox.business import Shop
from tests.journeys.inbox.seat import SIZES, Seat, receives, seat
from tests.journeys.phone import NARROW, WIDE

LONG = "Benedikt-Maximilian Freiherr von und zu Oberhausen-Niederrhein-Süd"
UNBROKEN = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 2


@pytest.mark.parametrize("size", SIZES)
async def test_arabic_runs_from_the_right_and_long_words_break(
    browser: Browser, shop: Shop, size: tuple[int, int]
) -> None:
    ana = await shop.agent("Ana Torres")
    amir = await shop.waiting("محمد بن عبد الرحمن الطويل", "مرحبا")
    await amir.says("أريد أن أطلب بيتزا كبيرة من فضلك، والعنوان هو شارع الملك 12")
    await shop.waiting(LONG, UNBROKEN)
    async with seat(browser, "right-to-left", size, ana, dark=True) as page:
        await page.sits_down()
        await expect(page.row(LONG)).to_be_visible()
        await page.picture("list")
        await page.goes_to("محمد بن عبد الرحمن الطويل")
        await page.claims()
        await page.sends("أهلاً وسهلاً! سنرسل طلبك خلال ٣٠ دقيقة إن شاء الله.")
        await receives(shop, amir, "أهلاً وسهلاً! سنرسل طلبك خلال ٣٠ دقيقة إن شاء الله.")
        for bubble in (page.theirs.last, page.ours.last):
            await expect(bubble.locator(".text")).to_have_css("direction", "rtl")
        await page.writes("هل تريد مشروباً؟")
        await expect(page.text).to_have_css("direction", "rtl")
        await page.picture("chat")
        await page.writes("")
        await page.page.evaluate("document.documentElement.dir = 'rtl'")
        await page.picture("page-from-the-right")
        await page.page.evaluate("document.documentElement.dir = 'ltr'")
        await page.goes_back()
        await page.goes_to(LONG)
        await page.claims()
        await page.sends(UNBROKEN)
        await page.said(UNBROKEN)
        await page.picture("long")
        await page.opens_side()
        await page.picture("long-side")


@pytest.mark.parametrize(
    ("size", "dark"),
    [pytest.param(WIDE, False, id="1280"), pytest.param(NARROW, True, id="390")],
)
async def test_every_page_and_window_is_for_everybody(
    browser: Browser, shop: Shop, size: tuple[int, int], dark: bool
) -> None:
    eva = await shop.agent("Eva Lind", "admin")
    await shop.agent("Ben Okafor")
    noor = await shop.waiting("Noor Haddad", "pizza", "margherita", "large", "2", "pick up")
    async with seat(browser, "everybody", size, eva, dark=dark) as page:
        await page.open(await shop.path(noor))
        await _both(page, dark)
        await page.claims()
        await page.sends("One moment")
        await page.said("One moment")
        await page.page.get_by_role("button", name="Private note").click()
        await page.sends("Twice the same")
        await expect(page.ours.last).to_contain_text("private note")
        await _both(page, dark)
        await page.page.get_by_role("button", name="More", exact=True).click()
        await page.page.get_by_role("button", name="Template", exact=True).click()
        await page.dialog.get_by_role("button", name="order_ready").click()
        await expect(page.dialog.get_by_label("Value of 1")).to_be_visible()
        await _both(page, dark)
        await page.page.keyboard.press("Escape")
        await page.page.get_by_role("button", name="Emoji", exact=True).click()
        await expect(page.page.locator("#emoji-grid button").first).to_be_visible()
        await assert_accessible(page.page)
        await page.page.keyboard.press("Escape")
        await page.opens_side()
        await _both(page, dark)
        for name in ("Assign", "Transfer", "Snooze", "Close", "Add a label", "Show large"):
            await page.side.get_by_role("button", name=name, exact=True).click()
            await expect(page.dialog).to_be_visible()
            await assert_accessible(page.page)
            await page.picture(name.lower().replace(" ", "-"))
            await page.page.keyboard.press("Escape")
            await expect(page.dialog).to_be_hidden()
        for path in ("/supervise", "/people", f"/people/eva.{shop.number}", "/account", "/audit"):
            await page.open(path)
            await _both(page, dark)
        for path in ("/new", "/replies", "?view=queue"):
            await page.open(path)
            await _both(page, dark)


async def _both(page: Seat, dark: bool) -> None:
    """Look at everything as it is, and at the colours by the other light too."""
    await page.calm()
    await assert_accessible(page.page)
    await page.page.emulate_media(color_scheme="light" if dark else "dark")
    await assert_accessible(page.page, "color-contrast")
    await page.page.emulate_media(color_scheme="dark" if dark else "light")
