"""What becomes of a message that meets a closed window, when it is said and when it was to leave."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from engine.core.closed import Closed, Planned
from engine.core.content import Card, Carousel, Event, Outbound, Template, Text
from engine.core.effects import ReleaseHeld, SendMessage
from engine.core.ids import MessageId
from engine.core.saying import messages_of
from engine.core.signals import AgentTookOver, MessageRequested, WindowMissed
from tests.builders import NOW, make_message
from tests.core.chat import Chat, kinds_of
from tests.core.small import END, Ask, Code, Person, Place, Small, Tell, make_book

NEWS = Template(name="news", language="en")
READY = Template(name="ready", language="en", body=("7",))
SENT = Tell("It is on its way.")


def late(*, hours: float = 25, line: Closed = "hold", **places: Place) -> Chat:
    """Return a chat whose code step returned when the contact had written that long ago, then went on at `places`."""
    first: dict[str, Place] = {"street": Ask("Where to?", reads="words"), "pack": Code()}
    flow = Small("late", first | places, starts_on=("late",))
    chat = Chat(replace(make_book(flow), closed=line))
    return chat.says("late").says("High Street 5").waits(hours=hours)


def fate(message: SendMessage) -> tuple[str, str | None, bool]:
    """Return what is sent, whether it is not, and whether it stands for something else."""
    content = message.content
    words = content.name if isinstance(content, Template | Event) else getattr(content, "body", "")
    return str(words), message.met, message.instead_of is not None


def fates(chat: Chat) -> list[tuple[str, str | None, bool]]:
    return [fate(message) for message in chat.sent]


def missed(chat: Chat, **changes: Any) -> WindowMissed:
    """Return the sender's word that the last message met a closed window."""
    turn = chat.conversation.turn
    word = WindowMissed(
        message=MessageId(1), turn=turn, question=True, at=chat.now, refused=True, held=True
    )
    return word.model_copy(update=changes)


# --- when it is said --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("own", "line", "expected"),
    [
        (None, "hold", ("It is on its way.", "held", False)),
        (None, "fail", ("It is on its way.", "failed", False)),
        ("hold", "fail", ("It is on its way.", "held", False)),
        ("fail", "hold", ("It is on its way.", "failed", False)),
        (NEWS, "hold", ("news", None, True)),
    ],
    ids=["line holds", "line fails", "own hold", "own fail", "own template"],
)
def test_its_own_plan_counts_else_the_lines(
    own: Closed | None, line: Closed, expected: tuple[str, str | None, bool]
) -> None:
    chat = late(line=line, sent=replace(SENT, closed=own, then=END)).returns()
    assert fates(chat) == [expected]
    assert chat.conversation.held == (expected[1] == "held")


def test_within_the_window_a_plan_changes_nothing_but_what_is_known_of_it() -> None:
    chat = late(hours=1, sent=replace(SENT, closed=NEWS, then=END)).returns()
    assert fates(chat) == [("It is on its way.", None, False)]
    assert chat.sent[0].closed == NEWS


def test_what_is_no_free_form_message_meets_no_window() -> None:
    chat = late(sent=replace(SENT, then=END)).returns(said=(READY, Event(name="Packed")))
    assert fates(chat)[:2] == [("Packed", None, False), ("ready", None, False)]


def test_texts_of_one_plan_share_a_bubble_and_deeds_part_none() -> None:
    said: tuple[Any, ...] = (
        Planned(content=Text(body="It is packed."), closed=NEWS),
        Event(name="Packed"),
        Planned(content=Text(body="It is heavy."), closed=NEWS),
        Text(body="It is blue."),
    )
    chat = late(hours=1, when=Ask("When?", ("Today", "Later"))).returns(said=said)
    assert [kind for kind, _, _ in fates(chat)] == [
        "Packed",
        "It is packed.\n\nIt is heavy.",
        "It is blue.\n\nWhen?",
    ]


def test_a_template_that_has_just_gone_out_is_not_repeated() -> None:
    said = tuple(
        Planned(content=content, closed=NEWS)
        for content in (Text(body="One"), READY, Text(body="Two"))
    )
    chat = late(sent=replace(SENT, closed="fail", then=END)).returns(said=said)
    assert fates(chat) == [
        ("news", None, True),
        ("ready", None, False),
        ("Two", "held", False),
        ("It is on its way.", "failed", False),
    ]
    assert chat.conversation.held


