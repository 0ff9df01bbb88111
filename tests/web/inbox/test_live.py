"""What moves without a reload, over a real stream: rows, numbers, bubbles, what a page that slept has missed."""

import asyncio
import itertools
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from engine.core.content import Text
from engine.core.ids import ConversationId, ExternalId, LineId, MessageId
from engine.core.signals import (
    AgentReleased,
    AgentReplied,
    AgentTookOver,
    Arrival,
    ChatAssigned,
    MessageReceived,
    Sender,
    Signal,
)
from storage.agents import Agent, add_agent
from storage.inbox import Key, Note, add_note, chats, mark_read, save_label, set_labels, snooze
from storage.inbox_lists import View
from storage.inbox_notes import Label
from storage.sessions import revoke_sessions
from tests.loops.world import until
from tests.web.inbox.listening import Page, listening
from tests.web.inbox.support import Inbox, serving_inbox
from web.inbox.acts import act_of
from web.inbox.lists.listing import visible_to
from web.inbox.live import live, telling
from web.inbox.live.hub import HUB, STREAMS_OF_ONE, Showing
from web.inbox.people.signing import SESSIONS
from web.keys import DATABASE, ENGINE, IDS, QUERIES

_numbers = itertools.count(1)


@pytest.fixture
async def inbox(tmp_path: Path) -> AsyncIterator[Inbox]:
    async with serving_inbox(tmp_path) as inbox:
        yield inbox


def key_of(path: str) -> Key:
    _, _, line, id_ = path.split("/")
    return LineId(line), ConversationId(int(id_))


def name_of(path: str) -> str:
    return path.removeprefix("/chats/")


async def happens(inbox: Inbox, path: str, signal: Signal) -> None:
    """Let something happen to a chat."""
    line, id_ = key_of(path)
    arrival = Arrival(
        line=line,
        key=f"test:{next(_numbers)}",
        signal=signal,
        received_at=datetime.now(UTC),
        conversation=id_,
    )
    await inbox.bot.app[ENGINE].accept([arrival])


async def writes(inbox: Inbox, path: str, text: str) -> None:
    """Let the chat's contact write."""
    line, id_ = key_of(path)
    chat = await inbox.bot.app[QUERIES].conversation(line, id_)
    assert chat is not None
    key, now = f"wamid.{next(_numbers)}", datetime.now(UTC)
    said = MessageReceived(external_id=ExternalId(key), content=Text(body=text), sent_at=now)
    sender = Sender(phone=chat.contact.phone, name="Noor")
    arrival = Arrival(line=line, key=key, signal=said, received_at=now, sender=sender)
    await inbox.bot.app[ENGINE].accept([arrival])


def told(page: Page, *names: str) -> set[str]:
    """Return the chats that a page heard of by these events."""
    return {event.data["chat"] for event in page.heard if event.name in names}


async def bubble(page: Page, holds: str) -> dict[str, str]:
    """Wait for an entry of the open chat whose HTML holds this."""
    while holds not in (entry := await page.hears("message"))["html"]:
        pass
    return dict(entry)


def takes_over(login: str, seen: str | None = None) -> AgentTookOver:
    return AgentTookOver(agent=login, seen=seen)


def replies(inbox: Inbox, login: str, text: str) -> AgentReplied:
    message = MessageId(inbox.bot.app[IDS]())
    return AgentReplied(agent=login, content=Text(body=text), message=message)


# --- rows and numbers ---------------------------------------------------------------------------


async def test_a_new_chat_comes_into_the_queue_with_its_numbers(inbox: Inbox) -> None:
    ana = await inbox.sign_in("ana", available=True)
    async with listening(ana, {"view": "queue"}) as page:
        path = await inbox.chat()
        row = await page.hears("row", chat=name_of(path))
        assert f'id="row-{name_of(path).replace("/", "-")}"' in row["html"]
        assert (row["unread"], row["draft"], row["snoozed"]) == (1, False, None)
        await page.hears("counts", queue=1, mine=0)
        (notice,) = [event.data for event in page.heard if event.name == "notice"]
        assert (notice["cause"], notice["name"]) == ("chat", "Noor")


