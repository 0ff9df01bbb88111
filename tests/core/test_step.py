"""The happy path, the stack, code steps, timers."""

from dataclasses import replace
from datetime import timedelta

import pytest

from engine.core import limits
from engine.core.book import Book
from engine.core.content import Text
from engine.core.ids import RunId, TimerId, VisitId
from engine.core.signals import (
    DeliveryReported,
    LineReported,
    StepReturned,
    TimerFired,
)
from engine.core.step import give_up, may_interrupt, step
from tests.builders import NOW, PHONE, make_arrival, make_conversation, make_message
from tests.core.chat import Chat, at_confirm
from tests.core.small import END, ORDER, Ask, Call, Change, Code, Small, Tell, make_book


def test_an_order_goes_from_question_to_question() -> None:
    chat = Chat().says("hello")
    assert chat.texts == ["Hi! How can we help?"]
    assert chat.taps("Order a pizza").texts == ["Which pizza?"]
    assert chat.taps("Funghi 🍄").texts == ["Which size?"]
    assert chat.says("grande").texts == ["How many?"]
    assert chat.says("2").texts == ["Shall we make it?"]
    assert chat.run.answers == {"pizza": "Funghi 🍄", "size": "Large", "quantity": 2}


def test_each_turn_counts_one_turn_and_one_version() -> None:
    chat = Chat().says("hello")
    assert (chat.conversation.turn, chat.conversation.version) == (1, 1)
    chat.taps("Hours")
    assert (chat.conversation.turn, chat.conversation.version) == (2, 2)


def test_the_same_arguments_give_the_same_step() -> None:
    conversation, arrival = make_conversation(), make_arrival()
    book = make_book()
    assert step(conversation, arrival, NOW, book) == step(conversation, arrival, NOW, book)


def test_a_called_flow_returns_to_the_caller_without_falling_through() -> None:
    chat = Chat().says("hello").taps("Order a pizza").taps("Funghi 🍄").taps("Large").says("1")
    chat.taps("Yes").returns(answers={"number": 7})
    assert chat.texts == ["Thank you!\n\nAnything else?"]
    assert chat.asked == "welcome.more"
    assert [run.flow for run in chat.conversation.runs] == ["welcome"]


def test_the_last_end_ends_the_talk() -> None:
    chat = Chat().says("hello").taps("Hours").taps("No, thanks")
    assert chat.conversation.runs == ()
    assert chat.conversation.ended_at == NOW
    assert chat.sent == []


def test_a_change_of_flow_leaves_the_caller_below_and_nothing_else() -> None:
    change = Small("change", {"go": Change("order")})
    caller = Small("caller", {"call": Call("change", END), "never": Tell("never")})
    chat = Chat(make_book(caller, change, ORDER, start="caller")).says("hello")
    assert [run.flow for run in chat.conversation.runs] == ["caller", "order"]


def test_a_run_that_waits_for_nothing_ends_with_the_one_it_called() -> None:
    chat = Chat().says("hello").taps("Order a pizza").taps("Funghi 🍄").taps("Large").says("2")
    below, above = chat.conversation.runs
    runs = (below.model_copy(update={"then": None}), above)
    chat.conversation = chat.conversation.model_copy(update={"runs": runs})
    chat.taps("Yes").returns()
    assert chat.conversation.runs == ()


def test_a_talk_without_a_question_goes_to_a_person() -> None:
    loop = Small("loop", {"a": Tell("a", then="b"), "b": Tell("b", then="a")})
    chat = Chat(make_book(loop, start="loop")).says("hello")
    assert chat.handoffs() == ["too_many_steps"]
    assert len(chat.trace.path) == limits.STEPS_PER_TURN
    assert chat.texts == ["One moment, a colleague is joining."]


@pytest.mark.parametrize(
    "flow",
    [
        pytest.param(Small("loop", {"go": Change("loop")}), id="changes"),
        pytest.param(Small("loop", {"go": Call("loop", "go")}), id="calls"),
        pytest.param(Small("loop", {"go": Call("short", "go")}), id="returns"),
    ],
)
def test_flows_that_lead_to_each_other_for_ever_go_to_a_person(flow: Small) -> None:
    short = Small("short", {"a": Tell("a")})
    chat = Chat(make_book(flow, short, start="loop")).says("hello")
    assert chat.handoffs() == ["too_many_steps"]
    assert chat.conversation.mode == "waiting"
    assert len(chat.conversation.runs) <= limits.RUNS_PER_CONVERSATION


def test_a_call_of_a_flow_that_is_not_there_goes_to_a_person() -> None:
    chat = Chat(make_book(Small("a", {"go": Call("b", END)}), start="a")).says("hello")
    assert chat.handoffs() == ["error"]
    assert chat.trace.note == "there is no flow 'b'"


