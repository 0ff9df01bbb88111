"""What becomes of a message that the API asks for."""

from collections.abc import AsyncIterator

import pytest
from structlog.testing import capture_logs

from engine.core.value import Json
from tests.web.api.support import TEMPLATE, TEXT, Api, new_phone

pytestmark = pytest.mark.asyncio(loop_scope="session")

SENT = ("sent", "delivered", "read")


async def test_a_template_reaches_somebody_who_never_wrote(api: Api) -> None:
    phone = new_phone()

    answered = await api.send(phone)

    assert answered.status == 202
    assert set(answered.said) == {"ok", "id"}
    state = (await api.until(answered.said["id"], *SENT)).said
    assert state["line"] == "shop"
    assert state["kind"] == "template"
    assert state["external_id"].startswith("wamid.")
    assert state["error_code"] is None
    assert len(api.messages(phone)) == 1


async def test_any_content_reaches_somebody_whose_window_is_open(api: Api) -> None:
    phone = new_phone()
    await api.hears(phone, "hello")

    answered = await api.send(f"+{phone}", TEXT)

    assert answered.status == 202
    assert (await api.until(answered.said["id"], *SENT)).said["kind"] == "text"
    assert '"Your tea is ready."' in api.messages(phone)[-1][0]


async def test_any_other_content_is_refused_where_the_window_is_closed(api: Api) -> None:
    phone = new_phone()

    assert (await api.send(phone, TEXT)).refusal == (409, "window_closed")
    assert api.messages(phone) == []


async def test_content_may_wait_for_the_contact_to_write(api: Api) -> None:
    phone = new_phone()
    id_ = (await api.send(phone, TEXT, closed="hold")).said["id"]
    assert (await api.until(id_, "held")).said["kind"] == "text"

    await api.hears(phone, "hello")

    await api.until(id_, *SENT)


async def test_a_template_may_take_the_place_of_content(api: Api) -> None:
    phone = new_phone()
    id_ = (await api.send(phone, TEXT, closed=TEMPLATE)).said["id"]

    assert (await api.until(id_, *SENT)).said["kind"] == "template"


async def test_whoever_wants_no_messages_gets_none(api: Api) -> None:
    phone = new_phone()
    await api.until((await api.send(phone)).said["id"], *SENT)
    await api.bot.writes("UPDATE contact SET opted_out_at = at FROM message WHERE phone = ?", phone)

    assert (await api.send(phone)).refusal == (409, "contact_opted_out")
    assert (await api.start(phone)).refusal == (409, "contact_opted_out")


async def test_a_contact_may_be_named_by_the_providers_id(api: Api) -> None:
    body: Json = {"line": "shop", "to": {"user_id": "MX.1234"}, "content": TEMPLATE}

    assert (await api.call("POST", "/messages", body)).status == 202
    assert api.bot.rows("SELECT count(*) FROM contact WHERE user_id = 'MX.1234'") == [(1,)]


async def test_only_what_went_out_can_be_asked_for(api: Api) -> None:
    phone = new_phone()
    await api.hears(phone, "hello")
    ((inbound,),) = api.bot.rows(
        "SELECT max(m.id) FROM message m JOIN conversation c ON c.id = m.conversation_id"
        " JOIN contact p ON p.id = c.contact_id WHERE p.phone = ? AND m.direction = 'in'",
        phone,
    )

    for id_ in (str(inbound), "1", "0", "9223372036854775808", "9" * 19, "9" * 400, "x", "-1", "١"):
        answered = await api.call("GET", f"/messages/{id_}")
        assert answered.refusal == (404, "message_unknown"), id_


async def test_a_flows_request_is_no_message(api: Api) -> None:
    id_ = (await api.start(new_phone())).said["id"]

    assert (await api.call("GET", f"/messages/{id_}")).refusal == (404, "message_unknown")


# --- bodies -----------------------------------------------------------------------------------------------

