"""A Gupshup sandbox on the air."""

from collections.abc import AsyncIterator

import pytest

from tests.adapters.published import PAYLOADS
from tests.adapters.sandbox.gupshup.business import Bench, benched

collect_ignore = [] if PAYLOADS.is_dir() else ["test_published.py"]


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    async with benched() as made:
        yield made
