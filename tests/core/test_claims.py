"""Agents and their chats: claimed, assigned, closed, given back; by one at a time."""

import pytest

from engine.core.content import Text
from engine.core.conversation import Handoff
from engine.core.signals import (
    AgentReleased,
    AgentReplied,
    AgentTookOver,
    ChatAssigned,
    ChatClosed,
)
from tests.core.chat import Chat, at_confirm
from tests.core.handed import TAKE, handed_off, records
from tests.core.small import Ask, Small, Tell, make_book

# --- agents ----------------------------------------------------------------------------------------


def test_of_two_agents_who_click_at_once_the_first_has_it_and_the_other_is_told() -> None:
    chat = handed_off().gets(TAKE).gets(AgentTookOver(agent="cy"))
    assert chat.conversation.assignee == "bo"
    assert chat.trace.note == "held by bo"
    assert chat.last.effects == ()


def test_who_saw_a_chat_held_that_is_free_again_is_told() -> None:
    chat = handed_off().gets(AgentTookOver(agent="cy", seen="bo"))
    assert (chat.conversation.mode, chat.trace.note) == ("waiting", "held by nobody")


def test_a_rule_gives_a_chat_to_an_agent_once() -> None:
    chat = handed_off()
    began = chat.conversation.handoff
    assert began is not None
    given = ChatAssigned(by="rule", agent="bo", turn=began.turn)
    chat.gets(given)
    assert (chat.conversation.assignee, chat.conversation.team) == ("bo", "kitchen")
    assert chat.gets(given).trace.note == "held by bo"
    chat.gets(AgentReleased(agent="bo"))
    assert chat.gets(given).trace.note == "the handoff is past"


def test_a_rule_puts_back_what_an_absent_agent_has_and_says_why() -> None:
    chat = handed_off().gets(TAKE)
    chat.gets(ChatAssigned(by="rule", team="kitchen", seen="bo"))
    assert (chat.conversation.mode, chat.conversation.team) == ("waiting", "kitchen")
    assert chat.trace.note == "bo is away"


def test_an_agent_gives_a_chat_to_another_of_another_team() -> None:
    chat = handed_off().gets(TAKE)
    chat.gets(ChatAssigned(by="bo", agent="cy", team="bar", seen="bo"))
    assert (chat.conversation.assignee, chat.conversation.team) == ("cy", "bar")
    chat.gets(AgentReplied(agent="bo", content=Text(body="Bye.")))
    assert chat.trace.note == "held by cy"


def test_who_is_given_a_running_step_ends_it() -> None:
    chat = at_confirm().taps("Yes").gets(ChatAssigned(by="cy", team="bar"))
    assert (chat.conversation.busy, chat.conversation.mode) == (None, "waiting")


def test_a_closed_chat_ends_with_its_reason_and_begins_anew() -> None:
    chat = handed_off().gets(TAKE).gets(ChatClosed(agent="bo", reason="solved"))
    assert (chat.conversation.mode, chat.conversation.runs) == ("closed", ())
    (row,) = records(chat)
    assert (row.ended, row.by, row.note, row.assignee) == ("closed", "bo", "solved", "bo")
    assert chat.says("order").asked == "order.pizza"
    assert chat.conversation.mode == "bot"


@pytest.mark.parametrize(
    "signal",
    [AgentReleased(agent="cy"), ChatClosed(agent="cy", reason="spam")],
    ids=["released", "closed"],
)
def test_who_does_not_hold_a_chat_neither_gives_it_back_nor_closes_it(
    signal: AgentReleased | ChatClosed,
) -> None:
    chat = handed_off().gets(TAKE)
    assert chat.gets(signal).conversation.assignee == "bo"
    assert chat.trace.note == "held by bo"
    seen = signal.model_copy(update={"seen": "bo"})  # a supervisor, who sees whose it is
    assert chat.gets(seen).conversation.assignee is None


def test_the_first_reply_counts() -> None:
    chat = handed_off().gets(TAKE).waits(minutes=2)
    chat.gets(AgentReplied(agent="bo", content=Text(body="Hi.")))
    handoff: Handoff | None = chat.conversation.handoff
    assert handoff is not None
    assert handoff.replied_at == chat.now
    chat.waits(minutes=2).gets(AgentReplied(agent="bo", content=Text(body="Well?")))
    assert records(chat) == []


def test_a_corrected_answer_may_be_shown_in_other_words() -> None:
    chat = handed_off().gets(TAKE)
    chat.gets(
        AgentReleased(agent="bo", answers={"quantity": 6}, shown={"quantity": "half a dozen"})
    )
    assert (chat.run.answers["quantity"], chat.run.shown["quantity"]) == (6, "half a dozen")


def test_a_release_lets_a_run_go_on_that_awaited_its_message() -> None:
    flow = Small("a", {"sent": Tell("Sent.", wait="delivered"), "q": Ask("Yes?", ("Yes", "No"))})
    chat = Chat(make_book(flow, start="a")).says("hi").gets(TAKE)
    assert chat.gets(AgentReleased(agent="bo")).texts == ["Yes?"]


def test_a_chat_that_the_flows_have_may_be_closed_too() -> None:
    chat = at_confirm().gets(ChatClosed(agent="bo", reason="spam"))
    assert (chat.conversation.mode, records(chat)) == ("closed", [])
