"""A question of each type that reads what people write."""

from datetime import date, time
from decimal import Decimal
from typing import Annotated

from parley import END, Currency, Email, Flow, Money, Name, Phone, Quantity, ask, say


class Answers(Flow, start=True):
    """One of each."""

    sure: bool = ask("Shall we begin?")
    count: int = ask("How many loaves?")
    length: Decimal = ask("How long, in metres?")
    flour: Quantity = ask("How much flour?")
    price: Annotated[Money, Currency("EUR")] = ask("What may it cost?")
    day: date = ask("Which day?")
    hour: time = ask("At what time?")
    name: Name = ask("What is your name?")
    mail: Email = ask("Your e-mail address?")
    phone: Phone = ask("Your phone number?")
    done = say(
        "{count} loaves, {length}, {flour}, {price}, {day}, {hour}, {name}, {mail}, {phone}.",
        then=END,
    )
