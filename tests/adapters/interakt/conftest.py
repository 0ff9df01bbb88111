"""An Interakt line that sends to a provider on loopback."""

import aiohttp
import pytest

from adapters.interakt.adapter import Interakt
from adapters.interakt.settings import InteraktLine
from tests.adapters.cloud.provider import Provider
from tests.adapters.interakt.provider import InteraktProvider
from tests.adapters.published import PAYLOADS
from tests.adapters.samples import LINE, Links

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


@pytest.fixture
def provider_kind() -> type[Provider]:
    return InteraktProvider


@pytest.fixture
def interakt(session: aiohttp.ClientSession, provider: InteraktProvider) -> Interakt:
    return Interakt(
        LINE,
        make_settings(base_url=provider.url),
        session=session,
        media_links=Links(),
        max_media_bytes=100_000,
    )
