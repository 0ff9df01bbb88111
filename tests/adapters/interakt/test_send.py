"""What leaves for Interakt, and what its answers mean; over real HTTP."""

from datetime import timedelta

import aiohttp
import orjson
import pytest
from aiohttp import web

from adapters.interakt.adapter import Interakt
from engine.core.content import (
    Button,
    Buttons,
    Card,
    Carousel,
    Event,
    Media,
    Reaction,
    Template,
    Text,
)
from engine.core.content import CallToAction as Link
from engine.core.errors import (
    AnswerLost,
    ContentRejected,
    LineRejected,
    ProviderUnreachable,
    RateLimited,
    SendError,
    WindowClosed,
)
from engine.core.ids import MessageId
from engine.ports import Accepted, NoLinks, Refused
from tests.adapters.interakt.conftest import API_KEY, make_settings
from tests.adapters.interakt.provider import InteraktProvider, sent_id
from tests.adapters.samples import LINE, OURS, outgoing

HELLO = Text(body="Hello")


async def refused(interakt: Interakt) -> SendError:
    result = await interakt.send(outgoing(HELLO))
    assert isinstance(result, Refused)
    return result.error


async def test_a_message_goes_out_with_the_key_and_our_id(
    interakt: Interakt, provider: InteraktProvider
) -> None:
    result = await interakt.send(outgoing(HELLO, id=MessageId(8_012_345_678_901_234_567)))
    assert isinstance(result, Accepted)
    assert result.external_id == sent_id(1)
    assert result.exchange is not None
    assert API_KEY not in str(result.exchange)
    (request,) = provider.requests
    assert (request.method, request.path) == ("POST", "/v1/public/message/")
    assert request.headers["authorization"] == f"Basic {API_KEY}"
    assert request.headers["content-type"] == "application/json"
    assert request.json == {
        "countryCode": "+52",
        "phoneNumber": "5550000001",
        "callbackData": "8012345678901234567",
        "type": "Text",
        "data": {"message": "Hello"},
    }


@pytest.mark.parametrize(
    ("base", "key"),
    [("", API_KEY), ("/v1/public", API_KEY), ("/v1/public/", f"Basic {API_KEY}")],
    ids=["origin", "with path", "key with its scheme"],
)
async def test_the_address_and_the_key_may_be_written_either_way(
    session: aiohttp.ClientSession, provider: InteraktProvider, base: str, key: str
) -> None:
    settings = make_settings(base_url=provider.url + base, api_key=key)
    interakt = Interakt(LINE, settings, session=session, media_links=NoLinks())
    assert isinstance(await interakt.send(outgoing(HELLO)), Accepted)
    assert provider.requests[0].path == "/v1/public/message/"
    assert provider.requests[0].headers["authorization"] == f"Basic {API_KEY}"


async def test_a_stored_file_goes_as_a_link(interakt: Interakt, provider: InteraktProvider) -> None:
    picture = Media(kind="image", stored="picture")
    await interakt.send(outgoing(picture))
    await interakt.send(
        outgoing(Buttons(body="?", buttons=(Button(id="a", title="A"),), header=picture))
    )
    await interakt.send(outgoing(Template(name="n", language="en", header=picture)))
    assert [
        orjson.dumps(body).count(b"https://bot.example/media/picture") for body in provider.bodies
    ] == [1, 1, 1]


async def test_without_a_public_address_a_stored_file_is_refused(
    session: aiohttp.ClientSession, provider: InteraktProvider
) -> None:
    settings = make_settings(base_url=provider.url)
    interakt = Interakt(LINE, settings, session=session, media_links=NoLinks())
    result = await interakt.send(outgoing(Media(kind="image", stored="picture")))
    assert isinstance(result, Refused)
    assert isinstance(result.error, ContentRejected)
    assert "public_url" in str(result.error)
    assert provider.requests == []


async def test_audio_carries_a_text_and_a_sticker_none(
    interakt: Interakt, provider: InteraktProvider
) -> None:
    audio = Media(kind="audio", url="https://files.example/1.mp3", caption="Listen")
    assert isinstance(await interakt.send(outgoing(audio)), Accepted)
    sticker = Media(kind="sticker", url="https://files.example/1.webp", caption="No")
    assert isinstance(await interakt.send(outgoing(sticker)), Refused)
    assert len(provider.requests) == 1


async def test_what_is_too_long_is_refused_without_a_call(
    interakt: Interakt, provider: InteraktProvider
) -> None:
    assert isinstance(await interakt.send(outgoing(Text(body="x" * 4097))), Refused)
    assert provider.requests == []


async def test_what_interakt_lacks_is_said_as_text_or_left_out(
    interakt: Interakt, provider: InteraktProvider
) -> None:
    await interakt.send(outgoing(Link(body="The menu", title="Open", url="https://s.example/m")))
    assert provider.bodies[0]["data"] == {"message": "The menu\nOpen: https://s.example/m"}
    assert await interakt.send(outgoing(Reaction(to=OURS, emoji=None))) == Accepted(None)
    assert len(provider.requests) == 1


