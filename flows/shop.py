"""The demo's business behind the bot: a small menu and a kitchen that takes orders; yours would be its own service."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol
from zlib import crc32


@dataclass(frozen=True)
class Pizza:
    """One line of the menu."""

    sku: str
    name: str
    price: Decimal
    toppings: str


class PizzaOrder(Protocol):
    """What the kitchen needs to know of an order."""

    pizza: str
    quantity: int


class SoldOut(Exception):
    """The kitchen has no more of a pizza; the message is its name."""


MENU = (
    Pizza("margherita", "Margherita", Decimal("8.50"), "tomato, mozzarella, basil"),
    Pizza("marinara", "Marinara", Decimal("7.50"), "tomato, garlic, oregano"),
    Pizza("diavola", "Diavola", Decimal("10.50"), "tomato, mozzarella, spicy salami"),
    Pizza("funghi", "Funghi", Decimal("9.50"), "tomato, mozzarella, mushrooms"),
    Pizza("tartufo", "Tartufo", Decimal("14.00"), "mozzarella, truffle, rocket"),
)

GONE = "tartufo"
"""What the demo's kitchen has always just run out of, so that the way back from an order can be seen."""


def menu() -> tuple[Pizza, ...]:
    """Return today's menu."""
    return MENU


async def place_order(order: PizzaOrder, key: str) -> str:
    """Send an order to the kitchen and return its number.

    Args:
        order: What to make.
        key: An idempotency key: the same key is the same order, and gets the same number.

    Raises:
        SoldOut: The kitchen has run out of the pizza.
    """
    if order.pizza == GONE:
        raise SoldOut(next(pizza.name for pizza in MENU if pizza.sku == GONE))
    return f"{crc32(key.encode()) % 9000 + 1000}"
