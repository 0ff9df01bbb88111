"""Handoff, takeover, release: who holds the chat and when the bot is silent."""

from datetime import timedelta

import pytest

from engine.core.content import Location, Template, Text
from engine.core.effects import CancelUnsent
from engine.core.signals import AgentReleased, AgentReplied, AgentTookOver
from tests.builders import NOW, make_photo, make_tap
from tests.core.chat import Chat, at_confirm, kinds_of
from tests.core.small import END, ORDER, Ask, Person, Small, make_book

TAKE = AgentTookOver(agent="bo")
RELEASE = AgentReleased(agent="bo")


def handed_off() -> Chat:
    return at_confirm().taps("Ask a person")


def test_a_handoff_waits_in_its_teams_queue() -> None:
    chat = handed_off()
    assert chat.texts == ["A colleague is joining."]
    assert chat.handoffs() == ["flow"]
    assert (chat.conversation.mode, chat.conversation.team) == ("waiting", "kitchen")


@pytest.mark.parametrize("mode", ["waiting", "agent"])
def test_the_bot_is_silent_while_people_hold_the_chat(mode: str) -> None:
    chat = handed_off()
    if mode == "agent":
        chat.gets(TAKE)
    for content in (
        "hello",
        "help",
        "agent",
        "order",
        make_photo(),
        make_tap("p1:1:order.pizza:x"),
    ):
        assert chat.says(content).last.effects == ()
        assert chat.trace.matched == "recorded"
    assert chat.conversation.mode == mode


def test_a_message_to_people_still_opens_the_window() -> None:
    chat = handed_off().gets(TAKE).waits(hours=5).says("hello?")
    assert chat.conversation.window_closes_at == NOW + timedelta(hours=29)


@pytest.mark.parametrize(
    ("word", "asked"), [("menu", "welcome.hello"), ("Cancel", None)], ids=["menu", "cancel"]
)
def test_a_contact_who_waits_may_go_back_to_the_bot(word: str, asked: str | None) -> None:
    chat = handed_off().says(word)
    assert chat.conversation.mode == "bot"
    assert chat.conversation.team is None
    assert chat.asked == asked


def test_whoever_waits_stays_in_the_queue_where_menu_leads_nowhere() -> None:
    chat = handed_off()
    chat.book = make_book(ORDER)
    assert chat.says("menu").conversation.mode == "waiting"
    assert chat.trace.matched == "recorded"
    assert chat.says("cancel").conversation.mode == "bot"


def test_no_word_takes_the_chat_from_an_agent() -> None:
    assert handed_off().gets(TAKE).says("menu").conversation.mode == "agent"


def test_a_takeover_cancels_what_the_flow_has_not_sent() -> None:
    chat = at_confirm().gets(TAKE)
    assert CancelUnsent() in chat.last.effects
    assert (chat.conversation.mode, chat.conversation.assignee) == ("agent", "bo")


def test_whoever_takes_what_was_handed_off_cancels_nothing() -> None:
    chat = handed_off().gets(TAKE)
    assert CancelUnsent() not in chat.last.effects
    assert (chat.conversation.mode, chat.conversation.assignee) == ("agent", "bo")
    assert chat.conversation.team == "kitchen"


def test_a_takeover_ends_a_running_step() -> None:
    chat = at_confirm().taps("Yes").gets(TAKE)
    assert chat.conversation.busy is None
    assert kinds_of(chat.last.effects) == [
        "cancel_timers",
        "cancel_timers",
        "cancel_unsent",
        "record_handoff",
    ]
    chat.gets(RELEASE)
    assert chat.conversation.runs == ()
    assert chat.sent == []


def test_another_agent_may_take_over() -> None:
    chat = handed_off().gets(TAKE).gets(AgentTookOver(agent="cy", seen="bo"))
    chat.gets(AgentReleased(agent="cy"))
    assert chat.asked == "order.confirm"


def test_an_agents_words_are_sent_as_theirs() -> None:
    chat = handed_off().gets(TAKE).gets(AgentReplied(agent="bo", content=Text(body="Hi, Bo here.")))
    assert [message.origin for message in chat.sent] == ["agent"]
    assert chat.sent[0].met is None


