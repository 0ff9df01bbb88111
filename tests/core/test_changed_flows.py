"""Stored runs that meet flows which have changed since."""

from engine.core.content import (
    List,
)
from tests.core.chat import Chat, at_confirm, at_size
from tests.core.small import END, ORDER, WELCOME, Ask, Call, Small, Tell, make_book


def test_a_run_whose_flow_is_gone_begins_with_the_start_flow() -> None:
    chat = at_size()
    chat.book = make_book(WELCOME)
    assert chat.says("Large").texts == ["Let us go on from here.\n\nHi! How can we help?"]


def test_a_run_whose_flow_is_gone_and_nothing_to_begin_is_let_go() -> None:
    chat = at_size()
    chat.book = make_book(Small("other", {"a": Tell("a")}))
    assert "received" in chat.says("Large").texts[0]
    assert chat.conversation.runs == ()


def test_a_called_flow_that_is_gone_returns_to_its_caller() -> None:
    chat = Chat().says("hello").taps("Order a pizza")
    chat.book = make_book(WELCOME)
    assert chat.says("Quattro").texts == ["Let us go on from here.\n\nAnything else?"]


def test_a_caller_that_is_gone_is_not_returned_to() -> None:
    chat = Chat().says("hello").taps("Order a pizza").taps("Quattro").taps("Large").says("2")
    chat.taps("Yes")
    chat.book = make_book(ORDER)
    chat.returns()
    assert chat.texts == ["Thank you!"]
    assert chat.conversation.runs == ()


def test_a_run_that_cannot_be_fitted_begins_its_flow_anew() -> None:
    chat = at_size()
    chat.book = make_book(Small("order", ORDER.places, gone=frozenset({"size"})))
    assert chat.says("Large").texts == ["Let us go on from here.\n\nWhich pizza?"]
    assert chat.run.answers == {}


def test_a_run_whose_question_is_gone_goes_on_elsewhere() -> None:
    chat = at_size()
    places = {step: place for step, place in ORDER.places.items() if step != "size"}
    chat.book = make_book(Small("order", places))
    assert chat.says("Large").texts == ["Let us go on from here.\n\nWhich pizza?"]


def test_a_code_step_returns_into_a_flow_that_is_gone() -> None:
    chat = at_confirm().taps("Yes")
    chat.book = make_book(WELCOME)
    assert chat.returns().asked == "welcome.hello"


def test_the_flow_that_ends_after_its_caller_changed_skips_it() -> None:
    outer = Small("outer", {"go": Call("middle", "end"), "end": Ask("Outer?", ("Yes", "No"))})
    middle = Small("middle", {"go": Call("inner", END), "never": Tell("never")})
    inner = Small("inner", {"q": Ask("Inner?", ("Yes", "No"))})
    chat = Chat(make_book(outer, middle, inner, start="outer")).says("hi")
    chat.book = make_book(outer, inner)
    assert chat.says("Yes").asked == "outer.end"


def test_a_question_shown_as_a_list_names_its_rows() -> None:
    chat = Chat().says("order")
    assert isinstance(chat.shown[-1], List)


def test_an_old_tap_on_a_caller_that_is_gone_begins_with_the_start_flow() -> None:
    chat = Chat().says("hello").taps("Order a pizza")
    chat.book = make_book(ORDER, start="order")
    assert chat.taps("Hours").texts == ["Let us go on from here.\n\nWhich pizza?"]
    assert len(chat.conversation.runs) == 1


def test_an_old_tap_on_a_callers_question_that_is_gone_goes_on_elsewhere() -> None:
    chat = Chat().says("hello").taps("Order a pizza")
    places = {step: place for step, place in WELCOME.places.items() if step != "hello"}
    chat.book = make_book(Small("welcome", {"hi": Ask("Hi!", ("A", "B")), **places}), ORDER)
    assert chat.taps("Hours").texts[0].startswith("Let us go on from here.")
    assert [run.flow for run in chat.conversation.runs] == ["welcome", "order"]
