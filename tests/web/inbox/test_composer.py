"""What agents write: sent once, by who holds the chat, in the time that the provider allows."""

import asyncio
import itertools
import json

import pytest
import pytest_asyncio

from adapters.sandbox.cloud import Fault
from engine.core.ids import LineId
from engine.core.signals import AgentReleased, AgentTookOver, ConsentChanged
from engine.core.templates import ButtonShape, TemplateShape
from engine.ports.services import TemplateInfo
from storage.inbox import draft_of
from storage.queries import Queries
from storage.templates import save_templates
from tests.loops.world import until
from tests.web.inbox.support import Inbox
from tests.web.inbox.talking import Talk, begin_talk, new_client
from web.inbox.texts import ENGLISH
from web.keys import CLOCK, DATABASE, QUERIES, TEMPLATES

pytestmark = pytest.mark.asyncio(loop_scope="session")

_numbers = itertools.count(1)

WELCOME = TemplateShape(
    body="Hello {{1}}, we are back.", buttons=(ButtonShape(kind="quick_reply", title="Good"),)
)


@pytest_asyncio.fixture(loop_scope="session")
async def talk(inbox: Inbox) -> Talk:
    return await begin_talk(inbox)


SHOWN = '<div class="text" dir="auto">Hello Noor, we are back.</div>'


async def knows_template(inbox: Inbox) -> None:
    """Let both lines have a template."""
    app = inbox.bot.app
    info = TemplateInfo(name="welcome", language="en", status="approved", shape=WELCOME)
    for line in ("shop", "kiosk"):
        await save_templates(app[DATABASE], LineId(line), [info], now=app[CLOCK].now())
    await app[TEMPLATES].load()


async def shut_talk(inbox: Inbox) -> Talk:
    """Begin a chat with somebody who has never written."""
    await knows_template(inbox)
    number = f"5215557780{next(_numbers):03}"
    agent = await inbox.sign_in(f"shut{number[-3:]}")
    answer = await agent.post("/new", new_chat(f"+{number}"), accept="application/json")
    path = json.loads(answer.text)["path"].removeprefix("/inbox")
    phone = inbox.bot.sandbox.contact(number)
    await until(lambda: len(phone.bubbles) == 1, timeout_s=30)
    return Talk(inbox, agent, path, phone)


# --- sending ------------------------------------------------------------------------------------------------


async def test_what_the_holder_writes_reaches_the_contact_with_the_agents_name(talk: Talk) -> None:
    answer = await talk.text("Good morning")
    assert answer["ok"] is True
    assert await talk.hears() == ["Good morning"]
    (entry,) = answer["entries"]
    assert entry["id"] == f"m-{answer['id']}"
    assert talk.name in entry["html"].lower()
    assert "Good morning" in await talk.page()


async def test_a_double_tap_sends_once(talk: Talk) -> None:
    client = new_client()
    one, two = await asyncio.gather(
        talk.text("only once", client=client), talk.text("only once", client=client)
    )
    later = await talk.text("only once", client=client)
    assert one["id"] == two["id"] == later["id"]
    assert later["entries"] != []
    await talk.text("and then")
    assert await talk.hears(2) == ["only once", "and then"]


async def test_who_does_not_hold_the_chat_is_told_who_does(talk: Talk) -> None:
    other = await talk.inbox.sign_in("onlooker", "admin")
    refused = await talk.text("mine", by=other)
    assert refused["status"] == 409
    assert refused["code"] == "held_by_another"
    assert talk.name in refused["error"].lower()
    await talk.signal(AgentTookOver(agent="onlooker", seen=talk.name))
    refused = await talk.text("still mine")
    assert "onlooker" in refused["error"].lower()
    await talk.text("I have it", by=other)
    assert await talk.hears() == ["I have it"]


async def test_nothing_is_sent_in_a_chat_that_went_back_to_the_bot(talk: Talk) -> None:
    await talk.signal(AgentReleased(agent=talk.name))
    refused = await talk.text("too late")
    assert (refused["status"], refused["error"]) == (409, ENGLISH["refused_nobody"])