async def test_who_takes_a_chat_takes_it_from_the_others_queue_into_the_own_list(
    inbox: Inbox,
) -> None:
    ana, bo = await inbox.sign_in("ana"), await inbox.sign_in("bo")
    path = await inbox.chat()
    async with listening(ana, {"view": "mine"}) as mine, listening(bo, {"view": "queue"}) as queue:
        await happens(inbox, path, takes_over("ana"))
        await queue.hears("gone", chat=name_of(path))
        await queue.hears("counts", queue=0)
        row = await mine.hears("row", chat=name_of(path))
        assert 'data-assignee="ana"' in row["html"]
        await mine.hears("counts", queue=0, mine=1)


async def test_a_chat_of_another_team_or_line_is_told_to_nobody_else(inbox: Inbox) -> None:
    cook = await inbox.sign_in("cook", teams=["kitchen"], lines=["shop"])
    async with listening(cook, {"view": "all"}) as page:
        hidden = [await inbox.chat(team="bar"), await inbox.chat(line="kiosk")]
        shown = await inbox.chat(team="kitchen")
        await page.hears("row", chat=name_of(shown))
    assert told(page, "row", "notice") == {name_of(shown)}, hidden


async def test_what_is_read_on_the_phone_is_read_on_the_desk(inbox: Inbox) -> None:
    ana, bo = await inbox.sign_in("ana"), await inbox.sign_in("bo")
    path = await inbox.chat(holder="ana")
    await writes(inbox, path, "are you there?")
    key = key_of(path)
    async with listening(ana, {"view": "mine"}) as desk, listening(bo, {"view": "all"}) as other:
        newest = await inbox.bot.app[QUERIES].latest_messages(*key, limit=1)
        await mark_read(inbox.bot.app[DATABASE], "ana", [(*key, newest[0].id)])
        inbox.bot.app[HUB].changed_for("ana", key)
        await desk.hears("row", chat=name_of(path), unread=0)
        await desk.hears("counts", unread=0)
        await writes(inbox, path, "hello?")
        await desk.hears("row", chat=name_of(path), unread=1)
        await other.hears("row", chat=name_of(path), unread=3)
    assert {e.data["unread"] for e in other.heard if e.name == "row"} <= {2, 3}


async def test_what_is_put_off_leaves_the_queue_of_that_agent_alone_and_comes_back_in_time(
    inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telling, "WOKEN_EVERY_S", 0.05)
    ana, bo = await inbox.sign_in("ana"), await inbox.sign_in("bo")
    path = await inbox.chat()
    key = key_of(path)
    async with listening(ana) as hers, listening(bo) as his:
        now = datetime.now(UTC)
        until = now + timedelta(seconds=0.6)
        await snooze(inbox.bot.app[DATABASE], key, "ana", until, now=now)
        inbox.bot.app[HUB].changed_for("ana", key)
        await hers.hears("gone", chat=name_of(path))
        await hers.hears("row", chat=name_of(path))
    assert "gone" not in his.names()


@pytest.mark.parametrize("view", ["queue", "mine", "snoozed", "all"])
async def test_a_page_is_told_of_the_chats_that_its_list_would_show(
    inbox: Inbox, view: View
) -> None:
    ana = await inbox.sign_in("ana", teams=["kitchen", "bar"])
    assert ana.agent is not None
    app, paths = inbox.bot.app, []
    for team, holder in [("kitchen", None), ("bar", None), ("kitchen", "ana"), ("bar", "ana")]:
        paths += [await inbox.chat(team=team, holder=holder)]
    paths += [await inbox.chat(team="garden"), await inbox.chat(team="garden", holder="ana")]
    paths += [await inbox.chat(team="kitchen", holder="bo")]
    now = datetime.now(UTC)
    for path in (paths[0], paths[2]):
        await snooze(app[DATABASE], key_of(path), "ana", now + timedelta(hours=1), now=now)
    page = await chats(app[DATABASE], view, visible_to(app, ana.agent), now=now)
    expected = {f"{row.line}/{row.conversation}" for row in page.rows}
    async with listening(ana, {"view": view}) as stream:
        for path in paths:
            app[HUB].changed(*key_of(path))
        await until(lambda: len(told(stream, "row", "gone")) == len(paths))
    assert told(stream, "row") == expected


