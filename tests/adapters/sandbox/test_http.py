"""The sandbox as a server: auth, error bodies, media, faults, and driving it over HTTP."""

import base64
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import cast

import aiohttp
import pytest
from aiohttp import web

from adapters.sandbox.cloud import CloudSandbox, CloudSettings, Fault, routes, served
from tests.adapters.sandbox.business import Object, text_to
from tests.adapters.sandbox.examples import EXAMPLES

MARIA = "5215550001"
SETTINGS = CloudSettings(window=False, check_media=True)
MESSAGES = f"/v23.0/{SETTINGS.phone_number_id}/messages"
MEDIA = f"/v23.0/{SETTINGS.phone_number_id}/media"


@dataclass
class Client:
    sandbox: CloudSandbox
    address: str
    http: aiohttp.ClientSession

    async def post(
        self, path: str, body: object, *, token: str = SETTINGS.token
    ) -> tuple[int, Object]:
        headers = {"Authorization": f"Bearer {token}"}
        async with self.http.post(self.address + path, json=body, headers=headers) as answer:
            return answer.status, cast("Object", await answer.json())

    async def get(self, path: str) -> tuple[int, Object]:
        headers = {"Authorization": f"Bearer {SETTINGS.token}"}
        async with self.http.get(self.address + path, headers=headers) as answer:
            return answer.status, cast("Object", await answer.json())

    async def drive(self, path: str, body: object) -> Object:
        async with self.http.post(f"{self.address}/_sandbox{path}", json=body) as answer:
            return cast("Object", await answer.json())

    async def ledger(self) -> list[Object]:
        async with self.http.get(f"{self.address}/_sandbox/requests") as answer:
            return cast("list[Object]", await answer.json())


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    sandbox = CloudSandbox(SETTINGS)
    async with served(sandbox) as address, aiohttp.ClientSession() as http:
        yield Client(sandbox, address, http)


def code_in(body: Object) -> int:
    match body:
        case {
            "error": {
                "code": int(code),
                "type": "OAuthException",
                "message": str(),
                "fbtrace_id": str(),
            }
        }:
            return code
        case _:
            pytest.fail(f"no error body: {body}")


async def test_a_wrong_token_is_refused(client: Client) -> None:
    status, body = await client.post(MESSAGES, text_to(MARIA), token="wrong")

    assert (status, code_in(body)) == (401, 190)


async def test_an_unknown_number_is_refused(client: Client) -> None:
    status, body = await client.post("/v23.0/1/messages", text_to(MARIA))

    assert (status, code_in(body)) == (400, 100)


async def test_a_body_that_is_no_json_object_is_refused(client: Client) -> None:
    status, body = await client.post(MESSAGES, ["text"])

    assert (status, code_in(body)) == (400, 100)


async def test_a_message_is_accepted_and_noted(client: Client) -> None:
    status, body = await client.post(MESSAGES, text_to(MARIA, biz_opaque_callback_data="41"))

    (noted,) = await client.ledger()
    assert status == 200
    assert body["messages"] == [{"id": noted["message_id"]}]
    assert (noted["to"], noted["callback_data"], noted["status"]) == (MARIA, "41", 200)


async def test_the_ledger_merges_nothing(client: Client) -> None:
    for _ in range(3):
        await client.post(MESSAGES, text_to(MARIA, biz_opaque_callback_data="41"))

    assert [one["callback_data"] for one in await client.ledger()] == ["41", "41", "41"]
    assert client.sandbox.contact(MARIA).shown == ["Hello"] * 3


async def test_the_whole_rate_is_answered_by_429() -> None:
    sandbox = CloudSandbox(CloudSettings(window=False, messages_per_second=1))
    async with served(sandbox) as address, aiohttp.ClientSession() as http:
        client = Client(sandbox, address, http)
        await client.post(MESSAGES, text_to(MARIA))
        status, body = await client.post(MESSAGES, text_to(MARIA))

    assert (status, code_in(body)) == (429, 130429)


async def upload(client: Client, data: bytes, mime_type: str, **fields: str) -> tuple[int, Object]:
    form = aiohttp.FormData(fields)
    form.add_field("file", data, filename="a", content_type=mime_type)
    headers = {"Authorization": f"Bearer {SETTINGS.token}"}
    async with client.http.post(client.address + MEDIA, data=form, headers=headers) as answer:
        return answer.status, cast("Object", await answer.json())