async def test_a_closed_window_lets_templates_alone_out(inbox: Inbox) -> None:
    talk = await shut_talk(inbox)
    refused = await talk.text("hello?")
    assert (refused["status"], refused["code"]) == (409, "window_shut")
    page = await talk.page()
    assert 'data-state="shut"' in page
    assert ENGLISH["window_shut"] in page
    said = {"kind": "template", "name": "welcome", "language": "en", "body": ["Noor"]}
    assert (await talk.send(said))["ok"] is True
    await until(lambda: len(talk.phone.bubbles) == 2, timeout_s=30)
    assert [one.type for one in talk.phone.bubbles] == ["template", "template"]
    assert (await talk.page()).count(SHOWN) == 2


async def test_the_window_opens_when_the_contact_writes(inbox: Inbox) -> None:
    talk = await shut_talk(inbox)
    await talk.phone.says("here I am")
    assert 'data-state="open"' in await talk.shows("here I am")
    assert (await talk.text("welcome"))["ok"] is True


async def test_a_template_that_does_not_fit_says_why(talk: Talk) -> None:
    await knows_template(talk.inbox)
    refused = await talk.send({"kind": "template", "name": "welcome", "language": "en"})
    assert refused["status"] == 409
    assert "to fill" in refused["error"]


async def test_the_picker_lists_shows_and_previews_templates(talk: Talk) -> None:
    await knows_template(talk.inbox)
    listed = await talk.agent.get(f"{talk.path}/templates?q=BACK")
    assert "welcome" in listed.text
    assert "welcome" not in (await talk.agent.get(f"{talk.path}/templates?q=nothing")).text
    one = await talk.agent.get(f"{talk.path}/templates/one?name=welcome&language=en")
    assert 'name="body.0"' in one.text
    assert "Hello {{1}}, we are back." in one.text
    form = {"name": "welcome", "language": "en", "body.0": "<script>alert(1)</script>"}
    shown = await talk.agent.post(f"{talk.path}/templates/preview", form)
    assert "Hello &lt;script&gt;alert(1)&lt;/script&gt;, we are back." in shown.text
    assert talk.said == []


async def test_a_contact_who_has_opted_out_gets_nothing(talk: Talk) -> None:
    now = talk.inbox.bot.app[CLOCK].now()
    await talk.signal(ConsentChanged(change="opted_out", by="contact", source="stop", at=now))
    refused = await talk.text("one more thing")
    assert (refused["status"], refused["error"]) == (409, ENGLISH["opted_out"])
    assert 'data-state="unwanted"' in await talk.page()
    assert talk.said == []


@pytest.mark.parametrize(
    ("said", "status"),
    [
        pytest.param({"kind": "text", "text": "x" * 4097}, 422, id="long-text"),
        pytest.param({"kind": "text", "text": "   "}, 422, id="empty"),
        pytest.param({"kind": "buttons", "text": "?", "buttons": ["x" * 21]}, 422, id="long-title"),
        pytest.param(
            {"kind": "buttons", "text": "?", "buttons": [*"abcd"]}, 409, id="four-buttons"
        ),
        pytest.param({"kind": "list", "text": "?", "label": "x", "rows": []}, 422, id="no-rows"),
        pytest.param({"kind": "file", "file": "../../etc/passwd"}, 422, id="no-key"),
        pytest.param({"kind": "file", "file": "0" * 64}, 409, id="no-file"),
        pytest.param({"kind": "read_mark", "message": "x"}, 422, id="not-for-agents"),
        pytest.param(["text"], 422, id="no-object"),
    ],
)
async def test_what_the_line_would_not_take_is_refused_in_words(
    talk: Talk, said: dict[str, object], status: int
) -> None:
    refused = await talk.send(said)
    assert refused["status"] == status
    assert refused["error"]
    assert talk.said == []


async def test_a_question_with_buttons_shows_what_was_tapped(talk: Talk) -> None:
    await talk.send({"kind": "buttons", "text": "Tea?", "buttons": ["Yes", "No"]})
    await talk.hears()
    await talk.phone.taps("No")
    assert 'class="option chosen"' in await talk.shows("option chosen")


async def test_a_list_is_sent_as_one(talk: Talk) -> None:
    rows = [{"title": "Small", "description": "200 ml"}, {"title": "Large"}]
    await talk.send({"kind": "list", "text": "Which size?", "label": "Sizes", "rows": rows})
    await talk.hears()
    assert [option.title for option in talk.phone.bubbles[-1].options] == ["Small", "Large"]


