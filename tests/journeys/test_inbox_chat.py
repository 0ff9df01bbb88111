"""The open chat in a real browser: what an agent writes, attaches, notes and sends, at a desk and on a phone."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from storage.inbox import CannedReply, save_canned_reply
from tests.journeys.accessible import assert_accessible
from tests.journeys.desk import desk
from tests.journeys.phone import NARROW, WIDE
from tests.journeys.pictures import sunset
from tests.loops.world import until
from tests.web.inbox.support import Inbox, serving_inbox
from tests.web.inbox.talking import begin_talk
from tests.web.inbox.test_composer import shut_talk
from web.keys import DATABASE

WEBP = "UklGRiQAAABXRUJQVlA4IBgAAAAwAQCdASoBAAEAAgA0JaQAA3AA/vuUAAA="  # pragma: allowlist secret
"""One grey point."""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def inbox(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Inbox]:
    async with serving_inbox(tmp_path_factory.mktemp("chat")) as served:
        yield served


async def pastes(page: Page, name: str, kind: str, data: str) -> None:
    """Paste a file into the box."""
    await page.locator("#text").focus()
    await page.evaluate(
        """([name, type, data]) => {
          const bytes = Uint8Array.from(atob(data), (sign) => sign.charCodeAt(0));
          const clipboardData = new DataTransfer();
          clipboardData.items.add(new File([bytes], name, { type }));
          document.getElementById("text").dispatchEvent(
            new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
        }""",
        [name, kind, data],
    )


async def test_an_agent_writes_attaches_and_notes_at_a_desk(browser: Browser, inbox: Inbox) -> None:
    talk = await begin_talk(inbox)
    await talk.phone.says("<script>alert(1)</script> javascript:alert(1) https://shop.example/a.")
    await save_canned_reply(
        inbox.bot.app[DATABASE], CannedReply("hours", "{contact.name}, we open at 9.")
    )
    async with desk(browser, WIDE, talk.agent) as one:
        page = one.page
        await one.open(talk.path)
        messages, box = page.locator("#messages"), page.locator("#text")
        await expect(messages.locator(".day")).to_have_text("Today")
        await expect(messages.locator(".theirs a")).to_have_text(["https://shop.example/a"])

        await box.fill("Good morning")
        await box.press("Enter")
        await box.press("Enter")
        await expect(messages.locator(".ours", has_text="Good morning")).to_have_count(1)
        await expect(messages.locator(".sending-now")).to_have_count(0)

        await box.press_sequentially("/hou")
        await expect(page.locator("#canned [role=option]")).to_have_count(1)
        await box.press("Enter")
        await expect(box).to_have_value("Noor, we open at 9.")
        await box.press("Enter")

        await page.keyboard.press("Escape")
        await page.keyboard.press("n")
        await box.fill("for *us* alone")
        await expect(page.locator("#composer")).to_have_class("composer noting")
        await assert_accessible(page)
        await box.press("Enter")
        await expect(messages.locator(".note strong")).to_have_text("us")

        await pastes(page, "point.webp", "image/webp", WEBP)
        await expect(page.locator(".file small")).to_have_text("Converted to PNG for the phone.")
        await pastes(page, "program.jpg", "image/jpeg", "TVqQAAMAAAAEAAAA")
        await expect(page.locator("#refused")).to_have_text(
            "program.jpg: This line cannot send files of this kind."
        )
        await box.fill("one point")
        await page.get_by_role("button", name="Send", exact=True).click()
        await expect(messages.locator(".ours img")).to_have_count(1)
        assert await talk.hears(3) == ["Good morning", "Noor, we open at 9.", "one point"]

        await messages.locator(".theirs").last.hover()
        await messages.locator(".theirs [data-menu]").last.click()
        await page.keyboard.press("ArrowRight")
        await page.keyboard.press("Enter")
        await expect(messages.locator(".reactions")).to_have_text("❤️")
        await one.look(*NARROW, dark=True)
        await one.calm()
        await assert_accessible(page)
        assert talk.phone.bubbles[-1].by == "business"


async def test_a_draft_waits_while_only_templates_go_on_a_phone(
    browser: Browser, inbox: Inbox
) -> None:
    talk = await shut_talk(inbox)
    async with desk(browser, NARROW, talk.agent) as one:
        page = one.page
        await one.open(talk.path)
        await expect(page.locator("#text")).to_be_hidden()
        await page.get_by_role("button", name="welcome").click()
        await page.get_by_label("Value of 1").fill("Noor & *Ben*")
        await expect(page.locator(".template-preview .text strong")).to_have_text("Ben")
        await one.calm()
        await assert_accessible(page)
        await page.get_by_role("button", name="Send the template").click()
        await expect(page.locator("#messages .ours")).to_have_count(2)
        await expect(page.locator(".template-list")).to_be_visible()  # not the one that went out
        await talk.phone.says("thanks!")
        await page.reload()
        box = page.locator("#text")
        await box.fill("half a thou")
        await box.press("Enter")
        await box.press_sequentially("ght")
        async with page.expect_response(lambda answer: answer.url.endswith("/draft")):
            await box.blur()
        await page.reload()
        await expect(box).to_have_value("half a thou\nght")
        await page.evaluate(
            """() => {
              Object.defineProperty(visualViewport, "height", { value: 430 });  // a keyboard lies over the page
              visualViewport.dispatchEvent(new Event("resize"));
            }"""
        )
        await expect(page.get_by_role("button", name="Send", exact=True)).to_be_in_viewport()
        assert await page.evaluate("document.body.getBoundingClientRect().height") == 430
        await page.locator("#file").set_input_files(
            {"name": "sunset.png", "mimeType": "image/png", "buffer": sunset(40, 30)}
        )
        await page.get_by_role("button", name="Do not send sunset.png").click()
        await page.get_by_role("button", name="Send", exact=True).click()
        await expect(page.locator("#messages .ours")).to_have_count(3)
        await expect(box).to_have_value("")
        await one.calm()
        await until(lambda: talk.said[-1] == "half a thou\nght", timeout_s=30)
