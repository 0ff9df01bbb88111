"""Files of a Cloud line, up and down; over real HTTP."""

import asyncio

import aiohttp
import pytest
from aiohttp import web
from multidict import CIMultiDict
from yarl import URL

from adapters.cloud.adapter import Cloud
from adapters.cloud.capabilities import CAPABILITIES
from adapters.whatsapp.files import UPLOAD_LIFE, Files, MetaFiles
from engine.core.content import Button, Buttons, Media
from engine.core.errors import ContentRejected, LineRejected, ProviderUnreachable, SendError
from engine.ports import Accepted, Refused
from tests.adapters.cloud.conftest import ACCOUNT, TOKEN
from tests.adapters.cloud.provider import Provider, half_an_answer, hang_up
from tests.adapters.samples import MemoryMedia, outgoing

PICTURE = Media(kind="image", stored="picture", caption="Ours")
DATA = b"\xff\xd8 a picture"
THEIRS = Media(kind="image", external_id="700001")


async def test_a_stored_file_is_uploaded_and_sent_by_its_id(
    cloud: Cloud, provider: Provider
) -> None:
    assert isinstance(await cloud.send(outgoing(PICTURE)), Accepted)
    upload, message = provider.requests
    assert upload.path == f"/v23.0/{ACCOUNT}/media"
    assert upload.headers["authorization"] == f"Bearer {TOKEN}"
    assert upload.form == {"messaging_product": "whatsapp", "type": "image/jpeg", "file": DATA}
    assert message.json["image"] == {"id": "upload-1", "caption": "Ours"}


async def test_a_file_is_uploaded_once(cloud: Cloud, provider: Provider) -> None:
    await asyncio.gather(*(cloud.send(outgoing(PICTURE)) for _ in range(5)))
    assert sum(1 for request in provider.requests if request.form) == 1
    assert len(provider.requests) == 6


async def test_a_stored_file_above_buttons_is_uploaded_too(
    cloud: Cloud, provider: Provider
) -> None:
    header = Media(kind="image", stored="picture")
    asked = Buttons(body="This one?", buttons=(Button(id="y", title="Yes"),), header=header)
    assert isinstance(await cloud.send(outgoing(asked)), Accepted)
    _, message = provider.requests
    interactive = message.json["interactive"]
    assert isinstance(interactive, dict)
    assert interactive["header"] == {"type": "image", "image": {"id": "upload-1"}}


@pytest.mark.parametrize(
    ("media", "mime_type"),
    [
        (Media(kind="document", stored="picture", filename="m.pdf"), "application/pdf"),
        (Media(kind="voice", stored="picture"), "audio/ogg"),
        (Media(kind="video", stored="picture", mime_type="video/3gpp"), "video/3gpp"),
    ],
    ids=["by name", "by kind", "as given"],
)
async def test_an_upload_says_its_type(
    cloud: Cloud, provider: Provider, media: Media, mime_type: str
) -> None:
    await cloud.send(outgoing(media))
    assert provider.requests[0].form["type"] == mime_type


async def test_an_upload_that_the_provider_will_not_send_is_made_anew(
    cloud: Cloud, provider: Provider
) -> None:
    provider.answers(200, {"id": "spoiled"})
    provider.answers(400, {"error": {"code": 131009, "message": "media id"}})
    assert isinstance(await cloud.send(outgoing(PICTURE)), Refused)
    assert isinstance(await cloud.send(outgoing(PICTURE)), Accepted)
    assert [request.json["image"] for request in provider.requests if request.body] == [
        {"id": "spoiled", "caption": "Ours"},
        {"id": "upload-1", "caption": "Ours"},
    ]


@pytest.mark.parametrize(
    ("media", "kind"),
    [
        (Media(kind="image", stored="gone"), ContentRejected),
        (Media(kind="sticker", stored="large"), ContentRejected),
        (Media(kind="image", stored="unreadable"), ProviderUnreachable),
    ],
    ids=["not stored", "too large", "store down"],
)
async def test_a_file_that_cannot_be_uploaded_does_not_leave(
    cloud: Cloud, provider: Provider, store: MemoryMedia, media: Media, kind: type[SendError]
) -> None:
    store.files["large"] = bytes(501 * 1024)
    store.broken.add("unreadable")
    result = await cloud.send(outgoing(media))
    assert isinstance(result, Refused)
    assert type(result.error) is kind
    assert provider.requests == []


async def test_an_upload_without_an_answer_is_tried_again_for_nothing_was_said(
    cloud: Cloud, provider: Provider
) -> None:
    provider.does(hang_up)
    result = await cloud.send(outgoing(PICTURE))
    assert isinstance(result, Refused)
    assert type(result.error) is ProviderUnreachable
    assert isinstance(await cloud.send(outgoing(PICTURE)), Accepted)


class Uploads:
    """A `Files` with a clock of the test's."""

    def __init__(self, session: aiohttp.ClientSession, provider: Provider) -> None:
        self.store = MemoryMedia(picture=DATA)
        self.seconds = 0.0
        headers: CIMultiDict[str] = CIMultiDict()
        calls = MetaFiles(
            session,
            upload_url=URL(provider.url) / ACCOUNT / "media",
            media_url=lambda id_: URL(provider.url) / id_,
            headers=headers,
        )
        self.files = Files(
            session,
            calls,
            headers=headers,
            store=self.store,
            max_bytes=1000,
            media_bytes=CAPABILITIES.media_bytes,
            remembered=2,
            monotonic=lambda: self.seconds,
        )


