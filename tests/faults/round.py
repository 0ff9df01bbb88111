"""One seeded round: its plan of troubles is drawn, struck while contacts write, healed; then the ledger is asked."""

import asyncio
import random
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from tests.faults.ledger import Figures
from tests.faults.provider import Mood
from tests.faults.trouble import Draw, Trouble, plan, strike
from tests.faults.world import World

W = TypeVar("W", bound=World)


@dataclass(frozen=True)
class Rounds(Generic[W]):
    """A kind of round: where it is played and what may happen in it.

    Args:
        name: Such as "sqlite".
        world: Opens a world in a folder, with every machine ready; all that is random comes from the dice.
        draws: The kinds of trouble.
        quiet_s: How long all that was accepted may take until it is answered, once all is well again.
        probe_s: How long the answer to the last text may take.
    """

    name: str
    world: Callable[[Path, random.Random], AbstractAsyncContextManager[W]]
    draws: Sequence[Draw[W]]
    quiet_s: float = 30.0
    probe_s: float = 10.0


@dataclass(frozen=True)
class Played:
    """What became of a round."""

    seed: int
    troubles: Sequence[object]
    """Its plan."""
    figures: Figures
    took_s: float
    wrong: str
    """What went wrong, in words; empty where nothing did."""


async def play(kind: Rounds[W], folder: Path, seed: int) -> Played:
    """Play one round from its seed."""
    began = time.monotonic()
    dice = random.Random(f"{kind.name} {seed}")
    troubles = plan(dice, kind.draws)
    async with kind.world(folder, dice) as world:
        async with asyncio.TaskGroup() as playing:
            playing.create_task(world.talkers.write())
            playing.create_task(_strike_and_heal(troubles, world))
        await _quiet(world, kind.quiet_s)
        stuck = await world.talkers.ask_once_more(within_s=kind.probe_s)
        async with asyncio.timeout(kind.quiet_s):
            await world.provider.settled()
        fell = sum(machine.falls for machine in world.machines)
        figures = world.ledger.figures(marked=await world.marked(), stuck=stuck, fell=fell)
        wrong = "" if figures.is_well else told(world, stuck)
    return Played(seed, troubles, figures, time.monotonic() - began, wrong)


async def _strike_and_heal(troubles: Sequence[Trouble[W]], world: W) -> None:
    await strike(troubles, world)
    world.provider.feel(Mood())
    await world.heal()


async def _quiet(world: World, within_s: float) -> None:
    """Wait until every accepted text was answered; what is not by then shows in the figures."""
    deadline = world.ledger.now() + within_s
    while world.ledger.unanswered() and world.ledger.now() < deadline:
        await asyncio.sleep(0.02)


def told(world: World, stuck: set[str]) -> str:
    """Say what went wrong, with the end of each machine's log."""
    ledger = world.ledger
    lines = [
        *(f"lost: {text}" for text in sorted(ledger.unanswered())),
        *(f"stepped twice: {text}" for text in sorted(ledger.stepped_twice())),
        *ledger.out_of_order(),
        *(f"needless: {send}" for send in ledger.needless(slack_s=0.5)),
        *(f"stuck: {contact}" for contact in sorted(stuck)),
        *(f"--- {machine.folder.name}\n{machine.log()}" for machine in world.machines),
    ]
    return "\n".join(lines)
