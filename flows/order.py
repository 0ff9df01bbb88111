"""Order pizzas: which, how big, how many, where to; then a summary, in which anything can be changed or added."""

from datetime import datetime
from typing import Annotated, Literal

from annotated_types import Interval
from pydantic import StringConstraints

from parley import (
    END,
    Chat,
    Flow,
    InFuture,
    Location,
    Money,
    Shows,
    To,
    after,
    ask,
    choose,
    handoff,
    say,
    step,
    to,
)

from .shop import (
    Extra,
    Item,
    Opening,
    SoldOut,
    Street,
    UnknownCode,
    bill,
    choices,
    item,
    last_order,
    pizzas,
    place_order,
)

Items = Annotated[list[Item], Shows("{quantity} × {size} {name} · {price}")]
Extras = Annotated[list[Extra], Shows("{what} · {amount}")]


class Order(Flow, starts_on=["order", "pizza", "place an order"], expires="2h", closed="hold"):
    """One order: a walk down the body to the summary, from where every answer can be reached again."""

    usual: Items = []
    cart: list[Item] = []
    """All but the pizza whose questions are open."""
    items: Items = []
    extras: Extras = []
    total: Money | None = None
    taken: Annotated[Item | None, Shows("{name}")] = None
    """The pizza whose questions were opened again."""
    number: str | None = None

    @step
    async def recall(self, chat: Chat) -> To:
        """Look up what the contact had last time."""
        last = await last_order(chat.contact)
        self.usual = last.items if last else []
        return to.again if last else to.pizza

    again = choose(
        "Nice to see you again! Last time it was:\n{usual}",
        {"Same as last time": to.repeat, "Something else": to.pizza},
    )

    @step
    async def repeat(self, chat: Chat) -> To:
        """Take the last order for this one."""
        last = await last_order(chat.contact)
        if last is None:
            return to.pizza
        self.items, self.how, self.address = last.items, last.how, last.address
        self.take_up(len(self.items) - 1)
        return to.reckon

    pizza: str = ask("Which pizza? 🍕", options=pizzas, button="Our pizzas", empty=to.cold)
    size: Literal["Small", "Medium", "Large"] = ask("Which size?")
    quantity: Annotated[int, Interval(ge=1, le=20)] = ask(
        "How many?", options=[1, 2, 3], retry="A number from 1 to 20, please."
    )
    how: Literal["Delivery", "Pick up"] = ask("Delivery or pick up?")
    address: Location | Street | None = ask(
        "Where to? Send your location 📍 or type the address.",
        when=lambda order: order.how == "Delivery",
    )
    at: Annotated[datetime, InFuture, Opening] | None = ask(
        "For when? Any time from 11:00 to 23:00, such as *tomorrow at 8 pm*.",
        skip="As soon as possible",
        retry="A day and a time while we bake, from 11:00 to 23:00, please.",
        on_request=True,
    )
    promo: Annotated[str, StringConstraints(pattern=r"^\w{4,12}$")] | None = ask(
        "Which promo code?", skip="No code", retry="A code is one word.", on_request=True
    )
    note: str | None = ask("Anything the kitchen should know?", skip="No, thanks", on_request=True)

    @step
    async def reckon(self, chat: Chat) -> To:
        """Put together what is ordered and what it costs."""
        self.items = self.cart
        if getattr(self, "pizza", None):  # whoever came back from "Another pizza" has chosen none
            self.items = [*self.cart, item(self.pizza, self.size, self.quantity)]
        try:
            self.extras, self.total = bill(self.items, self.how, self.promo)
        except UnknownCode:
            return to.no_such_code
        return to.confirm

    confirm = choose(
        "{items}\n{extras}\n*Total: {total}*\n"
        "{how}, {at|as soon as possible}\n📍 {address}\n📝 {note}\n\n"
        "Shall we make it?",
        {"Yes, order": to.place, "Another pizza": to.another, "Change or add": to.change},
        remind=after("20m", "Your order has not gone to the kitchen yet. Shall we make it?"),
    )

    @step
    async def place(self, chat: Chat) -> To:
        """Send the order to the kitchen: once, even if this step has to be run again."""
        try:
            self.number = await chat.once(
                place_order, self, chat.contact, chat.key, raises=(SoldOut,)
            )
        except SoldOut as sold_out:
            self.take_up(*sold_out.args)
            return to.sold_out
        return to.done

    done = say("Thank you! Order {number}, {at|about 30 minutes}. 🛵", then=END)

    @step
    async def another(self, chat: Chat) -> To:
        """Keep what is chosen and ask for one more."""
        self.cart = self.items
        del self.pizza, self.size, self.quantity
        return to.pizza

    change = choose(
        "What should change?",
        {
            "A pizza": to.which,
            "Delivery": to.how,
            "Address": to.deliver,
            "Time": to.at,
            "Promo code": to.promo,
            "Note": to.note,
            "Ask a person": to.person,
        },
        button="Change or add",
    )

    @step
    async def deliver(self, chat: Chat) -> To:
        """Have it brought: whoever gives an address wants that."""
        self.how = "Delivery"
        return to.address

    which: str | None = ask(
        "Which one?",
        options=lambda order: choices(order.items),
        when=lambda order: len(order.items) > 1,
        empty=to.pizza,
    )

    @step
    async def reopen(self, chat: Chat) -> To:
        """Open the questions of the chosen pizza again."""
        place = int(self.which or 0)
        if place >= len(self.items):  # chosen from a list of long ago
            return to.change
        self.take_up(place)
        return to.what

    what = choose(
        "What about the {taken}?",
        {"Another one": to.pizza, "Size": to.size, "How many": to.quantity, "Remove it": to.remove},
    )

    @step
    async def remove(self, chat: Chat) -> To:
        """Take the pizza out; without any other the order begins anew."""
        if not self.cart:
            del self.pizza, self.size, self.quantity
            return to.pizza
        self.items = self.cart
        self.take_up(len(self.items) - 1)
        return to.reckon

    def take_up(self, place: int) -> None:
        """Make one of the items the pizza whose questions are open; the others are the cart."""
        self.taken = taken = self.items[place]
        self.cart = [*self.items[:place], *self.items[place + 1 :]]
        self.pizza, self.size, self.quantity = taken.sku, taken.size, taken.quantity

    cold = say("Sorry, the oven is cold today.", then=END)
    sold_out = say("Sorry, the last {taken} has just gone.", then=to.pizza)
    no_such_code = say("Sorry, we do not know the code {promo}.", then=to.promo)
    person = handoff("One moment, a colleague is joining.", team="kitchen", then=to.reckon)
