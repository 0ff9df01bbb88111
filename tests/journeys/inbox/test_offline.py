"""A bad line: what is sent waits and goes out once, and after sleep the list and the open chat are right."""

import asyncio
import os
import time

import pytest
from playwright.async_api import Browser, Route, expect

from tests.journeys.inbox.business import Shop
from tests.journeys.inbox.seat import SIZES, Seat, receives, seat
from tests.journeys.phone import NARROW, WIDE
from web.inbox.live.hub import HUB

IS_LONG = os.environ.get("PARLEY_LONG") == "1"
AWAY_S = 60 if IS_LONG else 0
"""How long the line is away: nothing of what the page does hangs on it but its own patience."""
RIGHT_WITHIN_S = 2.0
"""Then list and open chat are right; held to where nothing else runs."""

TURNS_AWAY = """() => {
  Object.defineProperty(document, "hidden", { value: true });
  document.dispatchEvent(new Event("visibilitychange"));
}"""
"""The agent goes on in another window: pages of a test are all looked at."""


@pytest.mark.parametrize("size", SIZES)
async def test_an_agent_with_two_browsers_loses_the_line_in_one_of_them(
    browser: Browser, shop: Shop, size: tuple[int, int]
) -> None:
    ana = await shop.agent("Ana Torres")
    assert ana.agent is not None
    other = await shop.inbox.browser(ana.agent, client="A phone")
    noor = await shop.waiting("Noor Haddad", "Hello")
    away = (
        "ERR_INTERNET_DISCONNECTED",
        "ERR_NETWORK",
        "ERR_FAILED",
        "htmx:sendError",
        "htmx:afterRequest",
    )
    async with (
        seat(browser, "offline", size, ana) as here,
        seat(browser, "offline-phone", NARROW, other) as there,
    ):
        await here.open(f"{await shop.path(noor)}?view=mine")
        await here.claims()
        await there.sits_down("?view=mine")
        await expect(there.row("Noor Haddad")).to_be_visible()
        with here.refused(*away):
            await here.page.context.set_offline(True)
            await here.sends("I will call the kitchen")
            await here.sends("One moment please")
            for waits in (here.ours.nth(-2), here.ours.last):
                await expect(waits).to_contain_text("Waits for the network")
            await expect(here.page.locator(".line-lost")).to_be_visible()
            await noor.says("Are you there?")
            lia = await shop.waiting("Lia Rossi", "Buongiorno")
            await there.goes_to("Noor Haddad")
            await there.hears("Are you there?")
            await here.picture("away")
            await asyncio.sleep(AWAY_S)
            await here.page.context.set_offline(False)
            back_at = time.monotonic()
            await here.hears("Are you there?")
            await expect(here.page.locator("[data-count=queue] [data-shown]")).to_have_text("1")
            took_s = time.monotonic() - back_at
        assert took_s < RIGHT_WITHIN_S or not IS_LONG, f"right after {took_s:.1f} s"
        await expect(here.page.locator(".line-lost")).to_be_hidden()
        await expect(here.row("Noor Haddad")).to_have_attribute("data-unread", "0")
        for page in (here, there):
            await expect(page.ours.filter(has_text="I will call the kitchen")).to_have_count(1)
            await expect(page.ours.filter(has_text="One moment please")).to_have_count(1)
            await expect(page.page.get_by_text("Waits for the network")).to_have_count(0)
        await receives(shop, noor, "One moment please")
        assert noor.shown[-2:] == ["I will call the kitchen", "One moment please"]
        assert lia.bubbles
        await here.picture("back")
        await there.picture("the-other")


