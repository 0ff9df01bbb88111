"""What a start does with the schema it finds."""

import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, MetaData, text

from engine.core.errors import DefinitionError
from storage import Database, migrate, prepare, upgrade
from storage.tables import metadata
from tests.storage.releases import Releases
from tests.storage.world import World, arrival


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Database]:
    database = Database(url)
    try:
        yield database
    finally:
        await database.close()


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/parley.db"


def _own(dialect: str) -> MetaData:
    """Return the models that this kind of database has."""
    kept = MetaData()
    for table in metadata.sorted_tables:
        if table.info.get("only") in (None, dialect):
            table.to_metadata(kept)
    return kept


def _shape(connection: Connection) -> list[str]:
    """Describe every table and index in the database's own words."""
    if connection.dialect.name == "sqlite":
        asked = "SELECT type || ' ' || name || ' ' || coalesce(sql, '') FROM sqlite_master"
        asked += " WHERE tbl_name NOT LIKE 'alembic%' AND tbl_name NOT LIKE 'sqlite%'"
        return sorted(" ".join(row[0].split()) for row in connection.execute(text(asked)))
    asked = (
        "SELECT table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable || ' ' ||"
        " coalesce(column_default, '') FROM information_schema.columns WHERE table_schema = 'public'"
        " AND table_name <> 'alembic_version'"
        " UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'"
        " AND tablename <> 'alembic_version'"
        " UNION ALL SELECT conrelid::regclass || ' ' || pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE connamespace = 'public'::regnamespace AND conrelid <> 'alembic_version'::regclass"
        " UNION ALL SELECT 'sequence ' || sequencename FROM pg_sequences"
    )
    return sorted(row[0] for row in connection.execute(text(asked)))


def _differences(connection: Connection) -> list[object]:
    context = MigrationContext.configure(
        connection,
        # The tables that an FTS5 table is made of come and go with it.
        opts={"compare_type": True, "include_name": lambda name, *_: "_fts_" not in (name or "")},
    )
    return list(compare_metadata(context, _own(connection.dialect.name)))


async def _migrated_and_modelled(url: str) -> tuple[list[str], list[str], list[object]]:
    async with opened(url) as database:
        await prepare(database)
        async with database.engine.begin() as connection:
            differences = await connection.run_sync(_differences)
            migrated = await connection.run_sync(_shape)
            own = _own(database.dialect)
            await connection.run_sync(own.drop_all)
            if database.dialect == "postgresql":
                await connection.execute(text("DROP SEQUENCE IF EXISTS signal_id"))
            await connection.run_sync(own.create_all)
            modelled = await connection.run_sync(_shape)
    return migrated, modelled, differences


async def test_the_migrated_schema_is_the_models_on_sqlite(sqlite_url: str) -> None:
    migrated, modelled, differences = await _migrated_and_modelled(sqlite_url)
    assert migrated == modelled
    assert differences == []


async def test_the_migrated_schema_is_the_models_on_postgresql(empty_postgres: str) -> None:
    migrated, modelled, differences = await _migrated_and_modelled(empty_postgres)
    assert migrated == modelled
    assert differences == []


def test_line_id_leads_every_key() -> None:
    for table in metadata.sorted_tables:
        if table.info.get("only"):
            continue
        keys = [list(table.primary_key.columns.keys())]
        keys += [list(index.columns.keys()) for index in table.indexes if index.unique]
        keys += [list(key.column_keys) for key in table.foreign_key_constraints]
        assert all(key[0] == "line_id" for key in keys), table.name


def test_every_index_says_why() -> None:
    named = 0
    for file in (Path(migrate.__file__).parent / "tables").glob("*.py"):
        source = file.read_text().splitlines()
        for number, line in enumerate(source):
            if line.strip().startswith("Index("):
                assert source[number - 1].strip().startswith("#"), line
                named += 1
    assert named == sum(len(table.indexes) for table in metadata.sorted_tables)


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, sqlite_url: str) -> str:
    url: str = (
        sqlite_url if request.param == "sqlite" else request.getfixturevalue("empty_postgres")
    )
    return url


async def test_an_empty_database_gets_its_tables_once(empty_url: str) -> None:
    async with opened(empty_url) as database:
        assert await migrate.current_revision(database) is None
        await prepare(database)
        assert await migrate.current_revision(database) == migrate.head_revision()
        await prepare(database)
        assert await upgrade(database) == migrate.head_revision()


async def test_a_newer_schema_is_refused(empty_url: str) -> None:
    async with opened(empty_url) as database:
        await prepare(database)
        await _set_revision(database, "9999")
        with pytest.raises(DefinitionError, match=r"9999.*newer"):
            await prepare(database)
        with pytest.raises(DefinitionError, match=r"9999.*newer"):
            await upgrade(database)


async def test_tables_of_another_program_are_refused(empty_url: str) -> None:
    async with opened(empty_url) as database:
        async with database.engine.begin() as connection:
            await connection.execute(text("CREATE TABLE message (id INTEGER)"))
        with pytest.raises(DefinitionError, match=r"database\.url"):
            await prepare(database)


@pytest.fixture
def next_release(releases: Releases) -> Callable[[], str]:
    """Give the next release's revision, once called; returns today's."""
    return releases.publish


async def test_an_older_sqlite_schema_is_copied_and_migrated(
    sqlite_url: str, tmp_path: Path, next_release: Callable[[], str]
) -> None:
    async with World(sqlite_url) as world:
        await prepare(world.database)
        await world.enter(arrival(key="kept"))
        before = next_release()
        await prepare(world.database)
        assert await migrate.current_revision(world.database) == "9000"
        (again,) = await world.enter(arrival(key="kept"))
        assert again.signal is None
    with closing(sqlite3.connect(tmp_path / "parley.before-9000.db")) as copy:
        assert copy.execute("SELECT version_num FROM alembic_version").fetchone() == (before,)
        assert copy.execute("SELECT key FROM signal").fetchall() == [("kept",)]
    assert [file.name for file in tmp_path.glob("*.part")] == []


async def test_an_older_postgresql_schema_is_refused_with_the_command_to_run(
    empty_postgres: str, next_release: Callable[[], str]
) -> None:
    async with opened(empty_postgres) as database:
        await prepare(database)
        before = next_release()
        with pytest.raises(DefinitionError, match="parley db upgrade"):
            await prepare(database)
        assert await migrate.current_revision(database) == before
        assert await upgrade(database) == before
        await prepare(database)


async def test_a_migration_that_fails_leaves_the_old_schema(
    sqlite_url: str, next_release: Callable[[], str]
) -> None:
    async with opened(sqlite_url) as database:
        await prepare(database)
        before = next_release()
        later = migrate.MIGRATIONS / "versions" / "later_9000.py"
        later.write_text(later.read_text() + "    raise RuntimeError('half way')\n")
        with pytest.raises(RuntimeError, match="half way"):
            await upgrade(database)
        assert await migrate.current_revision(database) == before
        async with database.read() as connection:
            columns = await connection.exec_driver_sql("SELECT name FROM pragma_table_info('line')")
            assert "motto" not in columns.scalars().all()


async def _set_revision(database: Database, revision: str) -> None:
    async with database.engine.begin() as connection:
        await connection.execute(
            text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision}
        )
