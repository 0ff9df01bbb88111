"""The store on PostgreSQL."""

import pytest

from tests.storage.contract import StoreContract
from tests.storage.world import World


class TestPostgres(StoreContract):
    @pytest.fixture
    def world(self, postgres_world: World) -> World:
        return postgres_world
