"""Flows that the business begins."""

from typing import Literal

import pytest

from engine.core import limits, requests
from engine.core.signals import AgentReleased, AgentTookOver, FlowRequested
from engine.core.value import Json
from tests.builders import NOW, make_contact
from tests.core.chat import Chat, at_confirm, at_size
from tests.core.small import END, ORDER, WELCOME, Ask, Small, Tell, make_book

NEWS = Small(
    "news", {"news": Tell("We have a new oven."), "like": Ask("Do you like it?", ("Yes",))}
)
BYE = Small("bye", {"bye": Tell("Bye.", then=END)})
BOOK = make_book(WELCOME, ORDER, NEWS, BYE)


def asks_for(
    flow: str,
    if_busy: Literal["queue", "replace", "refuse"] = "queue",
    **answers: Json,
) -> FlowRequested:
    return FlowRequested(flow=flow, answers=answers, if_busy=if_busy)


def test_a_requested_flow_begins_where_no_talk_goes_on() -> None:
    chat = Chat(BOOK).gets(asks_for("order"))
    assert chat.asked == "order.pizza"
    assert chat.trace.matched == "requested"
    assert [message.met for message in chat.sent] == ["held"]  # the contact has never written
    assert {message.origin for message in chat.sent} == {"timer"}


def test_what_is_known_already_is_not_asked() -> None:
    chat = Chat(BOOK).gets(asks_for("order", pizza="Funghi 🍄", size="Large"))
    assert chat.asked == "order.quantity"
    assert chat.run.answers == {"pizza": "Funghi 🍄", "size": "Large"}


def test_a_flow_waits_for_the_end_of_the_talk() -> None:
    chat = at_confirm()
    chat.book = BOOK
    chat.gets(asks_for("news"))
    assert chat.trace.note == requests.WAITS
    assert chat.sent == []
    assert chat.asked == "order.confirm"
    chat.taps("Yes").returns()
    assert chat.asked == "news.like"
    assert "Thank you!" in chat.texts[0]
    assert chat.conversation.next_flows == ()


def test_flows_that_wait_begin_in_order_until_one_asks() -> None:
    chat = at_size()
    chat.book = BOOK
    for flow in ("bye", "news", "order"):
        chat.gets(asks_for(flow))
    chat.says("cancel")
    assert chat.asked == "news.like"
    assert [one.flow for one in chat.conversation.next_flows] == ["order"]


def test_a_flow_that_is_gone_by_then_is_passed_over() -> None:
    chat = at_size()
    chat.book = BOOK
    chat.gets(asks_for("news")).gets(asks_for("bye"))
    chat.book = make_book(WELCOME, ORDER, BYE)
    chat.says("cancel")
    assert chat.texts[-1].endswith("Bye.")
    assert chat.conversation.next_flows == ()


def test_a_flow_that_waits_begins_when_the_talk_expires() -> None:
    chat = Chat(BOOK).says("order")
    (timer,) = chat.timers()
    chat.gets(asks_for("news")).waits(hours=3).rings(timer)
    assert chat.asked == "news.like"


def test_a_flow_may_take_the_place_of_the_talk() -> None:
    chat = at_size()
    chat.book = BOOK
    chat.gets(asks_for("news", "replace"))
    assert chat.asked == "news.like"
    assert [run.flow for run in chat.conversation.runs] == ["news"]


def test_a_flow_may_take_the_place_of_a_code_step() -> None:
    chat = at_confirm().taps("Yes")
    chat.book = BOOK
    chat.gets(asks_for("news", "replace"))
    assert chat.conversation.busy is None
    assert chat.cancelled() == ["step_timeout", "run_expires"]
    assert chat.asked == "news.like"


@pytest.mark.parametrize("busy", [at_size, lambda: at_confirm().taps("Yes")], ids=["asks", "code"])
def test_a_flow_may_be_refused_while_a_talk_goes_on(busy: object) -> None:
    assert callable(busy)
    chat = busy()
    before = chat.conversation
    chat.gets(asks_for("order", "refuse"))
    assert chat.trace.note == requests.BUSY
    assert chat.conversation == before


@pytest.mark.parametrize("if_busy", ["queue", "replace"])
def test_no_flow_begins_while_people_hold_the_chat(if_busy: Literal["queue", "replace"]) -> None:
    chat = Chat(BOOK).says("order").gets(AgentTookOver(agent="eva"))
    chat.gets(asks_for("news", if_busy))
    assert chat.sent == []
    assert chat.trace.note == requests.WAITS
    chat.gets(AgentReleased(agent="eva"))
    assert chat.asked == "order.pizza"
    chat.says("cancel")
    assert chat.asked == "news.like"


def test_a_flow_begins_when_people_give_a_chat_back_in_which_nothing_went_on() -> None:
    chat = Chat(BOOK).gets(AgentTookOver(agent="eva")).gets(asks_for("news"))
    assert chat.gets(AgentReleased(agent="eva")).asked == "news.like"


def test_only_so_many_flows_wait() -> None:
    chat = at_size()
    chat.book = BOOK
    for _ in range(limits.NEXT_FLOWS):
        chat.gets(asks_for("bye"))
    assert chat.gets(asks_for("bye")).trace.note == requests.FULL
    assert len(chat.conversation.next_flows) == limits.NEXT_FLOWS


def test_whoever_wants_no_messages_is_begun_no_flow() -> None:
    chat = Chat(BOOK, contact=make_contact(opted_out_at=NOW)).gets(asks_for("news"))
    assert chat.trace.note == requests.OPTED_OUT
    assert chat.conversation.runs == ()


def test_an_unknown_flow_changes_nothing() -> None:
    chat = Chat(BOOK).gets(asks_for("lunch"))
    assert chat.trace.note == requests.GONE
    assert chat.conversation.version == 0
