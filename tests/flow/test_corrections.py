"""What an agent sees of a run, what may be typed to correct it, and where the run may go on."""

from datetime import date, time
from typing import Annotated, Literal

import pytest
from annotated_types import Interval

from engine.core.content import Media
from engine.core.conversation import Run
from engine.core.ids import RunId, VisitId
from engine.flow.chat import Chat
from engine.flow.corrections import (
    Answered,
    Corrected,
    Resumable,
    answers_of,
    read_correction,
    resumable,
)
from engine.flow.fields import Flow
from engine.flow.steps import Option, ask, choose, handoff, say, step
from engine.flow.targets import END, To, to
from tests.flow.walking import Walker


class Order(Flow):
    pizza: str = ask("Which pizza?", options=[Option("p1", "Margherita"), Option("p2", "Funghi")])
    quantity: Annotated[int, Interval(ge=1, le=20)] = ask(
        "How many {pizza}?", retry="From 1 to 20."
    )
    how: Literal["Delivery", "Pick up"] = ask("Delivery or pick up?")
    street: str = ask("Which street?", when=lambda o: o.how == "Delivery")
    day: date | None = ask("Which day?", skip="Any")
    photo: Media | None = ask(lambda: "A photo?", skip="None")
    number: str | None = None

    confirm = choose("Shall we?", {"Yes": to.done, "Ask": to.person})
    done = say("Done.", then=END)
    person = handoff("One moment.", then=to.confirm)


def at_confirm() -> Walker:
    walker = Walker(Order)
    walker.begin()
    walker.answer("p2", shown="Funghi")
    walker.answer(2)
    walker.answer("Pick up")
    walker.answer("2026-08-05", shown="Wed 5 Aug")
    walker.answer(None)
    return walker


def read(walker: Walker, name: str, typed: str) -> Corrected | str:
    return read_correction(walker.flow, walker.run, name, typed, walker.scene)


def answers(walker: Walker) -> dict[str, Answered]:
    return {one.name: one for one in answers_of(walker.flow, walker.run, walker.scene)}


def test_answers_come_in_the_authors_words_and_order() -> None:
    walker = at_confirm()
    walker.run = walker.run.model_copy(update={"answers": {"number": "A7", **walker.run.answers}})
    seen = answers_of(walker.flow, walker.run, walker.scene)
    assert [(one.title, one.shown) for one in seen] == [
        ("Which pizza?", "Funghi"),
        ("How many Funghi?", "2"),
        ("Delivery or pick up?", "Pick up"),
        ("Which day?", "Wed 5 Aug"),
        ("Photo", ""),
        ("Number", "A7"),
    ]
    assert [one.typed for one in seen] == ["Funghi", "2", "Pick up", "Wed 5 Aug", "None", None]
    assert seen[0].options == ("Margherita", "Funghi")


def test_what_is_typed_gives_the_same_answer_again() -> None:
    walker = at_confirm()
    for name, one in answers(walker).items():
        if one.typed is not None:
            again = read(walker, name, one.typed)
            assert isinstance(again, Corrected)
            assert again.value == walker.run.answers[name]


def test_a_photo_cannot_be_typed() -> None:
    walker = at_confirm()
    photo = Media(kind="image", external_id="f1", caption="oven").model_dump(mode="json")
    walker.answer(photo, step="photo")
    assert answers(walker)["photo"].typed is None


def test_a_correction_is_read_as_the_contacts_answer_would_be() -> None:
    walker = at_confirm()
    assert read(walker, "pizza", "margherita") == Corrected("p1", "Margherita")
    assert read(walker, "how", "Delivery") == Corrected("Delivery")
    assert read(walker, "quantity", "three") == Corrected(3, "3")
    assert read(walker, "street", "Calle Mayor 1") == Corrected("Calle Mayor 1")
    assert read(walker, "day", "any") == Corrected(None)
    day = read(walker, "day", "2026-08-07")
    assert isinstance(day, Corrected)
    assert day.value == "2026-08-07"


