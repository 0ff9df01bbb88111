"""Several engines on one PostgreSQL database, each with its own connections and its own owner's number."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from pathlib import Path

from adapters.cloud.capabilities import CAPABILITIES
from engine.core.capabilities import Capabilities
from engine.core.signals import Arrival
from engine.loops import runner
from engine.ports import Outgoing
from engine.ports.outside import Outside
from storage import Database
from storage.postgres import PostgresLink
from tests.loops.world import World, engine_world, eventually, until

HERE = Path(__file__).parent
ECHO = HERE / "echo"
HELLO = HERE / "hello"
SLOW = HERE.parent / "loops" / "slow"

QUICK = CAPABILITIES.model_copy(update={"messages_per_second": 0, "pair_interval": timedelta(0)})
"""A line without limits."""

__all__ = ["ECHO", "HELLO", "QUICK", "SLOW", "World", "eventually", "replicas", "until"]


@asynccontextmanager
async def replicas(
    folder: Path,
    url: str,
    *,
    flows: Path = ECHO,
    capabilities: Capabilities = QUICK,
    count: int = 2,
    first: int = 1,
) -> AsyncIterator[list[World]]:
    """Run so many engines; what they send goes to one provider, in order."""
    async with AsyncExitStack() as stack:
        worlds = [
            await stack.enter_async_context(
                engine_world(folder, flows, capabilities=capabilities, url=url, owner=owner)
            )
            for owner in range(first, first + count)
        ]
        provider: list[Outgoing] = []
        for world in worlds:
            world.adapter.sent = provider
        await until(lambda: all(len(live(world)) >= count for world in worlds))
        yield worlds


def live(world: World) -> frozenset[int]:
    """Return the owners that an engine knows to live."""
    return world.engine._replicas._live


def without_sweeps(monkeypatch: object) -> None:
    """Let nobody look for waiting signals without being told."""
    monkeypatch.setattr(runner, "SWEEP_S", 600.0)  # type: ignore[attr-defined]  # pytest's


def link_of(database: Database) -> PostgresLink:
    link = database.link
    assert isinstance(link, PostgresLink)
    return link


@asynccontextmanager
async def holding(world: World, phone: str = "5215550001") -> AsyncIterator[None]:
    """Let an engine's own batch hold the contact's conversation while the block runs."""
    ((conversation,),) = await world.rows(
        f"SELECT c.id FROM conversation c JOIN contact t ON t.id = c.contact_id WHERE t.phone = '{phone}'"
    )
    held, goes_on = asyncio.Event(), asyncio.Event()

    async def hold(batch: object) -> None:
        await batch.claim([("shop", conversation)])  # type: ignore[attr-defined]  # the store's own batch
        held.set()
        await goes_on.wait()

    task = asyncio.create_task(world.engine._writer.write(hold))
    await held.wait()
    try:
        yield
    finally:
        goes_on.set()
        await task


async def die(world: World) -> None:
    """End as a process does that is killed: nothing is written down, and the system closes its connections."""
    engine = world.engine
    tasks = [
        *engine._loops.values(),
        *(lane.task for lane in engine._sender._lanes.values()),
        *engine._code_steps._tasks,
    ]
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await world.database.close()
    engine._loops.clear()


async def accept_in_turn(worlds: Sequence[World], arrivals: Sequence[Arrival]) -> None:
    """Let each message come to the next replica once the one before was accepted, as a balancer does."""
    for place, arrival in enumerate(arrivals):
        await worlds[place % len(worlds)].engine.accept([arrival])


def heard_by(world: World) -> list[Outside]:
    """Return what an engine hears from now on of the others."""
    heard: list[Outside] = []
    tell: Callable[[Outside], None] = world.engine._heard

    def hear(told: Outside) -> None:
        heard.append(told)
        tell(told)

    world.engine._replicas._heard = hear
    return heard
