"""Something went wrong: hear it, then a person puts it right."""

from parley import END, Flow, ask, handoff


class Complaint(
    Flow,
    starts_on=[
        "complaint",
        "complain",
        "make a complaint",
        "something is wrong",
        "refund",
    ],
    expires="2h",
):
    """What happened, and a colleague; a bot that answers a complaint makes it worse."""

    what: str = ask("We are sorry! What went wrong?", join="5s")
    person = handoff(
        "Thank you for telling us. A colleague is looking at it now.", team="service", then=END
    )
