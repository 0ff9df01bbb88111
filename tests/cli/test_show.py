"""What `parley show` says of a conversation before its story."""

from datetime import timedelta

from cli.show import told
from engine.core.closed import Planned
from engine.core.content import Text
from engine.core.conversation import Run, Waits
from engine.core.ids import RunId, VisitId
from engine.core.scheduled import Scheduled
from storage.queries import Story
from tests.builders import NOW, make_conversation

HOUR = timedelta(hours=1)


def test_what_is_to_come_without_the_contact_is_told_in_its_order() -> None:
    waits = Waits(since=NOW, due_at=NOW + HOUR)
    run = Run(id=RunId(1), flow="order", step="size", visit=VisitId(1), asked="size", waits=waits)
    later = Planned(content=Text(body="How was it?\nTell us."), closed="fail")
    conversation = make_conversation(
        runs=(run,),
        scheduled=(
            Scheduled(name="order.review", due_at=NOW + 3 * HOUR, says=later),
            Scheduled(name="4:0", due_at=NOW + 2 * HOUR, says=Text(body="Ready.")),
        ),
    )
    lines = list(told(Story(conversation, None, [], []), now=NOW))
    at = [f"{NOW + hours * HOUR:%Y-%m-%d %H:%M:%S}" for hours in (1, 2, 3)]
    assert lines[-4:] == [
        f"  order.size waits until {at[0]}",
        f"  {at[1]}, 4:0: Ready.",
        f"  {at[2]}, order.review: How was it? / Tell us.",
        "",
    ]


def test_a_question_that_a_person_keeps_waiting_is_not_told() -> None:
    waits = Waits(since=NOW, due_at=NOW + HOUR)
    run = Run(id=RunId(1), flow="order", step="size", visit=VisitId(1), asked="size", waits=waits)
    conversation = make_conversation(runs=(run,), mode="agent")
    assert not any("waits" in line for line in told(Story(conversation, None, [], []), now=NOW))
