"""Chats that people have elsewhere: on the business's own phone, or in a helpdesk."""

from datetime import timedelta

import pytest

from engine.core.content import Reaction
from engine.core.effects import CancelUnsent
from engine.core.ids import ExternalId
from engine.core.signals import (
    AgentReleased,
    BusinessReplied,
)
from tests.builders import NOW, make_photo
from tests.core.chat import Chat, at_size
from tests.core.handed import TAKE, echo, fired, handed_off, records, rings, timer_of
from tests.core.small import END, ORDER, WELCOME, Person, Small, Tell, make_book

# --- the business's own phone ----------------------------------------------------------------------


def test_the_business_on_its_phone_silences_the_flows() -> None:
    chat = at_size().gets(echo())
    assert (chat.conversation.mode, chat.conversation.assignee) == ("agent", None)
    assert CancelUnsent() in chat.last.effects
    handoff = chat.conversation.handoff
    assert handoff is not None
    assert (handoff.place, handoff.reason, handoff.replied_at) == ("phone", "phone", NOW)
    assert chat.says("Large").trace.matched == "recorded"
    timer = rings(chat).last.effects
    assert [effect.kind for effect in timer] == ["cancel_timers", "record_handoff", "start_timer"]
    assert chat.conversation.mode == "bot"
    assert chat.sent == []
    assert chat.says("Large").asked == "order.quantity"


def test_each_message_from_the_phone_begins_the_pause_anew() -> None:
    chat = at_size().gets(echo()).waits(minutes=20)
    chat.gets(echo(at=chat.now, key="echo-2"))
    timer = timer_of(chat)
    assert timer is not None
    assert timer.due_at == NOW + timedelta(minutes=50)
    chat.gets(echo(at=NOW - timedelta(minutes=5), key="echo-0"))  # an older one that came late
    assert chat.conversation.handoff is not None
    assert chat.conversation.handoff.due_at == timer.due_at
    assert chat.waits(minutes=15).gets(fired(timer.visit)).trace.note == "it is not due yet"


def test_an_echo_that_comes_after_the_pause_pauses_nothing() -> None:
    chat = at_size()
    before = chat.conversation
    chat.gets(echo(at=NOW - timedelta(hours=1)))
    assert chat.conversation == before
    assert chat.trace.note == "written too long ago to pause the flows"


def test_a_reaction_from_the_phone_pauses_nothing() -> None:
    chat = at_size()
    liked = {
        "external_id": "e",
        "content": Reaction(to=ExternalId("x"), emoji="👍"),
        "sent_at": NOW,
    }
    assert chat.gets(BusinessReplied.model_validate({"echo": liked})).conversation.mode == "bot"


def test_an_agents_chat_stays_theirs_when_the_phone_writes() -> None:
    chat = handed_off().gets(TAKE)
    before = chat.conversation
    assert chat.gets(echo()).conversation == before


def test_the_phone_claims_a_chat_that_waits_and_leaves_it_where_the_handoff_said() -> None:
    chat = handed_off().waits(minutes=5)
    chat.gets(echo(at=chat.now))
    handoff = chat.conversation.handoff
    assert handoff is not None
    assert (handoff.reason, handoff.place, handoff.claimed_at) == ("flow", "phone", chat.now)
    assert rings(chat).sent == []
    assert [record.ended for record in records(chat)] == ["quiet"]
    assert chat.says("hello").texts == ["Shall we make it?"]
    assert chat.conversation.resume is None


@pytest.mark.parametrize(
    ("word", "mode", "asked"),
    [("agent", "waiting", None), ("cancel", "bot", None), ("menu", "bot", "order.confirm")],
)
def test_words_count_where_a_talk_was_left_with_people(
    word: str, mode: str, asked: str | None
) -> None:
    chat = rings(handed_off().gets(echo()))
    assert chat.says(word).conversation.mode == mode
    assert chat.asked == asked
    if mode == "waiting":
        assert chat.gets(AgentReleased(agent="bo")).asked == "order.confirm"


def test_a_takeover_keeps_where_a_talk_was_left() -> None:
    chat = rings(handed_off().gets(echo())).gets(TAKE)
    assert chat.gets(AgentReleased(agent="bo")).asked == "order.confirm"


def test_a_photo_goes_on_too_where_a_talk_was_left() -> None:
    chat = rings(handed_off().gets(echo()))
    assert chat.says(make_photo()).asked == "order.confirm"


def test_a_talk_that_was_left_in_a_flow_that_is_gone_begins_anew() -> None:
    chat = rings(handed_off().gets(echo()))
    chat.book = make_book(WELCOME)
    assert chat.says("hello").asked == "welcome.hello"


def test_after_the_pause_a_handoff_without_a_then_has_ended() -> None:
    chat = Chat(make_book(Small("a", {"person": Person("One moment.")}), start="a")).says("hi")
    assert rings(chat.gets(echo())).conversation.runs == ()


def test_after_the_pause_a_run_that_awaits_its_message_still_does() -> None:
    flow = Small("a", {"sent": Tell("Sent.", wait="delivered"), "bye": Tell("Bye!", then=END)})
    chat = rings(Chat(make_book(flow, start="a")).says("hi").gets(echo()))
    assert chat.run.awaits == "delivered"
    assert chat.says("ok").texts == ["Bye!"]


def test_the_phone_pauses_where_nothing_goes_on() -> None:
    chat = Chat().gets(echo())
    assert chat.says("order").sent == []
    assert rings(chat).says("order").asked == "order.pizza"


def test_menu_brings_the_flows_back_from_the_phone() -> None:
    chat = at_size().gets(echo())
    assert chat.says("cancel").conversation.mode == "agent"
    assert chat.says("menu").asked == "welcome.hello"
    assert [record.ended for record in records(chat)] == ["contact"]


def test_an_agent_may_claim_what_the_phone_has() -> None:
    chat = at_size().gets(echo()).gets(TAKE)
    handoff = chat.conversation.handoff
    assert handoff is not None
    assert (handoff.place, handoff.due_at, chat.conversation.assignee) == ("inbox", None, "bo")


# --- a helpdesk ------------------------------------------------------------------------------------


def test_with_a_helpdesk_nobody_waits_and_nothing_is_acknowledged() -> None:
    chat = handed_off(helpdesk=True)
    assert chat.texts == ["A colleague is joining."]
    handoff = chat.conversation.handoff
    assert handoff is not None
    assert (chat.conversation.mode, handoff.place) == ("agent", "helpdesk")
    assert handoff.due_at == NOW + timedelta(hours=12)
    assert chat.waits(hours=11).says("hello?").sent == []
    assert chat.gets(echo(at=chat.now)).conversation.handoff == handoff
    assert rings(chat).sent == []
    assert chat.conversation.mode == "bot"
    assert chat.says("hello?").texts == ["Shall we make it?"]


def test_menu_brings_the_flows_back_from_a_helpdesk_where_it_leads_somewhere() -> None:
    assert handed_off(helpdesk=True).says("menu").asked == "welcome.hello"
    chat = handed_off(helpdesk=True)
    chat.book = make_book(ORDER)
    assert chat.says("menu").conversation.mode == "agent"
