"""The flows as they were first published."""

from typing import Literal

from parley import END, Flow, ask, choose, say, to


class Booking(Flow, starts_on=["book"]):
    guest: str = ask("Your name?")
    nights: Literal["1", "2", "3"] = ask("How many nights?")
    meals: Literal["None", "Breakfast", "Everything"] = ask("Which meals?")
    check = choose("{nights} nights, {meals}?", {"Yes": to.done, "No": to.nights})
    done = say("Booked for {guest}.", then=END)


class Gone(Flow, starts_on=["old"]):
    word: str = ask("Say something old.")
