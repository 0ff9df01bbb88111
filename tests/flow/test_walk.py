"""Rules 1 and 2: what is asked again, passed over, cleared; where a walk stops; ends and calls."""

from typing import Literal

from engine.core.script import Calls, Changes, Ends, HandsOff, Performs
from parley import END, Chat, Flow, To, ask, choose, handoff, say, step, to
from tests.flow.walking import Walker


class Trip(Flow):
    where: str = ask("Where to?")
    how: Literal["Train", "Car"] = ask("How?")
    seats: int | None = ask("How many seats?", when=lambda trip: trip.how == "Car")
    day: str = ask("Which day?")
    confirm = choose("{where} by {how}?", {"Yes": to.done, "Change": to.change})
    change = choose(
        "What?",
        {"Where": to.where, "How": to.how, "All": to.where.fresh, "Nothing": to.confirm},
        returning=to.confirm,
    )
    done = say("Done.", then=END)


def at_confirm(how: str = "Train") -> Walker:
    walker = Walker(Trip)
    walker.begin()
    walker.answer("Lisbon")
    walker.answer(how)
    if how == "Car":
        walker.answer(2)
    walker.answer("Monday")
    assert walker.at == "confirm"
    return walker


def test_body_order_is_the_happy_path() -> None:
    walker = Walker(Trip)
    walker.begin()
    asked = [walker.at]
    for value in ("Lisbon", "Car", 2, "Monday"):
        walker.answer(value)
        asked.append(walker.at)
    assert asked == ["where", "how", "seats", "day", "confirm"]


def test_a_question_whose_condition_is_false_is_passed_over() -> None:
    walker = Walker(Trip)
    walker.begin()
    walker.answer("Lisbon")
    walker.answer("Train")
    assert walker.at == "day"


def test_a_target_asks_an_answered_field_again() -> None:
    walker = at_confirm()
    walker.answer("change")
    walker.answer("where")
    assert walker.at == "where"
    assert "where" not in walker.run.answers


def test_after_a_correction_answered_fields_are_passed_over() -> None:
    walker = at_confirm()
    walker.answer("change")
    walker.answer("where")
    walker.answer("Porto")
    assert walker.at == "confirm"
    assert walker.question.text == "Porto by Train?"


def test_a_correction_makes_a_condition_true_and_its_question_is_asked() -> None:
    walker = at_confirm("Train")
    walker.answer("change")
    walker.answer("how")
    walker.answer("Car")
    assert walker.at == "seats"
    walker.answer(4)
    assert walker.at == "confirm"


def test_a_correction_makes_a_condition_false_and_its_answer_is_cleared() -> None:
    walker = at_confirm("Car")
    walker.answer("Train", step="how")
    assert walker.at == "confirm"
    assert "seats" not in walker.run.answers


def test_an_answer_survives_while_what_its_condition_rests_on_is_asked_again() -> None:
    walker = at_confirm("Car")
    walker.go("how")
    assert walker.at == "how"
    walker.answer("Car")
    assert walker.at == "confirm"
    assert walker.run.answers["seats"] == 2


def test_fresh_forgets_the_step_and_all_that_follow() -> None:
    walker = at_confirm()
    walker.answer("change")
    walker.answer("where.fresh")
    assert walker.at == "where"
    assert walker.run.answers == {}


def test_a_skip_answers() -> None:
    class Note(Flow):
        note: str | None = ask("A note?", skip="No")
        name: str = ask("Your name?")

    walker = Walker(Note)
    walker.begin()
    walker.answer(None, shown="No")
    assert walker.at == "name"
    assert walker.run.answers == {"note": None}
    assert walker.run.shown == {}


def test_a_walk_that_returns_stops_there_and_forgets_it() -> None:
    walker = at_confirm()
    walker.answer("change")
    walker.answer("where")
    assert walker.run.returning == "confirm"
    walker.answer("Porto")
    assert walker.run.returning is None


class Settings(Flow):
    menu = choose(
        "Settings", {"Name": to.name, "Mail": to.mail, "Hours": to.hours}, returning=to.menu
    )
    name: str = ask("Name?")
    mail: Literal["Yes", "No"] = ask("Mail?")
    address: str = ask("Which address?", when=lambda settings: settings.mail == "Yes")
    hours = say("Always open.")
    after = say("Never said.")


def test_a_walk_that_returns_to_an_earlier_step_asks_only_what_came_due() -> None:
    walker = Walker(Settings)
    walker.begin()
    walker.answer("name")
    walker.answer("Ana")
    assert walker.at == "menu"
    walker.answer("mail")
    walker.answer("Yes")
    assert walker.at == "address"
    walker.answer("ana@example.org")
    assert walker.at == "menu"


def test_a_say_on_a_walk_that_returns_goes_back_to_where_it_stops() -> None:
    walker = Walker(Settings)
    walker.begin()
    walker.answer("hours")
    assert walker.said == ["Always open."]
    assert walker.at == "menu"


def test_an_old_button_begins_a_walk_of_its_own() -> None:
    walker = at_confirm()
    walker.answer("change")
    walker.answer("where")
    walker.answer("Car", step="how")
    assert walker.run.returning is None
    assert walker.at == "seats"


