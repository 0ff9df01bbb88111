"""What leaves for Sobot, and what its answers mean; over real HTTP."""

from datetime import timedelta

import aiohttp
import pytest

from adapters.sobot.adapter import Sobot
from engine.core.content import Button, Buttons, ContactUpdate, Media, Outbound, Template, Text
from engine.core.errors import (
    AddressRejected,
    AnswerLost,
    ContentRejected,
    LineRejected,
    ProviderUnreachable,
    RateLimited,
    SendError,
    WindowClosed,
)
from engine.ports import Accepted, NoLinks, Refused
from tests.adapters.cloud.provider import hang_up
from tests.adapters.samples import ANA_WITHOUT_PHONE, EVERY_OUTBOUND, LINE, outgoing
from tests.adapters.sobot.conftest import API_KEY, API_SECRET, make_settings
from tests.adapters.sobot.provider import SobotProvider

HELLO = Text(body="Hello")


async def refused(sobot: Sobot, content: Outbound = HELLO) -> SendError:
    result = await sobot.send(outgoing(content))
    assert isinstance(result, Refused)
    return result.error


async def test_a_message_goes_with_both_keys_and_comes_back_with_an_id(
    sobot: Sobot, provider: SobotProvider
) -> None:
    result = await sobot.send(outgoing(HELLO))
    assert isinstance(result, Accepted)
    assert result.external_id == "wamid.out1"
    (request,) = provider.requests
    assert (request.method, request.path) == ("POST", "/message/")
    assert request.headers["x-api-key"] == API_KEY
    assert request.headers["x-api-secret"] == API_SECRET
    assert request.headers["content-type"] == "application/json"
    assert request.json == {
        "type": "text",
        "message": "Hello",
        "customer_number": "525550000001",
        "customer_name": "Ana Prueba",
    }


async def test_no_key_is_kept_of_a_call(sobot: Sobot) -> None:
    result = await sobot.send(outgoing(HELLO))
    assert isinstance(result, Accepted)
    assert API_KEY not in str(result.exchange)
    assert API_SECRET not in str(result.exchange)


async def test_a_contact_without_a_phone_is_refused_without_a_call(
    sobot: Sobot, provider: SobotProvider
) -> None:
    result = await sobot.send(outgoing(HELLO, contact=ANA_WITHOUT_PHONE))
    assert isinstance(result, Refused)
    assert isinstance(result.error, AddressRejected)
    assert provider.requests == []


async def test_a_stored_file_goes_by_link(sobot: Sobot, provider: SobotProvider) -> None:
    media = Media(kind="document", stored="cafe", filename="menu.pdf")
    assert isinstance(await sobot.send(outgoing(media)), Accepted)
    assert provider.bodies[0]["url"] == "https://bot.example/media/cafe/menu.pdf"
    assert provider.bodies[0]["mime_type"] == "application/pdf"


async def test_a_stored_sound_becomes_a_text_with_its_link(
    sobot: Sobot, provider: SobotProvider
) -> None:
    await sobot.send(outgoing(Media(kind="audio", stored="cafe")))
    assert provider.bodies[0]["message"] == "[audio]\nhttps://bot.example/media/cafe/"


async def test_a_templates_stored_picture_goes_by_link(
    sobot: Sobot, provider: SobotProvider
) -> None:
    header = Media(kind="image", stored="cafe")
    await sobot.send(outgoing(Template(name="new", language="en", header=header)))
    assert "https://bot.example/media/cafe/" in str(provider.bodies[0]["params"])


async def test_without_a_public_address_a_stored_file_is_refused_with_what_to_set(
    session: aiohttp.ClientSession, provider: SobotProvider
) -> None:
    settings = make_settings(base_url=provider.url)
    sobot = Sobot(LINE, settings, session=session, media_links=NoLinks())
    error = await refused(sobot, Media(kind="image", stored="cafe"))
    assert isinstance(error, ContentRejected)
    assert "server.public_url" in str(error)


@pytest.mark.parametrize("kind", ["read_mark", "event", "assignment"])
async def test_what_sobot_has_not_leaves_nothing(
    sobot: Sobot, provider: SobotProvider, kind: str
) -> None:
    assert await sobot.send(outgoing(EVERY_OUTBOUND[kind])) == Accepted(None)
    assert provider.requests == []


@pytest.mark.parametrize(
    "content",
    [
        Text(body="x" * 4097),
        Buttons(body="?", buttons=tuple(Button(id=str(n), title=str(n)) for n in range(4))),
        Buttons(body="?", buttons=(Button(id="a", title="A"), Button(id="b", title="A"))),
        Buttons(
            body="?",
            buttons=(Button(id="a", title="A"),),
            header=Media(kind="image", url="https://files.example/1.jpg"),
        ),
        Media(kind="image", url="https://files.example/1.jpg", caption="x" * 1025),
        Media(kind="image", external_id="7"),
    ],
    ids=["long text", "four buttons", "equal titles", "picture above", "long caption", "id"],
)
async def test_what_would_be_refused_does_not_leave(
    sobot: Sobot, provider: SobotProvider, content: Outbound
) -> None:
    assert isinstance(await refused(sobot, content), ContentRejected)
    assert provider.requests == []