async def test_an_answer_names_the_message_that_it_answers(talk: Talk) -> None:
    delivery = await talk.phone.says("my question")
    page = await talk.shows("my question")
    (item,) = [one for one in page.split("<li ") if "my question" in one and "data-external" in one]
    asked = item.split('data-id="')[1].split('"')[0]
    await talk.text("my answer", reply_to=asked)
    await talk.hears()
    assert talk.phone.bubbles[-1].reply_to == delivery.id
    assert '<span class="quote" dir="auto"><span>my question</span>' in await talk.page()


async def test_a_reaction_stands_on_the_contacts_message_and_goes_when_taken_back(
    talk: Talk,
) -> None:
    delivery = await talk.phone.says("thank you")
    answer = await talk.send({"kind": "reaction", "to": delivery.id, "emoji": "🙏"})
    (entry,) = answer["entries"]
    assert "thank you" in entry["html"]
    assert "data-ours" in entry["html"]
    asked = {"kind": "reaction", "to": delivery.id, "emoji": None}
    (entry,) = (await talk.send(asked))["entries"]
    assert "data-ours" not in entry["html"]


async def test_what_failed_says_why_and_is_sent_again(talk: Talk) -> None:
    talk.inbox.bot.sandbox.faults.arm(
        Fault(kind="error", code=131026, to=talk.phone.address), talk.inbox.bot.sandbox.monotonic()
    )
    answer = await talk.text("please arrive")
    page = await talk.shows("data-retry")
    assert "131026" in page
    again = await talk.post("retry", {"id": answer["id"]})
    assert again["ok"] is True
    assert await talk.hears() == ["please arrive"]
    refused = await talk.post("retry", {"id": answer["id"]})
    assert (refused["status"], refused["error"]) == (409, ENGLISH["retry_past"])
    acts = talk.inbox.bot.rows("SELECT act FROM audit WHERE subject LIKE ?", f"%/{answer['id']}")
    assert sorted(acts) == [("message_retried",), ("replied",)]


# --- drafts, notes, canned replies ---------------------------------------------------------------------------


async def test_a_draft_is_there_in_another_browser_and_gone_when_sent(talk: Talk) -> None:
    assert talk.agent.agent is not None
    await talk.post("draft", {"text": "half a <b>sentence", "reply_to": "0"})
    second = await talk.inbox.browser(talk.agent.agent)
    assert "half a &lt;b&gt;sentence</textarea>" in await talk.page(second)
    await talk.text("a whole sentence")
    kept = await draft_of(talk.inbox.bot.app[DATABASE], *talk.key, talk.name)
    assert kept is None


async def test_a_note_and_a_template_leave_the_draft_where_it_is(talk: Talk) -> None:
    await talk.post("draft", {"text": "half a sentence", "reply_to": "0"})
    await talk.post("notes", {"client": new_client(), "text": "be kind"})
    assert "half a sentence</textarea>" in await talk.page()
    template = {"kind": "template", "name": "welcome", "language": "en", "body": ["Noor"]}
    assert (await talk.send(template))["ok"] is True
    assert "half a sentence</textarea>" in await talk.page()


async def test_a_note_stays_among_agents_and_is_kept_once(talk: Talk) -> None:
    client = new_client()
    form = {"client": client, "text": "be *kind*"}
    one = await talk.post("notes", form)
    assert (await talk.post("notes", form))["id"] == one["id"]
    page = await talk.page()
    assert page.count("be <strong>kind</strong>") == 1
    await talk.text("hello")
    assert await talk.hears() == ["hello"]


async def test_only_its_writer_or_a_supervisor_deletes_a_note(talk: Talk) -> None:
    note = await talk.post("notes", {"client": new_client(), "text": "a secret"})
    agent = await talk.inbox.sign_in("curious")
    refused = await talk.post("notes/delete", {"id": note["id"]}, by=agent)
    assert (refused["status"], refused["error"]) == (409, ENGLISH["note_of_another"])
    boss = await talk.inbox.sign_in("boss", "supervisor")
    assert (await talk.post("notes/delete", {"id": note["id"]}, by=boss))["ok"] is True
    assert "a secret" not in await talk.page()


async def test_a_note_of_another_chat_is_not_found_here(talk: Talk) -> None:
    other = await begin_talk(talk.inbox)
    note = await other.post("notes", {"client": new_client(), "text": "elsewhere"})
    assert (await talk.post("notes/delete", {"id": note["id"]}))["status"] == 404
    assert "elsewhere" in await other.page()


