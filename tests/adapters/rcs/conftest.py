"""An RCS line that sends to a provider on loopback."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from adapters.http import build_session
from adapters.rcs.adapter import Rcs
from tests.adapters.interakt.conftest import Links, make_settings
from tests.adapters.interakt.provider import InteraktProvider
from tests.adapters.published import PAYLOADS
from tests.adapters.samples import LINE

collect_ignore = [] if PAYLOADS.is_dir() else ["test_published_payloads.py", "test_examples.py"]


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with build_session() as session:
        yield session


@pytest.fixture
async def provider() -> AsyncIterator[InteraktProvider]:
    provider = InteraktProvider()
    await provider.server.start_server()
    yield provider
    await provider.server.close()


@pytest.fixture
def rcs(session: aiohttp.ClientSession, provider: InteraktProvider) -> Rcs:
    return Rcs(
        LINE,
        make_settings(channel="rcs", base_url=provider.url),
        session=session,
        media_links=Links(),
        max_media_bytes=100_000,
    )