# --- the open chat ------------------------------------------------------------------------------


async def test_what_is_said_noted_and_changed_reaches_the_pages_that_have_the_chat_open(
    inbox: Inbox,
) -> None:
    ana, bo = await inbox.sign_in("ana"), await inbox.sign_in("bo")
    path, elsewhere = await inbox.chat(holder="ana"), await inbox.chat()
    open_, other = {"chat": name_of(path)}, {"chat": name_of(elsewhere)}
    async with listening(ana, open_) as page, listening(bo, other) as beside:
        await page.hears("message", chat=name_of(path))  # its end, as it was
        await writes(inbox, path, "<script>alert(1)</script>")
        said = await bubble(page, "&lt;script&gt;")
        assert "<script>" not in said["html"]
        assert said["after"] is not None

        await happens(inbox, path, replies(inbox, "ana", "Good morning"))
        first = await bubble(page, "Good morning")
        # The pretended provider knows of no window: what became of it is told in the same place.
        ended = first
        while 'data-status="held"' not in ended["html"]:
            ended = await page.hears("message", id=first["id"])

        id_ = inbox.bot.app[IDS]()
        note = Note(id_, "bo", "likes tea", datetime.now(UTC))
        await add_note(inbox.bot.app[DATABASE], *key_of(path), note)
        inbox.bot.app[HUB].changed(*key_of(path))
        noted = await page.hears("message", id=f"n-{id_}")
        assert "likes tea" in noted["html"]
    assert told(beside, "message") == {name_of(elsewhere)}


async def test_the_page_is_told_who_holds_the_chat_that_it_has_open(inbox: Inbox) -> None:
    ana = await inbox.sign_in("ana")
    await inbox.sign_in("bo")
    path = await inbox.chat()
    async with listening(ana, {"chat": name_of(path)}) as page:
        await page.hears("held", mode="waiting", assignee=None)
        await happens(inbox, path, takes_over("bo"))
        held = await page.hears("held", mode="agent", assignee="bo")
        assert held["name"] == "Bo"
        await happens(inbox, path, AgentReleased(agent="bo"))
        await page.hears("held", mode="bot", assignee=None)


async def test_a_chat_that_the_agent_may_not_see_is_not_open_in_their_page(inbox: Inbox) -> None:
    cook = await inbox.sign_in("cook", teams=["kitchen"])
    hidden, shown = await inbox.chat(team="bar"), await inbox.chat(team="kitchen")
    async with listening(cook, {"chat": name_of(hidden), "view": "queue"}) as page:
        await writes(inbox, hidden, "a secret")
        await writes(inbox, shown, "no secret")
        await page.hears("row", chat=name_of(shown))
    assert "message" not in page.names()
    assert "a secret" not in str(page.heard)


async def test_a_chat_that_goes_to_another_team_is_shut_in_the_page(inbox: Inbox) -> None:
    cook = await inbox.sign_in("cook", teams=["kitchen"])
    path = await inbox.chat(team="kitchen")
    async with listening(cook, {"chat": name_of(path)}) as page:
        await page.hears("row", chat=name_of(path))
        await happens(inbox, path, ChatAssigned(by="rule", team="bar"))
        await page.hears("gone", chat=name_of(path))
        await page.hears("shut", chat=name_of(path))


