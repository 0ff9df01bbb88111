"""Rule 6: how options are offered; and texts, options and conditions that a function makes."""

import time
from typing import Any, Literal, cast

import pytest

from engine.core.script import Ends, HandsOff, Performs
from engine.flow.fields import load
from engine.flow.options import SKIP, offer_options
from engine.flow.prepare import prepare
from parley import END, Flow, Option, ask, choose, handoff, say, to
from tests.flow.walking import Walker


def keys(*options: Option, skip: str | None = None) -> list[str]:
    return [option.offered.key for option in offer_options(options, skip)]


def test_a_short_value_is_its_own_key() -> None:
    assert keys(Option("red"), Option(2), skip="None") == ["red", "2", SKIP]


def test_a_key_is_unique_short_and_never_the_cores() -> None:
    assert keys(Option("a"), Option("a"), Option("x" * 99), Option("!next"), Option("")) == [
        "a",
        "#2",
        "#3",
        "#4",
        "#5",
    ]
    assert keys(Option(SKIP), skip="None") == ["#1", SKIP]


def test_a_title_is_also_meant_by_its_words_before_the_comma() -> None:
    shown = offer_options([Option(1, "Yes, order"), Option(2, "No, thanks", says=["never"])], None)
    assert [option.offered.says for option in shown] == [("Yes",), ("never", "No")]


def test_a_word_that_would_mean_two_options_means_neither() -> None:
    shown = offer_options([Option(1, "Pizza, big"), Option(2, "Pizza, small")], None)
    assert [option.offered.says for option in shown] == [(), ()]


def test_equal_titles_are_numbered() -> None:
    class Twins(Flow):
        who: str = ask("Who?", options=lambda: [Option(1, "Kim"), Option(2, "kim ")])

    walker = Walker(Twins)
    walker.begin()
    assert walker.question.numbered


def test_options_may_be_plain_values_or_a_function_of_the_flow() -> None:
    class Wear(Flow):
        colour: str = ask("Colour?", options=["Red", "Blue"])
        size: str = ask("Size?", options=lambda wear: [f"{wear.colour} S", f"{wear.colour} L"])

    walker = Walker(Wear)
    walker.begin()
    assert walker.titles == ["Red", "Blue"]
    walker.answer("Red")
    assert walker.titles == ["Red S", "Red L"]


def test_an_empty_list_goes_to_empty_else_to_a_person() -> None:
    class Bare(Flow):
        it: str = ask("Which?", options=list)

    class Kind(Flow):
        it: str = ask("Which?", options=list, empty=to.sorry)
        sorry = say("Nothing left.", then=END)

    assert Walker(Bare).begin().pause == HandsOff(None, "no_options", "it")
    walker = Walker(Kind)
    assert walker.begin().pause == Ends()
    assert walker.said == ["Nothing left."]


def test_one_option_is_still_asked() -> None:
    class One(Flow):
        it: str = ask("Which?", options=lambda: ["This"])

    walker = Walker(One)
    walker.begin()
    assert walker.titles == ["This"]


def test_a_text_may_be_a_function_and_is_not_filled_in_again() -> None:
    class Told(Flow):
        name: str = ask("Name?")
        hello = say(lambda told: f"Hello {told.name}.", then=END)

    walker = Walker(Told)
    walker.begin()
    walker.answer("{name}")
    assert walker.said == ["Hello {name}."]


def test_a_condition_that_rests_on_an_unanswered_field_is_not_met() -> None:
    class Early(Flow):
        gift: str | None = ask("Gift?", when=lambda it: it.count > 3)
        count: int = ask("How many?")

    walker = Walker(Early)
    walker.begin()
    assert walker.at == "count"


def test_an_error_in_a_callable_is_the_authors_to_see() -> None:
    class Broken(Flow):
        it: str = ask("Which?", options=lambda: 1 / 0)  # type: ignore[arg-type]

    with pytest.raises(ZeroDivisionError):
        Walker(Broken).begin()


def test_options_that_are_no_list_are_refused() -> None:
    class Wrong(Flow):
        it: str = ask("Which?", options=lambda: "abc")

    with pytest.raises(TypeError, match="options must be a list"):
        Walker(Wrong).begin()


def test_a_callable_that_waits_is_reported_by_name() -> None:
    def slow() -> list[str]:
        until = time.perf_counter() + 0.03
        while time.perf_counter() < until:
            pass
        return ["a"]

    class Slow(Flow):
        it: str = ask("Which?", options=slow)
        quick: str = ask("And?", options=lambda: ["b"])

    told: list[tuple[str, float]] = []
    walker = Walker(Slow, report=lambda name, elapsed_ms: told.append((name, elapsed_ms)))
    walker.begin()
    walker.answer("a")
    assert [name for name, _ in told] == ["slow.it.options"]
    assert told[0][1] >= 30


