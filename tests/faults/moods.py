"""The provider's bad days, as troubles of any kind of round."""

import asyncio
import random
from dataclasses import dataclass
from typing import Self

from tests.faults.provider import Answer, Mood, Report
from tests.faults.world import World

ANSWERS: tuple[Answer, ...] = (
    "late",
    "never",
    "twice",
    "half",
    "cut",
    "reset",
    "error",
)

REPORTS: tuple[Report, ...] = ("well", "late", "twice", "shuffled", "none")


@dataclass(frozen=True, slots=True)
class ProviderTrouble:
    """The provider is in a mood for a while."""

    at_s: float
    for_s: float
    mood: Mood

    @classmethod
    def drawn(cls, dice: random.Random) -> Self:
        """Draw one."""
        mood = Mood(
            answer=dice.choice(ANSWERS),
            share=dice.choice((0.1, 0.5, 1.0)),
            hold_s=dice.uniform(0.1, 1),
            report=dice.choice(REPORTS),
        )
        return cls(dice.uniform(0, 1), dice.uniform(0.2, 1.5), mood)

    async def strike(self, world: World) -> None:
        """Change the mood; another mood may take its place meanwhile."""
        world.provider.feel(self.mood)
        await asyncio.sleep(self.for_s)
        if world.provider.mood is self.mood:
            world.provider.feel(Mood())
