# mypy: ignore-errors
# ruff: noqa
# fmt: off
"""Questions people ask, and the way to an order or a person."""
from parley import END, Flow, choose, handoff, say, to


class Faq(Flow, start=True):
    hello = choose("Hi {contact.name|there}! 👋 How can we help?", {
        "Opening hours": to.hours, "Where we deliver": to.areas,
        "Order a pizza": to["order"].then(to.more), "Talk to a person": to.person,
    })
    hours = say("Every day from 11:00 to 23:00.", then=to.more)
    areas = say("Anywhere within 5 km of the old town.", then=to.more)
    more = choose("Anything else?", {"Yes": to.hello, "No, thanks": END})
    person = handoff("One moment, a colleague is joining.", then=to.more)
