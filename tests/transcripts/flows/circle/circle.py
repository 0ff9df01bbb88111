"""Goes round and round without a question."""

from parley import Flow, say, to


class Circle(Flow, starts_on=["circle"]):
    one = say("Round", then=to.two)
    two = say("and round", then=to.one)
