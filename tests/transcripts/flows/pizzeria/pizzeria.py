"""An order that people help with: teams with hours, words for outside them, and what an agent may correct."""

from typing import Annotated, Literal

from annotated_types import Interval

from parley import END, Flow, ask, choose, handoff, say, to


class Pizzeria(Flow, start=True):
    quantity: Annotated[int, Interval(ge=1, le=20)] = ask("How many pizzas?")
    how: Literal["Delivery", "Pick up"] = ask("Delivery or pick up?")
    street: str = ask("Which street?", when=lambda o: o.how == "Delivery")

    confirm = choose(
        "{quantity} pizzas, {how}, {street|at the counter}. Shall we make them?",
        {"Yes": to.done, "Ask the kitchen": to.kitchen, "Complain": to.boss},
    )
    done = say("They are in the oven.", then=END)
    kitchen = handoff(
        "One moment, the kitchen is looking.",
        team="kitchen",
        then=to.confirm,
        outside="The oven is cold, {contact.name|dear guest}. We are back {opens}.",
        unclaimed="All hands are in the dough, {contact.name}. We will write to you.",
        unclaimed_after="10m",
    )
    boss = handoff("I am calling the manager.", team="front desk")
