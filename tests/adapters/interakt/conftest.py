"""An Interakt line that sends to a provider on loopback."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from adapters.http import build_session
from adapters.interakt.adapter import Interakt
from adapters.interakt.settings import InteraktLine
from tests.adapters.interakt.provider import InteraktProvider
from tests.adapters.published import PAYLOADS
from tests.adapters.samples import LINE

collect_ignore = [] if PAYLOADS.is_dir() else ["test_published_payloads.py", "test_examples.py"]

API_KEY = "dGVzdC1rZXk6"
SIGNING_SECRET = "our-webhook-word"


def make_settings(**changes: object) -> InteraktLine:
    """Return valid settings with some changed."""
    table: dict[str, object] = {
        "provider": "interakt",
        "api_key": API_KEY,
        "signing_secret": SIGNING_SECRET,
    }
    return InteraktLine.model_validate(table | changes)


class Links:
    """Addresses that tell what they were made of."""

    def url(self, stored: str, *, mime_type: str | None, filename: str | None) -> str:
        """Return an address."""
        return f"https://bot.example/media/{stored}"


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
def interakt(session: aiohttp.ClientSession, provider: InteraktProvider) -> Interakt:
    return Interakt(
        LINE,
        make_settings(base_url=provider.url),
        session=session,
        media_links=Links(),
        max_media_bytes=100_000,
    )
