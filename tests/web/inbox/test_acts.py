"""What agents do to a chat: each act counts once, and who was too late is told who was not."""

import asyncio
import re
from datetime import UTC, datetime

import pytest

from engine.core.conversation import Conversation
from engine.core.ids import ConversationId, LineId
from storage.agents import disable_agent
from storage.audit import NO_LINE, Act
from tests.web.inbox.support import Answered, Browser, Inbox
from web.inbox.texts import ENGLISH
from web.keys import DATABASE, IDS, QUERIES

pytestmark = pytest.mark.asyncio(loop_scope="session")

HTMX = {"hx_request": "true"}


async def now_is(inbox: Inbox, path: str) -> Conversation:
    line, id_ = path.split("/")[2:]
    found = await inbox.bot.app[QUERIES].conversation(LineId(line), ConversationId(int(id_)))
    assert found is not None
    return found


async def do(browser: Browser, path: str, act: str = "a1", **form: str) -> Answered:
    return await browser.post(path, {"act": act, **form}, **HTMX)


def said(answered: Answered) -> str:
    (found,) = re.findall(r'data-said="([^"]*)"', answered.text)
    return str(found)


def acts_of(inbox: Inbox, login: str) -> list[str]:
    told = inbox.bot.rows(
        "SELECT act FROM audit WHERE actor = ? AND act <> 'signed_in' ORDER BY id", f"agent:{login}"
    )
    return [str(row[0]) for row in told]


async def test_of_two_who_claim_at_once_one_wins_and_the_other_is_told_who(inbox: Inbox) -> None:
    one, two = await inbox.sign_in("race1"), await inbox.sign_in("race2")
    chat = await inbox.chat()

    answers = await asyncio.gather(do(one, f"{chat}/claim"), do(two, f"{chat}/claim"))

    winner = (await now_is(inbox, chat)).assignee
    assert winner in ("race1", "race2")
    lost = answers[1] if winner == "race1" else answers[0]
    assert said(lost) == ENGLISH["act_held"].format(name=str(winner).title())
    assert 'role="alert"' in lost.text
    assert acts_of(inbox, "race1") + acts_of(inbox, "race2") == ["chat_claimed"]


async def test_a_form_that_is_sent_twice_is_one_act(inbox: Inbox) -> None:
    one, two = await inbox.sign_in("twice1"), await inbox.sign_in("twice2")
    chat = await inbox.chat()
    await do(one, f"{chat}/claim", "same")
    await do(two, f"{chat}/takeover", seen="twice1")

    again = await do(one, f"{chat}/claim", "same")

    assert again.status == 200
    assert (await now_is(inbox, chat)).assignee == "twice2"
    assert acts_of(inbox, "twice1") == ["chat_claimed"]


async def test_taking_over_asks_first_and_counts_only_while_it_is_as_seen(inbox: Inbox) -> None:
    await inbox.add("over1")
    two, three = await inbox.sign_in("over2"), await inbox.sign_in("over3")
    chat = await inbox.chat(holder="over1")

    asked = await two.get(f"{chat}/takeover", **HTMX)
    assert ENGLISH["take_over_title"].format(name="Over1") in asked.text
    await do(two, f"{chat}/takeover", seen="over1")
    late = await do(three, f"{chat}/takeover", seen="over1")

    assert said(late) == ENGLISH["act_held"].format(name="Over2")
    assert (await now_is(inbox, chat)).assignee == "over2"


async def test_a_chat_is_given_to_who_may_see_it_and_to_nobody_else(inbox: Inbox) -> None:
    boss = await inbox.sign_in("giver", "supervisor")
    await inbox.add("cook", teams=["kitchen"], available=True)
    await inbox.add("waiter", teams=["front"])
    await inbox.add("stallkeeper", lines=["kiosk"])
    gone = await inbox.add("gone", teams=["kitchen"])
    now = datetime.now(UTC)
    note = Act(inbox.bot.app[IDS](), NO_LINE, now, "command", "agent_disabled", gone.login)
    await disable_agent(inbox.bot.app[DATABASE], gone.login, now=now, note=note)
    chat = await inbox.chat(team="kitchen")

    asked = await boss.get(f"{chat}/assign", **HTMX)
    assert 'value="cook"' in asked.text
    assert not re.search(r'value="(waiter|stallkeeper|gone)"', asked.text)
    for login in ("waiter", "stallkeeper", "gone", "nobody-at-all"):
        refused = await do(boss, f"{chat}/assign", login, to=login)
        assert said(refused) == ENGLISH["act_no_agent"]
    given = await do(boss, f"{chat}/assign", "ok", to="cook")

    assert said(given) == ENGLISH["done_assign"].format(name="Cook")
    held = await now_is(inbox, chat)
    assert (held.assignee, held.mode, held.team) == ("cook", "agent", "kitchen")
    assert acts_of(inbox, "giver") == ["chat_assigned"]


