"""Files by link: served to whoever has the token, for a day, and to nobody else."""

import base64
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from engine.core.errors import ContentRejected
from storage import MediaFolder
from tests.web.support import running
from web.errors import no_route
from web.media_links import KEY_FILE, SignedLinks

Client = TestClient[web.Request, web.Application]

PUBLIC = "https://bot.example.com"
PICTURE = b"\x89PNG of no picture"


class Time:
    """A time that a test moves."""

    def __init__(self) -> None:
        self.value = datetime(2026, 8, 3, 12, 20, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.value


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def links(tmp_path: Path, time: Time) -> SignedLinks:
    return SignedLinks(tmp_path, public_url=PUBLIC, now=time)


@pytest.fixture
async def client(links: SignedLinks) -> AsyncIterator[Client]:
    app = web.Application()
    app.add_routes([*links.routes(), no_route()])
    async with TestClient(TestServer(app)) as client:
        yield client


async def stored(folder: Path, data: bytes = PICTURE) -> str:
    return await MediaFolder(folder).put(data)


def path(url: str) -> str:
    return url.removeprefix(PUBLIC)


async def test_a_link_brings_the_bytes_with_their_type_and_name(
    links: SignedLinks, client: Client, tmp_path: Path
) -> None:
    url = links.url(await stored(tmp_path), mime_type="image/png", filename="menú.png")

    async with client.get(path(url)) as answer:
        data, headers = await answer.read(), answer.headers

    assert url.startswith(f"{PUBLIC}/media/")
    assert (answer.status, data) == (200, PICTURE)
    assert headers["Content-Type"] == "image/png"
    assert headers["Content-Disposition"] == "attachment; filename*=UTF-8''men%C3%BA.png"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"].startswith("sandbox")
    assert headers["Cache-Control"] == "private"


async def test_head_tells_the_same_without_the_bytes(
    links: SignedLinks, client: Client, tmp_path: Path
) -> None:
    url = links.url(await stored(tmp_path), mime_type="image/png", filename=None)

    async with client.head(path(url)) as answer:
        data = await answer.read()

    assert (answer.status, data) == (200, b"")
    assert answer.headers["Content-Length"] == str(len(PICTURE))
    assert answer.headers["Content-Disposition"] == "attachment"


async def test_a_link_lives_for_a_day_and_then_is_gone(
    links: SignedLinks, client: Client, tmp_path: Path, time: Time
) -> None:
    url = path(links.url(await stored(tmp_path), mime_type="image/png", filename=None))

    time.value += timedelta(hours=24)
    async with client.get(url) as day_after:
        pass
    time.value += timedelta(hours=1)
    async with client.get(url) as later:
        pass

    assert (day_after.status, later.status) == (200, 404)


async def test_a_file_keeps_its_address_for_a_while(
    links: SignedLinks, tmp_path: Path, time: Time
) -> None:
    key = await stored(tmp_path)
    first = links.url(key, mime_type="image/png", filename="a.png")
    time.value += timedelta(minutes=30)
    soon = links.url(key, mime_type="image/png", filename="a.png")
    time.value += timedelta(hours=1)
    later = links.url(key, mime_type="image/png", filename="a.png")

    assert first == soon != later


async def test_every_wrong_token_gets_one_answer(
    links: SignedLinks, client: Client, tmp_path: Path, time: Time
) -> None:
    key = await stored(tmp_path)
    good = path(links.url(key, mime_type="text/plain", filename=None))
    missing = path(links.url("ab" * 32, mime_type=None, filename=None))
    token = good.rpartition("/")[2]
    other = "A" if token[30] != "A" else "B"
    unsigned = base64.urlsafe_b64encode(bytes(16) + bytes.fromhex(key) + b"\xff" * 4 + b"\0")
    wrong = [
        "/media/x",
        "/media/%00",
        "/media/é",
        "/media/.link-key",
        f"/media/{key[:2]}%2F{key}",
        f"/media/{token[:30]}{other}{token[31:]}",
        f"/media/{token[:-4]}",
        f"/media/{token}AAAA",
        f"/media/{unsigned.decode()}",
        missing,
        "/elsewhere",
    ]

    answers = []
    for one in wrong:
        async with client.get(one) as answer:
            answers.append((answer.status, await answer.json()))

    assert all(told == answers[0] for told in answers), answers
    assert answers[0][0] == 404


async def test_no_link_was_ever_given_out_and_none_is_taken(client: Client, tmp_path: Path) -> None:
    async with client.get("/media/" + "A" * 80) as answer:
        assert answer.status == 404
    assert not (tmp_path / KEY_FILE).exists()


@pytest.mark.parametrize(
    "mime_type", ["text/html\r\nSet-Cookie: a=b", "nonsense", "", None, "тип/вид"]
)
async def test_a_type_that_is_none_is_served_as_bytes(
    links: SignedLinks, client: Client, tmp_path: Path, mime_type: str | None
) -> None:
    url = links.url(await stored(tmp_path), mime_type=mime_type, filename='a"\r\nX: y.png')

    async with client.get(path(url)) as answer:
        assert answer.status == 200
        assert answer.headers["Content-Type"] == "application/octet-stream"
        assert "X" not in answer.headers
        assert "Set-Cookie" not in answer.headers


async def test_a_voice_notes_codec_stays_in_its_type(
    links: SignedLinks, client: Client, tmp_path: Path
) -> None:
    url = links.url(await stored(tmp_path), mime_type="audio/ogg; codecs=opus", filename=None)

    async with client.get(path(url)) as answer:
        assert answer.headers["Content-Type"] == "audio/ogg; codecs=opus"


async def test_replicas_on_one_folder_read_each_others_links(
    links: SignedLinks, client: Client, tmp_path: Path, time: Time
) -> None:
    key = await stored(tmp_path)
    ours = links.url(key, mime_type="image/png", filename=None)
    other = SignedLinks(tmp_path, public_url=PUBLIC, now=time)

    assert other.url(key, mime_type="image/png", filename=None) == ours
    assert (tmp_path / KEY_FILE).stat().st_mode & 0o777 == 0o600
    assert [file.name for file in tmp_path.iterdir() if file.is_file()] == [KEY_FILE]


def test_without_a_public_address_it_is_told_what_to_set(tmp_path: Path, time: Time) -> None:
    links = SignedLinks(tmp_path, public_url=None, now=time)

    with pytest.raises(ContentRejected, match=r"server\.public_url"):
        links.url("ab" * 32, mime_type=None, filename=None)


def test_a_damaged_key_is_told_and_signs_nothing(tmp_path: Path, links: SignedLinks) -> None:
    (tmp_path / KEY_FILE).write_bytes(b"")

    with pytest.raises(ContentRejected, match="damaged"):
        links.url("ab" * 32, mime_type=None, filename=None)


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path, time: Time) -> None:
    (tmp_path / "file").touch()
    links = SignedLinks(tmp_path / "file", public_url=PUBLIC, now=time)

    with pytest.raises(ContentRejected, match="no link"):
        links.url("ab" * 32, mime_type=None, filename=None)


async def test_the_server_serves_what_its_links_name(tmp_path: Path) -> None:
    more = f'[server]\npublic_url = "{PUBLIC}"\n'
    async with running(tmp_path, more=more) as bot:
        folder = bot.settings.media.path
        links = SignedLinks(folder, public_url=PUBLIC, now=lambda: datetime.now(UTC))
        url = links.url(await stored(folder), mime_type="image/png", filename="a.png")
        async with bot.client.get(path(url)) as answer:
            assert (answer.status, await answer.read()) == (200, PICTURE)