async def test_a_text_that_is_no_text_is_refused(sobot: Sobot, provider: SobotProvider) -> None:
    assert isinstance(await refused(sobot, Text(body="a\ud800b")), ContentRejected)
    assert provider.requests == []


# --- what answers mean -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "body", "kind", "said"),
    [
        (200, {"message": "Invalid mobile number", "code": 400}, AddressRejected, "country code"),
        (400, {"message": "Invalid mobile number", "code": 400}, AddressRejected, "country code"),
        (200, {"message": "Template missing", "code": 400}, ContentRejected, "Template missing"),
        (200, {"message": "Unauthorized", "code": 401}, LineRejected, "api_key"),
        (401, {"message": "Unauthorized"}, LineRejected, "generates a new one"),
        (403, b"<html>Forbidden</html>", LineRejected, "api_secret"),
        (404, b"<html>Not found</html>", LineRejected, "base_url"),
        (200, {"message": "Slow down", "code": 429}, RateLimited, "Slow down"),
        (200, {"message": "Server error", "code": 500}, ProviderUnreachable, "Server error"),
        (200, b"<html>Welcome</html>", AnswerLost, "cannot be read"),
        (200, {"data": {"status": "submitted"}, "code": 200}, AnswerLost, "named no message"),
        (400, {"message": "x", "code": 131047}, WindowClosed, "131047"),
        (200, {"message": "x", "code": 131999}, ContentRejected, "x"),
        (
            400,
            {"message": "More than 24 hours have passed", "code": 400},
            WindowClosed,
            "24 hours",
        ),
    ],
)
async def test_an_answer_means(
    sobot: Sobot,
    provider: SobotProvider,
    status: int,
    body: object,
    kind: type[SendError],
    said: str,
) -> None:
    provider.answers(status, body)
    error = await refused(sobot)
    assert type(error) is kind
    assert said in str(error)


async def test_too_fast_waits_as_long_as_named(sobot: Sobot, provider: SobotProvider) -> None:
    provider.answers(429, {"message": "Too many", "code": 429}, **{"Retry-After": "7"})
    error = await refused(sobot)
    assert isinstance(error, RateLimited)
    assert (error.retry_after, error.scope) == (timedelta(seconds=7), "line")


async def test_dead_keys_stop_the_line(sobot: Sobot, provider: SobotProvider) -> None:
    provider.answers(401, {"message": "Invalid keys", "code": 401})
    error = await refused(sobot)
    assert (error.scope, error.retryable) == ("line", True)


# --- customers, as a flow writes them ----------------------------------------------------------------


async def test_a_flows_update_adds_the_customer(sobot: Sobot, provider: SobotProvider) -> None:
    update = ContactUpdate(traits={"home town": "Puebla"}, tags=("regular",))
    result = await sobot.send(outgoing(update))
    assert isinstance(result, Accepted)
    assert result.external_id is None
    assert result.exchange is not None
    (request,) = provider.requests
    assert (request.method, request.path) == ("POST", "/api/customer")
    assert request.json == {
        "mobile": "525550000001",
        "name": "Ana Prueba",
        "extra_fields": {"home_town": "Puebla"},
        "labels": ["regular"],
    }


async def test_who_is_there_already_is_updated(sobot: Sobot, provider: SobotProvider) -> None:
    provider.answers(400, {"message": "Customer already exists", "code": 400})
    assert isinstance(await sobot.send(outgoing(ContactUpdate(name="Ana P."))), Accepted)
    added, updated = provider.requests
    assert (updated.method, updated.path) == ("PUT", "/api/customer/525550000001")
    assert updated.json == {"name": "Ana P."}
    assert added.json["mobile"] == "525550000001"


async def test_an_update_whose_answer_is_lost_is_tried_again(
    sobot: Sobot, provider: SobotProvider
) -> None:
    provider.does(hang_up)
    assert isinstance(await refused(sobot, ContactUpdate()), ProviderUnreachable)


async def test_a_contact_without_a_phone_is_no_customer(sobot: Sobot) -> None:
    result = await sobot.send(outgoing(ContactUpdate(), contact=ANA_WITHOUT_PHONE))
    assert isinstance(result, Refused)
    assert isinstance(result.error, AddressRejected)


# --- inbound files -----------------------------------------------------------------------------------


async def test_a_file_is_fetched_by_its_link_without_the_keys(
    sobot: Sobot, provider: SobotProvider
) -> None:
    provider.answers(200, b"a picture")
    media = Media(kind="image", url=f"{provider.url}/files/1", mime_type="image/png")
    assert await sobot.fetch(media) == (b"a picture", "image/png")
    assert not provider.requests[0].headers.keys() & {"x-api-key", "x-api-secret"}
