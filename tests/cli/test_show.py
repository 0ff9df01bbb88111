"""`parley show`: the story of a conversation, and what stands before it."""

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from cli.show import told
from engine.core.closed import Planned
from engine.core.content import Event, Text
from engine.core.conversation import Run, Waits
from engine.core.ids import RunId, VisitId
from engine.core.scheduled import Scheduled
from storage.queries import Story
from tests.builders import NOW, make_conversation
from tests.cli.support import run

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
    lines = list(told(Story(conversation, None, [], [], []), now=NOW))
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
    assert not any("waits" in line for line in told(Story(conversation, None, [], [], []), now=NOW))


def test_a_story_has_messages_and_traces(talked: Path) -> None:
    ended = run(talked, "show", "+521 555 0001")

    assert ended.returncode == 0, ended.stderr
    head, *story = ended.stdout.splitlines()
    assert head.startswith("shop: 5215550001")
    assert head.endswith("Maria")
    assert any("> [tap] Coffee" in line for line in story)
    assert any("< Here is your coffee.  [" in line for line in story)
    assert any("=" in line and "tap, drinks.drink -> " in line for line in story)


def test_what_the_provider_was_told_stands_in_the_story(talked: Path) -> None:
    told = Event(name="Ordered", traits={"total": 17}).model_dump_json()
    with closing(sqlite3.connect(talked / "parley.db")) as connection, connection:
        connection.execute(
            "UPDATE message SET direction = 'beside', status = 'noted', content = ?"
            " WHERE content LIKE '%Here is your coffee.%'",
            (told,),
        )
    story = run(talked, "show", "+521 555 0001").stdout

    assert "= [event Ordered: total=17]  [noted by flow]" in story


def test_a_stranger_has_no_story(talked: Path) -> None:
    ended = run(talked, "show", "4930123456")

    assert (ended.returncode, ended.stderr) == (1, "parley: no conversation with '4930123456'\n")
