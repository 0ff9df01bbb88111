"""What is done beside the talk: finding, labelling, putting off, handing on, closing; by keys alone too."""

import asyncio

import pytest
from playwright.async_api import Browser, expect

from tests.journeys.inbox.business import Shop
from tests.journeys.inbox.seat import SIZES, receives, seat
from tests.journeys.phone import WIDE


@pytest.mark.parametrize("size", SIZES)
async def test_a_chat_is_labelled_put_off_handed_on_and_closed(
    browser: Browser, shop: Shop, size: tuple[int, int]
) -> None:
    ana = await shop.agent("Ana Torres")
    ben = await shop.agent("Ben Okafor")
    noor = await shop.waiting("Noor Haddad", "Hello")
    label = f"refund {shop.number}"
    async with seat(browser, "tidying", size, ana) as page:
        await page.sits_down("?view=mine")
        await page.open(f"{await shop.path(noor)}?view=mine")
        await page.claims()
        await page.opens_side()
        await page.side.get_by_role("button", name="Add a label").click()
        await page.dialog.get_by_label("A new one").fill(label)
        await page.picture("new-label")
        await page.dialog.get_by_role("button", name="Add", exact=True).click()
        await expect(page.side.locator(".label-chip")).to_contain_text(label)

        await page.side.get_by_role("button", name="Snooze").click()
        await page.picture("snooze")
        await page.dialog.get_by_role("button", name="In an hour").click()
        await expect(page.side.locator(".side-held")).to_contain_text("Snoozed, back in 1 h")
        await page.picture("snoozed")
        await page.closes_side()
        await page.goes_back()
        await expect(page.row("Noor Haddad")).to_be_hidden()
        await page.page.locator("#tab-snoozed").click()
        await expect(page.row("Noor Haddad")).to_contain_text(label)
        await noor.says("Any news?")  # whoever writes is back at once
        await expect(page.row("Noor Haddad")).to_be_hidden()
        await page.page.locator("#tab-mine").click()
        await expect(page.row("Noor Haddad")).to_be_visible()
        await page.picture("back")
        if page.is_narrow:
            await page.goes_to("Noor Haddad")

        await page.opens_side()
        await page.side.get_by_role("button", name="Transfer").click()
        await page.picture("transfer")
        await page.dialog.get_by_role("button", name="kitchen").click()
        await expect(page.side).to_contain_text("Put into the queue of kitchen.")
        await expect(page.side.locator(".side-held")).to_contain_text("Waiting for kitchen")
        await page.side.get_by_role("button", name="Assign").click()
        await page.picture("assign")
        await page.dialog.get_by_role("button", name="Ben Okafor").click()
        await expect(page.side.locator(".side-held")).to_contain_text("Ben Okafor holds this chat")
    async with seat(browser, "closing", size, ben, dark=True) as page:
        await page.sits_down("?view=mine")
        await page.goes_to("Noor Haddad")
        await page.writes_here()
        await page.opens_side()
        await page.side.get_by_role("button", name="Close", exact=True).click()
        await page.dialog.get_by_label("Solved").check()
        await page.picture("reasons")
        await page.dialog.get_by_role("button", name="Close", exact=True).click()
        await expect(page.side.locator(".side-held")).to_contain_text("Closed")
        await page.picture("closed")
        await page.closes_side()
        await expect(page.page.locator("#messages")).to_contain_text(
            "Ben Okafor closed the chat: Solved"
        )
        await page.goes_back()
        await page.page.locator("#tab-closed").click()
        await expect(page.row("Noor Haddad")).to_contain_text("Closed by Ben Okafor")
        await page.picture("list-of-the-closed")