@pytest.mark.parametrize("size", SIZES)
async def test_what_is_tapped_twice_on_a_bad_line_is_sent_once(
    browser: Browser, shop: Shop, size: tuple[int, int]
) -> None:
    ana = await shop.agent("Ana Torres")
    noor = await shop.waiting("Noor Haddad", "Hello")
    tapped, posts = asyncio.Event(), []

    async def slowly(route: Route) -> None:
        await tapped.wait()
        posts.append(route.request.post_data)
        if len(posts) == 1:  # it arrived, and its answer was lost
            await route.fetch()
            await route.abort("connectionreset")
        else:
            await route.continue_()

    async with seat(browser, "twice", size, ana) as page:
        await page.open(await shop.path(noor))
        await page.claims()
        await page.page.route("**/send", slowly)
        await page.writes("Only once")
        with page.refused("ERR_CONNECTION_RESET"):
            await page.composer.locator("#send").dblclick()
            await expect(page.ours.last).to_contain_text("Sending…")
            await page.picture("on-its-way")
            tapped.set()
            await expect(page.ours.last.locator(".tick")).to_be_attached()
            await expect(page.page.locator(".sending-now")).to_have_count(0)
        assert len(posts) == 2
        assert posts[0] == posts[1]
        await page.sends("And then")
        await receives(shop, noor, "And then")
        assert noor.shown[-2:] == ["Only once", "And then"]
        await expect(page.ours.filter(has_text="Only once")).to_have_count(1)
        await page.picture("sent-once")


async def test_the_installed_inbox_says_that_there_is_no_line(browser: Browser, shop: Shop) -> None:
    ana = await shop.agent("Ana Torres")
    async with seat(browser, "installed", NARROW, ana) as page:
        await page.open()
        scope = await page.page.evaluate(
            "navigator.serviceWorker.ready.then((one) => new URL(one.scope).pathname)"
        )
        assert scope == "/inbox"
        await page.page.evaluate(
            """() => new Promise((done) => {
              const workers = navigator.serviceWorker;
              const look = () => workers.controller && done();
              workers.addEventListener("controllerchange", look);
              look();
            })"""
        )
        with page.refused("ERR_INTERNET_DISCONNECTED", "ERR_FAILED"):
            await page.page.context.set_offline(True)
            await page.open("?view=mine")
            await expect(page.page.get_by_role("heading")).to_have_text("No connection")
            await page.picture("no-line")
            await page.page.context.set_offline(False)
            await expect(page.page.locator("#tab-mine")).to_have_attribute("aria-current", "page")
        manifest = await page.page.evaluate(
            "fetch(document.querySelector('link[rel=manifest]').href).then((one) => one.json())"
        )
        assert manifest["start_url"].startswith("/inbox")
        assert manifest["display"] == "standalone"


@pytest.mark.parametrize("size", SIZES)
async def test_what_one_page_sent_and_another_posts_waits_in_neither(
    browser: Browser, shop: Shop, size: tuple[int, int]
) -> None:
    ana = await shop.agent("Ana Torres")
    noor = await shop.waiting("Noor Haddad", "Hello")

    async def refuse(route: Route) -> None:
        await route.fulfill(status=409, json={"ok": False, "error": "The line is full."})

    async with seat(browser, "two-pages", size, ana) as here:
        await here.open(await shop.path(noor))
        await here.claims()
        await here.page.route("**/send", lambda route: route.abort())
        other = await here.page.context.new_page()
        there = Seat(other, here.origin, "two-pages-other")
        with here.refused("net::ERR_FAILED"), there.refused("409"):
            await here.sends("On its way")
            await expect(here.ours.last).to_contain_text("Waits for the network")
            await there.open("?view=mine")
            await receives(shop, noor, "On its way")
            await expect(here.page.locator(".sending-now")).to_have_count(0)
            await expect(here.ours.filter(has_text="On its way")).to_have_count(1)
            await here.picture("sent")

            await other.route("**/send", refuse)
            await here.sends("And a drink")
            await expect(here.ours.last).to_contain_text("Waits for the network")
            await there.open("?view=mine")
            await expect(here.text).to_have_value("And a drink")
            await expect(here.page.locator("#refused")).to_contain_text("The line is full.")
            await expect(here.page.locator(".sending-now")).to_have_count(0)
            await here.picture("refused")


