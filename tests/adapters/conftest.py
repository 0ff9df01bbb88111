"""What every adapter under test is given: a session, a store of files, and a provider on loopback."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from adapters.connections import Connections
from adapters.http import ANSWER_S, build_session
from tests.adapters.cloud.provider import Provider
from tests.adapters.raw import Bytes, serving
from tests.adapters.samples import MemoryMedia


@pytest.fixture
def answer_s() -> float:
    """How long an answer may take; a test parametrizes it where the provider says nothing."""
    return ANSWER_S


@pytest.fixture
async def session(answer_s: float) -> AsyncIterator[aiohttp.ClientSession]:
    async with build_session(answer_s=answer_s) as session:
        yield session


@pytest.fixture
def provider_kind() -> type[Provider]:
    """What answers; a folder gives its own."""
    return Provider


@pytest.fixture
async def provider(provider_kind: type[Provider]) -> AsyncIterator[Provider]:
    provider = provider_kind()
    await provider.server.start_server()
    yield provider
    await provider.server.close()


@pytest.fixture
def store() -> MemoryMedia:
    return MemoryMedia(picture=b"\xff\xd8 a picture")


@pytest.fixture
async def server() -> AsyncIterator[Bytes]:
    """A provider that writes what bytes it is told to."""
    async with serving() as server:
        yield server


@pytest.fixture
async def kept() -> AsyncIterator[Connections]:
    """Connections of nobody's session."""
    kept = Connections(connect_s=10, idle_s=15)
    yield kept
    kept.close()
