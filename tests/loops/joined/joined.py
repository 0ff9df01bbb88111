"""Waits half a minute for all of an answer."""

from parley import END, Flow, after, ask, say


class Joined(Flow, start=True):
    story: str = ask("What happened?", join=after("30s"))
    done = say("You said: {story}", then=END)
