"""Plays many seeded rounds and prints the figures: `python -m tests.faults sqlite --rounds 200`."""

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from pathlib import Path

from tests.faults.ledger import Figures
from tests.faults.round import Played, play
from tests.faults.sqlite_rounds import SQLITE

Play = Callable[[Path, int], Awaitable[Played]]
"""Plays one round in a folder, from its seed."""

KINDS: Mapping[str, Play] = {"sqlite": partial(play, SQLITE)}


async def main() -> int:
    """Play what was asked for; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("kinds", nargs="*", default=list(KINDS), help=f"of {', '.join(KINDS)}")
    parser.add_argument("--rounds", type=int, default=200, help="of each kind")
    parser.add_argument("--seed", type=int, default=0, help="the first round's; each has the next")
    parser.add_argument("--at-once", type=int, default=2, help="rounds played side by side")
    asked = parser.parse_args()
    well = True
    for name in asked.kinds:
        began = time.monotonic()
        seeds = range(asked.seed, asked.seed + asked.rounds)
        figures = await rounds(name, seeds, asked.at_once)
        print(f"{name}: {figures}; {time.monotonic() - began:.0f} s", flush=True)
        well = well and figures.is_well
    return 0 if well else 1


async def rounds(kind: str, seeds: range, at_once: int) -> Figures:
    """Play rounds, some side by side; prints each that failed, and returns all figures."""
    waiting = iter(seeds)
    total = Figures()

    async def some() -> None:
        nonlocal total
        for seed in waiting:
            figures = await one(kind, seed)
            total += figures

    async with asyncio.TaskGroup() as playing:
        for _ in range(at_once):
            playing.create_task(some())
    return total


async def one(kind: str, seed: int) -> Figures:
    """Play one round in a folder of its own, and say what became of it."""
    with tempfile.TemporaryDirectory(prefix="parley-faults-") as folder:
        played = await KINDS[kind](Path(folder), seed)
    mark = "FAILED" if played.wrong else "ok"
    print(f"{kind} --seed {seed}: {mark}, {played.took_s:.1f} s, {played.figures}", flush=True)
    if played.wrong:
        print(*played.troubles, played.wrong, sep="\n  ", flush=True)
    return played.figures


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
