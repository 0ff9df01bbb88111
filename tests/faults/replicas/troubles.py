"""What may go wrong among replicas: with them, with their roads to the database, with that, with the provider."""

import asyncio
import random
import signal
from collections.abc import Sequence, Set
from dataclasses import dataclass
from typing import Literal, Self, assert_never, get_args

from tests.faults.moods import ProviderTrouble
from tests.faults.replicas.cluster import Cluster
from tests.faults.sqlite_rounds import Killed, Paused, Restarted
from tests.faults.trouble import Draw
from tests.faults.world import World

How = Literal["cut", "refuse", "silence", "half", "slow"]

KEEPALIVE_S = 2.0
"""When the database gives up a connection that went silent: by its keepalives after some ten seconds, here sooner."""


@dataclass(kw_only=True)
class ReplicaWorld(World):
    """One round on the replicas."""

    cluster: Cluster

    async def marked(self) -> Set[str]:
        """Return which of this round's messages are marked."""
        sent = {send.callback_id for send in self.ledger.sends}
        return sent & await self.cluster.marked()

    async def heal(self) -> None:
        """Make all well again."""
        await self.cluster.heal()


@dataclass(frozen=True, slots=True)
class Road:
    """The road between a replica and the database is cut once, closed, silent, silent to one side alone, or slow."""

    at_s: float
    for_s: float
    how: How

    @classmethod
    def drawn(cls, dice: random.Random) -> Self:
        """Draw one."""
        return cls(dice.uniform(0, 1.5), dice.uniform(0.1, 4), dice.choice(get_args(How)))

    async def strike(self, world: ReplicaWorld) -> None:
        """Make it bad, and good again."""
        proxy = world.dice.choice(world.cluster.proxies)
        match self.how:
            case "cut":
                proxy.cut()
            case "refuse":
                proxy.refuse()
            case "silence":
                proxy.silence()
            case "half":
                proxy.silence()
                await asyncio.sleep(min(self.for_s, KEEPALIVE_S))
                proxy.forget()
            case "slow":
                proxy.delay(0.05)
            case _:
                assert_never(self.how)
        await asyncio.sleep(self.for_s)
        proxy.heal()


@dataclass(frozen=True, slots=True)
class DatabaseDown:
    """The database's server goes down and comes back, in good order or as after a crash."""

    at_s: float
    down_s: float
    crashes: bool

    @classmethod
    def drawn(cls, dice: random.Random) -> Self:
        """Draw one."""
        return cls(dice.uniform(0, 1.5), dice.uniform(0, 1), dice.random() < 0.5)

    async def strike(self, world: ReplicaWorld) -> None:
        """Take it down, wait, start it."""
        postgres = world.cluster.postgres
        number = signal.SIGQUIT if self.crashes else signal.SIGINT
        await asyncio.to_thread(postgres.stop, number)
        await asyncio.sleep(self.down_s)
        await asyncio.to_thread(postgres.start)


DRAWS: Sequence[Draw[ReplicaWorld]] = (
    lambda dice: Killed(dice.uniform(0, 1.5), dice.uniform(0, 1)),
    lambda dice: Killed(dice.uniform(0, 1.5), dice.uniform(0, 1)),
    lambda dice: Restarted(dice.uniform(0, 1.5)),
    lambda dice: Paused(dice.uniform(0, 1.5), dice.uniform(0.1, 4)),
    lambda dice: Road.drawn(dice),
    lambda dice: Road.drawn(dice),
    lambda dice: DatabaseDown.drawn(dice),
    ProviderTrouble.drawn,
    ProviderTrouble.drawn,
)
