"""Hands off to whom the contact names."""

from parley import Flow, choose, handoff, to


class Handing(Flow, start=True):
    who = choose("Who?", {"Kitchen": to.kitchen, "Office": to.office, "Anybody": to.anybody})
    kitchen = handoff("The kitchen will answer.", team="kitchen", then=to.who)
    office = handoff("The office will answer.", team="office", then=to.who)
    anybody = handoff("Somebody will answer.", then=to.who)
