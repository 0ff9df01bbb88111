"""A flow that begins by its word alone: nothing starts by itself."""

from parley import END, Flow, say


class Hours(Flow, starts_on=["hours"]):
    hours = say("We are open from 9 to 5.", then=END)
