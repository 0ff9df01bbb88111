"""The next version: a step and a field renamed, a type narrowed, a flow deleted."""

from typing import Literal

from parley import END, Flow, ask, choose, say, to


class Booking(Flow, starts_on=["book"], moved={"summary": "confirm"}):
    people: int = ask("How many people?", was="guests")
    meals: Literal["Breakfast", "Half board"] = ask("Which meals, please?")
    remark: str = ask("Any wishes at all?")
    confirm = choose("{people} people, {meals}. Shall we?", {"Yes": to.done, "No": END})
    done = say("Booked for {people}: {remark}.", then=END)


class Menu(Flow, start=True):
    hello = choose("What shall it be today?", {"Book": to["booking"]})
