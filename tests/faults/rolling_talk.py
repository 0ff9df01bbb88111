"""Contacts in the middle of a talk whose flow is changed under them, who know which answer may come next."""

import asyncio
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from adapters.sandbox.cloud import Contact

Version = Literal["first", "second"]

SAYS: dict[Version, dict[str, str]] = {
    "first": {
        "name": "Your name?",
        "city": "Which city?",
        "food": "Which food?",
        "summary": "{name} eats {food}. Right?",
        "done": "Noted, number {laps}.",
    },
    "second": {
        "name": "Your name, please?",
        "dish": "Which dish?",
        "drink": "Which drink?",
        "confirm": "{name} has {food}. All right?",
        "done": "Written down, number {laps}.",
    },
}
"""What each version of the flow says at each step."""

NEXT: dict[Version, dict[str, str]] = {
    "first": {
        "": "name",
        "name": "city",
        "city": "food",
        "food": "summary",
        "summary": "done",
    },
    "second": {
        "": "name",
        "name": "dish",
        "city": "dish",  # which is gone: what took its place is asked
        "food": "drink",  # which was renamed: its answer is the dish
        "summary": "done",  # which was renamed: its buttons mean what they meant
        "dish": "drink",
        "drink": "confirm",
        "confirm": "done",
    },
}
"""Where an answer leads in each version, from the steps of both."""


@dataclass
class Walker:
    """One contact, who answers question after question, lap after lap.

    Args:
        contact: Whose phone it is.
        dice: How long they think.
        log: What a failure shows.
    """

    contact: Contact
    dice: random.Random
    log: Callable[[], str]
    version: Version = "first"
    """The one that answered last; never the first again after the second."""
    asked: str = ""
    """The step whose question is open, by its name in that version."""
    laps: int = 0
    answers: int = 0
    """So many were given; each is another text."""
    crossed_at: str | None = None
    """The step at which the next version first answered."""
    slowest_s: float = 0.0
    """The longest wait for a reply."""
    _given: dict[str, str] = field(default_factory=lambda: {"name": "", "food": ""})

    async def lap(self) -> None:
        """Answer until this lap is done."""
        laps = self.laps
        while self.laps == laps:
            await asyncio.sleep(self.dice.uniform(0.0, 0.2))
            await self.answer()

    async def answer(self) -> None:
        """Answer the open question; what comes back must be what follows it, in one version or the other."""
        self.answers += 1
        text = f"{self.asked}{self.answers}"
        if self.asked in ("summary", "confirm"):
            text = "Yes"
        elif self.asked:
            self._given["food" if self.asked == "dish" else self.asked] = text
        began = time.monotonic()
        await self.contact.says(text)
        await self.contact.receives(timeout_s=30)
        self.slowest_s = max(self.slowest_s, time.monotonic() - began)
        self._take([bubble.text for bubble in self.contact.answers()])

    def _take(self, said: list[str]) -> None:
        words = " ".join(" ".join(said).split())
        versions: tuple[Version, ...] = (
            ("first", "second") if self.version == "first" else ("second",)
        )
        for version in versions:
            step = NEXT[version][self.asked]
            if words == self._expected(version, step):
                break
        else:
            raise AssertionError(
                f"{self.contact.address} at {self.version} {self.asked!r}: {said}\n{self.log()}"
            )
        if version != self.version:
            self.crossed_at = self.asked
        if step == "done":
            self.laps += 1
            step = "name"
        self.version, self.asked = version, step

    def _expected(self, version: Version, step: str) -> str:
        says = SAYS[version]
        words = says[step].format(laps=self.laps + 1, **self._given)
        return f"{words} {says['name']}" if step == "done" else words
