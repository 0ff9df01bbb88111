"""Times that come while nobody answers: reminders, the end of the wait, scheduled messages."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta, tzinfo

import pytest

from engine.core import limits
from engine.core.closed import Planned
from engine.core.content import Event, Text
from engine.core.conversation import Contact
from engine.core.effects import CancelTimers, StartTimer
from engine.core.ids import RunId, TimerId, VisitId
from engine.core.quiet import QuietHours, read_quiet_hours
from engine.core.scheduled import Saying, Scheduled
from engine.core.signals import AgentReleased, AgentTookOver, StepReturned, TimerFired
from engine.core.waits import NO_RUN
from tests.builders import NOW, make_conversation
from tests.core.chat import Chat
from tests.core.small import END, Ask, Code, Small, Tell, make_book

HOUR = timedelta(hours=1)
VISIT = Small(
    "visit",
    {
        "size": Ask(
            "Which size?",
            ("Small", "Large"),
            remind=((2 * HOUR, "Still there?"), (6 * HOUR, None)),
            expires=12 * HOUR,
            then="sorry",
        ),
        "name": Ask("Your name?", ("Ana", "Ben"), expires=HOUR),
        "note": Ask("A note?", reads="words"),
        "thanks": Tell("Thank you!", then=END),
        "sorry": Tell("Another time, then.", then=END),
    },
    starts_on=("visit",),
)
ASIDE = Small("aside", {"why": Ask("Why?", reads="words")}, starts_on=("aside",))
WORK = Small("work", {"work": Code(), "more": Ask("More?", ("Yes", "No"))}, starts_on=("work",))


@dataclass(frozen=True)
class Night:
    """Quiet until a time."""

    until: datetime

    def zone_of(self, contact: Contact) -> tzinfo:
        return UTC

    def awake(self, contact: Contact, at: datetime) -> datetime:
        return max(at, self.until)


def at_size(**changes: object) -> Chat:
    return Chat(make_book(VISIT, ASIDE), **changes).says("visit")


def timer(chat: Chat) -> StartTimer:
    (found,) = [one for one in chat.timers() if one.purpose == "question"]
    return found


# --- reminders -------------------------------------------------------------------------------------


def test_the_question_sets_a_timer_for_what_is_due_first() -> None:
    chat = at_size()
    assert (timer(chat).due_at, timer(chat).run) == (NOW + 2 * HOUR, chat.run.id)


def test_each_reminder_is_said_once_in_the_timers_own_name_and_the_last_timer_is_the_end() -> None:
    chat = at_size()
    chat.waits(hours=2).rings(timer(chat))
    assert (chat.texts, chat.trace.matched) == (["Still there?"], "timer")
    assert [(one.origin, one.question) for one in chat.sent] == [("timer", True)]
    assert chat.trace.note == "reminder 1 of visit.size"
    chat.waits(hours=4).rings(timer(chat))
    assert (chat.texts, [one.origin for one in chat.sent]) == (["Which size?"], ["timer"])
    assert (timer(chat).due_at, chat.asked) == (NOW + 12 * HOUR, "visit.size")
    chat.waits(hours=6).rings(timer(chat))
    assert (chat.texts, chat.asked) == (["Another time, then."], None)
    assert [one.origin for one in chat.sent] == ["timer"]
    assert chat.cancelled() == ["question"]


def test_of_several_that_are_late_the_latest_alone_is_said() -> None:
    chat = at_size()
    chat.waits(hours=7).rings(timer(chat))
    assert chat.texts == ["Which size?"]
    assert timer(chat).due_at == NOW + 12 * HOUR


def test_an_answer_ends_them_and_a_timer_on_its_way_says_nothing() -> None:
    chat = at_size()
    late = timer(chat)
    chat.taps("Small")
    assert timer(chat).due_at == NOW + HOUR  # the next question's own, in the same run's place
    chat.waits(hours=2).rings(late)
    assert (chat.texts, chat.trace.note) == ([], "the visit is past")
    chat.says("Ana")
    assert (chat.asked, chat.cancelled()) == ("visit.note", ["question"])


def test_what_the_contact_writes_meanwhile_begins_the_wait_anew() -> None:
    chat = at_size()
    first = timer(chat)
    chat.waits(hours=1).says("hmm")
    assert chat.timers() == []
    chat.waits(hours=1).rings(first)
    assert (chat.texts, timer(chat).due_at) == ([], NOW + 3 * HOUR)
    chat.waits(hours=1).rings(timer(chat))
    assert chat.texts == ["Still there?"]


def test_without_a_way_on_the_whole_talk_ends_in_silence() -> None:
    chat = at_size().taps("Small")
    chat.waits(hours=1).rings(timer(chat))
    assert (chat.texts, chat.conversation.runs) == ([], ())
    assert chat.trace.note == "visit.name was not answered in time"


def test_a_person_who_takes_the_chat_ends_the_wait_and_the_release_begins_it_anew() -> None:
    chat = at_size()
    first = timer(chat)
    chat.gets(AgentTookOver(agent="kim"))
    assert chat.cancelled() == ["question"]
    chat.waits(hours=2).rings(first)
    assert (chat.texts, chat.trace.note) == ([], "the visit is past")
    chat.gets(AgentReleased(agent="kim"))
    assert timer(chat).due_at == NOW + 4 * HOUR


def test_another_flow_beside_it_waits_without_it() -> None:
    chat = at_size().taps("Small").says("aside")
    assert chat.cancelled() == ["question"]
    assert chat.asked == "aside.why"


def test_an_end_cancels_the_timer() -> None:
    assert at_size().says("cancel").cancelled() == ["question"]


def test_a_timer_with_nothing_to_ask_after_is_past() -> None:
    fired = TimerFired(timer=TimerId(1), purpose="question", run=RunId(1), visit=VisitId(1))
    chat = Chat(make_book(VISIT)).gets(fired)
    assert chat.trace.note == "the visit is past"


def test_whoever_wants_no_messages_is_not_reminded() -> None:
    chat = at_size()
    first, contact = timer(chat), chat.conversation.contact
    out = contact.model_copy(update={"opted_out_at": NOW})
    chat.conversation = chat.conversation.model_copy(update={"contact": out})
    chat.waits(hours=2).rings(first)
    assert (chat.texts, chat.trace.note) == ([], "the contact wants no messages")
    assert chat.cancelled() == ["question"]


def test_a_question_that_nobody_has_seen_is_not_asked_after() -> None:
    chat = at_size()
    turn = chat.run.offers["size"].turn
    chat.conversation = chat.conversation.model_copy(update={"unseen": turn})
    chat.waits(hours=2).rings(timer(chat))
    assert (chat.texts, chat.trace.note) == ([], "the question has met a closed window")
    assert timer(chat).due_at == NOW + 6 * HOUR


def test_a_reminder_that_meets_a_closed_window_leaves_the_question_seen() -> None:
    chat = at_size()
    closing = NOW + HOUR
    chat.conversation = chat.conversation.model_copy(update={"window_closes_at": closing})
    chat.waits(hours=2).rings(timer(chat))
    assert [(one.met, one.question) for one in chat.sent] == [("held", True)]
    assert chat.conversation.unseen == 0


def test_the_last_reminder_leaves_no_timer_where_the_question_has_no_end() -> None:
    chat = at_size()
    (first, *_) = chat.timers()
    unending = Ask("Which size?", ("Small",), remind=((2 * HOUR, "Still there?"),), expires=None)
    chat.book = make_book(replace(VISIT, places={**VISIT.places, "size": unending}), ASIDE)
    chat.waits(hours=2).rings(first)
    assert (chat.texts, chat.timers(), chat.run.waits) == (["Still there?"], [], None)


@pytest.mark.parametrize(
    ("today", "note"),
    [
        pytest.param(replace(VISIT, name="other"), "the question is gone", id="flow"),
        pytest.param(replace(VISIT, gone=frozenset({"size"})), "the question is gone", id="step"),
        pytest.param(
            replace(VISIT, places={k: v for k, v in VISIT.places.items() if k != "size"}),
            "the question is gone",
            id="question",
        ),
        pytest.param(
            replace(VISIT, places={**VISIT.places, "size": Ask("Which?", ("Small",))}),
            "the question waits no more",
            id="times",
        ),
    ],
)
def test_a_flow_that_has_changed_is_not_asked_after(today: Small, note: str) -> None:
    chat = at_size()
    first = timer(chat)
    chat.book = make_book(today, ASIDE)
    chat.waits(hours=2).rings(first)
    assert (chat.texts, chat.trace.note) == ([], note)


# --- scheduled messages ----------------------------------------------------------------------------


def scheduled(name: str = "a", hours: float = 2, text: str = "Hello!", **more: object) -> Scheduled:
    made = {"name": name, "due_at": NOW + hours * HOUR, "says": Text(body=text)} | more
    return Scheduled.model_validate(made)


def promised(*said: Saying) -> Chat:
    """Return a talk whose code step has scheduled these."""
    return Chat(make_book(WORK)).says("work").returns(said=said)


def test_what_is_scheduled_waits_in_the_conversation_with_one_timer_for_the_first() -> None:
    chat = promised(scheduled("b", 3), scheduled("a", 2))
    assert chat.texts == ["More?"]
    (started,) = chat.timers()
    assert (started.purpose, started.run, started.due_at) == ("scheduled", NO_RUN, NOW + 2 * HOUR)


def test_it_is_said_at_its_time_in_the_timers_own_name_even_if_the_run_has_ended() -> None:
    chat = promised(scheduled("b", 3, "Later"), scheduled("a", 2))
    (first,) = chat.timers()
    chat.conversation = chat.conversation.model_copy(update={"runs": ()})
    chat.waits(hours=2).rings(first)
    assert [(one.origin, one.content) for one in chat.sent] == [("timer", Text(body="Hello!"))]
    (second,) = chat.timers()
    chat.waits(hours=1).rings(second)
    assert (chat.texts, chat.timers()) == (["Later"], [])
    assert CancelTimers(run=second.run, purpose="scheduled") in chat.last.effects


def test_several_that_are_late_are_all_said_once_in_the_order_of_their_times() -> None:
    chat = promised(scheduled("b", 3, "Second."), scheduled("a", 2, "First."))
    (first,) = chat.timers()
    chat.waits(hours=20).rings(first)
    assert chat.texts == ["First.\n\nSecond."]
    chat.rings(first)
    assert (chat.texts, chat.trace.note) == ([], "nothing is due")


def test_it_keeps_its_own_plan_for_a_closed_window() -> None:
    planned = Planned(content=Text(body="Hello!"), closed="fail")
    chat = promised(scheduled(says=planned, hours=30))
    chat.waits(hours=30).rings(chat.timers()[0])
    assert [(one.closed, one.met) for one in chat.sent] == [("fail", "failed")]


def test_one_of_the_same_name_takes_its_place_and_a_time_that_has_passed_says_nothing() -> None:
    chat = promised(scheduled("a", 2), scheduled("a", 5, "Instead"))
    assert [one.due_at for one in chat.conversation.scheduled] == [NOW + 5 * HOUR]
    chat = promised(scheduled("a", 2), scheduled("a", -1))
    assert chat.conversation.scheduled == ()
    assert chat.trace.note == "a is not said: its time has passed"


def test_there_is_a_most_of_them() -> None:
    most = limits.SCHEDULED_PER_CONVERSATION
    chat = promised(*(scheduled(f"n{number}") for number in range(most + 1)))
    assert len(chat.conversation.scheduled) == most
    assert chat.trace.note == f"n{most} is not said: {most} messages are scheduled already"


def test_a_step_takes_one_back_by_its_name() -> None:
    chat = Chat(make_book(WORK), scheduled=(scheduled("a"), scheduled("b"))).says("work")
    busy = chat.conversation.busy
    assert busy is not None
    chat.gets(StepReturned(run=busy.run, visit=busy.visit, takes_back=("a", "gone")))
    assert [one.name for one in chat.conversation.scheduled] == ["b"]


def test_cancel_takes_everything_back() -> None:
    chat = promised(scheduled()).says("cancel")
    assert (chat.conversation.scheduled, chat.cancelled()) == ((), ["scheduled"])


def test_what_a_step_of_a_past_visit_schedules_is_past_too() -> None:
    chat = Chat(make_book(WORK)).says("work")
    busy = chat.conversation.busy
    assert busy is not None
    chat.gets(AgentTookOver(agent="kim"))
    done = Event(name="Ordered")
    chat.gets(StepReturned(run=busy.run, visit=busy.visit, said=(scheduled(), done)))
    assert ([one.content for one in chat.sent], chat.conversation.scheduled) == ([done], ())


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        pytest.param({"mode": "agent"}, "a person has the chat", id="agent"),
        pytest.param({"mode": "waiting"}, "a person has the chat", id="waiting"),
        pytest.param({"last_inbound_at": NOW + HOUR}, "the contact has written since", id="silent"),
    ],
)
def test_it_is_kept_back_where_it_is_out_of_place(changes: dict[str, object], why: str) -> None:
    due = scheduled(silent_since=NOW)
    both = (due, scheduled("b", silent_since=NOW))
    chat = Chat(None, scheduled=both, **changes).waits(hours=2)
    ring(chat)
    assert (chat.texts, chat.conversation.scheduled) == ([], ())
    assert chat.trace.note == f"a is not said: {why}; b is not said: {why}"


def test_if_silent_it_is_said_where_nothing_came_since() -> None:
    chat = Chat(last_inbound_at=NOW, scheduled=(scheduled(silent_since=NOW),)).waits(hours=2)
    assert ring(chat).texts == ["Hello!"]


def test_whoever_wants_no_messages_gets_none() -> None:
    contact = make_conversation().contact.model_copy(update={"opted_out_at": NOW})
    chat = Chat(contact=contact, scheduled=(scheduled(),)).waits(hours=2)
    assert ring(chat).trace.note == "a is not said: the contact wants no messages"


def test_in_quiet_hours_it_waits_for_the_morning() -> None:
    chat = Chat(scheduled=(scheduled("a", 2), scheduled("b", 30)), last_inbound_at=NOW)
    morning = NOW + 9 * HOUR
    chat.book = replace(make_book(), hours=Night(morning))
    ring(chat.waits(hours=2))
    assert (chat.texts, chat.trace.note) == ([], "quiet hours")
    assert [timer.due_at for timer in chat.timers()] == [morning]
    assert chat.waits(hours=7).rings(chat.timers()[0]).texts == ["Hello!"]
    assert [one.name for one in chat.conversation.scheduled] == ["b"]


def ring(chat: Chat) -> Chat:
    return chat.gets(
        TimerFired(timer=TimerId(1), purpose="scheduled", run=NO_RUN, visit=VisitId(0))
    )


# --- quiet hours -----------------------------------------------------------------------------------

NIGHT = QuietHours(time(21), time(8))
NOON = QuietHours(time(12), time(14, 30))


@pytest.mark.parametrize(
    ("quiet", "at", "over", "before"),
    [
        pytest.param(NIGHT, "04T20:59", "04T20:59", "04T20:59", id="day"),
        pytest.param(NIGHT, "04T21:00", "05T08:00", "04T20:59", id="evening"),
        pytest.param(NIGHT, "05T07:59", "05T08:00", "04T20:59", id="morning"),
        pytest.param(NIGHT, "05T08:00", "05T08:00", "05T08:00", id="end"),
        pytest.param(NOON, "04T13:00", "04T14:30", "04T11:59", id="noon"),
        pytest.param(NOON, "04T11:59", "04T11:59", "04T11:59", id="forenoon"),
    ],
)
def test_quiet_hours_end_and_begin(quiet: QuietHours, at: str, over: str, before: str) -> None:
    def moment(written: str) -> datetime:
        return datetime.fromisoformat(f"2026-03-{written}+00:00")

    assert quiet.over(moment(at), UTC) == moment(over)
    assert quiet.before(moment(at), UTC) == moment(before)


def test_quiet_hours_are_read_as_they_are_written() -> None:
    assert read_quiet_hours(" 21:00 - 8:00 ") == NIGHT


@pytest.mark.parametrize("written", ["", "21-8", "24:00-08:00", "08:00-08:00", "21:00"])
def test_other_words_are_no_quiet_hours(written: str) -> None:
    with pytest.raises(ValueError, match="hours"):
        read_quiet_hours(written)
