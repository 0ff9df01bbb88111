"""The plan past one primary, as far as a schema can be asked today: keys led by the line, `message` cut by time."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import asyncpg  # type: ignore[import-untyped]  # ships no types
import pytest

from storage.ids import first_id
from storage.tables import metadata
from tests.storage.conftest import _children_first, _named, _prepared, _sql
from tests.storage.contract_order import OrderContract
from tests.storage.contract_statuses import StatusContract
from tests.storage.world import World

KEYS = """
SELECT t.relname, a.attname FROM pg_index i
JOIN pg_class t ON t.oid = i.indrelid JOIN pg_namespace n ON n.oid = t.relnamespace
JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = i.indkey[0]
WHERE n.nspname = 'public' AND i.indisunique
UNION ALL
SELECT t.relname, a.attname FROM pg_constraint c
JOIN pg_class t ON t.oid = c.conrelid
JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = c.conkey[1]
WHERE c.contype = 'f'
"""

PARTITIONS = """
ALTER TABLE message RENAME TO message_before;
CREATE TABLE message (LIKE message_before INCLUDING DEFAULTS INCLUDING INDEXES) PARTITION BY RANGE (id);
ALTER TABLE message ATTACH PARTITION message_before FOR VALUES FROM (MINVALUE) TO ({first});
CREATE TABLE message_since PARTITION OF message FOR VALUES FROM ({first}) TO (MAXVALUE);
"""
"""What docs/howto/scale.md says to do; the tests' ids lie on both sides of the border."""


async def test_every_key_in_postgresql_begins_with_the_line(postgres_server: str) -> None:
    connection = await asyncpg.connect(_named(postgres_server, "ready"))
    rows = await connection.fetch(KEYS)
    await connection.close()

    others = {row["relname"] for row in rows if row["attname"] != "line_id"}
    assert len(rows) > 30
    assert others == {"alembic_version"}


@pytest.fixture(scope="module")
def partitioned(postgres_server: str) -> str:
    """The URL of a database whose messages lie in partitions."""

    async def make() -> str:
        await _sql(postgres_server, "CREATE DATABASE partitioned")
        url = _named(postgres_server, "partitioned")
        await _prepared(url)
        border = first_id(datetime(2026, 1, 1, tzinfo=UTC))
        await _sql(url, PARTITIONS.format(first=border))
        return url

    return asyncio.run(make())


class TestPartitions(OrderContract, StatusContract):
    @pytest.fixture
    async def world(self, partitioned: str) -> AsyncIterator[World]:
        tables = [n for n, t in metadata.tables.items() if t.info.get("only") != "sqlite"]
        await _sql(partitioned, ";".join(f"DELETE FROM {name}" for name in _children_first(tables)))
        async with World(partitioned) as world:
            yield world


async def test_a_month_of_messages_goes_as_a_table(partitioned: str) -> None:
    await _sql(
        partitioned,
        "ALTER TABLE message DETACH PARTITION message_before; DROP TABLE message_before",
    )
