"""A visit is booked: reminders, an end, a nudge before the window closes, and words for tomorrow."""

from datetime import datetime, timedelta
from typing import Literal

from parley import (
    END,
    Chat,
    Flow,
    after,
    ask,
    before_close,
    choose,
    in_days,
    say,
    step,
    template,
    to,
    tomorrow,
)


class Visit(Flow, start=True):
    size: Literal["Cut", "Colour"] = ask(
        "What shall it be, {contact.name|you}?",
        remind=[after("2h", "Still there, {contact.name}?"), "6h"],
        expires="12h",
        then=to.sorry,
    )
    who: Literal["Kim", "Lee"] = ask(
        "{size} with whom?", nudge=before_close("1h", "Quick: who shall it be?")
    )
    sure = choose(
        "With {who}?",
        {"Yes": to.book, "No": to.who},
        remind=tomorrow("09:00", "Good morning! Shall we book {who}?"),
        expires="3d",
    )
    book = say("Booked.")
    review = say("How was it, {contact.name}?", at=tomorrow("18:30"), if_silent=True)
    again = say("Time for the next one?", at=in_days(30, "10:00"), then=END)
    sorry = say("Then another time.", then=END)


class Lens(Flow, starts_on=["lens"]):
    eye: Literal["Left", "Right"] = ask(
        "Which eye?",
        remind=[
            after("25h", "Still there?"),
            after("30h", template("come_back", "{contact.name}")),
        ],
        closed=template("which_eye"),
    )
    done = say("Ordered.")
    ready = say("It is ready.", at=in_days(3, "10:00"), closed=template("lens_ready", "{eye}"))
    another = say(template("new_lens"), at=in_days(30, "10:00"))
    kept = say("Do you see well?", at=in_days(31, "10:00"), closed="hold", then=END)


class Table(Flow, starts_on=["table"]):
    at: datetime = ask("When?")
    word = say("See you at {at}.", at=lambda table: table.at - timedelta(hours=2))

    @step
    async def note(self, chat: Chat) -> None:
        await chat.later("30m", "We have noted it.", name="noted")
        await chat.say_at("23:00", "Sleep well.")

    sure = choose("Is that right?", {"Yes": END, "No": to.never})

    @step
    async def never(self, chat: Chat) -> None:
        await chat.unsay("noted")
        await chat.unsay("table.word")

    gone = say("Forgotten.", then=END)
