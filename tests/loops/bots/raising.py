"""Raises while it talks, as a flow with a mistake does."""

from parley import END, Flow, ask, say


def broken(flow: "Raising") -> bool:
    """Look something up that is not there."""
    prices: dict[str, bool] = {}
    return prices[flow.word]


class Raising(Flow, start=True, expires="2h"):
    word: str = ask("Say a word.")
    more: str = ask("Another?", when=broken)
    done = say("Bye.", then=END)
