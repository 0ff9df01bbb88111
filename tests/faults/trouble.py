"""What may go wrong in a round: each trouble strikes at its time, lasts, and heals what it broke."""

import asyncio
import random
from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

from tests.faults.world import World

W_contra = TypeVar("W_contra", bound=World, contravariant=True)
W = TypeVar("W", bound=World)


class Trouble(Protocol[W_contra]):
    """One trouble of a round's plan; a frozen dataclass, so that a plan prints as what happens."""

    @property
    def at_s(self) -> float:
        """When it strikes, counted from when the contacts begin to write."""

    async def strike(self, world: W_contra) -> None:
        """Do it, last, and undo it."""


Draw = Callable[[random.Random], Trouble[W]]
"""Draws one trouble of a kind."""


def plan(dice: random.Random, draws: Sequence[Draw[W]], *, most: int = 3) -> list[Trouble[W]]:
    """Return one to `most` troubles in the order of their times; two of a kind may meet."""
    troubles = [dice.choice(draws)(dice) for _ in range(dice.randint(1, most))]
    return sorted(troubles, key=lambda one: one.at_s)


async def strike(troubles: Sequence[Trouble[W]], world: W) -> None:
    """Let each strike at its time."""

    async def at_its_time(trouble: Trouble[W]) -> None:
        await asyncio.sleep(trouble.at_s)
        await trouble.strike(world)

    async with asyncio.TaskGroup() as striking:
        for trouble in troubles:
            striking.create_task(at_its_time(trouble))
