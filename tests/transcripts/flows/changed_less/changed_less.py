"""The booking without its last question, and without a word on where it went."""

from typing import Literal

from parley import END, Flow, ask, say


class Booking(Flow, starts_on=["book"]):
    guest: str = ask("Your name?")
    nights: Literal["1", "2", "3"] = ask("How many nights?")
    pets: Literal["Yes", "No"] = ask("Any pets?")
    done = say("Booked for {guest}.", then=END)
