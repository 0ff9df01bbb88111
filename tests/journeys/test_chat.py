"""The rest of a phone: files, reactions, several contacts, the keyboard alone, the dark."""

import json
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from tests.journeys.phone import NARROW, WIDE, Phone, phone
from tests.journeys.pictures import sunset
from tests.journeys.server import serving

ANA = "12025550101"
SIZES = [pytest.param(WIDE, id="1280"), pytest.param(NARROW, id="390")]


@pytest.mark.parametrize("size", SIZES)
async def test_a_picture_is_sent_and_shown(
    browser: Browser, tmp_path: Path, size: tuple[int, int]
) -> None:
    picture = tmp_path / "sunset.png"
    picture.write_bytes(sunset())
    async with serving(tmp_path) as server, phone(browser, "media", size) as ana:
        await ana.open(server.simulator)
        await ana.says("Hello")
        await ana.sees("How can we help?")
        await ana.picks_file(picture, "From our terrace")
        await ana.picture("before-sending")
        await ana.sheet.get_by_role("button", name="Send", exact=True).click()
        shown = ana.mine.last.locator("img")
        await expect(shown).to_be_visible()
        await expect(shown).to_have_js_property("naturalWidth", 480)
        await expect(ana.mine.last).to_contain_text("From our terrace")
        await expect(ana.mine.last.locator("[data-status=received]")).to_be_attached()
        await ana.calm()
        await ana.picture("shown")


async def test_a_document_is_shown_by_its_name(browser: Browser, tmp_path: Path) -> None:
    document = tmp_path / "list of guests.html"
    document.write_text("<script>alert('no')</script>")
    async with serving(tmp_path) as server, phone(browser, "document", WIDE) as ana:
        await ana.open(server.simulator)
        await ana.picks_file(document, "")
        await ana.sheet.get_by_role("button", name="Send", exact=True).click()
        link = ana.mine.last.get_by_role("link", name="Open list of guests.html")
        await expect(link).to_be_visible()
        answer = await ana.page.request.get(
            server.simulator.removesuffix("/simulator") + str(await link.get_attribute("href"))
        )
        assert answer.headers["content-type"] == "application/octet-stream"
        assert answer.headers["content-disposition"] == "attachment"
        assert await answer.text() == document.read_text()
        await ana.calm()


@pytest.mark.parametrize("size", SIZES)
async def test_two_contacts_have_a_phone_each(
    browser: Browser, tmp_path: Path, size: tuple[int, int]
) -> None:
    async with serving(tmp_path) as server, phone(browser, "contacts", size) as person:
        await person.open(server.simulator)
        await person.says("Hello, I am Ana")
        await person.sees("Hi Ana Souza!")

        await person.opens_side("Contacts and clock")
        await person.page.get_by_role("button", name="Add a contact").click()
        await person.page.get_by_label("Name", exact=True).fill("نور")
        await person.calm()
        await person.page.get_by_role("button", name="Add", exact=True).click()
        await expect(person.page.locator("#presence")).to_contain_text("نور")
        await expect(person.page.locator(".message")).to_have_count(0)
        await person.says("مرحبا")
        await person.sees("Hi نور!")
        await person.picture("another-script")

        await person.switches_to("Ana Souza")
        await expect(person.mine).to_have_count(1)
        await expect(person.mine.last).to_contain_text("I am Ana")
        await person.opens_side("Contacts and clock")
        await person.picture("both")


async def test_a_message_for_another_contact_is_announced(browser: Browser, tmp_path: Path) -> None:
    async with (
        serving(tmp_path) as server,
        phone(browser, "announced", WIDE) as ana,
        phone(browser, "announced-ben", WIDE) as ben,
    ):
        await ana.open(server.simulator)
        await ben.open(server.simulator)
        await ben.switches_to("Ben Okafor")
        await ben.says("Hello")
        await expect(ana.page.get_by_role("img", name="New messages")).to_have_count(1)
        await ana.switches_to("Ben Okafor")
        await expect(ana.page.get_by_role("img", name="New messages")).to_have_count(0)
        await expect(ana.mine.last).to_contain_text("Hello")


