"""A talk in three languages, told apart by what the contact writes."""

from typing import Literal

from parley import END, Flow, ask, choose, say, to


class Tongues(Flow, starts_on=["bread"]):
    """Buy bread."""

    size: Literal["Small", "Large"] = ask("Which size?")
    count: int = ask("How many?")
    confirm = choose("{count} × {size}?", {"Yes": to.done, "Other size": to.size})
    done = say("It is done.", then=END)
