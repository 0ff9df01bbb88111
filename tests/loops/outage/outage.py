"""A code step that keeps what it does, as the database goes away."""

import asyncio

from parley import Chat, Flow, ask, say, step, to

GOES_ON = asyncio.Event()


async def price() -> int:
    """Return a price."""
    return 7


class Outage(Flow, start=True):
    word: str = ask("Say a word.")
    costs: int = 0

    @step(timeout="2s")
    async def look_up(self, chat: Chat) -> None:
        """Wait until the test has taken the database away."""
        await GOES_ON.wait()
        await chat.say("Looking.", now=True)
        self.costs = await chat.once(price)

    heard = say("{word} costs {costs}.", then=to.word.fresh)