async def test_an_uploaded_file_can_be_sent_looked_up_fetched_and_forgotten(client: Client) -> None:
    _, uploaded = await upload(client, b"png", "image/png", messaging_product="whatsapp")
    id_ = str(uploaded["id"])
    image: Object = text_to(MARIA, type="image", image={"id": id_})
    del image["text"]

    sent, _ = await client.post(MESSAGES, image)
    _, about = await client.get(f"/v23.0/{id_}")
    headers = {"Authorization": f"Bearer {SETTINGS.token}"}
    async with client.http.get(str(about["url"]), headers=headers) as answer:
        fetched = (await answer.read(), answer.content_type)
    async with client.http.delete(f"{client.address}/v23.0/{id_}", headers=headers) as answer:
        forgotten = await answer.json()
    gone, _ = await client.get(f"/v23.0/{id_}")

    assert sent == 200
    assert fetched == (b"png", "image/png")
    assert (about["mime_type"], about["file_size"]) == ("image/png", 3)
    assert forgotten == {"success": True}
    assert gone == 400


async def test_a_download_needs_the_token_and_ends_after_five_minutes(client: Client) -> None:
    await client.sandbox.contact(MARIA).sends_image(b"jpeg")
    (id_,) = client.sandbox.shelf.files
    _, about = await client.get(f"/v23.0/{id_}")

    async with client.http.get(str(about["url"])) as answer:
        assert answer.status == 401
    client.sandbox.ahead = timedelta(minutes=5)
    async with client.http.get(
        str(about["url"]), headers={"Authorization": f"Bearer {SETTINGS.token}"}
    ) as answer:
        assert answer.status == 404


@pytest.mark.parametrize(
    ("data", "mime_type", "fields", "code"),
    [
        pytest.param(b"x", "image/png", {}, 100, id="no product"),
        pytest.param(b"x", "image/tiff", {"messaging_product": "whatsapp"}, 100, id="unknown kind"),
        pytest.param(b"", "image/png", {"messaging_product": "whatsapp"}, 131053, id="empty"),
        pytest.param(
            b"x" * (512 << 10),
            "image/webp",
            {"messaging_product": "whatsapp"},
            131053,
            id="large sticker",
        ),
    ],
)
async def test_uploads_beyond_the_rules_are_refused(
    client: Client, data: bytes, mime_type: str, fields: dict[str, str], code: int
) -> None:
    _, body = await upload(client, data, mime_type, **fields)

    assert code_in(body) == code


async def test_an_unknown_media_id_cannot_be_sent(client: Client) -> None:
    body: Object = text_to(MARIA, type="image", image={"id": "12345"})
    del body["text"]

    assert code_in((await client.post(MESSAGES, body))[1]) == 131009


async def test_a_documented_error_on_demand_takes_nothing_and_passes(client: Client) -> None:
    await client.drive("/faults", {"kind": "error", "code": 131016, "times": 2})

    answers = [await client.post(MESSAGES, text_to(MARIA)) for _ in range(3)]

    assert [status for status, _ in answers] == [500, 500, 200]
    assert client.sandbox.contact(MARIA).shown == ["Hello"]
    assert [one["fault"] for one in await client.ledger()] == ["error", "error", None]


async def test_retry_after_is_told_with_a_throttling_answer(client: Client) -> None:
    await client.drive("/faults", {"kind": "error", "code": 130429, "retry_after_s": 7})
    headers = {"Authorization": f"Bearer {SETTINGS.token}"}

    async with client.http.post(
        client.address + MESSAGES, json=text_to(MARIA), headers=headers
    ) as answer:
        assert (answer.status, answer.headers["Retry-After"]) == (429, "7")


async def test_a_gateway_page_on_demand(client: Client) -> None:
    client.sandbox.faults.arm(Fault(kind="html"), client.sandbox.monotonic())
    headers = {"Authorization": f"Bearer {SETTINGS.token}"}

    async with client.http.post(
        client.address + MESSAGES, json=text_to(MARIA), headers=headers
    ) as answer:
        assert (answer.status, answer.content_type) == (502, "text/html")
    assert client.sandbox.contact(MARIA).shown == []


@pytest.mark.parametrize("kind", ["half", "close", "timeout"])
@pytest.mark.parametrize("accepts", [True, False])
async def test_a_lost_answer_leaves_the_message_taken_or_not(
    client: Client, kind: str, accepts: bool
) -> None:
    await client.drive("/faults", {"kind": kind, "accepts": accepts, "hold_s": 0.01})

    with pytest.raises(aiohttp.ClientError):
        await client.post(MESSAGES, text_to(MARIA))

    (noted,) = await client.ledger()
    assert noted["status"] is None
    assert (noted["message_id"] is not None) == accepts
    assert client.sandbox.contact(MARIA).shown == (["Hello"] if accepts else [])


async def test_down_for_a_while_means_every_request_until_cleared(client: Client) -> None:
    await client.drive("/faults", {"kind": "close", "accepts": False, "times": None})
    for _ in range(3):
        with pytest.raises(aiohttp.ClientError):
            await client.post(MESSAGES, text_to(MARIA))

    async with client.http.delete(f"{client.address}/_sandbox/faults") as answer:
        assert answer.status == 200

    assert (await client.post(MESSAGES, text_to(MARIA)))[0] == 200


