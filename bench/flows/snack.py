"""The benchmark's talk: a text, a button, a row of a list, and thanks."""

from typing import Literal

from parley import END, Flow, ask, say


class Snack(Flow, start=True):
    size: Literal["Small", "Medium", "Large"] = ask("Which size would you like?")
    filling: Literal["Beans", "Cheese", "Chicken", "Potato", "Squash"] = ask("And which filling?")
    thanks = say("Thank you: {size}, {filling}. It is on its way.", then=END)
