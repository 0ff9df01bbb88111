"""A Sobot line that sends to a provider on loopback."""

import aiohttp
import pytest

from adapters.sobot.adapter import Sobot
from adapters.sobot.settings import SobotLine
from tests.adapters.cloud.provider import Provider
from tests.adapters.published import PAYLOADS
from tests.adapters.samples import LINE, Links
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


@pytest.fixture
def provider_kind() -> type[Provider]:
    return SobotProvider


@pytest.fixture
def sobot(session: aiohttp.ClientSession, provider: SobotProvider) -> Sobot:
    return Sobot(
        LINE,
        make_settings(base_url=provider.url),
        session=session,
        media_links=Links(),
        max_media_bytes=100_000,
    )
