"""The lists of the inbox in a real browser: for everybody's eyes and hands, and rows that move by themselves."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from engine.core.content import Text
from engine.core.ids import ConversationId, ExternalId, LineId
from engine.core.signals import Arrival, ChatAssigned, MessageReceived, Signal
from tests.journeys.accessible import assert_accessible
from tests.journeys.desk import desk
from tests.journeys.phone import NARROW, WIDE
from tests.web.inbox.support import Inbox, serving_inbox
from web.inbox.times import ago, lasted, left
from web.keys import ENGINE

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def inbox(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Inbox]:
    async with serving_inbox(tmp_path_factory.mktemp("lists")) as served:
        yield served


def key_of(chat: str) -> tuple[LineId, ConversationId]:
    _, _, line, conversation = chat.split("/")
    return LineId(line), ConversationId(int(conversation))


async def arrives(inbox: Inbox, chat: str, signal: Signal) -> None:
    """Let something happen to a chat."""
    line, conversation = key_of(chat)
    arrival = Arrival(
        line=line,
        key=f"{signal.kind}:{conversation}",
        signal=signal,
        received_at=datetime.now(UTC),
        conversation=conversation,
    )
    await inbox.bot.app[ENGINE].accept([arrival])


async def test_the_lists_are_for_everybody(browser: Browser, inbox: Inbox) -> None:
    eva = await inbox.sign_in("eva", "supervisor", available=True)
    await inbox.add("omar")
    names = [
        "Benedikt Freiherr von und zu Oberhausen-Niederrhein",
        "محمد بن عبد الرحمن الطويل",
        "🎉",
        "",
    ]
    for number in range(12):
        team = ["kitchen", "front desk", None][number % 3]
        holder = [None, "eva", "omar"][number % 3]
        line = ["shop", "kiosk"][number % 2]
        await inbox.chat(line=line, team=team, holder=holder, name=names[number % 4])
    light, dark = [(WIDE, False), (NARROW, True)], [(WIDE, True), (NARROW, False)]
    pages = {
        "/login": (inbox.nobody, light),
        "?view=snoozed&team=nobody": (eva, dark),
        "?view=queue": (eva, light + dark),
    }
    for path, (who, looks) in pages.items():
        async with desk(browser, WIDE, who) as page:
            await page.open(path)
            for size, is_dark in looks:
                await page.look(*size, dark=is_dark)
                await page.calm()
                await assert_accessible(page.page)
    async with desk(browser, NARROW, eva) as page:
        await page.open("?view=queue")
        await page.page.evaluate("document.documentElement.dir = 'rtl'")
        await page.calm()
        await page.page.locator("#search-words").evaluate(
            "one => one.removeAttribute('placeholder')"
        )
        await page.page.evaluate("document.querySelector('label[for=search-words]').remove()")
        with pytest.raises(AssertionError, match="label"):
            await assert_accessible(page.page)


async def test_an_agent_needs_no_mouse(browser: Browser, inbox: Inbox) -> None:
    ana = await inbox.sign_in("ana")
    chats = {name: await inbox.chat(holder="ana", name=name) for name in ("Ada", "Bea", "Cem")}
    async with desk(browser, WIDE, ana) as page:
        focused, press = page.page.locator(":focus"), page.page.keyboard.press
        await page.open("?view=queue")
        await press("g")
        await press("m")
        await expect(page.page.locator("#tab-mine")).to_have_attribute("aria-current", "page")
        assert await page.rows() == ["Cem", "Bea", "Ada"]
        await press("j")
        await press("j")
        await expect(focused).to_contain_text("Bea")
        await press("k")
        await expect(focused).to_contain_text("Cem")
        await press("Enter")
        await expect(page.page).to_have_url(f"{page.origin}/inbox{chats['Cem']}?view=mine")
        await expect(page.page.locator("#chat")).to_contain_text("Cem")
        await expect(page.page.locator(".row-link[aria-current]")).to_contain_text("Cem")
        await page.page.locator(".row-link", has_text="Ada").click()
        await expect(page.page.locator("#chat")).to_contain_text("Ada")
        await page.page.go_back()
        await expect(page.page.locator("#chat")).to_contain_text("Cem")
        await expect(page.page.locator(".row-link[aria-current]")).to_contain_text("Cem")

        # What is typed in a field is no key.
        await press("s")
        await expect(page.page.locator("#search-words")).to_be_focused()
        await page.page.keyboard.type("j?")
        await expect(page.page.locator("#search-words")).to_have_value("j?")
        await press("Escape")
        await expect(page.page.locator("#search-words")).to_have_value("")
        await press("Escape")
        await press("?")
        await expect(page.page.get_by_role("dialog")).to_be_visible()
        await page.page.get_by_role("switch", name="Single keys work").uncheck()
        await press("Escape")
        await press("j")
        await press("?")
        await expect(page.page.get_by_role("dialog")).to_be_hidden()
        await page.calm()


async def test_rows_move_by_themselves(browser: Browser, inbox: Inbox) -> None:
    kim = await inbox.sign_in("kim", lines=["kiosk"])
    chats = [
        await inbox.chat(line="kiosk", holder="kim", name=name) for name in ("Dag", "Eli", "Fay")
    ]
    async with desk(browser, NARROW, kim) as page:
        names, focused = page.page.locator("#rows .row-name"), page.page.locator(":focus")
        await page.open("?view=mine")
        await expect(names).to_have_text(["Fay", "Eli", "Dag"])
        await page.page.locator(".row-link", has_text="Dag").focus()

        said = MessageReceived(
            external_id=ExternalId("wamid.more"), content=Text(body="hey"), sent_at=NOW
        )
        await arrives(inbox, chats[0], said)
        await expect(names).to_have_text(["Dag", "Fay", "Eli"])
        await expect(focused).to_contain_text("hey")
        await expect(focused.locator("[data-unread-shown]")).to_have_text("2")

        # A chat that somebody else takes leaves the list, and a new one comes; the queue's own stays away.
        await arrives(inbox, chats[2], ChatAssigned(by="rule", agent="omar", seen="kim"))
        await expect(names).to_have_text(["Dag", "Eli"])
        await inbox.chat(line="kiosk", name="Hal")
        await inbox.chat(line="kiosk", holder="kim", name="Gil")
        await expect(names).to_have_text(["Gil", "Dag", "Eli"])
        await expect(focused).to_contain_text("Dag")
        await page.calm()

        # Scripts tell times as the server does.
        lengths = [0, 59, 60, 3599, 3600, 5400, 7199, 7200, 172_800, 600_000]
        script = await page.page.locator("script[src$='list.js']").get_attribute("src")
        told = await page.page.evaluate(
            """async ([lengths, now, from]) => {
              const { ago, lasted, left } = await import(from.replace("list.js", "times.js"));
              const told = (ms) => [ago(now - ms, now), left(now + ms, now), lasted(now - ms, now)];
              return lengths.map((length) => told(length * 1000));
            }""",
            [lengths, NOW.timestamp() * 1000, script],
        )
        spans = [timedelta(seconds=length) for length in lengths]
        assert json.dumps(told) == json.dumps(
            [
                [ago(NOW - span, NOW), left(NOW + span, NOW), lasted(NOW - span, NOW)]
                for span in spans
            ]
        )
