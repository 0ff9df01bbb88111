"""Runs the program as people do: as its own process, in a folder of its own."""

import asyncio
import os
import signal
import subprocess
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryFile
from typing import TextIO

from tests.program import Program

WITHIN_S = 120
"""For a whole command; generous, as tests run beside each other."""


def environment(**more: str) -> dict[str, str]:
    """Return this process's environment without settings of Parley's own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PARLEY_")}
    return kept | more


def start(
    folder: Path,
    arguments: Sequence[str],
    environment: Mapping[str, str],
    files: tuple[int, int, int],
    *,
    program: Sequence[str] = (),
) -> Program | subprocess.Popen[bytes]:
    """Start a command of `parley` as it stands in this tree, or of another program."""
    if not program:
        return Program(arguments, folder=folder, environment=environment, files=files)
    stdin, stdout, stderr = files
    return subprocess.Popen(
        [*program, *arguments],
        cwd=folder,
        env=environment,
        stdin=stdin,
        stdout=stdout,
        stderr=stderr,
    )


def run(
    folder: Path, *arguments: str, typed: str = "", program: Sequence[str] = (), **more: str
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    with TemporaryFile() as stdin, TemporaryFile() as stdout, TemporaryFile() as stderr:
        stdin.write(typed.encode())
        stdin.seek(0)
        files = (stdin.fileno(), stdout.fileno(), stderr.fileno())
        process = start(folder, arguments, environment(**more), files, program=program)
        try:
            code = process.wait(WITHIN_S)
        finally:
            process.kill()
        for file in (stdout, stderr):
            file.seek(0)
        told, complained = stdout.read().decode(), stderr.read().decode()
    return subprocess.CompletedProcess(arguments, code, told, complained)


@dataclass
class Served:
    """A running server."""

    process: Program | subprocess.Popen[bytes]
    log: Path
    """Its standard error."""
    origin: str = ""
    told: list[str] = field(default_factory=list)
    """What it printed at start."""

    async def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Ask it to stop; its exit code."""
        self.process.send_signal(number)
        return await asyncio.to_thread(self.process.wait, WITHIN_S)


@asynccontextmanager
async def serving(
    folder: Path, *arguments: str, program: Sequence[str] = (), **more: str
) -> AsyncIterator[Served]:
    """Run `serve` while the block runs; it listens when the block begins."""
    reads, writes = os.pipe()
    log = folder / "server.log"
    with open(reads) as printed:
        with open(writes, "wb") as stdout, open(os.devnull) as stdin, log.open("wb") as stderr:
            files = (stdin.fileno(), stdout.fileno(), stderr.fileno())
            command = ("serve", *arguments)
            process = start(folder, command, environment(**more), files, program=program)
        served = Served(process, log)
        try:
            await _until_listening(served, printed)
            yield served
        finally:
            process.kill()
            await asyncio.to_thread(process.wait, WITHIN_S)


async def _until_listening(served: Served, printed: TextIO) -> None:
    async with asyncio.timeout(WITHIN_S):
        while not served.origin:
            line = await asyncio.to_thread(printed.readline)
            assert line, f"it ended: {served.log.read_text()}"
            served.told.append(line.rstrip("\n"))
            if line.startswith("Parley listens on "):
                served.origin = line.split()[-1]
