"""Asks after what nobody answers and says something later, as soon as that may be."""

from parley import END, Flow, after, ask, say


class Timed(Flow, start=True):
    promise = say("As promised.", at=after("1s"))
    size: str = ask("Which size?", remind=after("1s", "Still there?"))
    done = say("Thank you.", then=END)
