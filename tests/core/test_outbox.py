"""What the sender asks again before each send."""

from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest

from engine.core.content import Assignment, Event, Outbound, ReadMark, Template, Text
from engine.core.conversation import Contact, Conversation, Handoff, Offer, Run
from engine.core.effects import Origin
from engine.core.ids import ContactId, ConversationId, ExternalId, LineId, RunId, VisitId
from engine.core.outbox import (
    LAST,
    Verdict,
    asked_turn,
    is_free_form,
    is_past_telling,
    rank_of,
    verdict,
)

NOW = datetime(2026, 8, 1, 12, tzinfo=UTC)


def talk(asked_at_turn: int | None = None, **changes: object) -> Conversation:
    runs: tuple[Run, ...] = ()
    if asked_at_turn is not None:
        offer = Offer(step="size", turn=asked_at_turn)
        run = Run(id=RunId(1), flow="order", step="size", visit=VisitId(2))
        runs = (run.model_copy(update={"asked": "size", "offers": {"size": offer}}),)
    conversation = Conversation(
        id=ConversationId(7),
        line=LineId("shop"),
        contact=Contact(id=ContactId(3), phone="5215550001"),
        window_closes_at=NOW + timedelta(hours=3),
        runs=runs,
    )
    return conversation.model_copy(update=changes)


def ask(
    conversation: Conversation,
    *,
    content: Outbound | None = None,
    origin: Origin = "flow",
    question: bool = False,
    age: timedelta = timedelta(seconds=1),
    has_window: bool = True,
    was_held: bool = False,
) -> Verdict:
    return verdict(
        conversation,
        content or Text(body="Hi"),
        origin=origin,
        turn=5,
        question=question,
        created_at=NOW - age,
        now=NOW,
        has_window=has_window,
        was_held=was_held,
    )


def test_a_deed_is_told_within_a_day() -> None:
    assert not is_past_telling(NOW - timedelta(days=1), NOW)
    assert is_past_telling(NOW - timedelta(days=1, seconds=1), NOW)


@pytest.mark.parametrize("deed", [Event(name="Ordered"), Assignment(agent="kim@shop.example")])
def test_the_window_says_nothing_of_a_deed(deed: Outbound) -> None:
    assert not is_free_form(deed)


def test_a_reply_within_the_window_goes() -> None:
    assert ask(talk()) == "go"


@pytest.mark.parametrize("left_s", [60, 0, -1], ids=["margin", "now", "past"])
def test_free_form_is_held_when_the_window_is_closing(left_s: int) -> None:
    assert ask(talk(window_closes_at=NOW + timedelta(seconds=left_s))) == "closed"


def test_just_over_the_margin_goes() -> None:
    assert ask(talk(window_closes_at=NOW + timedelta(seconds=61))) == "go"


def test_a_contact_who_never_wrote_gets_nothing_free_form() -> None:
    assert ask(talk(window_closes_at=None)) == "closed"


def test_a_line_without_a_window_never_holds() -> None:
    assert ask(talk(window_closes_at=None), has_window=False) == "go"


@pytest.mark.parametrize(
    "content",
    [Template(name="ready", language="en"), ReadMark(message=ExternalId("m"))],
    ids=["template", "read mark"],
)
def test_the_window_does_not_limit(content: Outbound) -> None:
    assert ask(talk(window_closes_at=None), content=content) == "go"


def test_what_led_to_people_goes_however_quick_they_are() -> None:
    handed = Handoff(turn=5, reason="flow", since=NOW)
    assert ask(talk(mode="agent", handoff=handed)) == "go"
    assert ask(talk(mode="agent", handoff=handed), was_held=True) == "cancelled"
    earlier = handed.model_copy(update={"turn": 4})
    assert ask(talk(mode="agent", handoff=earlier)) == "cancelled"
    for reason in ("takeover", "phone"):
        taken = handed.model_copy(update={"reason": reason})
        assert ask(talk(mode="agent", handoff=taken)) == "cancelled"


def test_an_opted_out_contact_gets_nothing() -> None:
    contact = Contact(id=ContactId(3), phone="5215550001", opted_out_at=NOW)
    assert ask(talk(contact=contact), origin="agent") == "opted_out"
    assert ask(talk(contact=contact), origin="consent") == "go"


def test_a_contact_without_marketing_gets_all_else() -> None:
    contact = Contact(id=ContactId(3), phone="5215550001", marketing_stopped_at=NOW)
    assert ask(talk(contact=contact), origin="broadcast") == "marketing_stopped"
    assert ask(talk(contact=contact)) == "go"


def test_the_bot_is_silent_while_an_agent_holds_the_chat() -> None:
    assert ask(talk(mode="agent")) == "cancelled"
    assert ask(talk(mode="agent"), origin="agent") == "go"


def test_a_reply_older_than_an_hour_is_stale_but_an_agents_is_not() -> None:
    old = timedelta(hours=1, seconds=1)
    assert ask(talk(), age=old) == "stale"
    assert ask(talk(), age=old, origin="agent") == "go"


def test_a_question_that_a_later_one_replaced_is_stale() -> None:
    assert ask(talk(asked_at_turn=6), question=True) == "stale"
    assert ask(talk(asked_at_turn=5), question=True) == "go"
    assert ask(talk(asked_at_turn=6)) == "go"
    assert ask(talk(), question=True) == "go", "it was answered before it left"


def test_a_question_that_was_held_goes_only_while_it_waits_for_an_answer() -> None:
    assert ask(talk(asked_at_turn=5), question=True, was_held=True) == "go"
    assert ask(talk(), question=True, was_held=True) == "stale", "the talk has ended"
    assert ask(talk(), was_held=True) == "go", "it asks nothing"
    again = Offer(step="start", turn=5)
    assert ask(talk(asked_at_turn=4, again=again), question=True, was_held=True) == "go"
    assert ask(talk(asked_at_turn=6, again=again), question=True, was_held=True) == "stale"


def test_no_turn_is_asked_where_no_question_is_open() -> None:
    closed = talk(asked_at_turn=6)
    run = closed.runs[0].model_copy(update={"asked": None})
    assert asked_turn((run,)) == 0
    lost = closed.runs[0].model_copy(update={"offers": {}})
    assert asked_turn((lost,)) == 0
    assert asked_turn(()) == 0


def test_nobody_speaks_after_a_broadcast() -> None:
    assert {origin: rank_of(origin) for origin in get_args(Origin) if rank_of(origin) >= LAST} == {
        "broadcast": LAST
    }
