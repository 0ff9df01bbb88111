"""One served inbox for all of these tests of a worker: each test has its own agents and chats."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.web.inbox.support import Inbox, serving_inbox


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def inbox(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Inbox]:
    """Tests that use it mark themselves with `loop_scope="session"`."""
    async with serving_inbox(tmp_path_factory.mktemp("inbox")) as served:
        yield served