def test_a_move_to_a_question_that_is_not_due_goes_on() -> None:
    walker = at_confirm("Train")
    walker.go("seats")
    assert walker.at == "confirm"


def test_say_and_code_fall_to_the_next_in_body() -> None:
    class Falls(Flow):
        hello = say("Hello.")
        more = say("And more.")

        @step
        async def look(self, chat: Chat) -> To | None:
            return None

        last = say("Bye.")

    walker = Walker(Falls)
    visit = walker.begin()
    assert visit.pause == Performs("look", walker.flow.steps["look"].timeout)
    assert walker.said == ["Hello.", "And more."]
    assert walker.returns().pause == Ends()
    assert walker.said == ["Bye."]


def test_past_the_last_step_is_the_end() -> None:
    class Short(Flow):
        name: str = ask("Name?")

    walker = Walker(Short)
    walker.begin()
    assert walker.answer("Ana").pause == Ends()


def test_a_flow_is_called_with_then_and_changed_to_without() -> None:
    class Door(Flow):
        hello = choose("?", {"Call": to["order"].then(to.more), "Leave": to["order"]})
        more = say("Back.")

    walker = Walker(Door)
    walker.begin()
    assert walker.answer("@order>more").pause == Calls("order", "more")
    assert walker.go("more").pause == Ends()
    assert walker.said == ["Back."]

    walker = Walker(Door)
    walker.begin()
    assert walker.answer("@order").pause == Changes("order")


def test_a_handoff_names_its_team_and_where_it_goes_on() -> None:
    class Hands(Flow):
        person = handoff("One moment.", team="kitchen", then=to.after)
        after = say("Back.", then=END)
        alone = handoff("")

    walker = Walker(Hands)
    assert walker.begin().pause == HandsOff("kitchen", "flow", "after")
    assert walker.said == ["One moment."]
    assert walker.go("alone").pause == HandsOff(None, "flow", None)
    assert walker.said == []


def test_a_loop_without_a_question_goes_to_a_person() -> None:
    class Circle(Flow):
        one = say("1", then=to.two)
        two = say("2", then=to.one)

    walker = Walker(Circle, budget=50)
    visit = walker.begin()
    assert visit.pause == HandsOff(None, "too_many_steps", None)
    assert len(visit.path) == 50


def test_the_budget_of_the_turn_counts_not_that_of_the_visit() -> None:
    class Three(Flow):
        one = say("1")
        two = say("2")
        three = say("3")

    assert Walker(Three, budget=2).begin().pause == HandsOff(None, "too_many_steps", None)
    assert Walker(Three, budget=3).begin().pause == Ends()


def test_every_step_entered_is_a_visit() -> None:
    class Two(Flow):
        hello = say("Hello.")
        name: str = ask("Name?")

    walker = Walker(Two)
    visit = walker.begin()
    assert visit.path == ("hello", "name")
    assert visit.visits == visit.run.visit == 2


def test_an_answer_that_is_no_longer_valid_asks_again() -> None:
    walker = Walker(Trip)
    walker.begin()
    walker.answer("Lisbon")
    walker.answer("Balloon")  # offered before the type was narrowed
    assert walker.at == "how"


def test_a_target_that_is_gone_leads_to_the_first_open_question() -> None:
    walker = Walker(Trip)
    walker.begin()
    walker.answer("Lisbon")
    walker.go("hotel")
    assert walker.at == "how"


def test_a_target_that_is_gone_leads_to_the_first_step_where_all_is_answered() -> None:
    walker = at_confirm()
    walker.go("hotel")
    assert walker.at == "where"


def test_a_target_that_moved_leads_to_what_took_its_place() -> None:
    class Moved(Flow, moved={"old": to.last}):
        first: str = ask("First?")
        last: str = ask("Last?")

    walker = Walker(Moved)
    walker.go("old")
    assert walker.at == "last"


def test_a_code_step_that_failed_goes_where_on_error_says() -> None:
    class Careful(Flow):
        @step(on_error=to.sorry)
        async def pay(self, chat: Chat) -> To:
            return END

        sorry = say("Sorry.", then=END)

    walker = Walker(Careful)
    walker.begin()
    assert walker.returns("sorry", error="OSError: no").pause == Ends()
    assert walker.said == ["Sorry."]


def test_what_a_code_step_assigned_is_stored_and_conditions_follow() -> None:
    class Priced(Flow):
        @step
        async def price(self, chat: Chat) -> None: ...

        kind: Literal["a", "b"] = ask("Kind?")
        extra: str | None = ask("Extra?", when=lambda flow: flow.kind == "b")
        total: int | None = None
        bill = choose("{total}", {"OK": END})

    walker = Walker(Priced)
    walker.begin()
    walker.returns(answers={"kind": "a", "total": 7, "nonsense": 1})
    assert walker.at == "bill"
    assert walker.question.text == "7"
    assert walker.run.answers == {"kind": "a", "total": 7}


def test_an_invalid_value_of_a_code_step_is_not_stored() -> None:
    class Typed(Flow):
        @step
        async def fill(self, chat: Chat) -> None: ...

        count: int = ask("How many?")

    walker = Walker(Typed)
    walker.begin()
    walker.returns(answers={"count": "many"})
    assert walker.at == "count"