async def test_a_reaction_stands_on_its_message_until_it_is_taken_back(
    browser: Browser, tmp_path: Path
) -> None:
    async with serving(tmp_path) as server, phone(browser, "reaction", WIDE) as ana:
        await ana.open(server.simulator)
        await ana.says("Hello")
        await ana.sees("How can we help?")
        await ana.sees_status("read")
        await ana.bot.last.hover()
        await ana.bot.last.get_by_role("button", name="React").click()
        await ana.picture("emoji")
        await ana.page.get_by_role("menuitemcheckbox", name="React with 🎉").click()
        mark = ana.bot.last.get_by_role("button", name="Take the reaction back")
        await expect(mark).to_have_text("🎉")
        await ana.picture("reacted")
        await mark.click()
        await expect(mark).to_have_count(0)
        await ana.calm()


async def test_the_keyboard_is_enough(browser: Browser, tmp_path: Path) -> None:
    async with serving(tmp_path) as server, phone(browser, "keyboard", WIDE) as ana:
        await ana.open(server.simulator)
        press = ana.page.keyboard.press
        await expect(ana.page.get_by_label("Message", exact=True)).to_be_focused()
        await ana.page.keyboard.type("pizza")
        await press("Enter")
        await ana.sees("Which pizza?")
        await ana.sees_status("read")  # until then its ticks change, and the message is made anew
        opener = ana.bot.get_by_role("button", name="Our pizzas")
        await opener.focus()
        await press("Enter")
        rows = ana.sheet.locator(".rows button")
        await expect(rows.first).to_be_focused()
        await _react(ana, server.simulator, "👍")  # draws the message behind the sheet anew
        await expect(ana.bot.last.locator(".reactions")).to_have_text("👍")
        await press("Escape")
        await expect(opener).to_be_focused()
        await press("Enter")
        await press("Tab")
        await expect(rows.nth(1)).to_be_focused()
        await press("Shift+Tab")
        await press("Shift+Tab")
        await expect(ana.sheet.get_by_label("Close")).to_be_focused()
        await press("Shift+Tab")
        await expect(rows.last).to_be_focused()
        await press("Enter")
        await ana.sees("Which size?")
        await ana.sees_status("read")
        await ana.bot.get_by_role("button", name="Large").focus()
        await press("Enter")
        await ana.sees("How many?")
        await expect(ana.bot.get_by_role("button", name="Large (chosen)")).to_be_focused()
        await ana.page.get_by_role("button", name="Attach").focus()
        await press("Enter")
        await expect(ana.page.get_by_role("menuitem").first).to_be_focused()
        await press("ArrowDown")
        await expect(ana.page.get_by_role("menuitem", name="Location")).to_be_focused()
        await press("Escape")
        await expect(ana.page.get_by_role("button", name="Attach")).to_be_focused()


async def _react(ana: Phone, simulator: str, emoji: str) -> None:
    """React to the newest message from elsewhere, as a second window would."""
    shown = await (await ana.page.request.get(f"{simulator}/api/state?contact={ANA}")).json()
    call = {"contact": ANA, "message": shown["messages"][-1]["external_id"], "emoji": emoji}
    answer = await ana.page.request.post(f"{simulator}/api/react", data=call)
    assert answer.ok


async def test_the_dark_is_dark(browser: Browser, tmp_path: Path) -> None:
    async with serving(tmp_path) as server, phone(browser, "dark", WIDE, dark=True) as ana:
        await ana.open(server.simulator)
        await ana.says("Hello")
        await ana.sees("How can we help?")
        await ana.taps("Order a pizza")
        await ana.sees("Which pizza?")
        ground = await ana.page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert ground == "rgb(14, 18, 17)"
        await ana.picture("chat")


MARKUP = {
    "*bold* and _italic_": [["STRONG", "bold"], " and ", ["EM", "italic"]],
    "~gone~ `code`": [["S", "gone"], " ", ["CODE", "code"]],
    "2*3*4 and snake_case_name": ["2*3*4 and snake_case_name"],
    "*no end": ["*no end"],
    "see https://example.org/a_b_c.": ["see ", ["A", "https://example.org/a_b_c"], "."],
    "<b>plain</b>": ["<b>plain</b>"],
    "*a _b_*": [["STRONG", "a b"]],
}


async def test_markup_is_shown_as_phones_show_it(browser: Browser, tmp_path: Path) -> None:
    async with serving(tmp_path) as server, phone(browser, "markup", WIDE) as ana:
        await ana.open(server.simulator)
        shown = await ana.page.evaluate(
            """async (texts) => {
              const { markup } = await import("/simulator/static/format.js");
              const plain = (node) => typeof node === "string" ? node : [node.tagName, node.textContent];
              return texts.map((text) => markup(text).map(plain));
            }""",
            list(MARKUP),
        )
        assert json.dumps(shown) == json.dumps(list(MARKUP.values()))