async def test_canned_replies_come_filled_and_supervisors_keep_them(talk: Talk) -> None:
    boss = await talk.inbox.sign_in("lead", "supervisor")
    text = "Hello {contact.name|there}, {agent.name} here. {unknown} {contact.phone.__class__}"
    assert (await boss.post("/replies", {"shortcut": "greet", "text": text})).status == 303
    assert (await talk.agent.post("/replies", {"shortcut": "x", "text": "x"})).status == 403
    offered = json.loads((await talk.agent.get(f"{talk.path}/replies")).text)["replies"]
    (greet,) = [one["text"] for one in offered if one["shortcut"] == "greet"]
    assert talk.agent.agent is not None
    named = talk.agent.agent.name
    assert greet == f"Hello Noor, {named} here. {{unknown}} {{contact.phone.__class__}}"
    assert 'action="/inbox/replies/delete"' not in (await talk.agent.get("/replies")).text
    assert (await boss.post("/replies/delete", {"shortcut": "greet"})).status == 303
    assert "greet" not in (await talk.agent.get(f"{talk.path}/replies")).text


# --- a new chat ------------------------------------------------------------------------------------------------


def new_chat(phone: str, *, client: str = "") -> dict[str, str]:
    filled = {"name": "welcome", "language": "en", "body.0": "Noor"}
    return {"client": client or new_client(), "line": "shop", "phone": phone, **filled}


async def test_a_new_chat_begins_with_a_template_and_is_the_agents_own(inbox: Inbox) -> None:
    await knows_template(inbox)
    agent = await inbox.sign_in("opener")
    form = new_chat("+52 1 555 777 0001")
    answer = await agent.post("/new", form, accept="application/json")
    again = await agent.post("/new", form, accept="application/json")
    path = json.loads(answer.text)["path"]
    assert json.loads(again.text)["path"] == path
    phone = inbox.bot.sandbox.contact("5215557770001")
    await until(lambda: len(phone.bubbles) == 1, timeout_s=30)
    page = await agent.get(path.removeprefix("/inbox"))
    assert 'data-state="shut"' in page.text
    assert "Opener" in page.text
    assert page.text.count(SHOWN) == 1


async def test_a_new_chat_asks_for_a_number_and_for_a_line_of_ones_own(inbox: Inbox) -> None:
    await knows_template(inbox)
    agent = await inbox.sign_in("kiosker", lines=["kiosk"])
    assert "<option selected>kiosk" in (await agent.get("/new")).text
    assert "<option>shop" not in (await agent.get("/new")).text
    wrong = await agent.post("/new", new_chat("555"), accept="application/json")
    assert wrong.status == 404  # the line is not theirs
    for number in ("call me", "+999123456789", "12345678"):
        form = new_chat(number) | {"line": "kiosk"}
        wrong = await agent.post("/new", form, accept="application/json")
        assert (wrong.status, json.loads(wrong.text)["error"]) == (422, ENGLISH["phone_wrong"])


async def test_a_new_chat_takes_nobodys_chat_away(talk: Talk) -> None:
    await knows_template(talk.inbox)
    other = await talk.inbox.sign_in("taker")
    form = new_chat(f"+{talk.phone.address}")
    refused = await other.post("/new", form, accept="application/json")
    assert refused.status == 409
    assert talk.name in refused.text.lower()
    assert (await talk.chat()).assignee == talk.name


async def test_a_new_chat_reaches_into_no_other_team(inbox: Inbox) -> None:
    await knows_template(inbox)
    talk = await begin_talk(inbox, team="kitchen")
    other = await inbox.sign_in("barman", teams=["bar"])
    form = new_chat(f"+{talk.phone.address}")
    refused = await other.post("/new", form, accept="application/json")
    assert json.loads(refused.text)["error"] == ENGLISH["chat_of_another_team"]


async def test_how_far_an_agent_has_read_is_kept(talk: Talk) -> None:
    queries: Queries = talk.inbox.bot.app[QUERIES]
    newest = (await queries.latest_messages(*talk.key))[-1].id
    await talk.post("read", {"message": str(newest)})
    assert f'data-read="{newest}"' in await talk.page()
