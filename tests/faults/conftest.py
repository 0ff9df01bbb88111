"""The PostgreSQL server of the tests with replicas: one of its own, because they take it down."""

from collections.abc import Iterator

import pytest

from tests.faults.replicas.postgres import Postgres, postgres_running


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A server that may be stopped and started."""
    with postgres_running() as server:
        yield server
