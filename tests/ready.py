"""A SQLite file with the schema and nothing in it, to begin with: to migrate anew takes longer than most tests."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from storage import Database, prepare


def ready(file: Path) -> Path:
    """Put one there, where none is yet; that a server makes its own is shown by `tests/cli` and `tests/storage`."""
    if not file.exists():
        file.write_bytes(_migrated())
    return file


@cache
def _migrated() -> bytes:
    with TemporaryDirectory() as folder, ThreadPoolExecutor(1) as beside:  # a loop may run here
        file = Path(folder) / "ready.db"
        beside.submit(asyncio.run, _prepared(f"sqlite:///{file}")).result()
        return file.read_bytes()


async def _prepared(url: str) -> None:
    database = Database(url)
    await prepare(database)
    await database.close()
