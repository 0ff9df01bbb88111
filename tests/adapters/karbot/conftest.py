"""A Karbot line that sends to a provider on loopback."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from adapters.http import build_session
from adapters.karbot.adapter import Karbot
from adapters.karbot.settings import KarbotLine
from tests.adapters.gupshup.conftest import Links
from tests.adapters.karbot.provider import KarbotProvider
from tests.adapters.published import PAYLOADS
from tests.adapters.samples import LINE

collect_ignore = [] if PAYLOADS.is_dir() else ["test_published_payloads.py"]

EMAIL = "bot@shop.example"
PASSWORD = "open, sesame"
APP = "LineaAna"
SOURCE = "525550000009"


def make_settings(**changes: object) -> KarbotLine:
    """Return valid settings with some changed."""
    table: dict[str, object] = {
        "provider": "karbot",
        "email": EMAIL,
        "password": PASSWORD,
        "app": APP,
        "source": SOURCE,
    }
    return KarbotLine.model_validate(table | changes)


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with build_session() as session:
        yield session


@pytest.fixture
async def provider() -> AsyncIterator[KarbotProvider]:
    provider = KarbotProvider()
    await provider.server.start_server()
    yield provider
    await provider.server.close()


@pytest.fixture
def karbot(session: aiohttp.ClientSession, provider: KarbotProvider) -> Karbot:
    return Karbot(
        LINE,
        make_settings(base_url=provider.url),
        session=session,
        media_links=Links(),
        max_media_bytes=100_000,
    )
