"""Questions of every size."""

from typing import Literal

from parley import END, Flow, Location, Option, ask, choose, say, to


class Widgets(Flow, start=True):
    size = choose(
        "*Which* widget?",
        {
            "Buttons": to.buttons,
            "List": to.rows,
            "Long titles": to.wide,
            "Too long": to.long,
            "Pages": to.pages,
            "Described": to.described,
            "One": to.one,
            "Place": to.place,
        },
    )
    buttons: Literal["Yes", "No", "Perhaps"] = ask("Three short titles.")
    done_buttons = say("Chosen: {buttons}.", then=END)
    rows: Literal["One", "Two", "Three", "Four"] = ask("Four titles.", button="Pick one")
    done_rows = say("Chosen: {rows}.", then=END)
    wide: Literal["Exactly 24 letters long!", "Short"] = ask("A title of 24.")
    done_wide = say("Chosen: {wide}.", then=END)
    long: Literal["This title is longer than any row may be", "Short"] = ask("A title of 40.")
    done_long = say("Chosen: {long}.", then=END)
    pages: int = ask(
        "Twelve rows.", options=lambda _: [Option(n, f"Row {n}") for n in range(1, 13)]
    )
    done_pages = say("Chosen: {pages}.", then=END)
    described: str = ask(
        "Two rows with words below.",
        options=lambda _: [
            Option("a", "First", "the cheap one"),
            Option("b", "Second", "the good one"),
        ],
    )
    done_described = say("Chosen: {described}.", then=END)
    one: str = ask("One option.", options=lambda _: [Option("only", "The only one")])
    done_one = say("Chosen: {one}.", then=END)
    place: Location = ask("Where are you?")
    done_place = say("You are at {place}.", then=END)