TO: Json = {"phone": "5215550001"}
GOOD: dict[str, Json] = {"line": "shop", "to": TO, "content": TEMPLATE}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param(b"", (400, "body_unreadable"), id="nothing"),
        pytest.param(b"{", (400, "body_unreadable"), id="half"),
        pytest.param(b"\xff", (400, "body_unreadable"), id="no text"),
        pytest.param(b'"\\ud800"', (400, "body_unreadable"), id="half a letter"),
        pytest.param(b"[" * 5000, (400, "body_unreadable"), id="deep"),
        pytest.param([], (422, "body_invalid"), id="a list"),
        pytest.param({}, (422, "body_invalid"), id="empty"),
        pytest.param(GOOD | {"to": {}}, (422, "body_invalid"), id="nobody"),
        pytest.param(GOOD | {"to": {"phone": "12"}}, (422, "body_invalid"), id="short phone"),
        pytest.param(GOOD | {"to": {"phone": 5215550001}}, (422, "body_invalid"), id="a number"),
        pytest.param(GOOD | {"extra": 1}, (422, "body_invalid"), id="unknown name"),
        pytest.param(GOOD | {"closed": "wait"}, (422, "body_invalid"), id="unknown plan"),
        pytest.param(GOOD | {"content": {"kind": "poem"}}, (422, "body_invalid"), id="unknown"),
        pytest.param(
            GOOD | {"content": {"kind": "read_mark", "message": "1"}},
            (422, "body_invalid"),
            id="not for contacts",
        ),
        pytest.param(
            GOOD | {"content": {"kind": "image"}}, (422, "body_invalid"), id="a file from nowhere"
        ),
        pytest.param(
            GOOD | {"content": {"kind": "image", "stored": "0" * 64}},
            (422, "body_invalid"),
            id="a file of ours",
        ),
        pytest.param(
            GOOD
            | {
                "content": {
                    "kind": "carousel",
                    "cards": [{"media": {"kind": "image", "stored": "0" * 64}}],
                }
            },
            (422, "body_invalid"),
            id="a file of ours within",
        ),
        pytest.param(GOOD | {"line": "bakery"}, (404, "line_unknown"), id="unknown line"),
        pytest.param(b" " * 300_000, (413, "payload_too_large"), id="large"),
    ],
)
async def test_a_body_that_is_wrong_is_refused(
    api: Api, body: Json | bytes, expected: tuple[int, str]
) -> None:
    assert (await api.call("POST", "/messages", body)).refusal == expected


async def test_a_number_that_no_database_holds_is_refused(api: Api) -> None:
    order: Json = {"name": "tea", "quantity": 10**30, "amount": 1}
    payable: Json = {
        "reference_id": "7",
        "items": [order],
        "subtotal": 1,
        "total": 1,
        "currency": "EUR",
    }
    body: Json = GOOD | {"content": TEMPLATE | {"payables": [payable]}}

    assert (await api.call("POST", "/messages", body)).refusal == (422, "body_invalid")


async def test_a_whole_number_may_be_written_as_a_float(api: Api) -> None:
    phone = new_phone()
    content: Json = TEMPLATE | {"buttons": [{"index": 0.0, "value": "7"}]}

    assert (await api.send(phone, content)).status == 202
    assert '"index":0,' in api.messages(phone)[0][0]


async def test_a_body_that_is_nested_too_deeply_is_refused(api: Api) -> None:
    deep = b'{"line": "shop", "contact": {"phone": "5215550001"}, "answers": {"size": %s%s}}'
    body = deep % (b"[" * 600, b"]" * 600)

    answered = await api.call("POST", "/flows/tea/start", body)

    assert answered.refusal == (422, "body_invalid")


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        pytest.param(
            {"closed": "hodl"},
            "closed: Input should be 'hold' or 'fail'; closed: Input should be an object",
            id="plan",
        ),
        pytest.param(
            {"closed": {"kind": "template"}},
            "closed.name: Field required",
            id="plan without a name",
        ),
        pytest.param(
            {"to": {}}, "to.phone: Field required; to.user_id: Field required", id="nobody"
        ),
        pytest.param({"to": {"user_id": ""}}, "to.user_id: String should match", id="empty id"),
        pytest.param({"Extra": 1}, "Extra: Extra inputs are not permitted", id="a key like a form"),
    ],
)
async def test_of_several_forms_the_one_that_was_meant_is_told(
    api: Api, changed: dict[str, Json], told: str
) -> None:
    said = (await api.call("POST", "/messages", GOOD | changed)).said["error"]

    assert said.startswith(told)


async def test_a_refusal_names_the_places_and_repeats_no_value(api: Api) -> None:
    body: Json = {"line": "shop", "to": {"phone": "secret"}, "content": {"kind": "text"}}

    said = (await api.call("POST", "/messages", body)).said["error"]

    assert "content.text.body: Field required" in said
    assert "to.phone: must be digits with the country code" in said
    assert "secret" not in said


async def test_a_body_without_a_length_is_limited_too(api: Api) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(40):
            yield b" " * 10_000

    headers = {"Authorization": f"Bearer {api.token}"}
    async with api.bot.client.post("/api/v1/messages", data=endless(), headers=headers) as answer:
        assert answer.status == 413


async def test_the_log_tells_of_a_request_without_its_body(api: Api) -> None:
    phone = new_phone()
    with capture_logs() as told:
        await api.send(phone, TEXT)

    (event,) = [one for one in told if one["event"] == "api_answered"]
    assert (event["method"], event["route"], event["status"]) == ("POST", "/messages", 409)
    assert event["token"] in api.token
    assert phone not in str(told)
    assert "Your tea" not in str(told)
    assert api.token not in str(told)
