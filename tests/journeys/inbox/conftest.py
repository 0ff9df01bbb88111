"""One business for all journeys of a worker, and a line of it for each."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.journeys.inbox.business import Business, Shop, open_business


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def business(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Business]:
    async with open_business(tmp_path_factory.mktemp("business")) as opened:
        yield opened


@pytest.fixture
def shop(business: Business) -> Shop:
    return business.shop()