# --- when the contact writes again ------------------------------------------------------------------


def test_what_was_held_is_let_go_once() -> None:
    chat = late(sent=replace(SENT, then=END)).returns().waits(hours=3).says("hello")
    assert [e for e in chat.last.effects if isinstance(e, ReleaseHeld)] == [
        ReleaseHeld(said_since=chat.now - chat.book.hold_ttl)
    ]
    assert not chat.conversation.held
    assert "release_held" in chat.trace.effects
    chat.says("late")
    assert "release_held" not in kinds_of(chat.last.effects)


def test_a_message_too_old_to_open_the_window_lets_nothing_go() -> None:
    chat = late(sent=replace(SENT, then=END)).returns()
    chat.gets(make_message("hello", at=NOW), received_at=chat.now)
    assert "release_held" not in kinds_of(chat.last.effects)
    assert chat.conversation.held


def test_what_was_held_is_let_go_while_people_have_the_chat() -> None:
    chat = late(sent=replace(SENT, then=END)).returns().gets(AgentTookOver(agent="bo"))
    assert "release_held" in kinds_of(chat.says("hello").last.effects)


# --- questions that nobody saw ----------------------------------------------------------------------

WHEN = Ask("When?", ("Today", "Later"))


@pytest.mark.parametrize("closed", ["hold", "fail"])
@pytest.mark.parametrize("answer", ["Today", "2", "what?", "👍"])
def test_what_comes_next_is_no_answer_to_a_question_that_was_not_seen(
    closed: Closed, answer: str
) -> None:
    chat = late(sent=SENT, when=replace(WHEN, closed=closed), done=Tell("Fine.")).returns()
    assert [met for _, met, _ in fates(chat)] == ["held", "held" if closed == "hold" else "failed"]
    assert [message.question for message in chat.sent] == [False, True]
    chat.says(answer)
    assert chat.trace.matched == "reopened"
    assert chat.asked == "late.when"
    assert chat.texts == ["When?"]
    assert chat.run.retries == 0
    chat.says("Today")
    assert chat.texts == ["Fine."]


def test_what_works_anywhere_still_does_where_a_question_was_not_seen() -> None:
    chat = late(when=WHEN, done=Tell("Fine.")).returns().says("cancel")
    assert chat.trace.matched == "word"
    assert chat.conversation.runs == ()


def test_a_tap_can_only_come_from_what_was_seen() -> None:
    chat = late(when=WHEN, done=Tell("Fine.")).returns().taps("Today")
    assert chat.texts == ["Fine."]


def test_a_template_of_its_own_asks_a_question() -> None:
    chat = late(when=replace(WHEN, closed=NEWS, told=True), done=Tell("Fine.")).returns()
    assert fates(chat) == [("news", None, True)]
    assert chat.says("Today").texts == ["Fine."]


def test_a_template_for_all_that_is_said_asks_nothing() -> None:
    chat = late(sent=replace(SENT, closed=NEWS), when=replace(WHEN, closed=NEWS)).returns()
    assert fates(chat) == [("news", None, True)]
    instead_of = chat.sent[0].instead_of
    assert getattr(instead_of, "body", "") == "It is on its way.\n\nWhen?"
    assert chat.says("Today").trace.matched == "reopened"


def test_a_question_that_says_nothing_is_no_message() -> None:
    chat = late(when=Ask("", reads="words")).returns()
    assert chat.sent == []
    assert chat.conversation.unseen == 0


# --- when it was to leave ---------------------------------------------------------------------------


def test_a_late_refusal_closes_the_window_that_was_believed_open() -> None:
    chat = late(hours=1, when=WHEN).returns()
    chat.gets(missed(chat))
    assert chat.conversation.window_closes_at == chat.now
    assert (chat.conversation.held, chat.conversation.unseen) == (True, chat.conversation.turn)
    assert chat.trace.note == "the provider says that the window is closed"
    assert chat.says("Today").trace.matched == "reopened"
    assert "release_held" in kinds_of(chat.last.effects)


def test_a_late_refusal_says_nothing_of_what_was_written_since() -> None:
    chat = late(hours=1, when=WHEN).returns()
    word = missed(chat, question=False)
    chat.waits(seconds=1).says("Today")
    chat.gets(word)
    assert chat.conversation.window_closes_at == chat.now + timedelta(hours=24)
    assert kinds_of(chat.last.effects) == ["release_held"]


