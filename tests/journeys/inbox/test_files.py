"""Files both ways: shown, refused in words, and harmless whatever they are."""

import re

import pytest
from playwright.async_api import Browser, expect

from tests.journeys.inbox.business import Shop
from tests.journeys.inbox.seat import SIZES, receives, seat
from tests.journeys.pictures import sunset

MIB = 1024 * 1024
HOSTILE = "<script>window.hit = 1</script><img src=x onerror='window.hit = 2'>"
SVG = (
    b'<svg xmlns="http://www.w3.org/2000/svg" onload="window.hit = 3"><script>window.hit = 4</script>'
    b'<a href="javascript:alert(5)"><text y="9">tap</text></a></svg>'
)


@pytest.mark.parametrize("size", SIZES)
async def test_pictures_go_both_ways_and_what_the_line_does_not_take_is_refused_in_words(
    browser: Browser, shop: Shop, size: tuple[int, int]
) -> None:
    ana = await shop.agent("Ana Torres")
    noor = await shop.waiting("Noor Haddad", "Hello")
    async with seat(browser, "files", size, ana) as page:
        await page.open(await shop.path(noor))
        await page.claims()
        await noor.sends_image(
            sunset(), caption="My pizza arrived like this", mime_type="image/png"
        )
        await page.hears("My pizza arrived like this")
        shown = page.theirs.last.locator("img")
        await expect(shown).to_have_js_property("naturalWidth", 480)
        await page.picture("received")

        pick = page.page.locator("#file")
        await pick.set_input_files(
            {"name": "setup.exe", "mimeType": "application/x-msdownload", "buffer": b"MZ" * 600}
        )
        alert = page.composer.get_by_role("alert")
        await expect(alert).to_have_text("setup.exe: This line cannot send files of this kind.")
        await page.picture("wrong-kind")
        large = b"\xff\xd8\xff\xe0" + bytes(10 * MIB)
        await pick.set_input_files({"name": "large.jpg", "mimeType": "image/jpeg", "buffer": large})
        await expect(alert).to_have_text(
            "large.jpg: The file is too large: at most 5.0 MB are sent of this kind."
        )
        picture = sunset(320, 240)
        await pick.set_input_files(
            {"name": "coupon.png", "mimeType": "image/png", "buffer": picture}
        )
        await expect(page.page.locator("#files figure")).to_contain_text("coupon.png")
        await expect(alert).to_be_hidden()
        await page.writes("Next time it is on us")
        await page.picture("attached")
        await page.presses_send()
        sent = await receives(shop, noor, "Next time it is on us")
        assert sent.type == "image"
        assert picture in [file.data for file in shop.sandbox.shelf.files.values()]
        await expect(page.ours.last.locator("img")).to_have_js_property("naturalWidth", 320)
        await expect(page.page.locator("#files")).to_be_hidden()
        await page.picture("sent")


@pytest.mark.parametrize("size", SIZES)
async def test_what_a_contact_sends_to_do_harm_is_shown_and_does_none(
    browser: Browser, shop: Shop, size: tuple[int, int]
) -> None:
    ana = await shop.agent("Ana Torres")
    mallory = await shop.waiting("<img src=x onerror='window.hit = 6'>", HOSTILE)
    await mallory.says(
        "javascript:alert(7) https://shop.example/a?b=<script> [tap](javascript:alert(8))"
    )
    await mallory.sends_media("document", SVG, mime_type="image/svg+xml", filename="logo.svg")
    await mallory.sends_media(
        "document",
        b"<script>window.hit = 9</script>",
        mime_type="text/html",
        filename='../../"menu"\r\n\u202egnp.html',
    )
    await mallory.sends_image(SVG, caption=HOSTILE, mime_type="image/jpeg")
    await mallory.sends_contact(HOSTILE, "javascript:alert(10)")
    await mallory.sends_location(
        1.0, 2.0, name=HOSTILE, address="</main><script>window.hit=11</script>"
    )
    async with seat(browser, "hostile", size, ana) as page:
        dialogs: list[str] = []
        page.page.on("dialog", lambda one: dialogs.append(one.message))
        await page.sits_down()
        await page.picture("list")
        await page.page.locator("#rows a").first.click()
        await page.claims()
        await expect(page.theirs.filter(has_text="window.hit = 1").first).to_be_visible()
        links = await page.page.locator("#messages a").evaluate_all(
            "all => all.map((one) => one.href)"
        )
        assert links
        assert not [link for link in links if not re.match(r"https?://", link)]
        await page.picture("transcript")
        for number, name in enumerate(["logo.svg", "menu"]):
            link = page.theirs.locator("a.attachment").nth(number)
            await expect(link).to_contain_text(name)
            href = await link.get_attribute("href")
            answer = await page.page.request.get(f"{page.origin}{href}")
            assert answer.headers["content-disposition"].startswith("attachment;")
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert "sandbox" in answer.headers["content-security-policy"]
            async with page.page.expect_popup() as opened:  # which the download leaves empty
                await link.click()
            assert (await opened.value).url in ("", "about:blank")
        await page.opens_side()
        await page.picture("side")
        assert await page.page.evaluate("window.hit") is None
        assert dialogs == []
