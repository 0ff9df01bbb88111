"""Lines of both forms that send to a provider on loopback."""

import aiohttp
import pytest

from adapters.cbot.adapter import Cbot
from adapters.cbot.settings import CbotLine
from tests.adapters.cbot.provider import KeyedProvider
from tests.adapters.cloud.provider import Provider
from tests.adapters.published import PAYLOADS
from tests.adapters.samples import LINE, MemoryMedia

collect_ignore = [] if PAYLOADS.is_dir() else ["test_published_payloads.py", "test_examples.py"]

KEY = "test-line-key"
USER, PASSWORD = "parley", "a long password"


def make_settings(**changes: object) -> CbotLine:
    """Return valid settings with some changed."""
    table: dict[str, object] = {
        "provider": "cbot",
        "base_url": "http://127.0.0.1:1",
        "api_key": KEY,
    }
    return CbotLine.model_validate(table | changes)


@pytest.fixture
def provider_kind() -> type[Provider]:
    return KeyedProvider


def make_line(
    session: aiohttp.ClientSession, provider: KeyedProvider, store: MemoryMedia, **changes: object
) -> Cbot:
    """Return a line of this provider."""
    settings = make_settings(base_url=provider.url, **changes)
    return Cbot(LINE, settings, session=session, media_store=store, max_media_bytes=100_000)


@pytest.fixture
def cloud_line(session: aiohttp.ClientSession, provider: KeyedProvider, store: MemoryMedia) -> Cbot:
    return make_line(session, provider, store)


@pytest.fixture
def onpremise_line(
    session: aiohttp.ClientSession, provider: KeyedProvider, store: MemoryMedia
) -> Cbot:
    return make_line(session, provider, store, api="onpremise")
