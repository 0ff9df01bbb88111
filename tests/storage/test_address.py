"""The database's address as an operator writes it: what hosts of PostgreSQL print is taken, what is wrong is told."""

import pytest
from sqlalchemy import text

from engine.core.errors import DefinitionError
from storage import Database


async def test_sslmode_is_taken_as_hosts_of_postgresql_print_it(empty_postgres: str) -> None:
    database = Database(f"{empty_postgres}&sslmode=prefer")
    try:
        async with database.read() as connection:
            assert (await connection.execute(text("SELECT 1"))).scalar() == 1
    finally:
        await database.close()


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("postgresql://parley:secret@host:54x/parley", "is no URL"),
        ("postgresql://parley:secret@host/parley?channel_binding=require", "'channel_binding'"),
    ],
)
def test_what_cannot_be_taken_is_told_without_the_password(address: str, told: str) -> None:
    with pytest.raises(DefinitionError, match=told) as refused:
        Database(address)

    assert "secret" not in str(refused.value)