async def test_what_is_said_as_text_names_its_stored_files(
    interakt: Interakt, provider: InteraktProvider
) -> None:
    card = Card(title="Diavola", media=Media(kind="image", stored="picture"))
    await interakt.send(outgoing(Carousel(cards=(card,))))
    assert "https://bot.example/media/picture" in str(provider.bodies[0]["data"])


async def test_a_voice_message_goes_as_audio(
    interakt: Interakt, provider: InteraktProvider
) -> None:
    await interakt.send(outgoing(Media(kind="voice", url="https://files.example/1.ogg")))
    assert provider.bodies[0]["type"] == "Audio"


async def test_a_deed_is_told_and_names_no_message(
    interakt: Interakt, provider: InteraktProvider
) -> None:
    result = await interakt.send(outgoing(Event(name="Ordered", traits={"total": 17})))
    assert isinstance(result, Accepted)
    assert result.external_id is None
    assert result.exchange is not None
    assert provider.requests[0].path == "/v1/public/track/events/"
    provider.answers(400, {"result": False, "message": "No such user"})
    assert isinstance(await interakt.send(outgoing(Event(name="Ordered"))), Refused)


# --- what an answer means ----------------------------------------------------------------------------

CLOSED = "Please correct the following error - Customer has not messaged within last 24 hours"
MOVED = (
    "Message not sent. Template category mismatch: Expected 'utility', but received 'MARKETING'."
)
LIMIT = "Rate limit exceeded for this resource"


def no(message: str) -> dict[str, object]:
    return {"result": False, "message": message}


@pytest.mark.parametrize(
    ("status", "body", "meaning", "said"),
    [
        pytest.param(400, no(CLOSED), WindowClosed, "24 hours", id="window, 400"),
        pytest.param(201, no(CLOSED), WindowClosed, "24 hours", id="window, 201"),
        pytest.param(201, no(MOVED), ContentRejected, "another category", id="category"),
        pytest.param(429, no(LIMIT), RateLimited, "Rate limit", id="429"),
        pytest.param(200, no(LIMIT), RateLimited, "Rate limit", id="429 told with 200"),
        pytest.param(201, no("Bad template"), ContentRejected, "Bad template", id="refused, 201"),
        pytest.param(400, no("Bad body"), ContentRejected, "Bad body", id="refused, 400"),
        pytest.param(401, no("Unauthorized"), LineRejected, "api_key", id="wrong key"),
        pytest.param(403, b"", LineRejected, "Starter", id="forbidden"),
        pytest.param(404, b"<html>", LineRejected, "base_url", id="nothing there"),
        pytest.param(500, no("Oops"), ProviderUnreachable, "500", id="broken"),
        pytest.param(200, b"<html>Welcome</html>", AnswerLost, "cannot be read", id="HTML"),
        pytest.param(201, {"result": True}, AnswerLost, "named no message", id="no id"),
    ],
)
async def test_an_answer_means(
    interakt: Interakt,
    provider: InteraktProvider,
    status: int,
    body: object,
    meaning: type[SendError],
    said: str,
) -> None:
    provider.answers(status, body)
    error = await refused(interakt)
    assert type(error) is meaning
    assert said in str(error)


async def test_result_decides_and_not_the_status(
    interakt: Interakt, provider: InteraktProvider
) -> None:
    provider.answers(401, {"result": True, "message": "Queued", "id": sent_id(9)})
    result = await interakt.send(outgoing(HELLO))
    assert isinstance(result, Accepted)
    assert result.external_id == sent_id(9)


async def test_retry_after_is_kept(interakt: Interakt, provider: InteraktProvider) -> None:
    provider.answers(429, no(LIMIT), **{"Retry-After": "20"})
    assert (await refused(interakt)).retry_after == timedelta(seconds=20)
    provider.answers(429, no(LIMIT))
    assert (await refused(interakt)).retry_after is None


async def test_a_text_that_is_no_json_is_refused(
    interakt: Interakt, provider: InteraktProvider
) -> None:
    result = await interakt.send(outgoing(Text(body="a\ud800b")))
    assert isinstance(result, Refused)
    assert isinstance(result.error, ContentRejected)
    assert provider.requests == []


# --- files -------------------------------------------------------------------------------------------


async def test_a_contacts_file_is_fetched_without_the_key(
    interakt: Interakt, provider: InteraktProvider
) -> None:
    async def give(request: web.Request) -> web.StreamResponse:
        return web.Response(body=b"\xff\xd8 a picture", content_type="image/jpeg")

    provider.does(give)
    fetched = await interakt.fetch(Media(kind="image", url=f"{provider.url}/files/1.jpg"))
    assert (fetched.data, fetched.mime_type) == (b"\xff\xd8 a picture", "image/jpeg")
    assert "authorization" not in provider.requests[0].headers


async def test_a_file_that_is_too_large_is_refused(
    interakt: Interakt, provider: InteraktProvider
) -> None:
    provider.answers(200, b"x" * 100_001)
    with pytest.raises(ContentRejected, match="more than"):
        await interakt.fetch(Media(kind="image", url=f"{provider.url}/files/1.jpg"))
