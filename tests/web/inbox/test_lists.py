"""The lists over HTTP: what stands in them for whom, how they are narrowed, what htmx gets of the page."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from engine.core.ids import ConversationId, LineId
from storage import inbox as stored
from tests.web.inbox.support import Browser, Inbox
from web.inbox.lists.lists import render_row
from web.keys import CLOCK, DATABASE

pytestmark = pytest.mark.asyncio(loop_scope="session")


def key_of(chat: str) -> tuple[LineId, ConversationId]:
    _, _, line, conversation = chat.split("/")
    return LineId(line), ConversationId(int(conversation))


def row_id(chat: str) -> str:
    return "row-{}-{}".format(*key_of(chat))


def ids(page: str) -> list[str]:
    return re.findall(r'<li class="chat-row" id="(row-[^"]+)"', page)


def row_of(page: str, chat: str) -> str:
    (found,) = re.findall(rf'<li class="chat-row" id="{row_id(chat)}".*?</li>', page, re.DOTALL)
    return str(found)


async def listed(browser: Browser, query: str, among: list[str]) -> list[str]:
    """Return which of these chats a list shows, in its order."""
    page = await browser.get(f"?{query}")
    assert page.status == 200, page.text
    known = {row_id(chat): chat for chat in among}
    return [known[id_] for id_ in ids(page.text) if id_ in known]


async def test_a_waiting_chat_stands_in_the_queue_and_what_an_agent_holds_in_theirs(
    inbox: Inbox,
) -> None:
    ana = await inbox.sign_in("lists-ana")
    waits, hers, others = (
        await inbox.chat(),
        await inbox.chat(holder="lists-ana"),
        await inbox.chat(holder="lists-ben"),
    )
    every = [waits, hers, others]

    assert await listed(ana, "view=queue", every) == [waits]
    assert await listed(ana, "view=mine", every) == [hers]
    assert await listed(ana, "view=all", every) == [others, hers, waits]
    assert await listed(ana, "view=closed", every) == []
    assert await listed(ana, "view=nonsense", every) == [waits]


async def test_what_is_put_off_stands_in_a_list_of_its_own(inbox: Inbox) -> None:
    ana = await inbox.sign_in("lists-snoozer")
    chat, now = await inbox.chat(holder="lists-snoozer"), datetime.now(UTC)
    await stored.snooze(
        inbox.bot.app[DATABASE], key_of(chat), "lists-snoozer", now + timedelta(hours=3), now=now
    )

    assert await listed(ana, "view=mine", [chat]) == []
    page = await ana.get("?view=snoozed")
    assert "back in 2 h" in row_of(page.text, chat) or "back in 3 h" in row_of(page.text, chat)


async def test_lists_are_narrowed_by_their_address(inbox: Inbox) -> None:
    eva = await inbox.sign_in("lists-eva", "supervisor")
    plain, labelled = await inbox.chat(team="kitchen"), await inbox.chat(team="front desk")
    kiosk = await inbox.chat(line="kiosk", holder="lists-omar")
    every = [plain, labelled, kiosk]
    database = inbox.bot.app[DATABASE]
    await stored.save_label(database, stored.Label("sick of it", "red"))
    await stored.set_labels(database, *key_of(labelled), ["sick of it"])

    assert await listed(eva, "view=all&line=kiosk", every) == [kiosk]
    assert await listed(eva, "view=queue&team=kitchen", every) == [plain]
    assert await listed(eva, "view=all&label=sick+of+it", every) == [labelled]
    assert await listed(eva, "view=all&who=lists-omar", every) == [kiosk]
    assert await listed(eva, "view=queue&waiting=60", every) == []
    assert await listed(eva, "view=queue&waiting=-1&line=", every) == [plain, labelled]


async def test_a_filter_that_is_set_can_be_taken_away(inbox: Inbox) -> None:
    eva = await inbox.sign_in("lists-narrow", "supervisor")
    page = await eva.get('?view=all&team=no"such<team&waiting=60')

    assert '<a class="chip removable" href="/inbox?view=all&amp;waiting=60"' in page.text
    assert "no&#34;such&lt;team" in page.text
    assert "Nothing matches these filters" in page.text
    assert '<option value="60" selected>1 h</option>' in page.text


async def test_lists_hold_only_what_an_agent_may_see(inbox: Inbox) -> None:
    cook = await inbox.sign_in("lists-cook", teams=["kitchen"], lines=["shop"])
    kitchen, desk = await inbox.chat(team="kitchen"), await inbox.chat(team="front desk")
    elsewhere = await inbox.chat(line="kiosk", team="kitchen")
    every = [kitchen, desk, elsewhere]

    assert await listed(cook, "view=queue", every) == [kitchen]
    assert await listed(cook, "view=all", every) == [kitchen]
    assert await listed(cook, "view=all&line=kiosk", every) == []
    assert "kiosk" not in (await cook.get("?view=queue")).text


async def test_a_long_list_goes_on_where_it_ended(inbox: Inbox) -> None:
    ana = await inbox.sign_in("lists-long", lines=["kiosk"])
    made = [await inbox.chat(line="kiosk", holder="lists-long") for _ in range(45)]
    first = await ana.get("?view=mine")
    (next_,) = re.findall(r'hx-get="/inbox(/rows\?[^"]+)"', first.text)

    rest = await ana.get(next_.replace("&amp;", "&"), hx_request="true")

    assert [*ids(first.text), *ids(rest.text)] == [row_id(chat) for chat in reversed(made)]
    assert 'class="more"' not in rest.text
    assert "<html" not in rest.text


async def test_a_row_tells_who_wrote_what_and_how_long_it_waits(inbox: Inbox) -> None:
    ana = await inbox.sign_in("lists-row")
    chat = await inbox.chat(team="kitchen")
    row = row_of((await ana.get("?view=queue")).text, chat)

    assert f'href="/inbox{chat}" data-open' in row
    assert '<bdi class="row-name">Noor</bdi>' in row
    assert '<bdi class="row-words">hello</bdi>' in row or "Bot:" in row
    assert "just came" in row
    assert "kitchen" in row
    assert 'data-unread="1"' in row
    assert 'class="window ' in row


async def test_a_row_is_the_same_for_all_but_for_what_is_unread(inbox: Inbox) -> None:
    app, chat, now = inbox.bot.app, await inbox.chat(), datetime.now(UTC)
    (unread,) = await stored.rows(app[DATABASE], [key_of(chat)], "lists-reader", now=now)
    read = replace(unread, unread=0)

    html = render_row(app, unread, now)

    assert 'data-unread="1"' in html
    assert re.sub(r">1<|>1 unread<|data-unread=\"1\"", "", html) == re.sub(
        r">0<|>0 unread<|data-unread=\"0\"", "", render_row(app, read, now)
    )


async def test_a_row_counts_the_window_by_the_clock_of_its_line(inbox: Inbox) -> None:
    app, chat, now = inbox.bot.app, await inbox.chat(), datetime.now(UTC)
    line = LineId("simulated")  # no other test's
    (row,) = await stored.rows(app[DATABASE], [key_of(chat)], "lists-clock", now=now)
    row = replace(row, line=line, window_closes_at=now + timedelta(hours=3))
    assert 'class="window calm"' in render_row(app, row, now)
    app[CLOCK].move_ahead(line, timedelta(hours=4))
    shown = render_row(app, row, now)
    assert 'class="window closed"' in shown
    told = re.search(r'data-closes="[^"]*" data-now="([^"]*)"', shown)
    assert told is not None
    assert datetime.fromisoformat(told[1]) == now + timedelta(hours=4)


async def test_a_row_counts_a_wait_by_the_clock_of_its_line(inbox: Inbox) -> None:
    app, chat, now = inbox.bot.app, await inbox.chat(), datetime.now(UTC)
    line = LineId("simulated-wait")  # no other test's
    (row,) = await stored.rows(app[DATABASE], [key_of(chat)], "lists-wait", now=now)
    row = replace(row, line=line)
    assert "just came" in render_row(app, row, now)
    app[CLOCK].move_ahead(line, timedelta(hours=25))
    shown = render_row(app, row, now)
    assert "waits 25 h" in shown or "late · 25 h" in shown
    told = re.search(r'class="chat-row" [^>]*data-now="([^"]*)"', shown)
    assert told is not None
    assert datetime.fromisoformat(told[1]) == now + timedelta(hours=25)


async def test_htmx_gets_the_region_it_asks_for(inbox: Inbox) -> None:
    ana = await inbox.sign_in("lists-htmx")
    chat = await inbox.chat(holder="lists-htmx")

    page = (await ana.get(chat)).text
    opened = (await ana.get(chat, hx_request="true", hx_target="open")).text
    list_ = (await ana.get("?view=all", hx_request="true", hx_target="list")).text

    line, conversation = key_of(chat)
    assert f'data-chat="{line}/{conversation}"' in page
    assert f'data-chat="{line}/{conversation}"' in opened
    assert row_id(chat) in page
    assert 'id="rows"' not in opened
    assert "<html" not in opened
    assert 'id="rows"' in list_
    assert 'id="chat"' not in list_


async def test_beside_a_chat_stands_the_list_it_is_in(inbox: Inbox) -> None:
    ana = await inbox.sign_in("lists-home")
    hers, waits = await inbox.chat(holder="lists-home"), await inbox.chat()

    assert 'data-view="mine"' in (await ana.get(hers)).text
    assert 'data-view="queue"' in (await ana.get(waits)).text
    assert 'data-view="closed"' in (await ana.get(f"{hers}?view=closed")).text


async def test_the_menu_offers_what_the_role_may_open(inbox: Inbox) -> None:
    agent, admin = await inbox.sign_in("lists-agent"), await inbox.sign_in("lists-admin", "admin")

    assert 'href="/inbox/people"' not in (await agent.get()).text
    assert 'href="/inbox/people"' in (await admin.get()).text
    assert 'href="/inbox/account"' in (await agent.get()).text
