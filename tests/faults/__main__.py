"""Plays many seeded rounds and prints the figures: `python -m tests.faults sqlite --rounds 200`."""

import argparse
import asyncio
import signal
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tests.faults.ledger import Figures
from tests.faults.replicas.postgres import postgres_running
from tests.faults.replicas.rounds import rounds as on_replicas
from tests.faults.replicas.rounds import standing
from tests.faults.round import Played, play
from tests.faults.sqlite_rounds import SQLITE

Play = Callable[[Path, int], Awaitable[Played]]
"""Plays one round in a folder, from its seed."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of round as it is played many times."""

    place: Callable[[Path], AbstractAsyncContextManager[Play]]
    """Opens, in a folder, what its rounds share."""
    at_once: int
    """How many are played side by side, unless told otherwise."""


@asynccontextmanager
async def alone(_: Path) -> AsyncIterator[Play]:
    """Let each round have all for itself."""
    yield partial(play, SQLITE)


@asynccontextmanager
async def on_three_replicas(folder: Path) -> AsyncIterator[Play]:
    """Start a PostgreSQL and three replicas, for all rounds."""
    server = postgres_running()
    postgres = await asyncio.to_thread(server.__enter__)
    try:
        async with standing(folder, postgres) as place:
            yield partial(play, on_replicas(place))
    finally:
        await asyncio.to_thread(server.__exit__, None, None, None)


KINDS: Mapping[str, Kind] = {
    "sqlite": Kind(alone, at_once=2),
    "replicas": Kind(on_three_replicas, at_once=1),
}


async def main() -> int:
    """Play what was asked for; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("kinds", nargs="*", default=list(KINDS), help=f"of {', '.join(KINDS)}")
    parser.add_argument("--rounds", type=int, default=200, help="of each kind")
    parser.add_argument("--seed", type=int, default=0, help="the first round's; each has the next")
    parser.add_argument("--at-once", type=int, help="rounds played side by side, of `sqlite`")
    asked = parser.parse_args()
    playing = asyncio.current_task()
    assert playing is not None
    # So that what was begun is cleared away: processes, and the disks they stand on.
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, playing.cancel)
    well = True
    for name in asked.kinds:
        began = time.monotonic()
        seeds = range(asked.seed, asked.seed + asked.rounds)
        with tempfile.TemporaryDirectory(prefix="parley-faults-") as folder:
            async with KINDS[name].place(Path(folder)) as played:
                at_once = asked.at_once if name == "sqlite" else None
                figures = await rounds(name, played, seeds, at_once or KINDS[name].at_once)
        print(f"{name}: {figures}; {time.monotonic() - began:.0f} s", flush=True)
        well = well and figures.is_well
    return 0 if well else 1


async def rounds(name: str, played: Play, seeds: range, at_once: int) -> Figures:
    """Play rounds, some side by side; prints each, and returns all figures."""
    waiting = iter(seeds)
    total = Figures()

    async def some() -> None:
        nonlocal total
        for seed in waiting:
            figures = await one(name, played, seed)
            total += figures

    async with asyncio.TaskGroup() as playing:
        for _ in range(at_once):
            playing.create_task(some())
    return total


async def one(name: str, played: Play, seed: int) -> Figures:
    """Play one round in a folder of its own, and say what became of it."""
    with tempfile.TemporaryDirectory(prefix="parley-faults-") as folder:
        end = await played(Path(folder), seed)
    mark = "FAILED" if end.wrong else "ok"
    print(f"{name} --seed {seed}: {mark}, {end.took_s:.1f} s, {end.figures}", flush=True)
    if end.wrong:
        print(*end.troubles, end.wrong, sep="\n  ", flush=True)
    return end.figures


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
