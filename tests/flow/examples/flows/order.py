# mypy: ignore-errors
# ruff: noqa
# fmt: off
"""Order a pizza: which, how big, how many, where to; confirm; or ask a person."""
from typing import Annotated, Literal
from annotated_types import Interval
from parley import END, Chat, Flow, Location, Option, To, ask, choose, handoff, say, step, to
from pizzeria import SoldOut, menu, place_order                   # the business's own code


class Order(Flow, starts_on=["order", "pizza"], expires="2h"):
    pizza: str = ask("Which pizza? 🍕", options=lambda: [
        Option(p.sku, p.name, f"€{p.price} · {p.toppings}") for p in menu()])
    size: Literal["Small", "Medium", "Large"] = ask("Which size?")
    quantity: Annotated[int, Interval(ge=1, le=20)] = ask(
        "How many?", retry="A number from 1 to 20, please.")
    how: Literal["Delivery", "Pick up"] = ask("Delivery or pick up?")
    address: Location | str | None = ask(
        "Where to? Send your location 📍 or type the address.",
        when=lambda o: o.how == "Delivery")
    note: str | None = ask("Anything the kitchen should know?", skip="No, thanks")
    number: str | None = None                                      # data without a question

    confirm = choose("{quantity} × {size} {pizza}, {how}. Shall we make it?", {
        "Yes, order": to.place,
        "Change it": to.change,
        "Ask a person": to.person,
    })
    change = choose("What should change?", {
        "Pizza": to.pizza, "Size": to.size, "How many": to.quantity, "Delivery": to.how,
    }, returning=to.confirm)

    @step
    async def place(self, chat: Chat) -> To:
        try:
            self.number = await chat.once(place_order, self)       # stored: not repeated once it has returned
        except SoldOut as gone:
            await chat.say(f"Sorry, the last {gone} has just gone.")
            return to.pizza
        return to.done

    done = say("Thank you! Order {number}, about 30 minutes. 🛵", then=END)
    person = handoff("One moment, a colleague is joining.", team="kitchen", then=to.confirm)
