"""The real server as its own process, as `make run` starts it, with a database and flows of the test's own."""

import asyncio
import os
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

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
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PARLEY_")}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "parley", "serve", "--config", str(config), "--dev",
        cwd=folder,
        env=environment | {"PYTHONUNBUFFERED": "1", "PYTHONPATH": str(ROOT)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stderr is not None
    log = asyncio.create_task(process.stderr.read())
    try:
        async with asyncio.timeout(READY_S):
            address = await _simulator_address(process.stdout)
        if address is None:
            raise AssertionError(f"the server did not start:\n{(await log).decode()}")
        yield Server(folder, address)
    finally:
        if process.returncode is None:
            process.terminate()
        async with asyncio.timeout(STOP_S):
            await process.wait()
        said = (await log).decode()
    assert process.returncode == 0, f"the server ended with {process.returncode}:\n{said}"
    assert "Traceback" not in said, said


async def _simulator_address(output: asyncio.StreamReader) -> str | None:
    """Return the address that the server prints once it listens; None where it ended before."""
    async for line in output:
        found = re.search(r"Simulator: (http://\S+)", line.decode())
        if found:
            return found[1]
    return None
