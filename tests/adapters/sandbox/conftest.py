"""A sandbox on a clock moved by hand, with a business that answers 200."""

from collections.abc import AsyncIterator

import pytest

from tests.adapters.sandbox.business import Bench


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    made = Bench()
    yield made
    await made.sandbox.close()
