"""What contacts send is fetched by its link, with nothing of ours in the call."""

import pytest

from adapters.gupshup.adapter import Gupshup
from engine.core.content import Media
from engine.core.errors import ContentRejected, ProviderUnreachable
from tests.adapters.gupshup.provider import GupshupProvider


async def test_a_file_is_fetched_by_its_link_without_the_key(
    gupshup: Gupshup, provider: GupshupProvider
) -> None:
    provider.answers(200, b"a picture", **{"Content-Type": "image/png"})
    url = f"{provider.url}/wa/media/1?download=false"
    fetched = await gupshup.fetch(Media(kind="image", url=url, mime_type="image/jpeg"))
    assert (fetched.data, fetched.mime_type) == (b"a picture", "image/jpeg")
    (request,) = provider.requests
    assert (request.path, request.query) == ("/wa/media/1", {"download": "false"})
    assert "apikey" not in request.headers


@pytest.mark.parametrize(
    ("status", "kind"), [(404, ContentRejected), (503, ProviderUnreachable)], ids=["gone", "down"]
)
async def test_a_link_that_ended_is_not_asked_again_and_one_that_is_down_is(
    gupshup: Gupshup, provider: GupshupProvider, status: int, kind: type[Exception]
) -> None:
    provider.answers(status, b"")
    with pytest.raises(kind):
        await gupshup.fetch(Media(kind="image", url=f"{provider.url}/wa/media/1"))


@pytest.mark.parametrize("url", ["http://10.0.0.1/x", "https://127.0.0.1/x", "file:///etc/passwd"])
async def test_a_link_into_our_own_network_is_refused(gupshup: Gupshup, url: str) -> None:
    with pytest.raises(ContentRejected):
        await gupshup.fetch(Media(kind="image", url=url))
