"""Files of both forms, up and down; over real HTTP."""

import pytest
from aiohttp import web

from adapters.cbot.adapter import Cbot
from adapters.cbot.capabilities import CAPABILITIES
from engine.core.content import Media
from engine.core.errors import ContentRejected, ProviderUnreachable, SendError
from engine.ports import Accepted, Refused
from tests.adapters.cbot.conftest import KEY
from tests.adapters.cbot.provider import KeyedProvider
from tests.adapters.cloud.provider import half_an_answer
from tests.adapters.samples import MemoryMedia, outgoing

PICTURE = Media(kind="image", stored="picture", caption="Ours")
DATA = b"\xff\xd8 a picture"
THEIRS = Media(kind="image", external_id="700001", mime_type="image/jpeg")


async def test_the_cloud_form_uploads_a_form(cloud_line: Cbot, provider: KeyedProvider) -> None:
    assert isinstance(await cloud_line.send(outgoing(PICTURE)), Accepted)
    upload, message = provider.requests
    assert (upload.method, upload.path) == ("POST", "/media")
    assert upload.headers["d360-api-key"] == KEY
    assert upload.form == {"messaging_product": "whatsapp", "type": "image/jpeg", "file": DATA}
    assert message.json["image"] == {"id": "upload-1", "caption": "Ours"}


async def test_the_onpremise_form_uploads_the_bytes_as_they_are(
    onpremise_line: Cbot, provider: KeyedProvider
) -> None:
    provider.answers(200, {"media": [{"id": "7b1c-1"}], "meta": {"version": "v2"}})
    assert isinstance(await onpremise_line.send(outgoing(PICTURE)), Accepted)
    upload, message = provider.requests
    assert (upload.method, upload.path, upload.body) == ("POST", "/v1/media", DATA)
    assert upload.headers["content-type"] == "image/jpeg"
    assert upload.headers["d360-api-key"] == KEY
    assert message.json["image"] == {"id": "7b1c-1", "caption": "Ours"}


@pytest.mark.parametrize("answer", [{"media": []}, {"media": [{}]}, {}, b"<html></html>"], ids=repr)
async def test_an_upload_that_names_no_file_is_made_again_for_nothing_was_sent(
    onpremise_line: Cbot, provider: KeyedProvider, answer: object
) -> None:
    provider.answers(200, answer)
    result = await onpremise_line.send(outgoing(PICTURE))
    assert isinstance(result, Refused)
    assert type(result.error) is ProviderUnreachable
    assert len(provider.requests) == 1


async def test_a_file_larger_than_the_form_takes_does_not_leave(
    onpremise_line: Cbot, provider: KeyedProvider, store: MemoryMedia
) -> None:
    store.files["large"] = bytes(CAPABILITIES["onpremise"].media_bytes["sticker"] + 1)
    result = await onpremise_line.send(outgoing(Media(kind="sticker", stored="large")))
    assert isinstance(result, Refused)
    assert type(result.error) is ContentRejected
    assert provider.requests == []


# --- down --------------------------------------------------------------------------------------------


async def test_the_cloud_form_fetches_metas_url_at_its_own_host(
    cloud_line: Cbot, provider: KeyedProvider
) -> None:
    url = "https://lookaside.example/whatsapp_business/attachments/?mid=1&hash=a%2Fb"
    provider.answers(200, {"url": url, "mime_type": "image/png", "file_size": 3})
    provider.answers(200, b"PNG")
    fetched = await cloud_line.fetch(THEIRS)
    assert (fetched.data, fetched.mime_type) == (b"PNG", "image/png")
    asked, download = provider.requests
    assert (asked.method, asked.path) == ("GET", "/700001")
    assert download.path == "/whatsapp_business/attachments/"
    assert download.query == {"mid": "1", "hash": "a/b"}
    assert download.headers["d360-api-key"] == KEY


async def test_the_onpremise_form_fetches_the_file_itself(
    onpremise_line: Cbot, provider: KeyedProvider
) -> None:
    provider.answers(200, b"JPEG")
    fetched = await onpremise_line.fetch(THEIRS)
    assert (fetched.data, fetched.mime_type) == (b"JPEG", "image/jpeg")
    (download,) = provider.requests
    assert (download.method, download.path) == ("GET", "/v1/media/700001")
    assert download.headers["d360-api-key"] == KEY


async def test_a_file_that_is_gone_is_not_asked_for_again(
    onpremise_line: Cbot, provider: KeyedProvider
) -> None:
    with pytest.raises(ContentRejected):
        await onpremise_line.fetch(THEIRS)


async def test_a_download_that_breaks_off_is_tried_again(
    onpremise_line: Cbot, provider: KeyedProvider
) -> None:
    provider.does(half_an_answer)
    with pytest.raises(ProviderUnreachable):
        await onpremise_line.fetch(THEIRS)


async def test_a_file_beyond_the_ceiling_is_not_read_whole(
    onpremise_line: Cbot, provider: KeyedProvider
) -> None:
    async def endless(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        for _ in range(10):
            await response.write(bytes(50_000))
        return response

    provider.does(endless)
    with pytest.raises(ContentRejected):
        await onpremise_line.fetch(THEIRS)


@pytest.mark.parametrize("url", ["", "no url", "/whatsapp/1"], ids=repr)
async def test_an_address_that_is_none_is_asked_for_again(
    cloud_line: Cbot, provider: KeyedProvider, url: str
) -> None:
    provider.answers(200, {"url": url})
    with pytest.raises(SendError):
        await cloud_line.fetch(THEIRS)
    assert len(provider.requests) == 1


async def test_a_file_that_the_webhook_links_is_fetched_without_the_key(
    onpremise_line: Cbot, provider: KeyedProvider
) -> None:
    provider.answers(200, b"JPEG")
    linked = Media(kind="image", url=f"{provider.url}/in/1.jpg", mime_type="image/jpeg")
    assert (await onpremise_line.fetch(linked)).data == b"JPEG"
    (download,) = provider.requests
    assert download.path == "/in/1.jpg"
    assert "d360-api-key" not in download.headers


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:1/x", "https://10.0.0.8/x", "https://localhost/x"], ids=str
)
async def test_a_link_into_our_own_network_is_not_followed(onpremise_line: Cbot, url: str) -> None:
    with pytest.raises(ContentRejected):
        await onpremise_line.fetch(Media(kind="image", url=url))
