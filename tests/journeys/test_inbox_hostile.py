"""Every word that anybody may choose is one that would run, were it written into a page as it is."""

import html
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Dialog, expect

from engine.core.content import (
    Button,
    ButtonReply,
    Buttons,
    ContactCard,
    Contacts,
    Edited,
    FormReply,
    Inbound,
    Interaction,
    Location,
    Media,
    Order,
    OrderItem,
    Outbound,
    Phone,
    System,
    Template,
    Text,
    Unsupported,
)
from engine.core.ids import ExternalId
from engine.core.signals import AgentReplied, AgentTookOver, ChatClosed, MessageReceived
from storage.inbox import CannedReply, save_canned_reply
from tests.journeys.desk import desk
from tests.journeys.phone import WIDE
from tests.web.inbox.support import Inbox, serving_inbox
from tests.web.inbox.talking import Talk
from tests.web.inbox.test_rights import GETS, path_of
from web.inbox.table import Route
from web.keys import DATABASE, MEDIA

EVIL = '"><img src=x onerror=alert(1)>{{7*7}}'
LINK = "javascript:alert(1)"
SEARCH = "q=%22%3E%3Cimg+src%3Dx%3E&view=all"
TEXTS = re.compile(r"(?<=>)[^<]*(?=<)")
"""What stands between two tags: there an address is words."""

TEAM = f"""
[teams.'{EVIL}']
name = '{EVIL}'

[inbox]
close_reasons = ['{EVIL}']
"""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def inbox(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Inbox]:
    async with serving_inbox(tmp_path_factory.mktemp("hostile"), more=TEAM) as served:
        yield served


def received(stored: str) -> list[Inbound]:
    """Return what a contact may send, with such words wherever there is room for words."""
    svg = Media(
        kind="document", stored=stored, filename=f"{EVIL}.svg", caption=EVIL, mime_type=EVIL
    )
    card = ContactCard(
        name=EVIL,
        phones=(Phone(phone=EVIL, type=EVIL),),
        emails=(EVIL,),
        urls=(LINK, EVIL),
        addresses=(EVIL,),
        organization=EVIL,
        birthday=EVIL,
    )
    item = OrderItem(sku=EVIL, quantity=1, price="1.00", currency=EVIL)
    return [
        Text(body=f"{EVIL} {LINK} https://a.example/{EVIL}"),
        Text(body=f"*{EVIL}* _{EVIL}_ ~{EVIL}~ ```{EVIL}```"),
        svg,
        svg.model_copy(update={"kind": "image"}),
        svg.model_copy(update={"kind": "video"}),
        Media(kind="image", url=LINK, error=EVIL, caption=EVIL),
        Location(latitude=1, longitude=2, name=EVIL, address=EVIL, url=LINK),
        Contacts(cards=(card,)),
        ButtonReply(id=EVIL, title=EVIL),
        Order(catalog_id=EVIL, text=EVIL, items=(item,)),
        FormReply(name=EVIL, body=EVIL, response={EVIL: EVIL}),
        Interaction(type=EVIL, data={EVIL: EVIL}),
        System(event=EVIL, body=EVIL),
        Edited(original=ExternalId("wamid.hostile.0"), body=EVIL),
        Unsupported(type=EVIL, reason=EVIL),
    ]


def said() -> list[Outbound]:
    """Return what an agent may send."""
    return [
        Template(name=EVIL, language="en", body=(EVIL,), header=EVIL),
        Buttons(body=EVIL, buttons=(Button(id="1", title='"><img src=x>'),)),
        Text(body=EVIL),
    ]


async def hostile_talk(inbox: Inbox) -> Talk:
    """Fill a chat, and what stands beside it, with such words."""
    bot = inbox.bot
    agent = await inbox.add("mallory", "admin", teams=[EVIL], available=True)
    await bot.writes("UPDATE agent SET name = ? WHERE login = ?", EVIL, agent.login)
    browser = await inbox.browser(agent, client=EVIL)
    path = await inbox.chat(team=EVIL, name=EVIL)
    ((number,),) = bot.rows("SELECT phone FROM contact WHERE name = ?", EVIL)
    talk = Talk(inbox, browser, path, bot.sandbox.contact(str(number), name=EVIL))
    await talk.phone.says(EVIL)  # to the sandbox the window is open from here on
    await talk.signal(AgentTookOver(agent=agent.login))
    await talk.signal(ChatClosed(agent=agent.login, reason=EVIL))
    await talk.signal(AgentTookOver(agent=agent.login))
    stored = await bot.app[MEDIA].put(b"<svg onload=alert(1)>")
    for number, content in enumerate(received(stored)):
        await talk.signal(
            MessageReceived(
                external_id=ExternalId(f"wamid.hostile.{number}"),
                content=content,
                sent_at=datetime.now(UTC),
            )
        )
    for reply in said():
        await talk.signal(AgentReplied(agent=agent.login, content=reply))
    await save_canned_reply(bot.app[DATABASE], CannedReply(EVIL, f"{{contact.name}} {EVIL}"))
    await browser.post(f"{path}/labels", {"act": "label", "name": EVIL})
    await browser.post(f"{path}/notes", {"client": "note-of-evil", "text": EVIL})
    await browser.post(f"{path}/draft", {"text": EVIL})
    return talk


async def test_no_word_of_anybodys_becomes_a_part_of_a_page(browser: Browser, inbox: Inbox) -> None:
    talk = await hostile_talk(inbox)
    shown = 0
    for route in GETS:
        if not isinstance(route, Route) or route.streams:
            continue
        path = path_of(route, talk.path)
        asked = f"{path}{'&' if '?' in path else '?'}{SEARCH}"
        for answered in (
            await talk.agent.get(path),
            await talk.agent.get(asked, hx_request="true"),
        ):
            assert answered.status < 500, path
            assert "Content-Security-Policy" in answered.headers, path
            if "text/html" in answered.headers["Content-Type"]:
                assert "<img src=x" not in answered.text, path
                assert LINK not in TEXTS.sub("", answered.text), path
                shown += html.unescape(answered.text).count(EVIL)
    assert shown > 150

    dialogs: list[str] = []

    async def heard(dialog: Dialog) -> None:
        dialogs.append(dialog.message)
        await dialog.dismiss()

    async with desk(browser, WIDE, talk.agent) as at:
        page = at.page
        page.on("dialog", heard)
        for path in (
            talk.path,
            f"?view=all&{SEARCH}",
            "/replies",
            "/people",
            "/audit",
            "/supervise",
        ):
            await at.open(path)
            await expect(page.get_by_text(EVIL).first).to_be_attached()
            await expect(page.locator("img[src=x]")).to_have_count(0)
        await at.open(talk.path)
        await page.locator("#text").fill("")
        await page.locator("#text").press_sequentially("/")
        await expect(page.locator("#canned [role=option]").first).to_contain_text(EVIL)
        words = Text(body=f"{EVIL} once more")
        await talk.signal(
            MessageReceived(
                external_id=ExternalId("wamid.live"), content=words, sent_at=datetime.now(UTC)
            )
        )
        await expect(page.locator("#messages").get_by_text(words.body)).to_be_attached()
        await expect(page.locator("img[src=x]")).to_have_count(0)
        await at.calm()
    assert dialogs == []