def test_what_the_type_does_not_take_is_refused_in_words() -> None:
    walker = at_confirm()
    assert read(walker, "quantity", "two hundred") == "From 1 to 20."
    assert read(walker, "pizza", "Hawaii") == "Please choose one of: Margherita, Funghi."
    assert read(walker, "number", "A8") == "'number' is no question of this flow"
    assert read(walker, "confirm", "Yes") == "'confirm' is no question of this flow"


def test_what_may_mean_two_things_is_asked_back() -> None:
    class Visit(Flow):
        at: time = ask("When?")

    walker = Walker(Visit)
    walker.begin()
    said = read(walker, "at", "7")
    assert isinstance(said, str)
    assert said.endswith(" ?")
    assert said.count("7:00") == 2


def test_a_run_goes_on_at_the_handoffs_then_or_at_what_was_asked() -> None:
    walker = at_confirm()
    places = resumable(walker.flow, walker.run, walker.scene, then="confirm")
    assert [place.target for place in places] == [
        "confirm",
        "pizza",
        "quantity",
        "how",
        "day",
        "photo",
    ]
    assert places[0].title == "Shall we?"


def test_a_run_goes_on_at_the_first_open_question_at_most() -> None:
    walker = Walker(Order)
    walker.begin()
    walker.answer("p2", shown="Funghi")
    places = resumable(walker.flow, walker.run, walker.scene)
    assert [place.target for place in places] == ["pizza", "quantity"]


def test_a_then_that_leads_elsewhere_is_named_too() -> None:
    walker = at_confirm()

    def first(then: str) -> Resumable:
        return resumable(walker.flow, walker.run, walker.scene, then=then)[0]

    assert first("END") == Resumable("END", "END")
    assert first("@late_orders>confirm") == Resumable("@late_orders>confirm", "Late orders")
    assert first("done").title == "Done."


def test_a_correction_that_makes_a_question_due_asks_it_before_the_target() -> None:
    walker = at_confirm()
    run = walker.run.model_copy(update={"answers": {**walker.run.answers, "how": "Delivery"}})
    visit = walker.flow.resume(run, "confirm", walker.scene, corrected=["how"])
    assert visit.path == ("street",)
    assert visit.run.returning == "confirm"


class Bill(Flow):
    quantity: int = ask("How many?")
    how: str = ask("How?")
    total: int | None = None

    @step
    async def reckon(self, chat: Chat) -> To:
        self.total = self.quantity * 2
        return to.confirm

    confirm = choose("{total}. Shall we?", {"Yes": to.done})
    hint = say("Nearly there.")

    @step
    async def place(self, chat: Chat) -> None:
        self.total = 0

    done = say("Done.", then=END)


def at_bill() -> Walker:
    walker = Walker(Bill)
    walker.begin()
    walker.answer(2)
    walker.answer("post")
    return walker


def test_what_code_made_of_a_corrected_answer_is_made_anew() -> None:
    walker = at_bill()
    visit = walker.flow.resume(walker.run, "confirm", walker.scene, corrected=["quantity"])
    assert visit.path == ("reckon",)
    assert visit.run.returning == "confirm"


def test_without_a_correction_no_code_runs_again() -> None:
    walker = at_bill()
    visit = walker.flow.resume(walker.run, "confirm", walker.scene, corrected=[])
    assert visit.path == ("confirm",)


@pytest.mark.parametrize("goal", ["how", "reckon"])
def test_code_that_does_not_stand_before_the_target_waits_for_its_turn(goal: str) -> None:
    walker = at_bill()
    visit = walker.flow.resume(walker.run, goal, walker.scene, corrected=["quantity", "nothing"])
    assert visit.path == (goal,)


def test_a_release_elsewhere_goes_straight_there() -> None:
    walker = at_confirm()
    visit = walker.flow.resume(walker.run, "END", walker.scene, corrected=["how"])
    assert visit.path == ()
    assert walker.flow.resume(walker.run, "gone", walker.scene, corrected=[]).path == ("pizza",)


def test_a_run_of_another_time_shows_what_it_can() -> None:
    walker = Walker(Order)
    run = Run(
        id=RunId(1), flow="order", step="pizza", visit=VisitId(1), answers={"pizza": "p9", "x": 1}
    )
    (pizza,) = answers_of(walker.flow, run, walker.scene)
    assert (pizza.shown, pizza.typed) == ("p9", None)
