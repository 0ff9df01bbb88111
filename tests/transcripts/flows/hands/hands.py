"""A talk that a person takes part in, and one that runs out of time."""

from typing import Annotated, Literal

from annotated_types import Interval

from parley import END, Flow, ask, choose, handoff, say, to


class Table(Flow, start=True, expires="2h"):
    guests: Annotated[int, Interval(ge=1, le=12)] = ask("A table for how many?")
    confirm = choose(
        "A table for {guests}?",
        {"Yes": to.done, "Ask a person": to.person, "Complain": to.boss},
    )
    done = say("See you tonight.", then=END)
    person = handoff("One moment, a colleague is joining.", team="tables", then=to.confirm)
    boss = handoff("I am calling the manager.")


class Help(Flow, starts_on=["terms"]):
    agree: Literal["Yes", "No"] = ask("Do you agree?")
