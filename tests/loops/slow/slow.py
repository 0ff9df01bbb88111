"""A code step that takes as long as a test lets it."""

import asyncio

from parley import Chat, Flow, ask, say, step, to

GOES_ON = asyncio.Event()


class Slow(Flow, start=True):
    word: str = ask("Say a word.")

    @step
    async def think(self, chat: Chat) -> None:
        """Wait until the test says so."""
        await GOES_ON.wait()

    heard = say("I heard {word}.", then=to.word.fresh)
