"""Bringing a database's schema up to date, or refusing to touch it: the rules of a start."""

import asyncio
import sqlite3
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import SQLAlchemyError

from engine.core.errors import DefinitionError
from storage.database import Database
from storage.planning import advise

MIGRATIONS = Path(__file__).parent / "migrations"

_ALONE = 0x5061726C6579
"""The advisory lock under which a PostgreSQL schema is changed."""


async def prepare(database: Database) -> None:
    """Make the schema what this version needs, as `serve` may.

    An empty database gets its tables. An older SQLite schema is copied to `NAME.before-REV.db` and migrated.

    Raises:
        DefinitionError: The schema is newer, is not Parley's, or is an older one on PostgreSQL; says what to do.
        StoreUnavailable: The database does not answer.
    """
    current = await current_revision(database)
    if current == head_revision():
        await _advise(database)
        return
    if current is not None and database.dialect == "postgresql":
        check_known(current)
        raise DefinitionError(
            f"the database has schema {current}, this version of Parley needs {head_revision()};"
            " run `parley db upgrade`, then start again"
        )
    await upgrade(database)


async def upgrade(database: Database) -> str | None:
    """Bring the schema up to date and return the revision it had; a SQLite file is copied first.

    Raises:
        DefinitionError: The schema is newer than this version of Parley, or is not Parley's.
        StoreUnavailable: The database does not answer.
    """
    current = await current_revision(database)
    if current == head_revision():
        return current
    if current is not None:
        check_known(current)
        if database.path is not None:
            copied = database.path.with_name(
                f"{database.path.stem}.before-{head_revision()}{database.path.suffix}"
            )
            await asyncio.to_thread(_copy, database.path, copied)
    try:
        async with database.engine.begin() as connection:
            await connection.run_sync(_upgrade)
    except (SQLAlchemyError, OSError) as error:
        raise database.translate(error) from error
    await _advise(database)
    return current


async def _advise(database: Database) -> None:
    """Tell SQLite's planner what it needs to know; connections opened from now on have read it."""
    if database.dialect == "sqlite":
        try:
            async with database.engine.begin() as connection:
                await connection.run_sync(advise)
        except (SQLAlchemyError, OSError) as error:
            raise database.translate(error) from error
        await database.engine.dispose()


async def current_revision(database: Database) -> str | None:
    """Return the revision of the stored schema; None if the database is empty.

    Raises:
        DefinitionError: There are tables, but none of Parley's bookkeeping.
        StoreUnavailable: The database does not answer.
    """
    async with database.read() as connection:
        return await connection.run_sync(_current)


def head_revision() -> str:
    """Return the revision that this version of Parley needs."""
    head = _scripts().get_current_head()
    assert head is not None
    return head


@cache
def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config())


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config


def check_known(revision: str) -> None:
    """Check that this version of Parley knows a schema.

    Raises:
        DefinitionError: It is newer; says what to do.
    """
    if revision not in {script.revision for script in _scripts().walk_revisions()}:
        raise DefinitionError(
            f"the database has schema {revision}, which is newer than this version of Parley"
            f" ({head_revision()}); install the version that wrote it"
        )


def _current(connection: Connection) -> str | None:
    revision = MigrationContext.configure(connection).get_current_revision()
    if revision is None and {"conversation", "message"} & set(
        inspect(connection).get_table_names()
    ):
        raise DefinitionError(
            "the database has tables but no schema revision: it is not Parley's;"
            " set database.url to another one"
        )
    return revision


def _upgrade(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ALONE})
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _copy(source: Path, copied: Path) -> None:
    """Copy a SQLite database whole, with what still stands in its log; an unfinished copy never has the name."""
    unfinished = copied.with_name(copied.name + ".part")
    unfinished.unlink(missing_ok=True)
    reading, writing = sqlite3.connect(source), sqlite3.connect(unfinished)
    try:
        reading.backup(writing)
    finally:
        writing.close()
        reading.close()
    unfinished.replace(copied)