# --- code steps ----------------------------------------------------------------------------------


def test_a_code_step_makes_the_conversation_busy_and_sets_its_timer() -> None:
    chat = at_confirm().taps("Yes")
    busy = chat.conversation.busy
    assert busy is not None
    assert busy.step == "place"
    assert [effect.kind for effect in chat.last.effects] == ["run_step", "start_timer"]
    due = NOW + timedelta(seconds=30) + limits.STEP_TIMEOUT_GRACE
    assert [timer.due_at for timer in chat.timers()] == [due]


def test_a_message_waits_for_the_code_step() -> None:
    chat = at_confirm().taps("Yes")
    before = chat.conversation
    chat.says("hello?")
    assert chat.last.deferred
    assert chat.conversation == before
    assert chat.last.effects == ()
    assert chat.trace.matched == "deferred"


def test_what_a_step_said_and_assigned_is_taken_in_together() -> None:
    chat = at_confirm().taps("Yes").returns(answers={"number": 9}, said=(Text(body="Baking."),))
    assert chat.texts == ["Baking.\n\nThank you!"]
    assert chat.cancelled() == ["step_timeout", "run_expires"]


def test_a_step_goes_on_at_the_exit_it_names() -> None:
    chat = at_confirm().taps("Yes").returns(exit="size", said=(Text(body="Sold out."),))
    assert chat.conversation.busy is None
    assert chat.texts[0].startswith("Sold out.")


def test_a_step_after_a_step_gets_its_own_timer() -> None:
    two = Small("two", {"a": Code(), "b": Code()})
    chat = Chat(make_book(two, start="two")).says("hello").returns()
    assert [effect.kind for effect in chat.last.effects] == [
        "cancel_timers",
        "run_step",
        "start_timer",
    ]


def test_a_step_that_failed_goes_to_a_person_with_its_error() -> None:
    chat = at_confirm().taps("Yes").returns(error="OvenCold: 20 degrees")
    assert chat.handoffs() == ["step_failed"]
    assert chat.trace.note == "OvenCold: 20 degrees"
    assert chat.texts == ["One moment, a colleague is joining."]


def test_a_step_that_failed_with_an_exit_goes_on_there() -> None:
    chat = at_confirm().taps("Yes").returns(error="OvenCold", exit="done")
    assert chat.texts == ["Thank you!"]


@pytest.mark.parametrize(
    "past",
    [
        pytest.param({"visit": VisitId(999)}, id="another-visit"),
        pytest.param({"run": RunId(999)}, id="another-run"),
    ],
)
def test_what_comes_back_for_a_past_visit_changes_nothing(past: dict[str, object]) -> None:
    chat = at_confirm().taps("Yes")
    busy = chat.conversation.busy
    assert busy is not None
    before = chat.conversation
    returned = StepReturned(run=busy.run, visit=busy.visit)
    chat.gets(returned.model_copy(update=past))
    assert chat.conversation == before
    assert chat.last.effects == ()
    assert not chat.last.deferred


def test_what_comes_back_twice_counts_once() -> None:
    chat = at_confirm().taps("Yes")
    busy = chat.conversation.busy
    assert busy is not None
    chat.returns()
    before = chat.conversation
    chat.gets(StepReturned(run=busy.run, visit=busy.visit))
    assert chat.conversation == before


def test_a_step_that_takes_too_long_goes_to_a_person() -> None:
    chat = at_confirm().taps("Yes")
    chat.rings(chat.timers()[0])
    assert chat.handoffs() == ["step_failed"]
    assert chat.conversation.busy is None


def test_a_timeout_of_a_past_visit_changes_nothing() -> None:
    chat = at_confirm().taps("Yes")
    timer = chat.timers()[0]
    chat.returns()
    before = chat.conversation
    assert chat.rings(timer).conversation == before
    chat = at_confirm().taps("Yes")
    before = chat.conversation
    chat.rings(replace(timer, visit=VisitId(999)))
    assert chat.conversation == before


def test_cancel_ends_a_running_step() -> None:
    chat = at_confirm().taps("Yes").says("cancel")
    assert chat.conversation.busy is None
    assert chat.conversation.runs == ()
    assert chat.texts == ["Cancelled. Write to us whenever you like."]


def test_what_waited_when_a_cancel_came_is_past() -> None:
    chat = at_confirm().taps("Yes")
    before = chat.now
    chat.waits(seconds=3).says("cancel").waits(seconds=3)
    chat.gets(make_message("order", at=before), received_at=before)
    assert (chat.trace.matched, chat.sent) == ("recorded", [])
    assert chat.says("order").asked == "order.pizza"


