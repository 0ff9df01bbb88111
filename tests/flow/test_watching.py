"""`wait=` and `on_failed=`: what a flow waits for of what it says, and what `check` thinks of it."""

import pytest

from engine.core.closed import Planned
from engine.core.content import Event, Text
from engine.core.conversation import Run
from engine.core.ids import RunId, VisitId
from engine.core.script import Asks, Awaits, Ends, Performs, Visit
from engine.core.signals import StepReturned
from engine.core.watch import Watch
from engine.flow.check import check_flows
from parley import END, Chat, Flow, To, ask, choose, say, step, to
from tests.flow.walking import Walker
from tests.flow.written import Find, Written


class Parcel(Flow, on_failed=to.mail):
    number: int = ask("Which parcel?", on_failed=to.once_more)
    empty = say(lambda parcel: "", wait="read")
    notice = say("At your door.", wait="delivered", then=to.more, on_failed=to.once_more)
    more = choose("More?", {"Yes": to.code, "No": END})
    once_more = say("Once more.", then=to.number)
    mail = say("We write.", wait="read")

    @step
    async def code(self, chat: Chat) -> To | None:
        return None


def watches(visit: Visit) -> list[Watch | None]:
    return [one.watch if isinstance(one, Planned) else None for one in visit.said]


def watch(failed: str, *, visit: int = 0, until: str | None = None) -> Watch:
    return Watch.model_validate({"run": 1, "visit": visit, "failed": failed, "until": until})


def test_a_question_is_watched_as_it_says_and_else_as_its_flow_says() -> None:
    walker = Walker(Parcel)
    asked = walker.begin().pause
    assert isinstance(asked, Asks)
    assert asked.question.watch == watch("once_more")
    walker.answer(3)
    asked = walker.go("more").pause
    assert isinstance(asked, Asks)
    assert asked.question.watch == watch("mail")


def test_a_step_that_waits_stops_the_walk_with_its_visit_in_the_watch() -> None:
    walker = Walker(Parcel)
    walker.begin()
    visit = walker.answer(3)
    assert visit.pause == Awaits("delivered")
    assert watches(visit) == [watch("once_more", visit=visit.run.visit, until="delivered")]
    assert visit.run.step == "notice"


def test_a_step_that_says_nothing_waits_for_nothing() -> None:
    walker = Walker(Parcel)
    walker.begin()
    assert walker.answer(3).path[-2:] == ("empty", "notice")


def test_the_walk_goes_on_at_then_or_at_the_next_step() -> None:
    walker = Walker(Parcel)
    walker.begin()
    walker.answer(3)
    visit = walker.flow.go_on(walker.run, walker.scene)
    assert visit.run.step == "more"
    visit = walker.flow.go_on(at("mail"), walker.scene)
    assert visit.pause == Performs("code", visit.pause.timeout)  # type: ignore[union-attr]  # it is that


def test_a_step_that_does_not_wait_any_more_is_entered_again() -> None:
    visit = Walker(Parcel).flow.go_on(at("more"), Walker(Parcel).scene)
    assert isinstance(visit.pause, Asks)
    assert visit.pause.question.step == "more"


def at(name: str) -> Run:
    return Run(id=RunId(1), flow="parcel", step=name, visit=VisitId(4))


def test_what_code_says_is_watched_as_its_flow_says_and_deeds_are_not() -> None:
    flow = Walker(Parcel).flow
    said = (
        Text(body="Hi"),
        Event(name="Told"),
        Planned(content=Text(body="Hm"), closed="fail"),
    )
    signal = StepReturned(run=RunId(1), visit=VisitId(4), exit="END", said=said)
    visit = flow.returned(at("code"), signal, Walker(Parcel).scene)
    assert isinstance(visit.pause, Ends)
    assert watches(visit) == [watch("mail"), None, watch("mail")]
    assert [one.content if isinstance(one, Planned) else one for one in visit.said] == [
        *said[:2],
        Text(body="Hm"),
    ]
    assert isinstance(visit.said[2], Planned)
    assert visit.said[2].closed == "fail"


def test_on_a_line_that_reports_nothing_nothing_is_waited_for() -> None:
    walker = Walker(Parcel)
    silent = walker.scene.capabilities.model_copy(update={"reports_delivery": False})
    walker.scene = walker.scene._replace(capabilities=silent)
    walker.begin()
    visit = walker.answer(3)
    assert isinstance(visit.pause, Asks)
    assert watches(visit) == [watch("once_more")]


def test_a_flow_that_waits_for_nothing_is_known_to() -> None:
    class Plain(Flow):
        hello = say("Hello.")

    assert not Walker(Plain).flow.watches
    assert Walker(Parcel).flow.watches
    assert watches(Walker(Plain).begin()) == [None]


# --- check ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("end", ["then=END, ", ""], ids=["by name", "by falling"])
def test_a_failure_that_nobody_would_hear_of_is_warned_of(find: Find, end: str) -> None:
    problem = find(f"""
        class Shop(Flow):
            a = choose("?", {{"A": to.b, "C": to.c}})
            c = say("Hm.", then=END)
            b = say("Bye.", {end}on_failed=to.c)  # here
    """)
    assert problem.severity == "warning"
    assert problem.what == "the run ends right after it, before anyone can know that it failed"
    assert 'wait="delivered"' in problem.todo


def test_an_unknown_target_of_a_failure_is_named(find: Find) -> None:
    problem = find("""
        class Shop(Flow, on_failed=to.persn):
            person = say("Hello.")  # here
    """)
    assert problem.todo == "did you mean to.person?"


def test_where_failures_lead_is_reached_and_goes_round_without_harm(written: Written) -> None:
    flows = written.flows("""
        class Shop(Flow, on_failed=to.lost):
            a = say("One.", on_failed=to.a)
            q: str = ask("?")
            w = say("Wait.", wait="read", then=to.w)
            lost = say("Lost.", then=to.w)
    """)
    assert check_flows(flows) == []
