"""The booking without its first question: who is asked for a name is asked for wishes."""

from typing import Literal

from parley import END, Flow, ask, say, to


class Booking(Flow, starts_on=["book"], moved={"guest": to.remark}):
    nights: Literal["1", "2", "3"] = ask("How many nights?")
    remark: str = ask("Any wishes?")
    done = say("Booked: {remark}.", then=END)
