"""A Karbot line that sends to a provider on loopback."""

import aiohttp
import pytest

from adapters.karbot.adapter import Karbot
from adapters.karbot.settings import KarbotLine
from tests.adapters.cloud.provider import Provider
from tests.adapters.karbot.provider import KarbotProvider
from tests.adapters.published import PAYLOADS
from tests.adapters.samples import LINE, Links

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
def provider_kind() -> type[Provider]:
    return KarbotProvider


@pytest.fixture
def karbot(session: aiohttp.ClientSession, provider: KarbotProvider) -> Karbot:
    return Karbot(
        LINE,
        make_settings(base_url=provider.url),
        session=session,
        media_links=Links(),
        max_media_bytes=100_000,
    )
