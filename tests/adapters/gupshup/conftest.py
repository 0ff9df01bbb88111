"""A Gupshup line that sends to a provider on loopback."""

import aiohttp
import pytest

from adapters.gupshup.adapter import Gupshup
from adapters.gupshup.settings import GupshupLine
from tests.adapters.cloud.provider import Provider
from tests.adapters.gupshup.provider import GupshupProvider
from tests.adapters.published import PAYLOADS
from tests.adapters.samples import LINE, Links

collect_ignore = [] if PAYLOADS.is_dir() else ["test_published_payloads.py", "test_examples.py"]

API_KEY = "gs-test-key"
APP = "PizzaAna"
SOURCE = "525550000009"
APP_ID = "app-1"


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
def provider_kind() -> type[Provider]:
    return GupshupProvider


@pytest.fixture
def gupshup(session: aiohttp.ClientSession, provider: GupshupProvider) -> Gupshup:
    return Gupshup(
        LINE,
        make_settings(base_url=provider.url),
        session=session,
        media_links=Links(),
        max_media_bytes=100_000,
    )
