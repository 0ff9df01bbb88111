"""A Sobot line that sends to a provider on loopback."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from adapters.http import build_session
from adapters.sobot.adapter import Sobot
from adapters.sobot.settings import SobotLine
from tests.adapters.published import PAYLOADS
from tests.adapters.samples import LINE
from tests.adapters.sobot.provider import SobotProvider

collect_ignore = [] if PAYLOADS.is_dir() else ["test_published_payloads.py", "test_examples.py"]

API_KEY, API_SECRET = "test-access-key", "test-secret-key"


def make_settings(**changes: object) -> SobotLine:
    """Return valid settings with some changed."""
    table: dict[str, object] = {
        "provider": "sobot",
        "api_key": API_KEY,
        "api_secret": API_SECRET,
    }
    return SobotLine.model_validate(table | changes)


class Shelf:
    """Links to stored files, as the web gives them."""

    def url(self, stored: str, *, mime_type: str | None, filename: str | None) -> str:
        """Return an address that shows what it was asked for."""
        return f"https://bot.example/media/{stored}/{filename or ''}"


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with build_session() as session:
        yield session


@pytest.fixture
async def provider() -> AsyncIterator[SobotProvider]:
    provider = SobotProvider()
    await provider.server.start_server()
    yield provider
    await provider.server.close()


@pytest.fixture
def sobot(session: aiohttp.ClientSession, provider: SobotProvider) -> Sobot:
    return Sobot(
        LINE,
        make_settings(base_url=provider.url),
        session=session,
        media_links=Shelf(),
        max_media_bytes=100_000,
    )