def test_cancel_in_a_group_waits_like_all_else() -> None:
    assert may_interrupt(make_message("Cancel"))
    assert not may_interrupt(make_message("Cancel", group_id="g"))
    assert not may_interrupt(make_message("Large"))


# --- expiry --------------------------------------------------------------------------------------


def test_an_expiry_is_timed_once_a_run() -> None:
    chat = Chat().says("order")
    assert [timer.due_at for timer in chat.timers()] == [NOW + timedelta(hours=2)]
    assert chat.taps("Quattro").timers() == []


def test_an_expiry_counts_from_the_last_message() -> None:
    chat = Chat().says("order")
    timer = chat.timers()[0]
    chat.waits(hours=1).taps("Quattro").waits(hours=1).rings(timer)
    assert [timer.due_at for timer in chat.timers()] == [NOW + timedelta(hours=3)]
    assert chat.asked == "order.size"
    chat.waits(hours=1).rings(timer)
    assert chat.conversation.runs == ()
    assert chat.sent == []


def test_an_expiry_ends_the_whole_stack() -> None:
    chat = Chat().says("hello").taps("Order a pizza")
    timer = chat.timers()[0]
    chat.waits(hours=2).rings(timer)
    assert chat.conversation.runs == ()


def test_an_expiry_stands_still_in_a_handoff() -> None:
    chat = Chat().says("order")
    timer = chat.timers()[0]
    chat.says("agent")
    assert chat.cancelled() == ["run_expires"]
    chat.waits(hours=9).rings(timer)
    assert chat.asked is not None
    assert chat.trace.matched == "recorded"


def test_an_expiry_of_a_past_run_changes_nothing() -> None:
    chat = Chat().says("order")
    timer = chat.timers()[0]
    chat.says("menu")
    before = chat.conversation
    assert chat.waits(hours=3).rings(timer).conversation == before


# --- what is recorded ----------------------------------------------------------------------------


def test_a_higher_serial_is_left_to_newer_replicas() -> None:
    chat = Chat(make_book(serial=3), serial=4)
    before = chat.conversation
    assert chat.says("hello").last.deferred
    assert chat.conversation == before


def test_a_step_stamps_the_serial_of_its_book() -> None:
    assert Chat(make_book(serial=3), serial=2).says("hello").conversation.serial == 3


def test_a_free_entry_point_is_raised_never_lowered() -> None:
    def report(hours: int | None) -> DeliveryReported:
        until = None if hours is None else NOW + timedelta(hours=hours)
        message = make_message()
        return DeliveryReported(
            external_id=message.external_id, status="sent", at=NOW, free_until=until
        )

    chat = Chat().gets(report(None))
    assert chat.conversation.free_until is None
    chat.gets(report(72)).gets(report(24)).gets(report(None))
    assert chat.conversation.free_until == NOW + timedelta(hours=72)
    assert chat.conversation.turn == 0


def test_what_a_line_reports_is_recorded_alone() -> None:
    chat = Chat().says("hello")
    before = chat.conversation
    chat.gets(LineReported(field="account_update", data={}))
    assert chat.conversation == before


# --- giving up -----------------------------------------------------------------------------------


def test_a_step_that_keeps_raising_goes_to_a_person() -> None:
    chat = Chat().says("order")
    arrival = make_arrival(make_message("boom"))
    result = give_up(chat.conversation, arrival, NOW, chat.book, "ValueError: boom")
    assert result.conversation.mode == "waiting"
    assert result.conversation.resume == "pizza"
    assert result.conversation.last_inbound_id == getattr(arrival.signal, "external_id", None)
    assert result.trace.note == "ValueError: boom"


def test_giving_up_without_a_run_still_tells_the_contact() -> None:
    arrival = make_arrival(make_message("boom"))
    result = give_up(make_conversation(), arrival, NOW, make_book(), "boom")
    assert [effect.kind for effect in result.effects] == [
        "send_message",
        "hand_off",
        "record_handoff",
        "start_timer",
    ]


def test_giving_up_while_an_agent_holds_the_chat_says_nothing() -> None:
    conversation = make_conversation(mode="agent", assignee="bo")
    fired = TimerFired(timer=TimerId(1), purpose="run_expires", run=RunId(1), visit=VisitId(1))
    result = give_up(conversation, make_arrival(fired), NOW, make_book(), "boom")
    assert result.effects == ()
    assert result.conversation == conversation


def test_a_book_of_no_flows_steps_as_well() -> None:
    chat = Chat(Book({}, PHONE, None)).says("hello")
    assert chat.trace.matched == "no_flow"


def test_a_question_without_options_is_plain_text() -> None:
    chat = Chat(make_book(Small("a", {"q": Ask("Why?", reads="words")}), start="a")).says("hi")
    assert [message.content for message in chat.sent] == [Text(body="Why?")]
