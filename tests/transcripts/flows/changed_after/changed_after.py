"""The flows after a change: a step and a field renamed, a type narrowed, a flow deleted."""

from typing import Literal

from parley import END, Flow, ask, choose, say, to


class Booking(Flow, starts_on=["book"], moved={"check": to.confirm}):
    name: str = ask("Your name?", was="guest")
    nights: Literal["1", "2", "3"] = ask("How many nights?")
    meals: Literal["None", "Breakfast"] = ask("Which meals?")
    confirm = choose("So: {nights} nights, {meals}?", {"Yes": to.done, "No": to.nights})
    done = say("Booked for {name}.", then=END)


class Reception(Flow, start=True):
    hello = choose("How can we help?", {"Nothing": END})
