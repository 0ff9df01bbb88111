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
