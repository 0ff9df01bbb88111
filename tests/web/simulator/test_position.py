"""What the page tells beside the chat: where a conversation stands, and what is still to come."""

from datetime import timedelta

import pytest

from engine.core.closed import Planned
from engine.core.content import Text
from engine.core.conversation import Conversation, Run, Waits
from engine.core.effects import Unwanted
from engine.core.ids import RunId, VisitId
from engine.core.scheduled import Scheduled
from tests.builders import NOW, make_contact, make_conversation
from web.simulator.simulator import ScheduledView, view_conversation

LATER = NOW + timedelta(hours=2)


def asking() -> Conversation:
    run = Run(
        id=RunId(1),
        flow="tea",
        step="size",
        visit=VisitId(1),
        asked="size",
        awaits="delivered",
        waits=Waits(since=NOW, due_at=LATER),
    )
    return make_conversation(runs=(run,), mode="bot")


def test_an_open_question_tells_until_when_it_waits_and_for_what() -> None:
    shown = view_conversation(asking())

    assert (shown.asks_until, shown.waits_for) == (LATER, "delivered")


def test_a_question_that_an_agent_took_over_waits_for_no_time() -> None:
    assert view_conversation(asking().model_copy(update={"mode": "agent"})).asks_until is None


def test_what_is_to_come_stands_in_the_order_of_its_times() -> None:
    late = Scheduled(name="late", due_at=LATER, says=Text(body="Later."))
    soon = Scheduled(
        name="soon", due_at=NOW, says=Planned(content=Text(body="Soon."), closed="hold")
    )

    shown = view_conversation(make_conversation(scheduled=(late, soon)))

    assert shown.scheduled == (ScheduledView(NOW, "Soon."), ScheduledView(LATER, "Later."))


@pytest.mark.parametrize(
    ("changes", "unwanted"),
    [
        pytest.param({}, None, id="nothing"),
        pytest.param({"marketing_stopped_at": NOW}, "marketing_stopped", id="marketing"),
        pytest.param(
            {"marketing_stopped_at": NOW, "opted_out_at": NOW}, "opted_out", id="everything"
        ),
    ],
)
def test_what_the_contact_does_not_want_is_told(
    changes: dict[str, object], unwanted: Unwanted | None
) -> None:
    shown = view_conversation(make_conversation(contact=make_contact(**changes)))

    assert shown.unwanted == unwanted
