"""A Gupshup line that sends to a provider on loopback."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from adapters.gupshup.adapter import Gupshup
from adapters.gupshup.settings import GupshupLine
from adapters.http import build_session
from tests.adapters.gupshup.provider import GupshupProvider
from tests.adapters.published import PAYLOADS
from tests.adapters.samples import LINE

collect_ignore = [] if PAYLOADS.is_dir() else ["test_published_payloads.py", "test_examples.py"]

API_KEY = "gs-test-key"
APP = "PizzaAna"
SOURCE = "525550000009"
APP_ID = "app-1"


class Links:
    """Gives every stored file an address."""

    def url(self, stored: str, *, mime_type: str | None, filename: str | None) -> str:
        """Return one that shows what it was asked for."""
        return f"https://bot.example/media/{stored}/{filename or 'file'}"


def make_settings(**changes: object) -> GupshupLine:
    """Return valid settings with some changed."""
    table: dict[str, object] = {
        "provider": "gupshup",
        "api_key": API_KEY,
        "app": APP,
        "source": SOURCE,
        "app_id": APP_ID,
    }
    return GupshupLine.model_validate(table | changes)


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with build_session() as session:
        yield session


@pytest.fixture
async def provider() -> AsyncIterator[GupshupProvider]:
    provider = GupshupProvider()
    await provider.server.start_server()
    yield provider
    await provider.server.close()


@pytest.fixture
def gupshup(session: aiohttp.ClientSession, provider: GupshupProvider) -> Gupshup:
    return Gupshup(
        LINE,
        make_settings(base_url=provider.url),
        session=session,
        media_links=Links(),
        max_media_bytes=100_000,
    )
