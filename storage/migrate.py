"""Bringing a database's schema up to date, or refusing to touch it: the rules of a start.

A schema only grows: what an older version of Parley needs is taken away a release later at the earliest. So an older
one works on while a newer one's schema is made, and may start on it (`docs/howto/deploy.md`).
"""

import asyncio
import sqlite3
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Final

import structlog
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import Script, ScriptDirectory
from sqlalchemy import Connection, delete, insert, inspect, select, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import col

from engine.core.errors import DefinitionError, StoreUnavailable
from storage import tables
from storage.audit import NO_LINE
from storage.database import Database
from storage.planning import advise

MIGRATIONS = Path(__file__).parent / "migrations"

SERVES_FROM: Final = "0012"
"""The oldest schema that a version of Parley may be made for to work with today's, where no migration says another.

A migration that takes something away says so: `contracts = REVISION` names the one since which nobody needs it.
"""

LOCK_TIMEOUT_MS: Final = 1000
"""PostgreSQL: how long a change waits for a table. Whoever writes waits behind it, and a webhook with it."""

LOCK_PAUSES_S: Final = (0.2, 0.5, 1.0, *(2.0,) * 12)
"""Between the tries to get a table; together they outlast any of our own transactions, not a backup."""

_ALONE = 0x5061726C6579
"""The advisory lock under which a PostgreSQL schema is changed."""

_NOTE = "schema"
"""The key of the installation that tells who may work with its schema: `REVISION OLDEST`."""

_BUSY = ("55P03", "40P01")
"""PostgreSQL's lock_not_available and deadlock_detected."""

log = structlog.get_logger()


async def prepare(database: Database) -> None:
    """Make the schema what this version needs, as `serve` may.

    An empty database gets its tables. An older SQLite schema is copied to `NAME.before-REV.db` and migrated.

    Raises:
        DefinitionError: The schema is too new, is not Parley's, or is an older one on PostgreSQL; says what to do.
        StoreUnavailable: The database does not answer.
    """
    current = await current_revision(database)
    if await suits(database, current):
        await _advise(database)
        return
    if current is not None and database.dialect == "postgresql":
        _check_known(current)
        raise DefinitionError(
            f"the database has schema {current}, this version of Parley needs {head_revision()};"
            " run `parley db upgrade`, then start again"
        )
    await upgrade(database)


async def suits(database: Database, current: str | None) -> bool:
    """Tell whether this version can work with a schema: its own, or a newer one that has only grown since.

    Raises:
        StoreUnavailable: The database does not answer.
    """
    if current == head_revision():
        return True
    if current is None or current in _known():
        return False
    async with database.read() as connection:
        oldest = await connection.run_sync(_oldest_served, current)
    return oldest in _known()


async def upgrade(database: Database) -> str | None:
    """Bring the schema up to date and return the revision it had; a SQLite file is copied first.

    On PostgreSQL it may be done while others work on the database: each step has its own transaction, which waits for
    a table shortly and comes again.

    Raises:
        DefinitionError: The schema is newer than this version of Parley, or is not Parley's.
        StoreUnavailable: The database does not answer, or somebody else keeps a table too long.
    """
    current = await current_revision(database)
    if current == head_revision():
        return current
    if current is not None:
        _check_known(current)
        if database.path is not None:
            copied = database.path.with_name(
                f"{database.path.stem}.before-{head_revision()}{database.path.suffix}"
            )
            await asyncio.to_thread(_copy, database.path, copied)
    try:
        async with database.unhurried() as engine:
            if current is None or database.dialect == "sqlite":
                async with engine.begin() as connection:
                    await connection.run_sync(_upgrade, head_revision())
            else:
                await _upgrade_beside(engine, current)
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


def _known() -> set[str]:
    return {script.revision for script in _scripts().walk_revisions()}


def _check_known(revision: str) -> None:
    if revision not in _known():
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


# --- who may work with a schema -----------------------------------------------------------------------------


def _oldest_served(connection: Connection, current: str) -> str | None:
    """Return the oldest schema whose versions may work with the current one; None where it does not say."""
    key = tables.ServerKeyRow
    if not inspect(connection).has_table("server_key"):
        return None
    asked = select(col(key.value)).where(col(key.line_id) == NO_LINE, col(key.name) == _NOTE)
    revision, _, oldest = str(connection.execute(asked).scalar() or "").partition(" ")
    return oldest if revision == current else None


def _note(connection: Connection) -> None:
    """Write down who may work with the schema as it is now: older versions cannot know it."""
    key = tables.ServerKeyRow
    current = _current(connection)
    if current is None or not inspect(connection).has_table("server_key"):
        return
    said = [getattr(script.module, "contracts", None) for script in _after(None, to=current)]
    oldest = next(filter(None, reversed(said)), SERVES_FROM)
    connection.execute(delete(key).where(col(key.line_id) == NO_LINE, col(key.name) == _NOTE))
    connection.execute(
        insert(key).values(
            line_id=NO_LINE,
            name=_NOTE,
            value=f"{current} {oldest}",
            created_at=datetime.now(UTC),
        )
    )


# --- the way up -----------------------------------------------------------------------------------------------


def _after(revision: str | None, *, to: str = "head") -> Sequence[Script]:
    """Return the migrations after a revision, in the order in which they run."""
    return list(_scripts().iterate_revisions(to, revision or "base"))[::-1]


def _upgrade(connection: Connection, revision: str) -> None:
    """Go up to a revision, in the transaction that is open; nothing to do where another was faster."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ALONE})
        connection.execute(text(f"SET LOCAL lock_timeout = {LOCK_TIMEOUT_MS}"))
    if revision not in [script.revision for script in _after(_current(connection))]:
        return
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, revision)
    _note(connection)


async def _upgrade_beside(engine: AsyncEngine, current: str) -> None:
    """Go up one migration a transaction, so that no table is kept from others for longer than its own change."""
    for script in _after(current):
        built: Mapping[str, str] = getattr(script.module, "built_beside", {})
        for name, on in built.items():
            await _build_beside(engine, name, on)
        await _patiently(engine, script.revision)


async def _patiently(engine: AsyncEngine, revision: str) -> None:
    for pause_s in (*LOCK_PAUSES_S, None):
        try:
            async with engine.begin() as connection:
                await connection.run_sync(_upgrade, revision)
            return
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) not in _BUSY:
                raise
            if pause_s is None:
                raise StoreUnavailable(
                    f"schema {revision} was not made: a long query or a backup keeps a table it changes;"
                    " nothing is half done, run `parley db upgrade` again when that has ended"
                ) from error
        log.info("schema_waits", revision=revision, pause_s=pause_s)
        await asyncio.sleep(pause_s)


async def _build_beside(engine: AsyncEngine, name: str, on: str) -> None:
    """Build an index while others write: no table is kept, and no transaction can be open around it.

    A build that was broken off leaves an index that nobody uses and everybody keeps up: it goes first.
    """
    async with engine.connect() as opened:
        connection = await opened.execution_options(isolation_level="AUTOCOMMIT")
        broken = text(
            "SELECT EXISTS (SELECT 1 FROM pg_index WHERE indexrelid = to_regclass(:name) AND NOT indisvalid)"
        )
        if (await connection.execute(broken, {"name": name})).scalar():
            await connection.execute(text(f"DROP INDEX CONCURRENTLY {name}"))
        await connection.execute(text(f"CREATE INDEX CONCURRENTLY IF NOT EXISTS {name} ON {on}"))


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
