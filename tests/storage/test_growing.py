"""A schema that only grows: older versions of Parley work on a newer one, and work on while it is made."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg  # type: ignore[import-untyped]  # ships no types
import pytest
from sqlalchemy import text

from engine.core.errors import DefinitionError, StoreUnavailable
from storage import migrate, prepare, upgrade
from tests.storage.releases import Releases
from tests.storage.test_migrate import opened
from tests.storage.world import World, arrival

COUNT = "SELECT count(*) FROM line"

BESIDE = "built_beside = {'line_later': 'line (line_id, clock_offset_s)'}"
MAKES_IT = (
    "op.create_index('line_later', 'line', ['line_id', 'clock_offset_s'], if_not_exists=True)"
)


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path_factory.mktemp('grown')}/parley.db"
    url: str = request.getfixturevalue("empty_postgres")
    return url


# --- older versions on a newer schema -----------------------------------------------------------------------


async def test_an_older_version_works_on_a_newer_schema_that_only_grew(
    empty_url: str, releases: Releases
) -> None:
    async with World(empty_url) as world:
        await prepare(world.database)
        await world.enter(arrival(key="before"))
        releases.publish()
        await upgrade(world.database)
        assert await migrate.current_revision(world.database) == "9000"

    releases.go_back()
    async with World(empty_url) as world:
        await prepare(world.database)
        (again,) = await world.enter(arrival(key="before"))
        (new,) = await world.enter(arrival(key="after"))
        current = await migrate.current_revision(world.database)

    assert again.signal is None
    assert new.signal is not None
    assert current == "9000"


async def test_an_older_version_refuses_a_schema_from_which_something_was_taken(
    empty_url: str, releases: Releases
) -> None:
    releases.publish()
    releases.publish("op.drop_table('mottos')", revision="9001", more="contracts = '9000'")
    async with opened(empty_url) as database:
        await prepare(database)
        releases.go_back()
        with pytest.raises(DefinitionError, match=r"9001.*newer"):
            await prepare(database)


async def test_a_newer_schema_goes_on_to_say_what_was_taken_from_it(
    empty_url: str, releases: Releases
) -> None:
    async with opened(empty_url) as database:
        await prepare(database)
        releases.publish()
        releases.publish("op.drop_table('mottos')", revision="9001", more="contracts = '9000'")
        releases.publish("op.add_column('line', sa.Column('song', sa.Text()))", revision="9002")
        await upgrade(database)
        releases.go_back()
        assert not await migrate.suits(database, await migrate.current_revision(database))


async def test_a_schema_that_says_nothing_of_itself_is_refused(
    empty_url: str, releases: Releases
) -> None:
    releases.publish()
    async with opened(empty_url) as database:
        await prepare(database)
        async with database.engine.begin() as connection:
            await connection.execute(text("DELETE FROM server_key"))
        releases.go_back()
        with pytest.raises(DefinitionError, match="newer"):
            await prepare(database)


# --- made while others work ---------------------------------------------------------------------------------


@asynccontextmanager
async def keeping_line(url: str) -> AsyncIterator[asyncpg.Connection]:
    """Keep the table `line` from being changed, as a backup does; yields the connection that does."""
    connection = await asyncpg.connect(url)
    try:
        async with connection.transaction():
            await connection.fetchval(COUNT)
            yield connection
    finally:
        await connection.close()


async def until_somebody_waits(url: str) -> None:
    """Return once a change waits for a table."""
    connection = await asyncpg.connect(url)
    try:
        async with asyncio.timeout(60):
            asked = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation IS NOT NULL"
            while not await connection.fetchval(asked):
                await asyncio.sleep(0.01)
    finally:
        await connection.close()


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a change wait for a table as shortly as can be seen."""
    monkeypatch.setattr(migrate, "LOCK_TIMEOUT_MS", 100)
    monkeypatch.setattr(migrate, "LOCK_PAUSES_S", (0.0,) * 300)


