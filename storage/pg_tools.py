"""PostgreSQL's own programs: finding the ones that fit the server, and running them on its database."""

import asyncio
import os
import re
import shutil
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from sqlalchemy import text
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.archive import CopyFailed

Name = Literal["pg_dump", "pg_restore"]

PACKAGED = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql@*/bin")
"""Where Linux distributions and others put the programs of each version side by side."""

_MAJOR = re.compile(r"\) (\d+)")

_QUERY = {
    "host": "PGHOST",
    "port": "PGPORT",
    "ssl": "PGSSLMODE",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
}
"""What the driver takes in a URL, and the variables in which the programs take the same."""


@dataclass(frozen=True, slots=True)
class Tool:
    """One of the programs."""

    path: Path
    major: int
    """Its version."""

    async def run(self, url: URL, *arguments: str) -> None:
        """Run it on a database; nothing secret stands among its arguments.

        Raises:
            CopyFailed: It failed; with its own last words.
        """
        process = await asyncio.create_subprocess_exec(
            self.path,
            *arguments,
            env={**os.environ, **environment(url)},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            _, said = await process.communicate()
        except BaseException:
            process.kill()
            await process.wait()
            raise
        if process.returncode:
            words = said.decode(errors="replace").strip().splitlines() or ["it said nothing"]
            raise CopyFailed(f"{self.path.name} failed: {words[0]}")


def environment(url: URL) -> dict[str, str]:
    """Return the variables by which the programs find the database."""
    given = {
        "PGHOST": url.host,
        "PGPORT": str(url.port) if url.port else None,
        "PGUSER": url.username,
        "PGPASSWORD": None if url.password is None else str(url.password),
        "PGDATABASE": url.database,
    }
    for key, value in url.query.items():
        if key in _QUERY:
            given[_QUERY[key]] = value if isinstance(value, str) else ",".join(value)
    return {name: value for name, value in given.items() if value}


def conninfo(url: URL) -> str:
    """Return what `--dbname` takes: the database's name alone, however it is spelt; the rest is in the environment."""
    name = (url.database or "postgres").replace("\\", "\\\\").replace("'", "\\'")
    return f"dbname='{name}'"


async def find(name: Name, connection: AsyncConnection, *, least: int = 0) -> Tool:
    """Return the program of the oldest version that fits the server.

    A newer `pg_restore` than need be may say what an older server does not know.

    Args:
        name: Which one.
        connection: To the server.
        least: A version that it must have besides.

    Raises:
        CopyFailed: There is none, or none new enough; says what to install.
    """
    found = await connection.execute(text("SHOW server_version_num"))
    needed = max(least, int(found.scalar_one()) // 10_000)
    tools = [tool async for tool in _versions(name, _places(await _beside(connection)))]
    fitting = [tool for tool in tools if tool.major >= needed]
    if fitting:
        return min(fitting, key=lambda tool: tool.major)
    there = ", ".join(f"{tool.path} is version {tool.major}" for tool in tools)
    raise CopyFailed(
        f"{name} of PostgreSQL {needed} or later is needed ({there or 'there is none on PATH'});"
        f" on Debian: apt-get install postgresql-client-{needed}"
    )


async def _beside(connection: AsyncConnection) -> str | None:
    """Return the folder of the server's own programs, where it may be asked and runs on this machine."""
    # Mostly the superuser alone may. After a refusal within a savepoint no snapshot could be exported any more.
    allowed = text("SELECT has_table_privilege('pg_config', 'SELECT')")
    if not (await connection.execute(allowed)).scalar():
        return None
    asked = text("SELECT setting FROM pg_config WHERE name = 'BINDIR'")
    return (await connection.execute(asked)).scalar()


def _places(beside: str | None) -> Iterable[str]:
    yield os.environ.get("PATH", os.defpath)
    if beside is not None:
        yield beside
    for pattern in PACKAGED:
        yield from map(str, sorted(Path("/").glob(pattern.lstrip("/"))))


async def _versions(name: Name, places: Iterable[str]) -> AsyncIterator[Tool]:
    seen: set[str] = set()
    for place in places:
        path = shutil.which(name, path=place)
        if path is None or path in seen:
            continue
        seen.add(path)
        process = await asyncio.create_subprocess_exec(
            path,
            "--version",
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        said, _ = await process.communicate()
        major = _MAJOR.search(said.decode(errors="replace"))
        if major:
            yield Tool(Path(path), int(major[1]))
