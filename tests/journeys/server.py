"""The real server as its own process, as `make run` starts it, with a database and flows of the test's own."""

import asyncio
import os
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from tests.program import Program
from tests.ready import ready

ROOT = Path(__file__).parents[2]
READY_S = 30.0
STOP_S = 15.0

CONFIG = """
[server]
host = "127.0.0.1"
port = 0

[database]
url = "sqlite:///journey.db"

[flows]
paths = [{paths}]

[media]
path = "media"
"""


@dataclass(frozen=True, slots=True)
class Server:
    """A running `parley serve --dev`."""

    folder: Path
    """Where its configuration, its database and its media are."""
    simulator: str
    """The page's address."""


@asynccontextmanager
async def serving(
    folder: Path, *, flows: tuple[str, ...] = (str(ROOT / "flows"),)
) -> AsyncIterator[Server]:
    """Serve while the block runs, then stop as an operator would; a stop that is not clean fails."""
    config = folder / "parley.toml"
    config.write_text(CONFIG.format(paths=", ".join(f'"{path}"' for path in flows)))
    ready(folder / "journey.db")
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PARLEY_")}
    reads, writes = os.pipe()
    log = folder / "server.log"
    with open(reads) as printed:
        with open(writes, "wb") as stdout, open(os.devnull) as stdin, log.open("wb") as stderr:
            process = Program(
                ("serve", "--config", str(config), "--dev"),
                folder=folder,
                environment=environment,
                files=(stdin.fileno(), stdout.fileno(), stderr.fileno()),
            )
        try:
            async with asyncio.timeout(READY_S):
                address = await asyncio.to_thread(_simulator_address, printed)
            assert address is not None, f"the server did not start:\n{log.read_text()}"
            yield Server(folder, address)
        finally:
            process.terminate()
            code = await asyncio.to_thread(process.wait, STOP_S)
    said = log.read_text()
    assert code == 0, f"the server ended with {code}:\n{said}"
    assert "Traceback" not in said, said


def _simulator_address(output: TextIO) -> str | None:
    """Return the address that the server prints once it listens; None where it ended before."""
    for line in output:
        found = re.search(r"Simulator: (http://\S+)", line)
        if found:
            return found[1]
    return None
