"""Greets whoever writes, each time anew."""

from parley import Flow, say


class Hello(Flow, start=True):
    hello = say("Hello.")
