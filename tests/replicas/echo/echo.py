"""Says what it heard."""

from parley import Flow, ask, say, to


class Echo(Flow, start=True):
    text: str = ask("Ready.")

    heard = say("heard {text}", then=to.text.fresh)
