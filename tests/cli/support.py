"""Runs the program as people do: as its own process, in a folder of its own."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

PARLEY = (sys.executable, "-m", "parley")

WITHIN_S = 60
"""For a whole command; generous, as tests run beside each other."""


def environment(**more: str) -> dict[str, str]:
    """Return this process's environment without settings of Parley's own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PARLEY_")}
    return kept | more


def run(
    folder: Path, *arguments: str, typed: str = "", program: Sequence[str] = PARLEY, **more: str
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        [*program, *arguments],
        cwd=folder,
        input=typed,
        capture_output=True,
        text=True,
        timeout=WITHIN_S,
        env=environment(**more),
        check=False,
    )


@dataclass
class Served:
    """A running server."""

    process: asyncio.subprocess.Process
    log: Path
    """Its standard error."""
    origin: str = ""
    told: list[str] = field(default_factory=list)
    """What it printed at start."""

    async def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Ask it to stop; its exit code."""
        self.process.send_signal(number)
        async with asyncio.timeout(WITHIN_S):
            return await self.process.wait()


@asynccontextmanager
async def serving(
    folder: Path, *arguments: str, program: Sequence[str] = PARLEY, **more: str
) -> AsyncIterator[Served]:
    """Run `serve` while the block runs; it listens when the block begins."""
    log = folder / "server.log"
    with log.open("wb") as errors:
        process = await asyncio.create_subprocess_exec(
            *program,
            "serve",
            *arguments,
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=errors,
            env=environment(**more),
        )
    served = Served(process, log)
    try:
        await _until_listening(served)
        yield served
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def _until_listening(served: Served) -> None:
    assert served.process.stdout is not None
    async with asyncio.timeout(WITHIN_S):
        while not served.origin:
            line = (await served.process.stdout.readline()).decode()
            assert line, f"it ended: {served.log.read_text()}"
            served.told.append(line.rstrip("\n"))
            if line.startswith("Parley listens on "):
                served.origin = line.split()[-1]
