"""What a flow says of its handoffs: within the hours and outside them, and what `check` finds in them."""

from datetime import timedelta

import pytest

from engine.core.closed import Planned
from engine.core.content import Outbound, Text
from engine.core.errors import DefinitionError
from engine.core.script import HandsOff, Visit
from engine.core.teams import Team, Teams
from engine.flow.check import Problem, check_flows
from engine.flow.fields import Flow
from engine.flow.opening import read_opening
from engine.flow.steps import ask, handoff
from engine.flow.translatable import texts_of
from tests.flow.walking import Walker
from tests.flow.written import Written

LATER = Teams({"bar": Team(opening=read_opening(["daily 15:00-18:00"], "UTC"))})
"""A team that answers from three hours after `NOW` on."""


class Drinks(Flow):
    drink: str = ask("Which drink?")
    bar = handoff(
        "One moment.",
        team="bar",
        outside="No {drink} now, {contact.name}: back {opens}.",
        unclaimed="Nobody pours {drink}.",
        unclaimed_after="5m",
        closed="fail",
    )


def handed(teams: Teams, drink: str = "tea") -> Visit:
    walker = Walker(Drinks)
    walker.scene = walker.scene._replace(teams=teams)
    walker.begin()
    return walker.answer(drink)


def content(said: object) -> Outbound:
    assert isinstance(said, Planned)
    assert said.closed == "fail"
    return said.content


def test_within_the_hours_the_text_is_said() -> None:
    visit = handed(Teams())
    assert [content(said) for said in visit.said] == [Text(body="One moment.")]
    pause = visit.pause
    assert isinstance(pause, HandsOff)
    assert pause.outside == "No tea now, Ana: back {opens}."
    assert (pause.unclaimed, pause.unclaimed_after) == ("Nobody pours tea.", timedelta(minutes=5))


def test_outside_them_the_words_for_it_are_said_with_the_time_and_its_plan() -> None:
    visit = handed(LATER)
    assert [content(said) for said in visit.said] == [
        Text(body="No tea now, Ana: back today at 9:00 AM.")
    ]


def test_what_is_said_outside_is_for_translators_too() -> None:
    texts = dict(texts_of(Drinks.__flow__))
    assert texts["Nobody pours {drink}."] == "drinks.bar"
    assert "No {drink} now, {contact.name}: back {opens}." in texts


def test_a_length_that_is_none_is_refused() -> None:
    with pytest.raises(DefinitionError, match="no length of time"):
        handoff("Hm.", unclaimed_after="soon")


SOURCE = """
    from parley import handoff

    class Bar(Flow):
        bar = handoff("One moment.", team="bar"{more})  # here
"""


def problems(written: Written, more: str, teams: Teams | None) -> list[Problem]:
    return check_flows(written.flows(SOURCE.format(more=more)), teams=teams)


@pytest.mark.parametrize(
    ("more", "teams", "what", "todo"),
    [
        (
            "",
            Teams({"barn": Team()}),
            "team='bar' is not configured",
            "write a table [teams.bar], or: did you mean barn?",
        ),
        (
            ', outside="Later."',
            Teams({"bar": Team()}),
            "outside= is never said: there are no hours to be outside of",
            'write them into [teams.bar]: hours = ["mon-fri 09:00-18:00"]',
        ),
        (', outside="{opens}, {size}"', LATER, "{size} is no field of this flow", "there is none"),
        (
            ', unclaimed="Back {opens}."',
            None,
            "{opens} is unknown here",
            "it stands in `outside=` of a handoff alone",
        ),
    ],
    ids=["unknown team", "no hours", "placeholder", "opens elsewhere"],
)
def test_what_is_wrong_with_a_handoff_is_named(
    written: Written, more: str, teams: Teams | None, what: str, todo: str
) -> None:
    problem = written.the_problem(problems(written, more, teams))
    assert (problem.what, problem.todo) == (what, todo)


@pytest.mark.parametrize(
    ("more", "teams"), [(', outside="Back {opens}."', LATER), (', outside="Later."', None)]
)
def test_what_is_right_with_a_handoff_is_not(
    written: Written, more: str, teams: Teams | None
) -> None:
    assert problems(written, more, teams) == []


def test_a_team_of_two_words_is_written_in_quotes(written: Written) -> None:
    source = """
        from parley import handoff

        class Bar(Flow):
            bar = handoff("One moment.", team="front desk")  # here
    """
    found = check_flows(written.flows(source), teams=Teams({"bar": Team()}))
    assert '[teams."front desk"]' in written.the_problem(found).todo


def test_outside_words_without_a_team_need_hours_for_everybody(written: Written) -> None:
    source = """
        from parley import handoff

        class Bar(Flow):
            bar = handoff("One moment.", outside="Later.")  # here
    """
    found = check_flows(written.flows(source), teams=Teams({"bar": Team()}))
    assert "[handoffs]" in written.the_problem(found).todo