async def test_an_agent_claims_answers_and_closes_by_keys_alone(
    browser: Browser, shop: Shop
) -> None:
    ana = await shop.agent("Ana Torres")
    noor = await shop.waiting("Noor Haddad", "Hello")
    async with seat(browser, "keys", WIDE, ana) as page:
        press = page.page.keyboard.press
        await page.sits_down()
        await expect(page.row("Noor Haddad")).to_be_visible()
        await press("j")
        await press("Enter")
        await expect(page.page.locator("#chat h1")).to_have_text("Noor Haddad")
        await press("c")
        await page.writes_here()
        await press("r")
        await expect(page.text).to_be_focused()
        await page.page.keyboard.type("Good morning")
        await press("Enter")
        await receives(shop, noor, "Good morning")
        await press("Escape")
        await press("n")
        await expect(page.text).to_be_focused()
        await page.page.keyboard.type("All is well")
        await press("Enter")
        await expect(page.ours.last).to_contain_text("All is well")
        await page.picture("answered")
        await press("Escape")
        await press("e")
        await expect(page.dialog).to_contain_text("Close this chat")
        await press("ArrowDown")
        await press("Enter")
        await expect(page.side.locator(".side-held")).to_contain_text("Closed")
        await expect(page.page.locator("#messages")).to_contain_text("closed the chat: No answer")
        await page.picture("closed")


@pytest.mark.parametrize("size", SIZES)
async def test_a_message_is_found_by_a_word_and_opened_where_it_stands(
    browser: Browser, shop: Shop, size: tuple[int, int]
) -> None:
    ana = await shop.agent("Ana Torres")
    word = f"calzone{shop.number}"
    noor = await shop.waiting("Noor Haddad", f"Is there {word} today?")
    for number in range(12):
        await noor.says(f"Line {number}\nand another")
    async with seat(browser, "search", size, ana) as page:
        await page.sits_down("?view=all")
        hit = page.page.locator(".hit", has_text=word)
        async with asyncio.timeout(20):
            while not await hit.count():  # the index follows within two seconds
                await page.page.locator("#search-words").fill("")
                async with page.page.expect_response("**/inbox/search?**"):
                    await page.page.locator("#search-words").fill(word[:-1])
        await expect(hit.locator("mark")).to_have_text(word)
        await page.picture("found")
        await hit.locator("a").click()
        await expect(page.page.locator("#messages .found")).to_contain_text(word)
        await expect(page.page.locator("#messages .found")).to_be_in_viewport()
        await page.picture("opened")


@pytest.mark.parametrize("size", SIZES)
async def test_a_supervisor_sees_how_it_goes_and_an_admin_who_is_there(
    browser: Browser, shop: Shop, size: tuple[int, int]
) -> None:
    eva = await shop.agent("Eva Lind", "admin")
    ana = await shop.agent("Ana Torres", teams=["kitchen"])
    noor = await shop.waiting("Noor Haddad", "Hello")
    await shop.waiting("Lia Rossi", "Buongiorno")
    async with seat(browser, "ana", WIDE, ana) as page:
        await page.open(await shop.path(noor))
        await page.claims()
        await page.sends("Good morning")
        await receives(shop, noor, "Good morning")
    async with seat(browser, "supervising", size, eva) as page:
        await page.open("/supervise")
        agents = page.page.locator("section", has_text="Agents").locator(
            "tbody tr", has_text="Ana Torres"
        )
        await expect(agents).to_contain_text("1")
        await page.picture("now")
        await agents.get_by_role("button", name="Reassign").click()
        await page.picture("reassign")
        await page.dialog.get_by_role("button", name="Their teams’ queues").click()
        await expect(agents.get_by_role("button", name="Reassign")).to_be_hidden()
        await page.open("/people")
        await expect(page.page.get_by_role("list")).to_contain_text(["Ana Torres"])
        await page.picture("people")
        await page.page.get_by_label("Login").fill(f"kim.{shop.number}")
        await page.page.get_by_label("Name", exact=False).nth(0).fill("Kim Reyes")
        await page.page.get_by_label("First password").fill("seven green herons")
        await page.picture("adding")
        await page.page.get_by_role("button", name="Add", exact=True).click()
        await expect(page.page.locator(".rows").first).to_contain_text("Kim Reyes")
        await page.open(f"/people/ana.{shop.number}")
        await page.picture("person")
        await page.open("/audit")
        await expect(page.page.locator("main")).to_contain_text("Claimed a chat")
        await page.picture("audit")
        await page.open("/account")
        await page.picture("account")
