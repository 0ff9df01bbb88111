"""Opens the configured database for a command: beside a running server, never instead of it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import click

from engine.core.errors import DefinitionError
from storage import Database
from storage.migrate import current_revision, head_revision, suits, upgrade
from web.settings import Settings


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Database]:
    """Open a database that is there and has a schema that this version can work with.

    Raises:
        DefinitionError: It is not there yet, or has another schema; says what to do.
        StoreUnavailable: It does not answer.
    """
    database = Database(settings.database.url)
    if database.path is not None and not database.path.exists():
        raise DefinitionError(f"{database.path}: no such database; `parley serve` makes it")
    try:
        current = await current_revision(database)
        if not await suits(database, current):
            raise DefinitionError(
                f"the database has schema {current}, this version of Parley needs {head_revision()}; "
                "run `parley db upgrade`"
            )
        yield database
    finally:
        await database.close()


@asynccontextmanager
async def made(settings: Settings) -> AsyncIterator[Database]:
    """Open the database as `opened` does; one that is empty, or not there yet, gets its tables first.

    For what may well be done before the first `parley serve`. It says so: elsewhere than meant, a new one explains it.

    Raises:
        DefinitionError: It has another schema, or a server is just making it; says what to do.
        StoreUnavailable: It does not answer.
    """
    database = Database(settings.database.url)
    try:
        if await current_revision(database) is None:
            database.lock()
            await upgrade(database)
            click.echo(f"made {database.path or 'the tables'}", err=True)
    finally:
        await database.close()
    async with opened(settings) as ready:
        yield ready