async def test_a_label_moves_a_chat_in_the_lists_that_are_narrowed_to_it(inbox: Inbox) -> None:
    ana = await inbox.sign_in("ana")
    path = await inbox.chat()
    database = inbox.bot.app[DATABASE]
    await save_label(database, Label("angry", "red"))
    async with listening(ana, {"view": "all", "label": "angry"}) as page:
        await set_labels(database, *key_of(path), ["angry"])
        inbox.bot.app[HUB].changed(*key_of(path))
        await page.hears("row", chat=name_of(path))
        await set_labels(database, *key_of(path), [])
        inbox.bot.app[HUB].changed(*key_of(path))
        await page.hears("gone", chat=name_of(path))


# --- sleep, lost lines, slow pages --------------------------------------------------------------


async def test_a_page_that_slept_is_told_of_each_chat_that_changed_once(inbox: Inbox) -> None:
    ana = await inbox.sign_in("ana")
    paths = [await inbox.chat() for _ in range(3)]
    async with listening(ana, {"chat": name_of(paths[0])}) as page:
        await page.hears("counts", queue=3)
        await writes(inbox, paths[2], "before")
        await page.hears("row", chat=name_of(paths[2]))
        await until(lambda: page.last != "")
    for text in ("one", "two", "three"):
        await writes(inbox, paths[0], text)
    await writes(inbox, paths[1], "four")
    async with listening(ana, {"chat": name_of(paths[0])}, last=page.last) as again:
        await again.hears("message", chat=name_of(paths[0]))
        await until(lambda: len(told(again, "row")) >= 2)
    assert "reload" not in again.names()
    assert told(again, "row") >= {name_of(paths[0]), name_of(paths[1])}
    said = "".join(event.data["html"] for event in again.heard if event.name == "message")
    assert all(text in said for text in ("one", "two", "three"))


@pytest.mark.parametrize("last", [None, "another-7", "nonsense", "-", "0-0"])
async def test_a_page_that_nobody_remembers_loads_itself_again(
    inbox: Inbox, last: str | None
) -> None:
    ana = await inbox.sign_in("ana")
    async with listening(ana, last=last) as page:
        await page.hears("reload")
        await page.hears("counts")


async def test_a_page_comes_with_what_it_was_made_of_and_loads_nothing_twice(inbox: Inbox) -> None:
    ana = await inbox.sign_in("ana")
    made = await ana.get()
    mark = made.text.partition('<meta name="live" content="')[2].partition('"')[0]
    path = await inbox.chat()
    async with listening(ana, {"last": mark}) as page:
        await page.hears("row", chat=name_of(path))
    assert "reload" not in page.names()


async def test_a_page_that_takes_nothing_holds_nobody_up(inbox: Inbox) -> None:
    ana, bo = await inbox.sign_in("ana"), await inbox.sign_in("bo")
    reader, writer = await asyncio.open_connection("127.0.0.1", inbox.bot.client.port)
    asked = f"GET /inbox/events?view=all HTTP/1.1\r\nHost: {inbox.origin.partition('//')[2]}\r\n"
    writer.write(f"{asked}Cookie: parley={bo.secret}\r\n\r\n".encode())
    await reader.readuntil(b"hello")  # and not a byte more
    async with listening(ana, {"view": "all"}) as page:
        path = await inbox.chat()
        for round_ in range(60):
            await writes(inbox, path, f"{round_} " + "x" * 3000)
        hub = inbox.bot.app[HUB]
        for stream in hub.streams.values():
            if stream.agent.login == "bo":
                for number in range(2000):
                    stream.put(("row", number), b"event: row\ndata: " + b"x" * 2000 + b"\n\n")
        await writes(inbox, path, "the last")
        async with asyncio.timeout(10):
            while "the last" not in (await page.hears("row", chat=name_of(path)))["html"]:
                pass
    writer.close()


