"""Questions whose answers can be read in more than one way."""

from typing import Literal

from parley import END, Flow, Option, ask, choose, say, to


class Meaning(Flow, start=True):
    which = choose(
        "What shall we ask?",
        {"Fruit": to.fruit, "Crates": to.crates, "Pages": to.page, "Name": to.name},
    )
    fruit: str = ask(
        "Which fruit?",
        options=lambda meaning: [
            Option("apple", "Apple 🍎", says=["pomme"]),
            Option("pear", "Pear 🍐"),
            Option("menu", "Menu"),
        ],
    )
    fruit_said = say("Fruit: {fruit.value}.", then=END)
    crates: Literal["3", "12", "24"] = ask("How many crates?")
    crates_said = say("Crates: {crates.value}.", then=END)
    page: int = ask(
        "Which page?", options=lambda meaning: [Option(10, "Ten"), Option(20, "Twenty")]
    )
    page_said = say("Page: {page.value}.", then=END)
    name: str = ask("Your name?")
    name_said = say("Name: {name}.", then=END)


class Weather(Flow, starts_on=["weather"]):
    sunny = say("It is sunny.", then=END)
