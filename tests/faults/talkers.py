"""Contacts that write numbered texts, and deliver each until it was taken; some they deliver again all the same."""

import asyncio
import random
from dataclasses import dataclass

from tests.faults.ledger import Ledger, Text
from tests.faults.provider import Front, delivered, text_body


@dataclass(frozen=True, slots=True)
class Talk:
    """How much is said, and how."""

    contacts: int = 8
    texts: int = 6
    """Of each contact, beside the one that opens the talk and the one at the end."""
    pause_s: float = 0.25
    """The longest pause before a text."""
    impatient: float = 0.3
    """How many texts are written before the one ahead of them was taken."""
    again: float = 0.1
    """How many webhooks come again though they were taken."""


class Talkers:
    """The contacts of a round.

    Args:
        ledger: What they note what they do in.
        front: Takes their webhooks.
        talk: How much they say.
        dice: Decides what each does.
        first: The number of the first contact; each round may have its own people.
    """

    def __init__(
        self, ledger: Ledger, front: Front, talk: Talk, dice: random.Random, *, first: int = 0
    ) -> None:
        self.contacts = [f"521555{first + number:07d}" for number in range(talk.contacts)]
        self._ledger = ledger
        self._front = front
        self._talk = talk
        self._dice = dice

    async def write(self) -> None:
        """Let every contact write all of its texts; returns when each was taken."""
        await asyncio.gather(*(self._writes(one) for one in self.contacts))

    async def ask_once_more(self, *, within_s: float) -> set[str]:
        """Let every contact write one text more, now that all is well; return those that got no answer in time."""
        texts = {Text(one, self._talk.texts + 1) for one in self.contacts}
        try:
            async with asyncio.timeout(within_s):
                await asyncio.gather(*(self._deliver(text) for text in texts))
                while self._ledger.unanswered():
                    await asyncio.sleep(0.02)
        except TimeoutError:
            pass
        answered = {send.text for sends in self._ledger.replies().values() for send in sends}
        return {text.contact for text in texts - answered}

    async def _writes(self, contact: str) -> None:
        await self._deliver(Text(contact, 0))
        async with asyncio.TaskGroup() as under_way:
            for number in range(1, self._talk.texts + 1):
                await asyncio.sleep(self._dice.uniform(0, self._talk.pause_s))
                delivery = under_way.create_task(self._deliver(Text(contact, number)))
                if self._dice.random() >= self._talk.impatient:
                    await delivery

    async def _deliver(self, text: Text) -> None:
        """Deliver a text until it was taken, and perhaps once more."""
        body = text_body(text)

        async def tried(body: bytes) -> int | None:
            self._ledger.posts(text)
            status = await self._front.post(body)
            self._ledger.answered(text, status)
            return status

        await delivered(tried, body)
        if self._dice.random() < self._talk.again:
            await tried(body)
