"""The flows as first published; live chats stand on them when the next version comes."""

from typing import Literal

from parley import END, Flow, ask, choose, say, to


class Booking(Flow, starts_on=["book"]):
    guests: int = ask("How many guests?")
    meals: Literal["Breakfast", "Half board", "Everything"] = ask("Which meals?")
    remark: str = ask("Any wishes?")
    summary = choose("{guests} guests, {meals}. Book it?", {"Yes": to.done, "No": END})
    done = say("Booked: {remark}.", then=END)


class Survey(Flow, starts_on=["survey"]):
    stars: int = ask("How many stars?")
    thanks = say("Thank you for {stars}.", then=END)


class Menu(Flow, start=True):
    hello = choose("What shall it be?", {"Book": to["booking"], "Survey": to["survey"]})
