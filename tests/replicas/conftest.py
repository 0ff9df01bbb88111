"""A PostgreSQL database with the schema, for several engines."""

from collections.abc import AsyncIterator
from itertools import count

import pytest

from tests.storage.conftest import created, postgres_server

__all__ = ["postgres_server"]

_numbers = count(1)


@pytest.fixture
async def database_url(postgres_server: str) -> AsyncIterator[str]:
    """The URL of a new database that is ready to be served."""
    async with created(postgres_server, f"replicas_{next(_numbers)}", template="ready") as url:
        yield url
