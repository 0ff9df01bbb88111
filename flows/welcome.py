"""The front door: what we can do here, and back to it when that is done."""

from parley import END, Flow, choose, handoff, say, to


class Welcome(Flow, start=True, closed="hold"):
    """The menu every new talk begins with."""

    hello = choose(
        "Hi {contact.name|there}! 👋 How can we help?",
        {
            "Order a pizza": to["order"].then(to.more),
            "Opening hours": to.hours,
            "Talk to a person": to.person,
        },
    )
    hours = say("We bake every day from 11:00 to 23:00.")
    more = choose("Anything else?", {"Yes": to.hello, "No, thanks": to.bye})
    bye = say("Have a good day! 🍕", then=END)
    person = handoff("One moment, a colleague is joining.", then=to.more)
