"""An RCS line that sends to a provider on loopback."""

import aiohttp
import pytest

from adapters.rcs.adapter import Rcs
from tests.adapters.cloud.provider import Provider
from tests.adapters.interakt.conftest import make_settings
from tests.adapters.interakt.provider import InteraktProvider
from tests.adapters.published import PAYLOADS
from tests.adapters.samples import LINE, Links

collect_ignore = [] if PAYLOADS.is_dir() else ["test_published_payloads.py", "test_examples.py"]


@pytest.fixture
def provider_kind() -> type[Provider]:
    return InteraktProvider


@pytest.fixture
def rcs(session: aiohttp.ClientSession, provider: InteraktProvider) -> Rcs:
    return Rcs(
        LINE,
        make_settings(channel="rcs", base_url=provider.url),
        session=session,
        media_links=Links(),
        max_media_bytes=100_000,
    )
