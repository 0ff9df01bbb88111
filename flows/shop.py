"""The demo's business behind the bot: a menu, prices, codes and a kitchen; yours would be its own service."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from decimal import Decimal
from typing import Annotated, Literal, Protocol
from zlib import crc32

from pydantic import AfterValidator, StringConstraints

from parley import Contact, Location, Money, Option

Size = Literal["Small", "Medium", "Large"]
How = Literal["Delivery", "Pick up"]


def euros(amount: str | Decimal) -> Money:
    """Return an amount in the shop's currency."""
    return Money(amount=Decimal(amount), currency="EUR")


@dataclass(frozen=True)
class Pizza:
    """One line of the menu; every size costs the same."""

    sku: str
    name: str
    price: Money
    toppings: str


@dataclass(frozen=True)
class Item:
    """One line of an order."""

    sku: str
    name: str
    size: Size
    quantity: int
    price: Money


@dataclass(frozen=True)
class Extra:
    """What is added to the items' prices, or taken off them."""

    what: Literal["Delivery", "Promo code"]
    amount: Money


class PizzaOrder(Protocol):
    """What the kitchen needs to know of an order."""

    items: list[Item]
    how: How
    address: Location | str | None


@dataclass(frozen=True)
class Placed:
    """An order as the shop remembers it."""

    items: list[Item]
    how: How
    address: Location | str | None


class SoldOut(Exception):
    """The kitchen has no more of a pizza; the argument is its place among the items."""


class UnknownCode(Exception):
    """A promo code that the shop does not know."""


MENU = (
    Pizza("margherita", "Margherita", euros("8.50"), "tomato, mozzarella, basil"),
    Pizza("marinara", "Marinara", euros("7.50"), "tomato, garlic, oregano"),
    Pizza("diavola", "Diavola", euros("10.50"), "tomato, mozzarella, spicy salami"),
    Pizza("funghi", "Funghi", euros("9.50"), "tomato, mozzarella, mushrooms"),
    Pizza("tartufo", "Tartufo", euros("14.00"), "mozzarella, truffle, rocket"),
)

GONE = "tartufo"
"""What the demo's kitchen has always just run out of, so that the way back from an order can be seen."""

CODES = {"BASIL10": Decimal("0.10"), "FRIENDS20": Decimal("0.20")}
"""Promo codes and the share they take off."""

DELIVERY, FREE_FROM = Decimal(2), Decimal(25)
"""What delivery costs, and from which sum on it is free."""

OPENS, CLOSES = time(11), time(23)

_placed: dict[str, Placed] = {}
"""The last order of each contact."""


def _while_open(at: datetime) -> datetime:
    if not OPENS <= at.time() <= CLOSES:
        raise ValueError(f"the oven is cold at {at.time()}")
    return at


Opening = AfterValidator(_while_open)
"""`Annotated[datetime, Opening]`: a time at which the shop bakes."""


Street = Annotated[str, StringConstraints(pattern=r"^[^?؟]{3,}$")]
"""An address as people type it; what asks something is none."""


def pizzas() -> list[Option]:
    """Return today's menu as a list to choose from."""
    return [Option(each.sku, each.name, (each.price, each.toppings)) for each in MENU]


def item(sku: str, size: Size, quantity: int) -> Item:
    """Return so many of a pizza, with what they cost."""
    pizza = next(each for each in MENU if each.sku == sku)
    return Item(sku, pizza.name, size, quantity, euros(pizza.price.amount * quantity))


def choices(items: Sequence[Item]) -> list[Option]:
    """Return what is in a cart as a list to choose from; the values are places in it."""
    return [
        Option(str(place), each.name, (each.size, f"× {each.quantity}", each.price))
        for place, each in enumerate(items)
    ]


def bill(items: Sequence[Item], how: How, code: str | None) -> tuple[list[Extra], Money]:
    """Return what comes to the items' prices, and the total.

    Raises:
        UnknownCode: The shop has no such code.
    """
    total = sum((each.price.amount for each in items), Decimal(0))
    extras = []
    if code is not None:
        if code.upper() not in CODES:
            raise UnknownCode(code)
        extras.append(
            Extra("Promo code", euros(-(total * CODES[code.upper()]).quantize(Decimal("0.01"))))
        )
    if how == "Delivery" and total < FREE_FROM:
        extras.append(Extra("Delivery", euros(DELIVERY)))
    return extras, euros(total + sum(extra.amount.amount for extra in extras))


async def last_order(contact: Contact) -> Placed | None:
    """Return what the contact ordered last; None for whoever is new."""
    return _placed.get(_who(contact))


async def place_order(order: PizzaOrder, contact: Contact, key: str) -> str:
    """Send an order to the kitchen, remember it, and return its number.

    Args:
        order: What to make.
        contact: Whose it is.
        key: An idempotency key: the same key is the same order, and gets the same number.

    Raises:
        SoldOut: The kitchen has run out of one of the pizzas.
    """
    for place, each in enumerate(order.items):
        if each.sku == GONE:
            raise SoldOut(place)
    _placed[_who(contact)] = Placed(order.items, order.how, order.address)
    return f"{crc32(key.encode()) % 9000 + 1000}"


def _who(contact: Contact) -> str:
    return contact.phone or contact.user_id or str(contact.id)
