"""What contacts see of their own answers."""

from parley import END, Flow, Location, Option, ask, say


class Placeholders(Flow, start=True):
    pizza: str = ask("Which pizza?", options=lambda _: [Option("sku-7", "Margherita")])
    place: Location = ask("Where?")
    note: str | None = ask("A note?", skip="No, thanks")
    shown = say(
        "*{pizza}* ({pizza.value}) to {place} for {contact.name|you}, {contact.phone}. Note: {note}.",
        then=END,
    )
