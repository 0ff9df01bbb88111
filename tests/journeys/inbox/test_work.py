"""A day's work: signing in, the queue that fills by itself, who is first, and answers that reach the contact."""

import asyncio

import pytest
from playwright.async_api import Browser, expect
from playwright.async_api import Route as PageRoute

from tests.journeys.inbox.business import Shop
from tests.journeys.inbox.seat import SIZES, receives, seat

PASSWORD = "seven green herons"

TYPES_AT_ONCE = """async (words) => {
  document.getElementById("emoji-open").click();
  const box = document.getElementById("emoji-words");
  box.value = words;
  box.dispatchEvent(new Event("input", { bubbles: true }));
  await new Promise((done) => setTimeout(done, 200));
}"""
"""Whoever types before the browser has told that the emojis are open keeps what was typed."""


@pytest.mark.parametrize("size", SIZES)
async def test_an_agent_signs_in_and_nobody_waits(
    browser: Browser, shop: Shop, size: tuple[int, int]
) -> None:
    ana = await shop.agent("Ana Torres", password=PASSWORD)
    async with seat(browser, "signing-in", size, ana) as page:
        await page.open("?view=mine")
        await expect(page.page).to_have_url(f"{page.origin}/inbox/login?next=/inbox?view%3Dmine")
        await page.page.get_by_label("Login").fill(ana.agent.login if ana.agent else "")
        await page.page.get_by_label("Password").fill("seven grey herons")
        await page.picture("login")
        with page.refused("401"):
            await page.page.get_by_role("button", name="Sign in").click()
            await expect(page.page.get_by_role("alert")).to_have_text("Login or password is wrong.")
        await page.picture("wrong-password")
        await page.page.get_by_label("Password").fill(PASSWORD)
        await page.page.get_by_role("button", name="Sign in").click()
        await expect(page.page).to_have_url(f"{page.origin}/inbox?view=mine")
        await expect(page.page.locator("#list")).to_contain_text("You hold no chat")
        await page.page.locator("#tab-queue").click()
        await expect(page.page.locator("#list")).to_contain_text("Nobody is waiting")
        await page.picture("nobody-waits")


@pytest.mark.parametrize("size", SIZES)
async def test_the_queue_fills_by_itself(
    browser: Browser, shop: Shop, size: tuple[int, int]
) -> None:
    ana = await shop.agent("Ana Torres")
    async with seat(browser, "queue", size, ana) as page:
        await page.sits_down()
        await expect(page.page).to_have_title("Inbox · Parley")
        noor = await shop.waiting("Noor Haddad", "Hello")
        await expect(page.row("Noor Haddad")).to_be_visible()
        await expect(page.row("Noor Haddad").locator(".row-words")).to_have_text(
            "One moment, a colleague is joining."
        )
        await expect(page.page.locator("[data-count=queue] [data-shown]")).to_have_text("1")
        await noor.says("Is anybody there?")
        await expect(page.row("Noor Haddad").locator(".row-words")).to_have_text(
            "Is anybody there?"
        )
        await shop.waiting("Benedikt Freiherr von und zu Oberhausen-Niederrhein", "Guten Tag")
        await expect(page.page.locator("[data-count=queue] [data-shown]")).to_have_text("2")
        await expect(page.row("Noor Haddad").locator("[data-unread-shown]")).to_have_text("3")
        await page.picture("two-wait")
        if not page.is_narrow:  # what is pressed while something new comes in opens all the same
            await page.row("Noor Haddad").locator(".row-name").hover()
            await page.page.mouse.down()
            async with page.is_told("row"):
                await noor.says("Hello?")
            await page.page.mouse.up()
            await expect(page.page.locator("#chat h1")).to_have_text("Noor Haddad")
        else:
            await page.goes_to("Noor Haddad")
            await noor.says("Hello?")
        await page.hears("Hello?")
        await expect(page.row("Noor Haddad")).to_have_attribute("data-unread", "0")
        await page.picture("looked-at")


