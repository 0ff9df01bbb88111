"""The store on SQLite, and what only SQLite has: a file, its lock, its disk."""

import pytest

from tests.storage.contract import StoreContract
from tests.storage.world import World


class TestSqlite(StoreContract):
    @pytest.fixture
    def world(self, sqlite_world: World) -> World:
        return sqlite_world
