"""The open chat: its transcript in parts, who had it, what was searched for, and nothing hostile that runs."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_asyncio

from engine.core.signals import AgentReleased, AgentTookOver, ChatAssigned
from storage.inbox import Assigned, Began, Ended, Happened, TookOver
from tests.web.inbox.support import Inbox
from tests.web.inbox.talking import Talk, begin_talk
from web.inbox import pages
from web.inbox.chat.entries import Bubble
from web.inbox.chat.happened import key_of, told
from web.inbox.chat.reading import read_message, read_part
from web.inbox.texts.chat import ENGLISH as CHAT
from web.inbox.texts.chat import IN_SCRIPTS
from web.keys import QUERIES

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(loop_scope="session")
async def talk(inbox: Inbox) -> Talk:
    return await begin_talk(inbox)


async def test_older_messages_come_in_parts_that_join_without_a_gap(talk: Talk) -> None:
    app = talk.inbox.bot.app
    for number in range(7):
        await talk.phone.says(f"message {number}")
    whole = (await read_part(app, *talk.key)).entries
    part = await read_part(app, *talk.key, limit=3)
    joined = list(part.entries)
    while part.older is not None:
        part = await read_part(app, *talk.key, before=part.older, limit=3)
        joined = [*part.entries, *joined]
    assert [entry.id for entry in joined] == [entry.id for entry in whole]


async def test_what_stands_on_an_older_message_is_known_when_it_is_shown_later(talk: Talk) -> None:
    app = talk.inbox.bot.app
    await talk.send({"kind": "buttons", "text": "Tea?", "buttons": ["Yes", "No"]})
    await talk.hears()
    await talk.phone.reacts("👍")
    await talk.phone.taps("Yes")
    newest = (await read_part(app, *talk.key)).newest
    (question,) = [
        entry
        for entry in (await read_part(app, *talk.key, before=newest)).entries
        if isinstance(entry, Bubble) and entry.view.text == "Tea?"
    ]
    assert [option.title for option in question.view.options if option.chosen] == ["Yes"]
    assert [one.emoji for one in question.view.reactions] == ["👍"]


async def test_a_quote_is_shown_however_long_ago_the_message_was(talk: Talk) -> None:
    app = talk.inbox.bot.app
    first = await talk.phone.says("the very first")
    await talk.phone.says("and I meant that", reply_to=first.id)
    newest = (await read_part(app, *talk.key)).newest
    part = await read_part(app, *talk.key, limit=1)
    assert isinstance(part.entries[-1], Bubble)
    assert part.entries[-1].view.quote == "the very first"
    (alone,) = await read_message(app, *talk.key, newest)
    assert alone == part.entries[-1]


async def test_a_searched_message_stands_in_the_page_however_far_up(talk: Talk) -> None:
    for number in range(24):
        await talk.phone.says(f"number {number}!")
    wanted = (await talk.inbox.bot.app[QUERIES].latest_messages(*talk.key))[-24]
    page = (await talk.agent.get(f"{talk.path}?at={wanted.id}")).text
    assert f'id="m-{wanted.id}"' in page
    assert f'data-found="{wanted.id}"' in page
    assert 'id="messages-past"' in page
    assert "number 20!</div>" in page
    assert "number 21!</div>" not in page
    nonsense = await talk.agent.get(f"{talk.path}?at=-1%27")
    assert (nonsense.status, 'id="messages"' in nonsense.text) == (200, True)


async def test_who_had_the_chat_stands_between_the_messages(talk: Talk) -> None:
    await talk.signal(ChatAssigned(by=talk.name, team="bar", seen=talk.name))
    await talk.signal(AgentTookOver(agent=talk.name))
    await talk.signal(AgentReleased(agent=talk.name))
    page = (await talk.page()).lower()
    assert f"{talk.name} put the chat back into the queue · bar" in page
    assert page.count(f"{talk.name} took over") == 2
    assert f"{talk.name} gave the chat back to the bot" in page
    assert 'data-state="bot"' in page


async def test_hostile_words_are_words_everywhere_on_the_page(talk: Talk) -> None:
    hostile = "<script>alert(1)</script> javascript:alert(2) https://a.example/'onx=1"
    await talk.phone.says(hostile)
    page = await talk.shows("javascript:alert(2)")
    await talk.post("notes", {"client": "hostile-note-1", "text": hostile})
    page = await talk.page()
    chat = page[page.index('id="messages"') : page.index("</ol>")]
    assert chat.count("&lt;script&gt;alert(1)&lt;/script&gt;") == 2
    assert "<script" not in chat
    assert set(re.findall(r'href="([^"]*)"', chat)) <= {"https://a.example/"} | set(
        re.findall(r'href="(/inbox/static/[^"]*)"', chat)
    )
    assert re.findall(r"\son\w+=", re.sub(r">[^<]*<", "><", page)) == []


async def test_who_looks_on_may_write_notes_alone(talk: Talk) -> None:
    other = await talk.inbox.sign_in("reader")
    page = await talk.page(other)
    assert 'data-state="other"' in page
    assert 'data-can="note"' in page
    assert f"{talk.name} holds this chat" in page.lower()
    region = await other.get(f"{talk.path}/composer", hx_request="true")
    assert region.text.lstrip().startswith('<section class="composer"')


async def test_every_way_that_people_have_a_chat_has_words() -> None:
    at = datetime(2026, 8, 1, 12, tzinfo=UTC)
    names = {"ana": "Ana López"}
    happened: list[Happened] = [
        Began(1, at, "word", "inbox", "kitchen"),
        Began(1, at, "step_failed", "inbox", None),
        TookOver(1, at, "ana"),
        Assigned(1, at, "rule", "ben", None),
        Assigned(1, at, "ana", "ben", None),
        Assigned(1, at, "rule", None, None),
        Ended(1, at, "closed", "ana", "Solved <b>"),
        Ended(1, at, "contact", None, None),
        Ended(1, at, "quiet", None, None),
    ]
    assert [told(one, names) for one in happened] == [
        "Asked for an agent · waiting for kitchen",
        "The bot could not go on and asked for an agent",
        "Ana López took over",
        "ben was given the chat",
        "Ana López gave the chat to ben",
        "Back in the queue",
        "Ana López closed the chat: Solved <b>",
        "The contact went back to the bot",
        "Back to the bot after a quiet time",
    ]
    assert key_of(happened[0]) != key_of(happened[2])


async def test_texts_of_scripts_are_on_the_page(talk: Talk) -> None:
    page = await talk.page()
    assert [key for key in IN_SCRIPTS if f"{key}&#34;" not in page] == []


async def test_every_string_of_the_chat_is_shown_somewhere_and_scripts_have_theirs() -> None:
    folder = Path(pages.__file__).parent
    own = ["chat", "composer", "deliver", "canned", "picking", "files", "emoji", "asks", "new_chat"]
    scripts = "\n".join((folder / "static" / f"{name}.js").read_text() for name in own)
    code = "\n".join(path.read_text() for path in folder.rglob("*.py"))
    templates = "\n".join(path.read_text() for path in folder.glob("templates/*.html"))
    asked = set(re.findall(r"\bt\.(\w+)", templates)) | set(re.findall(r'"(\w+)"', scripts + code))
    by_value = ("began_", "people_", "bar_", "did_", "template_")
    assert {key for key in CHAT if key not in asked and not key.startswith(by_value)} == set()
    shown = set(re.findall(r'\bt\([^")]*"(\w+)"', scripts))
    assert shown - {*IN_SCRIPTS, "lines", "sends"} == set()
