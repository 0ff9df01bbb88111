"""A flow that waits for another, and one that calls itself."""

from parley import END, Flow, ask, choose, say, to


class Caller(Flow, start=True):
    hello = choose("Call the other?", {"Call": to["other"].then(to.more), "No": END})
    more = say("Back again.", then=END)


class Other(Flow, expires="2h"):
    number: int = ask("A number?")


class Deep(Flow, starts_on=["deep"]):
    down = say("", then=to["deep"].then(to.up))
    up = say("Up.", then=END)
