"""Files that webhooks name by an address: fetched from the open web or the provider alone, bounded, without a key."""

import aiohttp
import pytest
from aiohttp import web
from yarl import URL

from adapters.links import fetch_link
from engine.core.content import Media
from engine.core.errors import ContentRejected, ProviderUnreachable
from engine.ports import FetchedMedia
from tests.adapters.cloud.provider import Handler, Provider, half_an_answer, hang_up


@pytest.fixture
def base(provider: Provider) -> URL:
    return URL(str(provider.server.make_url("/")))


async def fetch(
    session: aiohttp.ClientSession, url: str | None, base: URL, *, mime_type: str | None = None
) -> FetchedMedia:
    media = Media(kind="image", url=url, mime_type=mime_type)
    return await fetch_link(session, media, base=base, max_bytes=1000)


async def test_a_file_at_the_providers_own_address_is_fetched(
    session: aiohttp.ClientSession, provider: Provider, base: URL
) -> None:
    provider.answers(200, b"a picture", **{"Content-Type": "image/png"})
    assert await fetch(session, f"{base}1.png", base) == (b"a picture", "image/png")
    assert "authorization" not in provider.requests[0].headers


async def test_what_the_webhook_said_of_the_type_wins(
    session: aiohttp.ClientSession, provider: Provider, base: URL
) -> None:
    provider.answers(200, b"a picture", **{"Content-Type": "binary/octet-stream"})
    fetched = await fetch(session, f"{base}1", base, mime_type="image/webp")
    assert fetched.mime_type == "image/webp"


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "no address",
        "http://files.example/1.jpg",
        "ftp://files.example/1.jpg",
        "file:///etc/passwd",
        "https://127.0.0.1/1.jpg",
        "https://10.0.0.8/1.jpg",
        "https://169.254.169.254/latest/meta-data",
        "https://[::1]/1.jpg",
        "https://[fe80::1]/1.jpg",
        "https://localhost/1.jpg",
        "https://db.internal/1.jpg",
        "https://:0/",
    ],
)
async def test_no_other_address_is_asked(
    session: aiohttp.ClientSession, base: URL, url: str | None
) -> None:
    with pytest.raises(ContentRejected):
        await fetch(session, url, base)


async def test_a_redirect_is_followed_where_it_may_lead(
    session: aiohttp.ClientSession, provider: Provider, base: URL
) -> None:
    provider.answers(302, b"", Location="/2")
    provider.answers(200, b"a picture")
    assert (await fetch(session, f"{base}1", base)).data == b"a picture"
    assert provider.requests[1].path == "/2"


@pytest.mark.parametrize("location", ["http://169.254.169.254/", "https://127.0.0.1/", "", "//["])
async def test_a_redirect_elsewhere_is_not_followed(
    session: aiohttp.ClientSession, provider: Provider, base: URL, location: str
) -> None:
    for _ in range(5):
        provider.answers(302, b"", Location=location)
    with pytest.raises(ContentRejected):
        await fetch(session, f"{base}1", base)


async def test_redirects_end(session: aiohttp.ClientSession, provider: Provider, base: URL) -> None:
    for _ in range(10):
        provider.answers(307, b"", Location="/again")
    with pytest.raises(ContentRejected, match="on and on"):
        await fetch(session, f"{base}1", base)
    assert len(provider.requests) == 4


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (404, ContentRejected),
        (403, ContentRejected),
        (410, ContentRejected),
        (204, ContentRejected),
        (429, ProviderUnreachable),
        (500, ProviderUnreachable),
        (503, ProviderUnreachable),
    ],
)
async def test_a_file_that_is_gone_is_not_asked_for_again_and_trouble_is(
    session: aiohttp.ClientSession,
    provider: Provider,
    base: URL,
    status: int,
    kind: type[Exception],
) -> None:
    provider.answers(status)
    with pytest.raises(kind):
        await fetch(session, f"{base}1", base)


async def test_a_file_beyond_the_ceiling_is_left(
    session: aiohttp.ClientSession, provider: Provider, base: URL
) -> None:
    provider.answers(200, b"x" * 1001)
    with pytest.raises(ContentRejected, match="1000 bytes"):
        await fetch(session, f"{base}1", base)


@pytest.mark.parametrize("trouble", [hang_up, half_an_answer])
async def test_a_broken_connection_is_tried_again(
    session: aiohttp.ClientSession, provider: Provider, base: URL, trouble: Handler
) -> None:
    provider.does(trouble)
    provider.does(trouble)  # the session itself asks a second time where nothing came
    with pytest.raises(ProviderUnreachable):
        await fetch(session, f"{base}1", base)


async def test_a_slow_stream_counts_what_it_sends(
    session: aiohttp.ClientSession, provider: Provider, base: URL
) -> None:
    async def pours(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        for _ in range(200):
            await response.write(b"x" * 100)
        return response

    provider.does(pours)
    with pytest.raises(ContentRejected):
        await fetch(session, f"{base}1", base)