async def test_another_program_that_writes_lets_every_page_load_again(inbox: Inbox) -> None:
    ana = await inbox.sign_in("ana")
    path = await inbox.chat()
    async with listening(ana, {"last": inbox.bot.app[HUB].mark(), "chat": name_of(path)}) as page:
        await page.hears("message")
        await inbox.bot.writes("UPDATE contact SET name = ?", "Someone else")
        await page.hears("reload")
        await page.hears("message")


# --- the end of a stream ------------------------------------------------------------------------


async def test_a_stream_ends_when_its_session_is_revoked(
    inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "LOOKED_EVERY_S", 0.05)
    ana = await inbox.sign_in("ana")
    assert ana.agent is not None
    app = inbox.bot.app
    async with listening(ana) as page:
        now = datetime.now(UTC)
        note = act_of(app, "command", "sessions_revoked", "ana", now=now)
        await revoke_sessions(app[DATABASE], "ana", keep=None, now=now, note=note)
        app[SESSIONS].forget("ana")
        await page.ends()
    assert not app[HUB].streams


async def test_the_servers_stop_ends_the_streams_at_once(tmp_path: Path) -> None:
    async with serving_inbox(tmp_path) as inbox:
        ana = await inbox.sign_in("ana")
        async with listening(ana) as page:
            began = asyncio.get_running_loop().time()
            await inbox.bot.client.close()
            await page.ends()
            assert asyncio.get_running_loop().time() - began < 5


async def test_an_agent_has_a_bounded_number_of_open_pages(inbox: Inbox) -> None:
    ana = await inbox.sign_in("ana")
    async with listening(ana) as first:
        hub = inbox.bot.app[HUB]
        assert ana.agent is not None
        more = [hub.join(ana.agent, Showing()) for _ in range(STREAMS_OF_ONE)]
        await first.ends()
        for stream in more:
            hub.leave(stream)


# --- more than one server ----------------------------------------------------------------------


async def test_a_page_at_one_server_is_told_of_what_another_one_did(
    tmp_path: Path, empty_postgres: str
) -> None:
    more = f'\n[database]\nurl = "{empty_postgres}"\n'
    folders = [tmp_path / name for name in ("first", "second")]
    for folder in folders:
        folder.mkdir()
    async with serving_inbox(folders[0], more=more) as here:
        agent, now = Agent("ana", "Ana", "agent", available=True), datetime.now(UTC)
        added = act_of(here.bot.app, "command", "agent_added", "ana", now=now)
        await add_agent(here.bot.app[DATABASE], agent, password_hash="!", now=now, note=added)
        ana = await here.browser(agent)
        async with (
            serving_inbox(folders[1], more=more) as there,
            listening(ana, {"view": "queue"}) as page,
        ):
            maria = there.bot.sandbox.contact("5215550001", name="Maria")
            await maria.says("agent")
            row = await page.hears("row")
            assert "Maria" in row["html"]
            await page.hears("counts", queue=1)
            line, _, id_ = row["chat"].partition("/")
            await happens(there, f"/chats/{line}/{id_}", takes_over("ana"))
            await page.hears("gone", chat=row["chat"])


async def test_supervisors_alone_are_called_for_a_chat_that_nobody_takes_in_time(
    tmp_path: Path,
) -> None:
    more = '\n[teams.kitchen]\nunclaimed_after = "1s"\n'
    async with serving_inbox(tmp_path, more=more) as inbox:
        boss = await inbox.sign_in("boss", "supervisor")
        cook = await inbox.sign_in("cook", teams=["kitchen"], available=True)
        async with listening(boss) as above, listening(cook) as page:
            path = await inbox.chat(team="kitchen")
            notice = await above.hears("notice")
            assert (notice["cause"], notice["chat"]) == ("late", name_of(path))
            await writes(inbox, path, "hello?")
            await page.hears("row")
            assert [one.data["cause"] for one in page.heard if one.name == "notice"] == ["chat"]
