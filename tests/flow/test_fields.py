"""The flow class: what is a question, what is answered, what reading and assigning does."""

from typing import Annotated, Any, Literal, cast

import pytest
from annotated_types import Interval
from pydantic import BaseModel, ValidationError

from engine.core.errors import DefinitionError
from engine.core.value import Json
from engine.flow.fields import Unanswered, answers_of, load
from parley import END, Chat, Flow, Location, Option, To, ask, choose, handoff, say, step, to


class Booking(Flow, starts_on=["book"], start=True, expires="90m", moved={"old": to.name}):
    nights: Annotated[int, Interval(ge=1, le=9)] = ask("How many nights?")
    name: str = ask("Your name?")
    meals: Literal["Breakfast", "All"] | None = ask("Meals?", skip="None")
    child: int | None = ask("How old is the child?", when=lambda it: it.nights > 1)
    price: float | None = None
    confirm = choose("Fine?", {"Yes": END})

    @step
    async def book(self, chat: Chat) -> To:
        return END

    done = say("Done.")
    person = handoff("One moment.")


def test_the_body_keeps_its_order_and_data_is_no_step() -> None:
    names = ["nights", "name", "meals", "child", "confirm", "book", "done", "person"]
    assert list(Booking.__flow__.body) == names
    assert not Booking.__flow__.fields["price"].asked


def test_class_keywords_are_read() -> None:
    definition = Booking.__flow__
    assert definition.name == "booking"
    assert definition.starts_on == ("book",)
    assert definition.start
    assert definition.expires is not None
    assert definition.expires.total_seconds() == 5400
    assert definition.moved == {"old": "name"}


def test_a_name_is_snake_case() -> None:
    class OrderHTTPPizza(Flow):
        hello = say("Hi")

    assert OrderHTTPPizza.__flow__.name == "order_http_pizza"


def test_every_step_knows_its_line() -> None:
    lines = [part.source.line for part in Booking.__flow__.body.values()]
    assert lines == sorted(lines)
    assert all(part.source.file == __file__ for part in Booking.__flow__.body.values())


def test_only_answered_fields_are_stored() -> None:
    flow = load(Booking, {"nights": 2, "meals": None})
    assert answers_of(flow) == {"nights": 2, "meals": None}


def test_reading_an_unanswered_field_raises_with_its_name() -> None:
    flow = cast(Booking, load(Booking, {"nights": 2}))
    with pytest.raises(Unanswered, match=r"booking\.name has no answer yet"):
        _ = flow.name


def test_an_optional_field_whose_question_is_not_due_reads_as_none() -> None:
    assert cast(Booking, load(Booking, {"nights": 1})).child is None
    with pytest.raises(Unanswered):
        _ = cast(Booking, load(Booking, {"nights": 2})).child


def test_data_has_its_default() -> None:
    assert cast(Booking, load(Booking, {})).price is None


def test_loading_is_lenient() -> None:
    flow = load(Booking, {"nights": 99, "name": "Ana", "gone": 1})
    assert answers_of(flow) == {"name": "Ana"}


def test_assigning_is_validated_and_answers() -> None:
    flow = cast(Booking, load(Booking, {}))
    flow.nights = 3
    assert answers_of(flow) == {"nights": 3}
    with pytest.raises(ValidationError):
        flow.nights = 99


def test_a_misspelt_attribute_is_no_unanswered_field() -> None:
    flow: Any = load(Booking, {})
    with pytest.raises(AttributeError, match="nigths"):
        _ = flow.nigths
    with pytest.raises(ValidationError):
        flow.nigths = 1


def test_a_flow_is_a_pydantic_model() -> None:
    assert issubclass(cast(type, Booking), BaseModel)


def test_a_question_without_a_type_is_noted() -> None:
    class Loose(Flow):
        name = ask("Name?")

    assert Loose.__flow__.untyped == {"name"}


def test_a_name_of_pydantic_itself_does_not_break_the_class() -> None:
    class Odd(Flow):
        copy: str = ask("Copy?")  # type: ignore[assignment, unused-ignore]
        json = say("Hi")

    assert list(Odd.__flow__.body) == ["copy", "json"]


def test_a_flow_inherits_its_bases_steps() -> None:
    class Named(Flow):
        name: str = ask("Name?")

    class Guest(Named):
        room: int = ask("Room?")

    assert list(Guest.__flow__.body) == ["name", "room"]
    assert set(Guest.__flow__.fields) == {"name", "room"}


def test_unions_keep_places_as_places() -> None:
    class Where(Flow):
        place: Location | str = ask("Where?")

    stored: Json = {"kind": "location", "latitude": 1.5, "longitude": 2.5}
    assert cast(Where, load(Where, {"place": stored})).place == Location(
        latitude=1.5, longitude=2.5
    )
    assert cast(Where, load(Where, {"place": "here"})).place == "here"


def test_a_wrong_length_of_time_is_refused() -> None:
    with pytest.raises(DefinitionError, match="'soon' is no length of time"):

        class Soon(Flow, expires="soon"):
            hello = say("Hi")


def test_an_option_without_a_title_shows_its_value() -> None:
    assert Option(3).title == "3"
    assert Option("a", says=["x"]).says == ("x",)
