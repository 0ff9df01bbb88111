"""Rules 7 and 13: stored runs meet changed flows; whatever changed, the talk goes on."""

from typing import Literal

from engine.core.conversation import Offer, OfferedOption, Run
from engine.core.ids import RunId, VisitId
from engine.core.value import Json
from engine.flow.compile import CompiledFlow
from parley import END, Chat, Flow, To, ask, choose, handoff, say, step, to


class Stay(Flow, moved={"gone": to.meals, "left": END, "asked": to.name}):
    name: str = ask("Name?", was="guest")
    nights: int = ask("How many nights?")
    meals: Literal["Breakfast", "All"] = ask("Meals?")
    confirm = choose("Fine?", {"Yes": to.book, "Change": to.name}, returning=to.confirm)

    @step
    async def book(self, chat: Chat) -> To:
        return END

    done = say("Done.")
    person = handoff("One moment.", then=to.confirm)


STAY = CompiledFlow(Stay)
ALL: dict[str, Json] = {"name": "Ana", "nights": 2, "meals": "All"}


def stored(
    step: str, answers: dict[str, Json] | None = None, *, asked: bool = True, **more: object
) -> Run:
    offer = Offer(step=step, turn=3, options=(OfferedOption(key="All", title="All", value="All"),))
    run = Run(
        id=RunId(1),
        flow="stay",
        step=step,
        visit=VisitId(4),
        answers=ALL if answers is None else answers,
        asked=step if asked else None,
        offers={step: offer} if asked else {},
    )
    return run.model_copy(update=more)


def restored(run: Run) -> Run:
    fitted = STAY.restore(run)
    assert fitted is not None
    assert STAY.restore(fitted) is fitted or fitted.asked is None
    return fitted


def test_a_run_that_fits_is_the_same_object() -> None:
    run = stored("confirm")
    assert STAY.restore(run) is run


def test_a_renamed_field_brings_its_answer_and_what_was_shown() -> None:
    answers: dict[str, Json] = {"guest": "ana", "nights": 2, "meals": "All"}
    run = restored(stored("confirm", answers, shown={"guest": "Ana"}))
    assert run.answers == {"name": "ana", "nights": 2, "meals": "All"}
    assert run.shown == {"name": "Ana"}
    assert run.asked == "confirm"


def test_an_open_question_that_was_renamed_stays_open() -> None:
    run = stored("guest", {}).model_copy(update={"offers": {"guest": Offer(step="guest", turn=3)}})
    fitted = restored(run)
    assert (fitted.step, fitted.asked) == ("name", "name")
    assert fitted.offers["name"] == Offer(step="name", turn=3)


def test_a_moved_question_keeps_its_offer_where_that_still_answers() -> None:
    fitted = restored(stored("gone", {"name": "Ana", "nights": 2}))
    assert (fitted.step, fitted.asked) == ("meals", "meals")
    assert fitted.offers["meals"].step == "meals"


def test_a_moved_question_whose_offer_is_no_answer_is_asked_anew() -> None:
    wrong = Offer(step="gone", turn=3, options=(OfferedOption(key="x", title="X", value="X"),))
    fitted = restored(stored("gone", {"name": "Ana", "nights": 2}, offers={"gone": wrong}))
    assert (fitted.step, fitted.asked) == ("meals", None)


def test_a_field_in_the_place_of_a_question_without_options_is_asked_anew() -> None:
    typed = Offer(step="asked", turn=3, options=())
    fitted = restored(stored("asked", {}, offers={"asked": typed}))
    assert (fitted.step, fitted.asked) == ("name", None)


def test_that_field_is_asked_anew_also_where_it_was_asked_before() -> None:
    offers = {name: Offer(step=name, turn=3, options=()) for name in ("guest", "asked")}
    fitted = restored(stored("asked", {}, offers=offers))
    assert (fitted.step, fitted.asked) == ("name", None)


def test_a_renamed_field_takes_the_answer_to_its_question() -> None:
    typed = Offer(step="guest", turn=3, options=())
    fitted = restored(stored("guest", {}, offers={"guest": typed}))
    assert (fitted.step, fitted.asked) == ("name", "name")


def test_a_step_moved_beyond_the_flow_goes_there() -> None:
    fitted = restored(stored("left"))
    assert (fitted.step, fitted.asked) == ("END", None)


def test_an_answer_that_no_longer_validates_is_unanswered_and_asked_first() -> None:
    fitted = restored(stored("confirm", ALL | {"meals": "Everything"}))
    assert fitted.answers == {"name": "Ana", "nights": 2}
    assert (fitted.step, fitted.asked) == ("meals", None)


def test_a_lost_answer_of_a_later_question_waits_for_its_turn() -> None:
    fitted = restored(stored("nights", {"name": "Ana", "meals": "Everything"}))
    assert (fitted.step, fitted.asked) == ("nights", "nights")


def test_an_unknown_answer_is_kept_aside_and_comes_back() -> None:
    fitted = restored(stored("confirm", ALL | {"pets": 2}))
    assert fitted.answers == ALL
    assert fitted.aside == {"pets": 2}
    assert fitted.asked == "confirm"
    back = restored(stored("nights", {"name": "Ana"}, aside={"meals": "All", "pets": 2}))
    assert back.answers == {"name": "Ana", "meals": "All"}
    assert back.aside == {"pets": 2}


def test_todays_name_wins_over_the_old_one() -> None:
    fitted = restored(stored("confirm", ALL | {"guest": "Old"}))
    assert fitted.answers == ALL


def test_a_step_that_is_gone_is_led_to_the_first_open_question() -> None:
    fitted = restored(stored("hotel", {"name": "Ana"}))
    assert fitted.asked is None
    assert fitted.step not in STAY.steps


def test_a_step_that_is_gone_with_all_answered_starts_afresh() -> None:
    assert STAY.restore(stored("hotel")) is None


def test_a_question_that_became_something_else_is_no_longer_open() -> None:
    fitted = restored(stored("done"))
    assert (fitted.step, fitted.asked) == ("done", None)


def test_a_correction_whose_end_is_gone_has_none() -> None:
    assert restored(stored("nights", {"name": "Ana"}, returning="summary")).returning is None
    assert restored(stored("nights", {"name": "Ana"}, returning="guest")).returning == "name"


def test_offers_of_steps_that_are_gone_are_dropped() -> None:
    offers = {"confirm": Offer(step="confirm", turn=3), "hotel": Offer(step="hotel", turn=2)}
    assert list(restored(stored("confirm", offers=offers)).offers) == ["confirm"]


def test_a_handed_off_run_keeps_its_place() -> None:
    fitted = restored(stored("person", ALL | {"pets": 1}, asked=False))
    assert (fitted.step, fitted.asked) == ("person", None)


def test_the_text_an_open_question_was_given_is_kept() -> None:
    assert restored(stored("nights", {"guest": "Ana"}, shown={"?text": "x"})).shown == {
        "?text": "x"
    }
