"""Plans a trip: a branch, a correction, a start from the beginning."""

from typing import Annotated, Literal

from annotated_types import Interval

from parley import END, Flow, ask, choose, say, to


class Trip(Flow, starts_on=["trip"]):
    place: str = ask("Where to?")
    how: Literal["Train", "Car"] = ask("How will you travel?")
    seats: Annotated[int, Interval(ge=1, le=4)] = ask(
        "How many seats has your car?", when=lambda trip: trip.how == "Car"
    )
    day: Literal["Today", "Tomorrow"] = ask("When?")
    note: str | None = ask("Anything to add?", skip="No")

    confirm = choose(
        "{place} by {how}, {day}. Right?",
        {"Yes": to.done, "Change it": to.change, "All again": to.place.fresh},
    )
    change = choose("What?", {"How": to.how, "When": to.day}, returning=to.confirm)
    done = say("Have a good trip to {place}.", then=END)