async def test_a_change_lets_others_by_while_a_table_is_kept(
    empty_postgres: str, releases: Releases, hasty: None
) -> None:
    async with opened(empty_postgres) as database:
        await prepare(database)
        releases.publish()
        async with keeping_line(empty_postgres):
            changing = asyncio.create_task(upgrade(database))
            await until_somebody_waits(empty_postgres)
            async with database.read() as reader:  # queues behind the change, which gives way
                assert (await reader.execute(text(COUNT))).scalar() == 0
            assert not changing.done()
        await changing
        assert await migrate.current_revision(database) == "9000"


async def test_a_change_that_never_gets_its_table_leaves_everything_as_it_was(
    empty_postgres: str,
    releases: Releases,
    hasty: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(migrate, "LOCK_PAUSES_S", (0.0,))
    async with opened(empty_postgres) as database:
        await prepare(database)
        before = releases.publish()
        async with keeping_line(empty_postgres):
            with pytest.raises(StoreUnavailable, match=r"9000.*backup.*parley db upgrade"):
                await upgrade(database)
        assert await migrate.current_revision(database) == before
        await upgrade(database)
        assert await migrate.current_revision(database) == "9000"


async def test_an_index_of_a_big_table_is_built_while_others_write(
    empty_postgres: str, releases: Releases
) -> None:
    """A writer with an open transaction would make a plain CREATE INDEX wait, and everybody behind it."""
    async with opened(empty_postgres) as database:
        await prepare(database)
        releases.publish(MAKES_IT, more=BESIDE)
        writer, other = await asyncpg.connect(empty_postgres), await asyncpg.connect(empty_postgres)
        writes = "INSERT INTO line (line_id, clock_offset_s) VALUES ($1, 0)"
        async with writer.transaction():
            await writer.execute(writes, "a")
            changing = asyncio.create_task(upgrade(database))
            asked = "SELECT count(*) FROM pg_index WHERE indexrelid = to_regclass('line_later')"
            async with asyncio.timeout(60):
                while not await other.fetchval(asked):
                    await asyncio.sleep(0.01)
            await other.execute(writes, "b")
            assert not changing.done()
        await changing
        assert await _is_valid(other)
        await writer.close()
        await other.close()


async def test_an_index_whose_building_was_broken_off_is_built_anew(
    empty_postgres: str, releases: Releases
) -> None:
    async with opened(empty_postgres) as database:
        await prepare(database)
        connection = await asyncpg.connect(empty_postgres)
        await connection.execute(
            "CREATE INDEX line_later ON line (line_id, clock_offset_s);"
            "UPDATE pg_index SET indisvalid = false WHERE indexrelid = to_regclass('line_later')"
        )
        releases.publish(MAKES_IT, more=BESIDE)
        await upgrade(database)
        assert await _is_valid(connection)
        await connection.close()


async def _is_valid(connection: asyncpg.Connection) -> bool:
    asked = "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass('line_later')"
    return bool(await connection.fetchval(asked))


async def test_two_upgrades_at_once_are_one(empty_postgres: str, releases: Releases) -> None:
    async with opened(empty_postgres) as first, opened(empty_postgres) as second:
        await prepare(first)
        releases.publish()
        releases.publish("op.add_column('line', sa.Column('song', sa.Text()))", revision="9001")
        await asyncio.gather(upgrade(first), upgrade(second))
        assert await migrate.current_revision(first) == "9001"


async def test_two_that_start_on_an_empty_database_make_it_once(empty_postgres: str) -> None:
    async with opened(empty_postgres) as first, opened(empty_postgres) as second:
        await asyncio.gather(prepare(first), prepare(second))
        assert await migrate.current_revision(second) == migrate.head_revision()


async def test_the_index_of_a_big_table_is_there_in_a_new_database(
    empty_url: str, releases: Releases
) -> None:
    releases.publish(MAKES_IT, more=BESIDE)
    async with opened(empty_url) as database:
        await prepare(database)
        async with database.engine.begin() as connection:
            await connection.execute(text("DROP INDEX line_later"))
