"""The business's own code that the example flow imports: it stands beside the configuration file."""

from dataclasses import dataclass


@dataclass
class Pizza:
    sku: str
    name: str
    price: str
    toppings: str


class SoldOut(Exception):
    pass


LEFT = {"margherita": 10, "tartufo": 0}


def menu() -> list[Pizza]:
    return [
        Pizza("margherita", "Margherita", "8.50", "tomato, mozzarella"),
        Pizza("tartufo", "Tartufo", "14.00", "mozzarella, truffle"),
    ]


async def place_order(order: object) -> str:
    sku = getattr(order, "pizza", "")
    if LEFT[sku] == 0:
        raise SoldOut(sku.title())
    return f"{sku[:2].upper()}-1"
