"""Says what it has to say when a test lets it, each flow with another plan for a closed window."""

import asyncio

from parley import END, Chat, Flow, ask, say, step, template, to

GOES_ON = asyncio.Event()


class Held(Flow, start=True):
    word: str = ask("Say a word.")

    @step(timeout="9d")
    async def think(self, chat: Chat) -> None:
        """Wait until the test says so."""
        await GOES_ON.wait()
        await chat.say("First.", now=True)
        await chat.say("Second.")

    heard = say("I heard {word}.", then=to.word.fresh)


class Failing(Flow, starts_on=["failing"]):
    tell = say("This may fail.", closed="fail", then=END)


class Filled(Flow, starts_on=["filled"]):
    tell = say("There is news.", closed=template("news", "{contact.name|you}"), then=END)


class Twice(Flow, starts_on=["twice"], closed=template("news", "{contact.name|you}")):
    @step
    async def tell(self, chat: Chat) -> None:
        """Say two things apart, both with the flow's template."""
        await chat.say("One.", now=True)
        await chat.say("Two.", now=True)


class Asking(Flow, starts_on=["asking"], closed=template("news", "{contact.name|you}")):
    day: str = ask("Which day?")
    fine = say("Fine: {day}.", then=END)


class Replied(Flow, starts_on=["replied"]):
    day: str = ask("Which day?", closed=template("news", "{contact.name|you}"))
    fine = say("Fine: {day}.", then=END)
