"""Options that are named in people's own words, and flows that interrupt each other."""

from typing import Literal

from parley import END, Flow, Option, ask, choose, say, to


class Counter(Flow, start=True):
    """The start of it all."""

    hello = choose("What can we do?", {"Cook something": to["kitchen"], "Nothing": END})


class Kitchen(Flow, starts_on=["cook"], expires="2h"):
    """Cook a dish."""

    dish: Literal["Cheese pizza", "Cheese fries", "Green salad"] = ask("Which dish?")
    size: str = ask(
        "Which size?",
        options=lambda kitchen: [
            Option("s", "Small (25 cm)"),
            Option("m", "Medium (28 cm)"),
            Option("l", "Large (33 cm)"),
        ],
    )
    flour: Literal["2 kg", "5 kg", "10 kg"] = ask("How much flour?")
    confirm = choose(
        "{size} {dish}, {flour}?", {"Yes, cook": to.done, "Another size": to.size, "No": END}
    )
    done = say("It is cooking.", then=END)


class Table(Flow, starts_on=["table"], expires="10m"):
    """Book a table."""

    place: Literal["Inside", "Outside"] = ask("Inside or outside?")
    guests: int = ask("How many guests?")
    done = say("A table for {guests}, {place}.", then=END)