@pytest.mark.parametrize("told", [False, True], ids=["no template of its own", "its own"])
def test_a_template_that_took_a_questions_place_late_asks_it_where_it_is_its_own(
    told: bool,
) -> None:
    chat = late(hours=1, when=replace(WHEN, closed=NEWS, told=told), done=Tell("Fine.")).returns()
    chat.gets(missed(chat, held=False, instead=True))
    assert (chat.conversation.unseen == 0) == told
    assert (chat.says("Today").trace.matched == "reopened") != told


def test_a_question_that_is_gone_from_todays_flow_was_not_seen() -> None:
    chat = late(hours=1, when=replace(WHEN, closed=NEWS, told=True)).returns()
    word = missed(chat, held=False, instead=True)
    chat.book = make_book()
    chat.gets(word)
    assert chat.conversation.unseen == word.turn


def test_what_was_refused_late_and_is_not_wanted_any_more_is_let_go_to_be_cancelled() -> None:
    chat = late(hours=1, sent=replace(SENT, then=END)).returns()
    word = missed(chat)
    chat.says("stop").gets(word)
    assert kinds_of(chat.last.effects) == ["release_held"]
    assert not chat.conversation.held


def test_what_failed_keeps_nothing() -> None:
    chat = late(hours=1, sent=replace(SENT, then=END)).returns()
    chat.gets(missed(chat, held=False, refused=False, turn=1))
    assert not chat.conversation.held
    assert chat.conversation.unseen == 0
    assert chat.conversation.window_closes_at == NOW + timedelta(hours=24)


def test_a_refusal_on_a_line_without_a_window_is_not_tried_again_at_once() -> None:
    chat = Chat()
    chat.book = replace(
        chat.book, capabilities=chat.book.capabilities.model_copy(update={"window": None})
    )
    chat.says("hello").gets(missed(chat))
    assert chat.last.effects == ()
    assert chat.conversation.held
    assert "release_held" in kinds_of(chat.says("hello").last.effects)


def test_a_miss_interrupts_a_code_step_and_changes_nothing_of_it() -> None:
    flow = Small("late", {"pack": Code(), "sent": replace(SENT, then=END)}, starts_on=("late",))
    chat = Chat(make_book(flow)).says("late")
    chat.gets(missed(chat))
    assert chat.conversation.busy is not None
    assert not chat.last.deferred


# --- what is said beside turns ----------------------------------------------------------------------

CARDS = Carousel(body="Two", cards=(Card(title="One"), Card(title="Other")))


@pytest.mark.parametrize(
    ("content", "closed", "met"),
    [
        (Text(body="Your order is ready."), "fail", [("failed", False)]),
        (Text(body="Your order is ready."), "hold", [("held", False)]),
        (Text(body="Your order is ready."), NEWS, [(None, True)]),
        (READY, "fail", [(None, False)]),
        (CARDS, "hold", [("held", False)] * 3),
    ],
    ids=["fail", "hold", "template in its place", "template", "in parts"],
)
def test_the_business_may_speak_at_any_time_as_it_plans(
    content: Outbound, closed: Closed, met: list[tuple[str | None, bool]]
) -> None:
    chat = Chat().says("order").waits(hours=25)
    before = chat.conversation
    asked = MessageRequested(message=MessageId(77), content=content, origin="api", closed=closed)
    chat.gets(asked)
    assert chat.trace.matched == "requested"
    assert [(one.met, one.instead_of is not None) for one in chat.sent] == met
    assert [one.id for one in chat.sent] == [77, *[None] * (len(met) - 1)]
    assert {one.origin for one in chat.sent} == {"api"}
    assert chat.conversation.runs == before.runs


def test_what_a_running_step_says_meets_the_window_too() -> None:
    chat = late(person=Person("A colleague is joining."))
    said = Planned(content=Text(body="Being packed."), closed=NEWS)
    for speech, expected in (
        (said, ("news", None, True)),
        (Text(body="Soon."), ("Soon.", "held", False)),
    ):
        messages = messages_of(chat.conversation, speech, chat.now, chat.book)
        assert [fate(message) for message in messages] == [expected]


def test_a_question_that_was_not_seen_and_is_gone_keeps_nothing_from_beginning() -> None:
    assert Chat(unseen=3).says("order").asked == "order.pizza"
