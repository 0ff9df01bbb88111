"""A Cloud line that sends to a provider on loopback."""

import aiohttp
import pytest

from adapters.cloud.adapter import Cloud
from adapters.cloud.settings import CloudLine
from tests.adapters.cloud.provider import Provider
from tests.adapters.published import PAYLOADS
from tests.adapters.samples import LINE, MemoryMedia

collect_ignore = [] if PAYLOADS.is_dir() else ["test_published_payloads.py"]

TOKEN = "EAAB-test-token"
APP_SECRET = "test-app-secret"
VERIFY_TOKEN = "our-word"
ACCOUNT = "301000000000001"


def make_settings(**changes: object) -> CloudLine:
    """Return valid settings with some changed."""
    table: dict[str, object] = {
        "provider": "cloud",
        "phone_number_id": ACCOUNT,
        "token": TOKEN,
        "app_secret": APP_SECRET,
        "verify_token": VERIFY_TOKEN,
    }
    return CloudLine.model_validate(table | changes)


@pytest.fixture
def cloud(session: aiohttp.ClientSession, provider: Provider, store: MemoryMedia) -> Cloud:
    return Cloud(
        LINE,
        make_settings(base_url=provider.url),
        session=session,
        media_store=store,
        max_media_bytes=100_000,
    )
