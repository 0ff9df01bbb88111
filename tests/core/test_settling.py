"""What a flow waits for of its own messages: that they reach the contact, or that they fail."""

import pytest

from engine.core import limits
from engine.core.closed import Planned
from engine.core.content import Text
from engine.core.effects import SendMessage
from engine.core.ids import MessageId, RunId, VisitId
from engine.core.signals import AgentReleased, AgentTookOver, MessageSettled
from engine.core.turn import RunEnded
from engine.core.watch import Reached, Watch
from tests.builders import make_photo
from tests.core.chat import Chat, at_confirm
from tests.core.small import END, Ask, Call, Change, Code, Small, Tell, make_book

PARCEL = Small(
    "parcel",
    {
        "notice": Tell("Your parcel is here.", wait="delivered", on_failed="call"),
        "rate": Ask("How was it?", ("Good", "Bad"), on_failed="call"),
        "thanks": Tell("Thank you!", then=END),
        "call": Tell("We shall call you.", then="later"),
        "later": Ask("When shall we call?", reads="words"),
    },
    start=True,
)
SILENT = Small(
    "silent",
    {"notice": Tell("Here it is.", wait="read"), "more": Ask("More?", ("Yes", "No"))},
    start=True,
)


def told(chat: Chat) -> Chat:
    return chat.says("hello")


def settled(chat: Chat, status: Reached | str, message: SendMessage | None = None) -> Chat:
    watch = (message or chat.sent[0]).watch
    assert watch is not None
    outcome = watch.outcome(str(status))
    assert outcome is not None
    error = "131026: undeliverable" if outcome == "failed" else None
    return chat.gets(MessageSettled(message=MessageId(7), watch=watch, status=outcome, error=error))


def at_notice(script: Small = PARCEL) -> Chat:
    return told(Chat(make_book(script)))


def test_a_step_that_waits_says_its_words_and_stops_there() -> None:
    chat = at_notice()
    assert chat.texts == ["Your parcel is here."]
    assert (chat.run.step, chat.run.awaits, chat.asked) == ("notice", "delivered", None)


def test_once_it_was_delivered_the_flow_goes_on() -> None:
    chat = settled(at_notice(), "delivered")
    assert chat.texts == ["How was it?"]
    assert (chat.asked, chat.run.awaits, chat.trace.matched) == ("parcel.rate", None, "settled")


@pytest.mark.parametrize("status", ["read", "played"])
def test_what_was_read_was_delivered(status: str) -> None:
    assert settled(at_notice(), status).asked == "parcel.rate"


def test_a_failure_leads_where_the_step_says_with_the_reason_in_the_trace() -> None:
    chat = settled(at_notice(), "failed")
    assert chat.texts == ["We shall call you.\n\nWhen shall we call?"]
    assert (chat.trace.matched, chat.trace.note) == ("settled", "131026: undeliverable")
    assert chat.run.failures == 1


def test_a_question_that_failed_leads_away_from_it() -> None:
    chat = settled(at_notice(), "delivered")
    assert settled(chat, "failed").asked == "parcel.later"


def test_a_failure_that_comes_late_still_counts_while_the_run_talks() -> None:
    chat = settled(at_notice(), "delivered")
    question = chat.sent[0]
    chat.says("hm").says("hm")
    assert settled(chat, "failed", question).asked == "parcel.later"


def test_a_failed_message_with_nowhere_to_go_ends_the_wait_with_a_person() -> None:
    chat = settled(at_notice(SILENT), "failed")
    assert chat.handoffs() == ["undelivered"]
    chat.gets(AgentTookOver(agent="bo")).gets(AgentReleased(agent="bo"))
    assert chat.asked == "silent.more"


def test_a_message_dropped_before_it_left_ends_the_wait_too() -> None:
    assert settled(at_notice(SILENT), "stale").handoffs() == ["undelivered"]


def test_failures_do_not_go_round_for_ever() -> None:
    chat = at_notice()
    notice = chat.sent[0]
    for _ in range(limits.FAILURES_PER_RUN):
        assert settled(chat, "failed", notice).handoffs() == []
    assert settled(chat, "failed", notice).handoffs() == ["undelivered"]
    assert chat.conversation.mode == "waiting"


def test_who_writes_has_been_reached() -> None:
    chat = at_notice().says("who are you?")
    assert chat.asked == "parcel.rate"
    assert (chat.trace.matched, chat.trace.note) == ("settled", "the contact has written")


def test_a_picture_says_so_too() -> None:
    assert at_notice().says(make_photo()).asked == "parcel.rate"


@pytest.mark.parametrize(("word", "mode"), [("cancel", "bot"), ("agent", "waiting")])
def test_some_words_work_while_a_step_waits(word: str, mode: str) -> None:
    chat = at_notice().says(word)
    assert chat.trace.matched == "word"
    assert chat.conversation.mode == mode
    assert (chat.conversation.runs == ()) == (word == "cancel")


