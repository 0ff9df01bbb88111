"""A talk whose answer takes its time: it is written when the file `done` stands in the server's folder."""

import asyncio
from pathlib import Path

from parley import END, Chat, Flow, To, say, step, to


class Report(Flow, start=True):
    """Says at once that it works, and much later what came of it."""

    begun = say("We look into it.")

    @step
    async def work(self, chat: Chat) -> To:
        """Wait for the file."""
        await chat.say("One moment…", now=True)
        while not Path("done").exists():
            await asyncio.sleep(0.02)
        return to.found

    found = say("Your report is ready.", then=END)