def test_an_agents_words_are_held_in_a_closed_window_but_a_template_goes() -> None:
    chat = handed_off().gets(TAKE).waits(hours=25)
    assert (
        chat.gets(AgentReplied(agent="bo", content=Text(body="Still there?"))).sent[0].met == "held"
    )
    template = Template(name="still_there", language="en")
    assert chat.gets(AgentReplied(agent="bo", content=template)).sent[0].met is None


def test_an_agent_does_not_wait_for_a_code_step() -> None:
    chat = at_confirm().taps("Yes").gets(TAKE)
    chat.gets(AgentReplied(agent="bo", content=Text(body="Soon!")))
    assert chat.texts == ["Soon!"]
    assert chat.conversation.busy is None


@pytest.mark.parametrize(
    ("chat", "note"),
    [(at_confirm(), "held by nobody"), (handed_off().gets(TAKE), "held by bo")],
    ids=["the flows'", "another's"],
)
def test_nothing_is_sent_of_who_does_not_hold_the_chat(chat: Chat, note: str) -> None:
    before = chat.conversation
    chat.gets(AgentReplied(agent="cy", content=Text(body="Me too!")))
    assert (chat.sent, chat.trace.note) == ([], note)
    assert chat.conversation == before


def test_a_release_asks_the_handoffs_then_anew_with_the_corrected_answers() -> None:
    chat = handed_off().gets(TAKE)
    chat.gets(AgentReleased(agent="bo", answers={"quantity": 3}))
    assert chat.run.answers == {"pizza": "Funghi 🍄", "size": "Large", "quantity": 3}
    assert chat.asked == "order.confirm"
    assert chat.texts == ["Shall we make it?"]
    assert (chat.conversation.mode, chat.conversation.assignee) == ("bot", None)
    assert chat.conversation.team is None


def test_a_corrected_answer_is_no_longer_shown_as_the_contact_saw_it() -> None:
    flow = Small(
        "a",
        {
            "photo": Ask("A photo?", reads="photo"),
            "sure": Ask("Sure?", routes={"Yes": END, "Ask": "person"}),
            "person": Person("One moment.", then="sure"),
        },
    )
    chat = Chat(make_book(flow, start="a")).says("hi").says(make_photo()).taps("Ask")
    assert chat.run.shown == {"photo": "photo"}
    chat.gets(AgentReleased(agent="bo", answers={"photo": "media.9"}))
    assert chat.run.shown == {}


def test_an_agent_may_name_where_the_talk_goes_on() -> None:
    chat = handed_off().gets(TAKE).gets(AgentReleased(agent="bo", resume="size"))
    assert chat.asked == "order.size"


def test_a_release_without_a_then_ends_silently() -> None:
    flow = Small("a", {"person": Person("One moment.")})
    chat = Chat(make_book(flow, start="a")).says("hi").gets(TAKE).gets(RELEASE)
    assert chat.conversation.runs == ()
    assert chat.conversation.mode == "bot"
    assert chat.sent == []


def test_a_release_of_a_chat_that_never_had_a_flow_is_silent() -> None:
    chat = Chat().gets(TAKE).gets(RELEASE)
    assert chat.conversation.mode == "bot"
    assert chat.sent == []


def test_a_release_nobody_needs_is_recorded() -> None:
    chat = at_confirm()
    before = chat.conversation
    assert chat.gets(RELEASE).conversation == before


def test_a_takeover_in_the_middle_of_a_question_asks_it_again_after_the_release() -> None:
    chat = at_confirm().gets(TAKE).gets(RELEASE)
    assert chat.texts == ["Shall we make it?"]


def test_a_word_for_a_person_asks_the_question_again_after_the_release() -> None:
    assert at_confirm().says("agent").gets(RELEASE).texts == ["Shall we make it?"]


def test_a_release_starts_the_expiry_anew() -> None:
    chat = handed_off().gets(TAKE).waits(hours=5).says("ok").gets(RELEASE)
    assert [timer.due_at for timer in chat.timers()] == [NOW + timedelta(hours=7)]


def test_a_release_into_a_flow_that_is_gone_begins_with_the_start_flow() -> None:
    chat = handed_off().gets(TAKE)
    chat.book = make_book(Small("new", {"q": Ask("New?", ("Yes", "No"))}), start="new")
    assert chat.gets(RELEASE).texts == ["Let us go on from here.\n\nNew?"]


def test_people_get_places_as_well() -> None:
    chat = handed_off().says(Location(latitude=1, longitude=2))
    assert chat.conversation.unasked_at is None