async def test_a_fault_meets_its_own_address_and_skips_as_told(client: Client) -> None:
    await client.drive("/faults", {"kind": "error", "to": MARIA, "skip": 1})

    to_others, _ = await client.post(MESSAGES, text_to("5215550002"))
    first, _ = await client.post(MESSAGES, text_to(MARIA))
    second, _ = await client.post(MESSAGES, text_to(MARIA))

    assert (to_others, first, second) == (200, 200, 500)


async def test_a_fault_meets_its_own_path_alone(client: Client) -> None:
    await client.drive("/faults", {"kind": "error", "path": "/media"})

    sent, _ = await client.post(MESSAGES, text_to(MARIA))
    uploaded, _ = await upload(client, b"png", "image/png", messaging_product="whatsapp")

    assert (sent, uploaded) == (200, 500)


async def test_a_slow_answer_is_the_right_one(client: Client) -> None:
    await client.drive("/faults", {"kind": "slow", "hold_s": 0.01})

    status, body = await client.post(MESSAGES, text_to(MARIA))

    assert status == 200
    assert "messages" in body
    assert client.sandbox.contact(MARIA).shown == ["Hello"]


async def test_the_webhook_can_be_told_later_and_switched_on_again(client: Client) -> None:
    client.sandbox.courier.is_off = True

    await client.drive("/webhook", {"url": "http://127.0.0.1:9/"})
    delivery = await client.sandbox.contact(MARIA).says("hi")

    assert [tried.status for tried in delivery.attempts] == [None]


async def test_a_fault_with_a_time_ends_by_itself() -> None:
    seconds = [0.0]
    sandbox = CloudSandbox(monotonic=lambda: seconds[0])
    sandbox.faults.arm(Fault(kind="error", times=None, for_s=5), 0.0)

    seconds[0] = 4.9
    met = sandbox.faults.meet(None, seconds[0])
    seconds[0] = 5.0

    assert met is not None
    assert sandbox.faults.meet(None, seconds[0]) is None


async def test_everything_can_be_driven_over_http(client: Client) -> None:
    said = await client.drive(f"/contacts/{MARIA}/says", {"text": "hi", "name": "María"})
    await client.post(MESSAGES, EXAMPLES["buttons"] | {"to": MARIA})
    image = base64.b64encode(b"jpeg").decode()

    tapped = await client.drive(f"/contacts/{MARIA}/taps", {"option": "Yes"})
    sent = await client.drive(
        f"/contacts/{MARIA}/sends_media",
        {"kind": "image", "data": image, "mime_type": "image/jpeg"},
    )
    placed = await client.drive(
        f"/contacts/{MARIA}/sends_location", {"latitude": 1, "longitude": 2}
    )
    read = await client.drive(f"/contacts/{MARIA}/reads", {})
    _, phone = await client.get(f"/_sandbox/contacts/{MARIA}")

    assert all(one["accepted"] for one in (said, tapped, sent, placed))
    assert read == {"ok": True}
    bubbles = cast("list[Object]", phone["bubbles"])
    assert [bubble["type"] for bubble in bubbles] == [
        "text",
        "interactive",
        "interactive",
        "image",
        "location",
    ]
    assert bubbles[1]["options"] == [
        {"kind": "button", "id": "y", "title": "Yes", "description": None},
        {"kind": "button", "id": "n", "title": "No", "description": None},
    ]
    assert phone["name"] == "María"


async def test_the_clock_jumps_over_http_and_never_back(client: Client) -> None:
    ahead = await client.drive("/clock", {"ahead_s": 90_000})
    again = await client.drive("/clock", {"ahead_s": 5})

    assert client.sandbox.ahead == timedelta(seconds=90_000)
    assert str(ahead["now"])[:16] == str(again["now"])[:16]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        pytest.param(f"/contacts/{MARIA}/taps", {"option": "Nothing"}, id="not shown"),
        pytest.param(f"/contacts/{MARIA}/dances", {}, id="unknown deed"),
        pytest.param(f"/contacts/{MARIA}/says", {}, id="no text"),
        pytest.param("/faults", {"kind": "fire"}, id="unknown fault"),
    ],
)
async def test_a_driver_that_errs_is_told_in_one_line(
    client: Client, path: str, body: Object
) -> None:
    answer = await client.drive(path, body)

    assert answer["ok"] is False
    assert answer["error"]


async def test_it_can_be_mounted_in_another_application() -> None:
    sandbox = CloudSandbox(SETTINGS)
    app = web.Application()
    app.add_routes(routes(sandbox, prefix="/sandbox/demo"))
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    address = f"http://127.0.0.1:{runner.addresses[0][1]}/sandbox/demo"
    async with aiohttp.ClientSession() as http:
        status, _ = await Client(sandbox, address, http).post(MESSAGES, text_to(MARIA))
    await runner.cleanup()
    await sandbox.close()

    assert status == 200