def test_asking_again_makes_the_question_anew() -> None:
    stock = ["a"]

    class Again(Flow):
        it: str = ask("Which?", options=lambda: stock, button="Show")

    walker = Walker(Again)
    walker.begin()
    stock.append("b")
    question = walker.flow.ask_again(walker.run, walker.scene)
    assert [option.offered.title for option in question.options] == ["a", "b"]
    assert (question.text, question.label) == ("Which?", "Show")


# --- what has to be waited for ---------------------------------------------------------------------


async def listed(flow: Any) -> list[Option]:
    return [Option(flow.name, "One", "first", says=["1st"])]


async def worded(flow: Any) -> str:
    return f"Which, {flow.name}?"


async def likes(flow: Any) -> bool:
    return bool(flow.name != "Bob")


class Waits(Flow):
    name: str = ask("Name?")
    it: str | None = ask(worded, options=listed, when=likes)
    end = choose("End?", {"Yes": END})


async def after_the_service(walker: Walker) -> None:
    """Do what the loops do with a Performs: run it, and bring back what it made."""
    assert walker.visit is not None
    assert isinstance(walker.visit.pause, Performs)
    step = walker.flow.steps[walker.visit.pause.step]
    walker.returns(answers=await prepare(step, load(walker.flow.cls, walker.run.answers)))


async def test_async_parts_of_a_question_are_waited_for_as_a_code_step_is() -> None:
    walker = Walker(Waits)
    walker.begin()
    walker.answer("Ana")
    await after_the_service(walker)
    assert walker.question.text == "Which, Ana?"
    (option,) = walker.question.options
    assert (option.offered.title, option.description) == ("One", "first")
    walker.answer("Ana", shown="One")
    assert walker.at == "end"
    assert walker.run.shown == {"it": "One"}


async def test_an_async_condition_that_is_false_passes_the_question_over() -> None:
    walker = Walker(Waits)
    walker.begin()
    walker.answer("Bob")
    await after_the_service(walker)
    assert walker.at == "end"


async def test_an_async_condition_is_asked_again_before_an_answer_is_passed_over() -> None:
    walker = Walker(Waits)
    walker.begin()
    walker.answer("Ana")
    await after_the_service(walker)
    walker.answer("Ana")
    walker.answer("Bob", step="name")
    await after_the_service(walker)
    assert walker.at == "end"
    assert "it" not in walker.run.answers
    walker.answer("Eve", step="name")
    await after_the_service(walker)
    walker.answer("Eve")
    walker.answer("Zoe", step="name")
    await after_the_service(walker)
    assert walker.at == "end"
    assert walker.run.answers["it"] == "Eve"


async def test_asking_again_needs_no_service() -> None:
    walker = Walker(Waits)
    walker.begin()
    walker.answer("Ana")
    await after_the_service(walker)
    question = walker.flow.ask_again(walker.run, walker.scene)
    assert question.text == "Which, Ana?"
    assert [option.offered.title for option in question.options] == ["One"]


async def test_an_async_text_can_be_said() -> None:
    class Says(Flow):
        name: Literal["Ana"] = ask("Name?")
        hello = say(worded)
        person = handoff(worded)

    walker = Walker(Says)
    walker.begin()
    walker.answer("Ana")
    await after_the_service(walker)
    assert walker.said == ["Which, Ana?"]
    await after_the_service(walker)
    assert walker.visit is not None
    assert walker.visit.pause == HandsOff(None, "flow", None)


def test_a_callable_object_is_called_with_the_flow() -> None:
    class Names:
        def __call__(self, flow: Any) -> list[str]:
            return [cast(str, flow.name)]

    class Uses(Flow):
        name: str = ask("Name?")
        it: str = ask("Which?", options=Names())

    walker = Walker(Uses)
    walker.begin()
    walker.answer("Ana")
    assert walker.titles == ["Ana"]


# --- what functions give back --------------------------------------------------------------------------


class Listed(Flow):
    pizza: str = ask("Which?", options=lambda: cast(list[str], "abc"))


def test_options_that_are_no_list_are_told_by_name() -> None:
    walker = Walker(Listed)
    with pytest.raises(TypeError, match=r"^listed\.pizza\.options must be a list .*, not 'abc'$"):
        walker.begin()


class Begun(Flow):
    greeting: str = "Hola"
    limit: int = 3
    nothing = say(lambda: cast(str, None))
    blank = say("  ")
    said = say("{greeting}, at most {limit}")
    number: int = ask("How many?", retry="{limit} at most.")


def test_data_shows_what_it_begins_with() -> None:
    walker = Walker(Begun)
    walker.begin()
    assert walker.said == ["Hola, at most 3"], "and what has no words is not said"
    assert walker.not_understood() == "3 at most."
