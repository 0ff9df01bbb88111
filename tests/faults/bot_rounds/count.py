"""Answers each text with its number and its words; a code step counts it and tells a service outside of it, once."""

import os

import aiohttp

from parley import Chat, Flow, ask, say, step, to


async def tell(key: str, text: str) -> int:
    """Tell the service; the key makes a repeat harmless."""
    async with (
        aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=2)) as session,
        session.post(os.environ["SERVICE_URL"], json={"key": key, "text": text}) as answer,
    ):
        answer.raise_for_status()
        return int(await answer.text())


class Count(Flow, start=True):
    count: int = 0
    text: str = ask("Ready.")

    @step
    async def tally(self, chat: Chat) -> None:
        await chat.once(tell, chat.key, self.text)
        self.count = self.count + 1

    heard = say("{count}: heard {text}", then=to.text.fresh)