async def test_an_upload_is_used_for_29_days(
    session: aiohttp.ClientSession, provider: Provider
) -> None:
    uploads = Uploads(session, provider)
    first = await uploads.files.upload(PICTURE)
    uploads.seconds = UPLOAD_LIFE.total_seconds() - 1
    assert await uploads.files.upload(PICTURE) == first
    uploads.seconds += 1
    assert await uploads.files.upload(PICTURE) != first


async def test_remembered_uploads_are_bounded(
    session: aiohttp.ClientSession, provider: Provider
) -> None:
    uploads = Uploads(session, provider)
    for number in range(3):
        uploads.store.files[f"f{number}"] = DATA
    for number in range(3):
        await uploads.files.upload(Media(kind="image", stored=f"f{number}"))
    await uploads.files.upload(Media(kind="image", stored="f2"))
    assert len(provider.requests) == 3
    await uploads.files.upload(Media(kind="image", stored="f0"))
    assert len(provider.requests) == 4


# --- downloads ---------------------------------------------------------------------------------------


def found(provider: Provider, **more: object) -> None:
    url = str(provider.server.make_url("/files/1"))
    provider.answers(200, {"url": url, "mime_type": "image/png", "id": "700001", **more})


async def test_a_file_is_found_by_id_and_fetched_with_the_token(
    cloud: Cloud, provider: Provider
) -> None:
    found(provider, file_size=len(DATA))
    provider.answers(200, DATA)
    fetched = await cloud.fetch(THEIRS)
    assert (fetched.data, fetched.mime_type) == (DATA, "image/png")
    asked, got = provider.requests
    assert (asked.path, asked.query) == ("/v23.0/700001", {"phone_number_id": ACCOUNT})
    assert got.path == "/files/1"
    assert got.headers["authorization"] == f"Bearer {TOKEN}"


async def test_an_expired_url_is_asked_for_anew_once(cloud: Cloud, provider: Provider) -> None:
    found(provider)
    provider.answers(404)
    found(provider)
    provider.answers(200, DATA)
    assert (await cloud.fetch(THEIRS)).data == DATA


async def test_a_url_that_expires_twice_is_tried_later(cloud: Cloud, provider: Provider) -> None:
    for _ in range(2):
        found(provider)
        provider.answers(404)
    with pytest.raises(ProviderUnreachable):
        await cloud.fetch(THEIRS)


async def test_a_file_that_says_it_is_too_large_is_not_fetched(
    cloud: Cloud, provider: Provider
) -> None:
    found(provider, file_size="100001")
    with pytest.raises(ContentRejected):
        await cloud.fetch(THEIRS)
    assert len(provider.requests) == 1


async def test_a_file_that_lies_about_its_size_is_cut_off(cloud: Cloud, provider: Provider) -> None:
    async def endless(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        while request.transport is not None and not request.transport.is_closing():
            await response.write(bytes(10_000))
        return response

    found(provider, file_size=10)
    provider.does(endless)
    with pytest.raises(ContentRejected, match="more than 100000"):
        await cloud.fetch(THEIRS)


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (400, {"error": {"code": 100, "error_subcode": 33}}, ContentRejected),
        (404, b"", ContentRejected),
        (401, {"error": {"code": 190}}, LineRejected),
        (500, b"", ProviderUnreachable),
        (200, b"<html>", ProviderUnreachable),
        (200, {"no": "url"}, ProviderUnreachable),
        (200, {"url": "http://elsewhere.invalid/1"}, ContentRejected),
    ],
    ids=["unknown id", "404", "token", "500", "HTML", "no url", "token would go elsewhere"],
)
async def test_a_file_that_cannot_be_found_says_why(
    cloud: Cloud, provider: Provider, status: int, body: object, kind: type[SendError]
) -> None:
    provider.answers(status, body)
    with pytest.raises(SendError) as raised:
        await cloud.fetch(THEIRS)
    assert type(raised.value) is kind


@pytest.mark.parametrize(
    ("status", "kind"),
    [(401, LineRejected), (500, ProviderUnreachable), (504, ProviderUnreachable)],
)
async def test_a_download_that_fails_says_whether_to_try_again(
    cloud: Cloud, provider: Provider, status: int, kind: type[SendError]
) -> None:
    found(provider)
    provider.answers(status)
    with pytest.raises(kind):
        await cloud.fetch(THEIRS)


async def test_a_download_that_breaks_off_is_tried_again(cloud: Cloud, provider: Provider) -> None:
    found(provider)
    provider.does(half_an_answer)
    with pytest.raises(ProviderUnreachable):
        await cloud.fetch(THEIRS)


async def test_a_file_without_an_id_cannot_be_fetched(cloud: Cloud, provider: Provider) -> None:
    with pytest.raises(ContentRejected, match="throttled"):
        await cloud.fetch(Media(kind="image", error="throttled"))
    assert provider.requests == []
