"""The compiled flow as data, and the table its one machine has."""

import pytest
from transitions import Machine

from engine.core.errors import DefinitionError
from engine.core.limits import STEP_TIMEOUT
from engine.flow.compile import CompiledFlow
from engine.flow.plan import BACK, BEGIN, ENDED, NEXT, Row
from parley import END, Chat, Flow, To, ask, choose, handoff, say, step, to
from tests.flow.walking import Walker


class Small(Flow):
    name: str = ask("Name?")
    gift: str | None = ask("Gift?", when=lambda flow: flow.name == "Ana")
    pick = choose(
        "Pick", {"Name": to.name, "Nowhere": to.nowhere, "Other": to["x"]}, returning=to.pick
    )

    @step(timeout="5s")
    async def work(self, chat: Chat) -> To:
        return to.bye

    bye = say("Bye")
    person = handoff("One moment.", then=END)


SMALL = CompiledFlow(Small)


def test_steps_are_plain_data_in_body_order() -> None:
    assert [(step.name, step.kind, step.falls) for step in SMALL.steps.values()] == [
        ("name", "ask", True),
        ("gift", "ask", True),
        ("pick", "choose", False),
        ("work", "code", False),
        ("bye", "say", True),
        ("person", "handoff", False),
    ]
    assert [str(exit_.target) for exit_ in SMALL.steps["pick"].exits] == ["name", "nowhere", "@x"]
    assert SMALL.steps["work"].timeout.total_seconds() == 5
    assert SMALL.steps["name"].timeout == STEP_TIMEOUT


def test_the_table_has_the_fall_the_moves_and_the_way_back() -> None:
    assert set(SMALL.rows) == {
        Row(NEXT, BEGIN, "name", "due"),
        Row(NEXT, BEGIN, "gift", "due"),
        Row(NEXT, BEGIN, "pick"),
        Row(BACK, BEGIN, "gift", "due"),
        Row(BACK, BEGIN, "pick", "stops"),
        Row(NEXT, "name", "gift", "due"),
        Row(NEXT, "name", "pick"),
        Row(BACK, "name", "gift", "due"),
        Row(BACK, "name", "pick", "stops"),
        Row(NEXT, "gift", "pick"),
        Row(BACK, "gift", "pick", "stops"),
        Row("to name", "pick", "name"),
        Row("to bye", "work", "bye"),
        Row(NEXT, "bye", "person"),
        Row(BACK, "bye", "pick", "stops"),
    }


def test_one_machine_serves_all_runs_and_keeps_none_of_them() -> None:
    machine = SMALL.machine
    assert isinstance(machine, Machine)
    assert list(machine.states) == [BEGIN, *SMALL.steps, ENDED]
    walkers = [Walker(Small), Walker(Small)]
    for walker in walkers:
        walker.flow = SMALL
        walker.begin()
    walkers[0].answer("Ana")
    assert (walkers[0].at, walkers[1].at) == ("gift", "name")
    assert machine.models == []
    assert not [name for name in machine.events if name.startswith("to_")]


def test_every_row_of_the_table_leads_on() -> None:
    for row in SMALL.rows:
        assert row.trigger in SMALL.machine.events
        assert {row.source, row.target} <= set(SMALL.machine.states)


def test_the_engines_own_name_for_the_end_is_taken() -> None:
    class Clash(Flow):
        END = say("The end")

    with pytest.raises(DefinitionError, match=r"clash\.END"):
        CompiledFlow(Clash)