async def test_what_is_kept_while_something_is_posted_again_goes_after_it(
    browser: Browser, shop: Shop
) -> None:
    ana = await shop.agent("Ana Torres")
    noor = await shop.waiting("Noor Haddad", "Hello")
    goes_on, posts = asyncio.Event(), 0

    async def slowly(route: Route) -> None:
        nonlocal posts
        posts += 1
        if posts == 1:
            await route.abort()
            return
        await goes_on.wait()
        await route.continue_()

    async with seat(browser, "kept-meanwhile", WIDE, ana) as page:
        await page.page.clock.install()
        await page.open(await shop.path(noor))
        await page.claims()
        await page.page.route("**/send", slowly)
        await holds_the_clock(page)
        with page.refused("net::ERR_FAILED"):
            await page.sends("first")
            await expect(page.ours.last).to_contain_text("Waits for the network")
            async with page.page.expect_request("**/send"):
                await page.page.clock.run_for(2_000)
        await page.sends("then")
        await expect(page.page.locator(".sending-now").last).to_contain_text(
            "Waits for the network"
        )
        await page.page.clock.run_for(5_000)
        goes_on.set()
        await receives(shop, noor, "then")
        assert noor.shown[-2:] == ["first", "then"]
        await expect(page.page.locator(".sending-now")).to_have_count(0)


async def test_what_waits_does_not_hang_on_a_page_that_was_closed(
    browser: Browser, shop: Shop
) -> None:
    ana = await shop.agent("Ana Torres")
    noor = await shop.waiting("Noor Haddad", "Hello")
    never, broken = asyncio.Event(), True

    async def break_once(route: Route) -> None:
        nonlocal broken
        if broken:
            broken = False
            await route.abort()
        else:
            await route.continue_()

    async def hang(_: Route) -> None:
        await never.wait()

    async with seat(browser, "closed-page", WIDE, ana) as here:
        await here.page.clock.install()
        await here.open(await shop.path(noor))
        await here.claims()
        await here.page.route("**/send", break_once)
        await holds_the_clock(here)
        with here.refused("net::ERR_FAILED"):
            await here.sends("On its way")
            await expect(here.ours.last).to_contain_text("Waits for the network")
        other = await here.page.context.new_page()
        await other.route("**/send", hang)
        async with other.expect_request("**/send"):
            await other.goto(f"{here.origin}/inbox?view=mine")
        await here.page.clock.run_for(2_000)
        await other.close()
        never.set()
        await here.page.evaluate("navigator.locks.request('parley-outbox', () => {})")
        await here.page.clock.run_for(5_000)
        await receives(shop, noor, "On its way")
        await expect(here.page.locator(".sending-now")).to_have_count(0)


async def test_who_looks_elsewhere_is_called_after_their_line_broke(
    browser: Browser, shop: Shop
) -> None:
    ana = await shop.agent("Ana Torres")
    assert ana.agent is not None
    noor = await shop.waiting("Noor Haddad", "Hello")
    hub, login = shop.inbox.bot.app[HUB], ana.agent.login
    async with seat(browser, "called", WIDE, ana) as page:
        await page.open(await shop.path(noor))
        await page.claims()
        async with page.page.expect_response("**/presence"):
            await page.page.evaluate(TURNS_AWAY)
        assert not hub.is_looking(login)
        async with page.page.expect_response("**/presence"):
            hub.end_streams(login)  # as a server that stops does: the browser comes again by itself
        assert not hub.is_looking(login)
        async with page.is_told("notice"):
            await noor.says("Are you there?")


async def holds_the_clock(page: Seat) -> None:
    """Let the page's timers go off when the test says so alone."""
    now_s = await page.page.evaluate("Date.now() / 1000")
    await page.page.clock.pause_at(now_s + 2)
