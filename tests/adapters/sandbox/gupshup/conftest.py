"""A Gupshup sandbox on the air."""

from collections.abc import AsyncIterator

import pytest

from tests.adapters.sandbox.gupshup.business import Bench, benched


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    async with benched() as made:
        yield made