@pytest.mark.parametrize("size", SIZES)
async def test_of_two_agents_who_claim_a_chat_one_is_told_who_has_it(
    browser: Browser, shop: Shop, size: tuple[int, int]
) -> None:
    agents = [await shop.agent("Ana Torres"), await shop.agent("Ben Okafor")]
    noor = await shop.waiting("Noor Haddad")
    path = await shop.path(noor)
    async with (
        seat(browser, "race-ana", size, agents[0]) as ana,
        seat(browser, "race-ben", size, agents[1], dark=True) as ben,
    ):
        both = asyncio.Barrier(2)

        async def together(claim: PageRoute) -> None:
            await both.wait()
            await claim.continue_()

        claims = []
        for page in (ana, ben):
            await page.open(path)
            await page.page.route("**/claim", together)
            claims.append(page.composer.get_by_role("button", name="Claim"))
        # Looked for from the first moment on, for it stands there for some seconds only.
        told = [
            page.page.locator("#toast") if page.is_narrow else page.side.locator(".side-said")
            for page in (ana, ben)
        ]
        ana_has_not, ben_has_not = (
            asyncio.create_task(expect(one).to_have_text(f"{name} has this chat now."))
            for one, name in zip(told, ("Ben Okafor", "Ana Torres"), strict=True)
        )
        await asyncio.gather(*(claim.click() for claim in claims))
        await asyncio.wait({ana_has_not, ben_has_not}, return_when=asyncio.FIRST_COMPLETED)
        has_it = not ana_has_not.done()
        winner, loser = (ana, ben) if has_it else (ben, ana)
        name = "Ana Torres" if has_it else "Ben Okafor"
        is_told, waits = (ben_has_not, ana_has_not) if has_it else (ana_has_not, ben_has_not)
        await is_told
        waits.cancel()
        await winner.writes_here()
        await expect(loser.composer).to_contain_text(f"{name} holds this chat.")
        assert (
            await shop.conversation(noor)
        ).assignee == f"{name.split()[0].lower()}.{shop.number}"
        await winner.picture("has-it")
        await loser.picture("was-later")


@pytest.mark.parametrize("size", SIZES)
async def test_an_answer_reaches_the_contact_and_its_ticks_appear(
    browser: Browser, shop: Shop, size: tuple[int, int]
) -> None:
    ana = await shop.agent("Ana Torres")
    noor = await shop.waiting("Noor Haddad", "Hello", "my order never came")
    async with seat(browser, "answer", size, ana) as page:
        await page.sits_down()
        await page.goes_to("Noor Haddad")
        await page.claims()
        await page.writes("Good morning, Noor! 👋\nI am looking into it.")
        await page.picture("written")
        await page.presses_send()
        await expect(page.text).to_have_value("")
        bubble = await receives(shop, noor, "Good morning, Noor! 👋\nI am looking into it.")
        await page.ticks("sent")
        await page.picture("sent")
        await shop.sandbox.tell_status(noor, bubble, "delivered")
        await page.ticks("delivered")
        await noor.reads()
        await page.ticks("read")
        await page.picture("read")

        await page.page.evaluate(TYPES_AT_ONCE, "pizza")
        await expect(page.page.locator("#emoji-grid button")).to_have_text(["🍕"])
        await page.page.locator("#emoji-grid button").click()
        await page.presses_send()
        assert (await receives(shop, noor, "🍕")).status == "sent"
        await page.said("🍕")
        await noor.says("Thank you 🙏")
        await page.hears("Thank you 🙏")
        await page.picture("an-emoji")


@pytest.mark.parametrize("size", SIZES)
async def test_a_message_is_quoted_reacted_to_and_a_question_tapped(
    browser: Browser, shop: Shop, size: tuple[int, int]
) -> None:
    ana = await shop.agent("Ana Torres")
    noor = await shop.waiting("Noor Haddad", "Hello", "Do you deliver to the old town?")
    async with seat(browser, "answers", size, ana) as page:
        await page.open(await shop.path(noor))
        await page.claims()
        asked = page.theirs.filter(has_text="old town")
        await asked.get_by_role("button", name="What can be done with this message").click()
        await page.picture("menu")
        await page.page.get_by_role("menuitem", name="Answer this").click()
        await expect(page.page.locator("#quoting")).to_contain_text("old town")
        await page.sends("Yes, every day")
        quoted = await receives(shop, noor, "Yes, every day")
        assert quoted.reply_to == next(
            one.id for one in noor.bubbles if one.text.endswith("the old town?")
        )
        await expect(page.ours.last.locator(".quote")).to_contain_text("old town")

        await asked.get_by_role("button", name="What can be done with this message").click()
        await page.page.get_by_role("menuitem", name="React 👍").click()
        await expect(asked.locator(".reactions")).to_have_text("👍")
        await shop.sandbox.until(lambda: any(one.reaction == "👍" for one in noor.bubbles))
        await noor.reacts("❤️", to=quoted.id)
        await expect(page.ours.last.locator(".reactions")).to_have_text("❤️")
        await page.picture("reactions")

        await page.page.get_by_role("button", name="More", exact=True).click()
        await page.page.get_by_role("button", name="Question with buttons").click()
        await page.dialog.get_by_label("Question").fill("When shall we come?")
        for number, title in enumerate(["At noon", "In the evening"], 1):
            await page.dialog.get_by_label(f"Button {number}").fill(title)
        await page.picture("question")
        await page.dialog.get_by_role("button", name="Send the question").click()
        await expect(page.dialog).to_be_hidden()
        asks = await receives(shop, noor, "When shall we come?")
        assert [one.title for one in asks.options] == ["At noon", "In the evening"]
        await noor.taps("In the evening")
        await page.hears("In the evening")
        await expect(page.ours.last.locator(".option.chosen")).to_contain_text("In the evening")
        await page.picture("tapped")