def test_a_status_that_comes_after_the_contact_wrote_is_past() -> None:
    chat = at_notice()
    notice = chat.sent[0]
    chat.says("hi")
    settled(chat, "delivered", notice)
    assert chat.last.effects == ()
    assert (chat.trace.matched, chat.trace.note) == ("recorded", "the visit is past")


def test_a_wait_that_is_past_and_led_nowhere_is_past_when_it_fails() -> None:
    chat = at_notice(SILENT)
    notice = chat.sent[0]
    settled(chat.says("hi"), "failed", notice)
    assert chat.trace.note == "the visit is past"


def test_while_people_hold_the_chat_it_is_recorded_and_the_release_goes_on() -> None:
    chat = at_notice()
    notice = chat.sent[0]
    chat.gets(AgentTookOver(agent="bo"))
    settled(chat, "failed", notice)
    assert chat.last.effects == ()
    assert chat.trace.note == "the run is past, or does not talk now"
    chat.gets(AgentReleased(agent="bo"))
    assert chat.asked == "parcel.rate"


def test_an_ended_run_hears_no_more() -> None:
    chat = at_notice()
    notice = chat.sent[0]
    chat.says("cancel")
    settled(chat, "failed", notice)
    assert chat.trace.note == "the run is past, or does not talk now"


def test_a_step_that_is_gone_is_led_on_from() -> None:
    chat = at_notice()
    notice = chat.sent[0]
    chat.book = make_book(Small("parcel", dict(PARCEL.places), gone=frozenset({"notice"})))
    settled(chat, "delivered", notice)
    assert chat.trace.note == "parcel.notice is gone"
    other = at_notice()
    notice = other.sent[0]
    other.book = chat.book
    settled(other, "failed", notice)
    assert other.trace.note == "parcel.notice is gone"


def test_of_a_step_in_several_messages_the_last_is_waited_for() -> None:
    long = Small("long", {"all": Tell("word " * 1200, wait="read", on_failed="all")}, start=True)
    book = make_book(long)
    chat = told(Chat(book))
    *first, last = chat.sent
    assert first
    assert all(one.watch and one.watch.until is None and one.watch.failed for one in first)
    assert last.watch is not None
    assert last.watch.until == "read"


def test_words_nobody_waits_for_are_watched_by_nobody() -> None:
    chat = at_confirm()
    assert [message.watch for message in chat.sent] == [None]
    assert not chat.book.watches
    assert make_book(PARCEL).watches


def test_a_plan_and_a_watch_part_what_is_said() -> None:
    watch = Watch(run=RunId(1), visit=VisitId(0), failed="x")
    said = (
        Text(body="a"),
        Planned(content=Text(body="b"), watch=watch),
        Planned(content=Text(body="c"), watch=watch),
        Planned(content=Text(body="d")),
    )
    flow = Small("one", {"do": Code(), "ask": Ask("?", ("Yes", "No"))}, start=True)
    chat = told(Chat(make_book(flow)))
    chat.returns(said=said)
    assert chat.texts == ["a", "b\n\nc", "d\n\n?"]
    assert [message.watch for message in chat.sent] == [None, watch, None]


@pytest.mark.parametrize(
    ("until", "status", "outcome"),
    [
        ("delivered", "sent", None),
        ("delivered", "delivered", "delivered"),
        ("read", "delivered", None),
        ("read", "played", "read"),
        ("read", "stale", "failed"),
        (None, "stale", None),
        (None, "read", None),
        (None, "failed", "failed"),
    ],
)
def test_what_a_status_means(until: Reached | None, status: str, outcome: str | None) -> None:
    assert Watch(run=RunId(1), visit=VisitId(1), until=until).outcome(status) == outcome


# --- runs that end --------------------------------------------------------------------------------


def ended(chat: Chat) -> list[tuple[str, bool]]:
    return [(one.run.flow, one.is_complete) for one in chat.last.ended]


def test_a_run_that_comes_to_its_end_is_told_with_its_answers() -> None:
    chat = settled(at_notice(), "delivered").says("Good")
    (one,) = chat.last.ended
    assert one == RunEnded(one.run, is_complete=True)
    assert one.run.answers == {"rate": "Good"}


def test_a_run_that_is_cancelled_is_told_as_incomplete() -> None:
    assert ended(at_confirm().says("cancel")) == [("order", False)]


def test_a_caller_that_has_nothing_left_ends_with_the_called() -> None:
    inner = Small("inner", {"ask": Ask("?", ("Yes", "No"))})
    outer = Small(
        "outer", {"call": Call("inner", "bye"), "bye": Tell("Bye.", then=END)}, start=True
    )
    chat = told(Chat(make_book(outer, inner)))
    assert ended(chat.says("Yes")) == [("inner", True), ("outer", True)]


def test_a_change_of_flow_ends_the_run_it_leaves() -> None:
    other = Small("other", {"ask": Ask("?", ("Yes", "No"))})
    first = Small("first", {"go": Change("other")}, start=True)
    assert ended(told(Chat(make_book(first, other)))) == [("first", True)]