async def test_a_chat_goes_into_a_queue_that_there_is(inbox: Inbox) -> None:
    browser = await inbox.sign_in("mover")
    await inbox.add("packer", teams=["packing"])
    chat = await inbox.chat(holder="mover")

    refused = await do(browser, f"{chat}/transfer", "1", team="no such", seen="mover")
    moved = await do(browser, f"{chat}/transfer", "2", team="packing", seen="mover")

    assert said(refused) == ENGLISH["act_no_team"]
    assert said(moved) == ENGLISH["done_transfer"].format(team="packing")
    held = await now_is(inbox, chat)
    assert (held.mode, held.team, held.assignee) == ("waiting", "packing", None)


async def test_who_gives_away_what_they_may_not_see_then_is_led_out(inbox: Inbox) -> None:
    browser = await inbox.sign_in("narrow", teams=["here"])
    await inbox.add("there", teams=["elsewhere"])
    chat = await inbox.chat(team="here", holder="narrow")

    moved = await do(browser, f"{chat}/transfer", team="elsewhere", seen="narrow")

    assert moved.status == 204
    assert moved.headers["HX-Redirect"] == "/inbox"
    assert (await browser.get(f"{chat}/side")).status == 404


async def test_a_chat_is_closed_with_a_reason_by_who_holds_it(inbox: Inbox) -> None:
    one, two = await inbox.sign_in("closer"), await inbox.sign_in("looker")
    chat = await inbox.chat(holder="closer")

    other = await do(two, f"{chat}/close", reason="Solved", seen="closer")
    empty = await do(one, f"{chat}/close", "e", reason=" ", seen="closer")
    done = await do(one, f"{chat}/close", "d", reason="Solved", other="Refunded", seen="closer")

    assert said(other) == ENGLISH["act_not_held"]
    assert said(empty) == ENGLISH["act_no_reason"]
    assert said(done) == ENGLISH["done_close"].format(reason="Refunded")
    assert (await now_is(inbox, chat)).mode == "closed"
    ((note,),) = inbox.bot.rows("SELECT note FROM handoff WHERE ended_by = 'closer'")
    assert note == "Refunded"


async def test_the_reasons_are_those_that_are_configured(inbox: Inbox) -> None:
    browser = await inbox.sign_in("reasons")
    chat = await inbox.chat(holder="reasons")
    asked = await browser.get(f"{chat}/close", **HTMX)
    assert re.findall(r'type="radio" name="reason" value="([^"]*)"', asked.text) == [
        "Solved",
        "No answer",
        "Spam",
        "Wrong number",
    ]


async def test_a_snoozed_chat_is_out_of_the_agents_way_and_no_other_ones(inbox: Inbox) -> None:
    one, two = await inbox.sign_in("sleeper"), await inbox.sign_in("awake")
    chat = await inbox.chat()

    asked = await one.get(f"{chat}/snooze?zone=Asia/Tokyo", **HTMX)
    assert 'value="Asia/Tokyo"' in asked.text
    refused = await do(one, f"{chat}/snooze", until="own", own="2001-01-01T10:00", zone="UTC")
    assert said(refused) == ENGLISH["act_no_time"]
    await do(one, f"{chat}/snooze", until="hour", own="2001-01-01T10:00", zone="Asia/Tokyo")

    assert ENGLISH["wake"] in (await one.get(f"{chat}/side", **HTMX)).text
    assert ENGLISH["wake"] not in (await two.get(f"{chat}/side", **HTMX)).text
    await do(one, f"{chat}/wake")
    assert ENGLISH["wake"] not in (await one.get(f"{chat}/side", **HTMX)).text
    assert acts_of(inbox, "sleeper") == ["chat_snoozed", "chat_woken"]


async def test_labels_are_put_on_made_and_taken_off(inbox: Inbox) -> None:
    browser = await inbox.sign_in("tagger")
    chat = await inbox.chat()

    made = await do(browser, f"{chat}/labels", name="  Big   order ", colour="rose")
    again = await do(browser, f"{chat}/labels", name="big ORDER", colour="blue")
    hostile = await do(browser, f"{chat}/labels", name="<script>alert(1)</script>")
    gone = await do(browser, f"{chat}/labels", name="Big order", off="yes")

    assert '<li class="label-chip rose"><bdi>Big order</bdi>' in made.text
    assert again.text.count("<bdi>Big order</bdi>") == 1
    assert "big ORDER" not in again.text
    assert "<script>alert" not in hostile.text
    assert "<bdi>Big order</bdi>" not in gone.text
    for name in ("", "x" * 41):
        assert said(await do(browser, f"{chat}/labels", name=name)) == ENGLISH["act_no_label"]
    asked = await browser.get(f"{chat}/labels", **HTMX)
    assert 'name="name" value="Big order"' in asked.text


async def test_without_htmx_an_act_leads_back_to_the_chat(inbox: Inbox) -> None:
    browser = await inbox.sign_in("plain")
    chat = await inbox.chat()
    answered = await browser.post(f"{chat}/claim", {"act": "p"})
    assert (answered.status, answered.headers["Location"]) == (303, f"/inbox{chat}")


@pytest.mark.parametrize("act", ["", "a b", "x" * 65, "é"])
async def test_an_act_needs_a_number_of_its_own(inbox: Inbox, act: str) -> None:
    browser = await inbox.sign_in(f"number{len(act)}{act.isascii()}")
    chat = await inbox.chat()
    assert (await do(browser, f"{chat}/claim", act)).status == 422
    assert (await now_is(inbox, chat)).assignee is None
