"""Several chats at once: what is written in one of them stays with it, whatever is opened and told meanwhile."""

import asyncio

import pytest
from playwright.async_api import Browser, FilePayload, Route, expect

from adapters.sandbox.cloud import Contact
from tests.journeys.inbox.business import Shop
from tests.journeys.inbox.seat import SIZES, Seat, receives, seat
from tests.journeys.phone import WIDE
from tests.journeys.pictures import sunset


def heard(contact: Contact) -> list[str]:
    """Return the texts that the business has sent."""
    return [one.text for one in contact.bubbles if one.by == "business"]


async def turns(page: Seat) -> None:
    """Let the composer come anew, as it does when somebody else has done something with the chat."""
    async with page.page.expect_response(lambda answer: "/composer" in answer.url):
        await page.page.evaluate('document.body.dispatchEvent(new Event("chat-changed"))')
    await page.page.wait_for_load_state("networkidle")


@pytest.mark.parametrize("size", SIZES)
async def test_what_is_written_stays_with_its_chat(
    browser: Browser, shop: Shop, size: tuple[int, int]
) -> None:
    ana = await shop.agent("Ana Torres")
    noor = await shop.waiting("Noor Haddad", "Which one is it?")
    ben = await shop.waiting("Ben Okafor", "Hello")
    async with seat(browser, "between", size, ana) as page:
        await page.open(await shop.path(ben))
        await page.claims()
        await page.open(await shop.path(noor))
        await page.claims()
        asked = page.theirs.filter(has_text="Which one")
        await asked.get_by_role("button", name="What can be done with this message").click()
        await page.page.get_by_role("menuitem", name="Answer this").click()
        await page.page.locator("#file").set_input_files(
            {"name": "blue.png", "mimeType": "image/png", "buffer": sunset(40, 30)}
        )
        await expect(page.page.locator(".file")).to_contain_text("blue.png")
        await page.writes("this one")
        await turns(page)
        await expect(page.page.locator("#quoting")).to_contain_text("Which one")
        await expect(page.page.locator(".file")).to_contain_text("blue.png")
        await expect(page.text).to_have_value("this one")
        await page.composer.locator(".row-of [data-note-mode]").click()
        await page.writes("likes the blue")
        await page.picture("half-written")

        said = len(noor.bubbles)
        await leaves_for(page, "Ben Okafor")
        await expect(page.page.locator(".file")).to_have_count(0)
        await expect(page.text).to_have_value("")
        await page.sends("Good morning, Ben")
        await receives(shop, ben, "Good morning, Ben")
        assert len(noor.bubbles) == said

        await leaves_for(page, "Noor Haddad")
        await expect(page.page.locator(".file")).to_contain_text("blue.png")
        await expect(page.text).to_have_value("this one")
        await page.composer.locator(".row-of [data-note-mode]").click()
        await expect(page.text).to_have_value("likes the blue")
        await page.composer.locator(".row-of [data-note-mode]").click()
        await page.presses_send()
        await shop.sandbox.until(lambda: "this one" in heard(noor), timeout_s=30)
        await expect(page.page.locator(".file")).to_have_count(0)
        await expect(page.text).to_have_value("")
        assert heard(ben)[-1] == "Good morning, Ben"


@pytest.mark.parametrize("size", SIZES)
async def test_a_late_refusal_is_told_and_its_words_return_to_their_own_chat(
    browser: Browser, shop: Shop, size: tuple[int, int]
) -> None:
    ana = await shop.agent("Ana Torres")
    noor = await shop.waiting("Noor Haddad", "Hello")
    ben = await shop.waiting("Ben Okafor", "Hello")
    goes_on = asyncio.Event()

    async def refuse(route: Route) -> None:
        await goes_on.wait()
        await route.fulfill(status=409, json={"ok": False, "error": "The line is full."})

    async with seat(browser, "late-refusal", size, ana) as page:
        await page.open(await shop.path(ben))
        await page.claims()
        await page.open(await shop.path(noor))
        await page.claims()
        await page.page.route("**/send", refuse)
        await page.sends("for Noor alone")
        await expect(page.page.locator(".sending-now")).to_contain_text("for Noor alone")
        await leaves_for(page, "Ben Okafor")
        with page.refused("409"):
            async with page.page.expect_response(lambda answer: answer.url.endswith("/draft")):
                goes_on.set()
            await expect(page.page.locator("#toast")).to_have_text(
                "In the chat before this one: The line is full. Your words are kept there."
            )
        await expect(page.text).to_have_value("")
        await expect(page.page.locator("#messages")).not_to_contain_text("for Noor alone")
        await page.picture("told-elsewhere")
        await leaves_for(page, "Noor Haddad")
        await expect(page.text).to_have_value("for Noor alone")
        assert "for Noor alone" not in heard(noor)


