"""One served API for all of these tests of a worker: each test has its own contacts, keys and tokens."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.web.api.support import Api, serving_api


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def api(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Api]:
    async with serving_api(tmp_path_factory.mktemp("api")) as served:
        yield served
