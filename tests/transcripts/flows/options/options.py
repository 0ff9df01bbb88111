"""Dynamic options: an empty list, equal titles, old taps."""

from typing import Literal

from parley import END, Flow, Option, ask, choose, say, to


class Options(Flow, start=True):
    what = choose("What next?", {"Shoes": to.size, "Empty": to.none, "Twins": to.twin})
    size: Literal["Small", "Large"] = ask("Which size?")
    colour: Literal["Black", "White"] = ask("Which colour?")
    confirm = choose("{size} and {colour}?", {"Yes": to.done, "No": to.colour})
    done = say("Ordered: {size}, {colour}.", then=END)
    none: str = ask("Which of none?", options=lambda _: [], empty=to.sold_out)
    sold_out = say("All sold out.", then=to.what)
    twin: str = ask("Which Kim?", options=lambda _: [Option("k1", "Kim"), Option("k2", "Kim")])
    twin_said = say("Kim number {twin.value}.", then=END)


class Nothing(Flow, starts_on=["nothing"]):
    none: str = ask("Which of none?", options=lambda _: [])