async def test_a_draft_that_the_server_could_not_keep_is_kept_a_moment_later(
    browser: Browser, shop: Shop
) -> None:
    ana = await shop.agent("Ana Torres")
    ben = await shop.waiting("Ben Okafor", "Hello")
    noor = await shop.waiting("Noor Haddad", "Hello")
    answers = iter((503, 503))

    async def away(route: Route) -> None:
        status = next(answers, None)
        await (route.fulfill(status=status) if status else route.continue_())

    async with seat(browser, "draft-503", WIDE, ana) as page:
        await page.open(await shop.path(ben))
        await page.claims()
        await page.open(await shop.path(noor))
        await page.claims()
        await page.page.route("**/draft", away)
        with page.refused("503"):
            async with page.page.expect_response(
                lambda answer: answer.url.endswith("/draft") and answer.ok
            ):
                await page.writes("half a sentence")
        await leaves_for(page, "Ben Okafor")
        await expect(page.text).to_have_value("")
        await leaves_for(page, "Noor Haddad")
        await expect(page.text).to_have_value("half a sentence")


async def leaves_for(page: Seat, name: str) -> None:
    """Open another chat from the list of those that one holds."""
    await page.goes_back()
    await page.page.locator("#tab-mine").click()
    await page.goes_to(name)


async def test_what_waits_for_the_network_is_not_overtaken(browser: Browser, shop: Shop) -> None:
    ana = await shop.agent("Ana Torres")
    noor = await shop.waiting("Noor Haddad", "Hello")
    broken = True

    async def break_once(route: Route) -> None:
        nonlocal broken
        if broken:
            broken = False
            await route.abort()
        else:
            await route.continue_()

    async with seat(browser, "overtaken", WIDE, ana) as page:
        await page.open(await shop.path(noor))
        await page.claims()
        await page.page.route("**/send", break_once)
        with page.refused("net::ERR_FAILED"):
            await page.sends("first")
            await expect(page.page.locator(".sending-now")).to_contain_text("Waits for the network")
        await page.sends("then")
        await shop.sandbox.until(lambda: "then" in heard(noor), timeout_s=30)
        assert heard(noor)[-2:] == ["first", "then"]


async def test_of_two_files_the_one_that_went_does_not_go_again(
    browser: Browser, shop: Shop
) -> None:
    ana = await shop.agent("Ana Torres")
    noor = await shop.waiting("Noor Haddad", "Hello")
    sends = 0

    async def refuse_the_second(route: Route) -> None:
        nonlocal sends
        sends += 1
        if sends == 2:
            await route.fulfill(status=409, json={"ok": False, "error": "The line is full."})
        else:
            await route.continue_()

    async with seat(browser, "two-files", WIDE, ana) as page:
        await page.open(await shop.path(noor))
        await page.claims()
        await page.page.route("**/send", refuse_the_second)
        picture = sunset(40, 30)
        await page.page.locator("#file").set_input_files(
            [
                FilePayload(name=name, mimeType="image/png", buffer=picture)
                for name in ("one.png", "two.png")
            ]
        )
        await expect(page.page.locator(".file")).to_have_count(2)
        with page.refused("409"):
            await page.presses_send()
            await expect(page.page.locator("#refused")).to_have_text("The line is full.")
        await expect(page.page.locator(".file")).to_have_count(1)
        await expect(page.page.locator(".file")).to_contain_text("two.png")
        await page.presses_send()
        await expect(page.page.locator(".file")).to_have_count(0)
        await expect(page.ours.filter(has=page.page.locator("img"))).to_have_count(2)
