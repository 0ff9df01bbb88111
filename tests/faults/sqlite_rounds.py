"""Rounds with one machine on SQLite, and what may go wrong there."""

import asyncio
import random
import sqlite3
from collections.abc import AsyncIterator, Sequence, Set
from contextlib import AsyncExitStack, asynccontextmanager, closing, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.clock import VARIABLE, MovedClock
from tests.faults.disk import fill, make_room, small_disk
from tests.faults.machine import Machine
from tests.faults.moods import ProviderTrouble
from tests.faults.round import Rounds
from tests.faults.talkers import Talk
from tests.faults.trouble import Draw
from tests.faults.world import World, outside
from tests.ports import free_port

TALK = Talk()


@dataclass(kw_only=True)
class SqliteWorld(World):
    """One machine, its database a file beside it."""

    clock: MovedClock
    has_own_disk: bool

    @property
    def machine(self) -> Machine:
        """The one."""
        return self.machines[0]

    @property
    def database(self) -> Path:
        """Its file."""
        return self.machine.folder / "parley.db"

    async def marked(self) -> Set[str]:
        """Read it from the file."""
        with closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)) as reader:
            rows = reader.execute("SELECT id FROM message WHERE maybe_twice").fetchall()
        return {str(row[0]) for row in rows}


@asynccontextmanager
async def sqlite_world(folder: Path, dice: random.Random) -> AsyncIterator[SqliteWorld]:
    """Start a machine and who it speaks with; all end with the block."""
    async with outside(dice) as there, AsyncExitStack() as stack:
        clock = MovedClock(folder / "clock")
        disk = folder / "one"
        has_own_disk = stack.enter_context(small_disk(disk))
        machine = Machine(
            disk,
            port=free_port(),
            config=there.config("sqlite:///parley.db"),
            environment={**there.environment, VARIABLE: str(clock.path)},
        )
        stack.callback(machine.close)
        await machine.start()
        yield SqliteWorld(
            folder=folder,
            machines=[machine],
            provider=there.provider,
            talkers=there.talkers([machine], TALK, dice),
            ledger=there.ledger,
            dice=dice,
            clock=clock,
            has_own_disk=has_own_disk,
        )


@dataclass(frozen=True, slots=True)
class Killed:
    """The process ends as in a power cut, and is started again."""

    at_s: float
    down_s: float

    async def strike(self, world: World) -> None:
        """Kill any machine that runs."""
        machine = world.dice.choice(world.machines)
        if not machine.is_running:
            return
        machine.kill()
        await asyncio.sleep(self.down_s)
        await machine.revive()


@dataclass(frozen=True, slots=True)
class Restarted:
    """The process is asked to end, and started again."""

    at_s: float

    async def strike(self, world: World) -> None:
        """Restart any machine that runs."""
        machine = world.dice.choice(world.machines)
        if not machine.is_running:
            return
        await machine.stop()
        await machine.revive()


@dataclass(frozen=True, slots=True)
class Paused:
    """The process stands still for a while, as under a machine that is moved or swaps."""

    at_s: float
    for_s: float

    async def strike(self, world: World) -> None:
        """Pause any machine."""
        machine = world.dice.choice(world.machines)
        machine.pause()
        await asyncio.sleep(self.for_s)
        machine.resume()


@dataclass(frozen=True, slots=True)
class Locked:
    """Another program writes to the database, and does not come to an end."""

    at_s: float
    for_s: float

    async def strike(self, world: SqliteWorld) -> None:
        """Hold the write lock."""
        with closing(sqlite3.connect(world.database, timeout=0, isolation_level=None)) as locker:
            if await _begun(locker):
                await asyncio.sleep(self.for_s)
                locker.execute("ROLLBACK")


async def _begun(locker: sqlite3.Connection) -> bool:
    for _ in range(200):
        with suppress(sqlite3.OperationalError):
            locker.execute("BEGIN IMMEDIATE")
            return True
        await asyncio.sleep(0.005)
    return False


@dataclass(frozen=True, slots=True)
class FullDisk:
    """The disk is full; where the machine has none of its own, no file of its process may grow any more (EFBIG)."""

    at_s: float
    for_s: float

    async def strike(self, world: SqliteWorld) -> None:
        """Fill it."""
        if world.has_own_disk:
            fill(world.machine.folder)
        else:
            world.machine.limit_files(1)
        await asyncio.sleep(self.for_s)
        make_room(world.machine.folder)
        world.machine.limit_files(None)


@dataclass(frozen=True, slots=True)
class ClockMoved:
    """The machine's clock is set, and later set right."""

    at_s: float
    for_s: float
    by_s: float

    async def strike(self, world: SqliteWorld) -> None:
        """Move it."""
        world.clock.move(self.by_s)
        await asyncio.sleep(self.for_s)
        world.clock.move(0)


DRAWS: Sequence[Draw[SqliteWorld]] = (
    lambda dice: Killed(dice.uniform(0, 1.5), dice.uniform(0, 0.3)),
    lambda dice: Killed(dice.uniform(0, 1.5), dice.uniform(0, 0.3)),
    lambda dice: Restarted(dice.uniform(0, 1.5)),
    lambda dice: Paused(dice.uniform(0, 1.5), dice.uniform(0.1, 2)),
    lambda dice: Locked(dice.uniform(0, 1), dice.uniform(0.1, 2)),
    lambda dice: FullDisk(dice.uniform(0, 1), dice.uniform(0.1, 2)),
    lambda dice: ClockMoved(dice.uniform(0, 1), dice.uniform(0.1, 1), dice.uniform(-1800, 1800)),
    ProviderTrouble.drawn,
    ProviderTrouble.drawn,
)

SQLITE: Rounds[SqliteWorld] = Rounds("sqlite", sqlite_world, DRAWS)
