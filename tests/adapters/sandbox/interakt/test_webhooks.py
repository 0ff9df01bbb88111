"""What the Interakt sandbox posts: WhatsApp's envelope, once, signed, until it is switched off."""

import json
from typing import cast

import orjson
import pytest
from pydantic import JsonValue

from adapters.sandbox.interakt import InteraktSandbox, InteraktSettings
from tests.adapters.sandbox.business import Object
from tests.adapters.sandbox.interakt.business import PRIYA, Business, business, part, text_to, to
from tests.adapters.sandbox.interakt.test_account import DRAFT
from tests.adapters.sandbox.interakt.test_messages import FREE


def message_in(body: Object) -> Object:
    return part(body, "data", "message")


async def test_a_text_comes_in_the_documented_envelope() -> None:
    async with business() as shop:
        await shop.sandbox.contact(PRIYA, name="Priya").says("Two, please")
        (body,) = shop.heard
        assert (body["version"], body["type"]) == ("1.0", "message_received")
        assert body["timestamp"] == "2026-09-01T12:00:00.000000"
        customer = part(body, "data", "customer")
        assert customer["channel_phone_number"] == PRIYA
        assert (customer["country_code"], customer["phone_number"]) == ("+91", "9812300001")
        assert part(customer, "traits")["name"] == "Priya"
        message = message_in(body)
        assert (message["chat_message_type"], message["message_status"]) == (
            "CustomerMessage",
            "Sent",
        )
        assert (message["message_content_type"], message["message"]) == ("Text", "Two, please")
        assert (message["is_template_message"], message["meta_data"]) == (False, {})


async def test_hidden_numbers_leave_the_customers_id() -> None:
    async with business(hides_numbers=True) as shop:
        await shop.sandbox.contact(PRIYA).says("hi")
        customer = part(shop.heard[0], "data", "customer")
        assert customer["channel_phone_number"] == "919812...."
        assert "phone_number" not in customer
        reply: Object = {"userId": customer["id"], "type": "Text", "data": {"message": "Hello"}}
        assert (await shop.call("message/", reply))[0] == 201


LARGE: Object = {"type": "button_reply", "button_reply": {"id": "l", "title": "Large"}}


@pytest.mark.parametrize(
    ("taps", "kind", "said"),
    [
        ("json", "InteractiveButtonReply", json.dumps(LARGE)),
        ("object", "InteractiveButtonReply", LARGE),
        ("title", "Interactive", "Large"),
    ],
)
async def test_a_tap_comes_in_each_known_form(taps: str, kind: str, said: JsonValue) -> None:
    async with business(taps=taps, window=False) as shop:
        await shop.call("message/", FREE["InteractiveButton"][0])
        priya = shop.sandbox.contact(PRIYA)
        await priya.taps("Large")
        message = message_in(shop.heard[-1])
        assert (message["message_content_type"], message["message"]) == (kind, said)
        assert message["message_context"] == {"id": priya.bubbles[0].id}


async def test_a_row_comes_as_a_list_reply() -> None:
    async with business(window=False) as shop:
        await shop.call("message/", FREE["InteractiveList"][0])
        await shop.sandbox.contact(PRIYA).chooses("Diavola")
        message = message_in(shop.heard[-1])
        assert message["message_content_type"] == "InteractiveListReply"
        assert orjson.loads(str(message["message"]))["list_reply"]["id"] == "d"


async def test_a_file_comes_as_a_link() -> None:
    async with business() as shop:
        await shop.sandbox.contact(PRIYA).sends_image(b"a picture", caption="My door")
        message = message_in(shop.heard[0])
        assert (message["message_content_type"], message["message"]) == ("Image", "My door")
        assert shop.http is not None
        async with shop.http.get(str(message["media_url"])) as file:
            assert await file.read() == b"a picture"


async def test_other_kinds_come_as_whatsapps_own_objects() -> None:
    async with business(window=False) as shop:
        await shop.call("message/", text_to())
        priya = shop.sandbox.contact(PRIYA)
        await priya.sends_location(18.52, 73.85, name="Shop")
        await priya.sends_contact("Arun", "+919812300002")
        await priya.reacts("👍")
        await priya.orders(("diavola", 2, 9.5))
        await priya.fills_form('{"table": 4}')
        await priya.sends_raw({"message_content_type": "Poll", "message": "?"})
        received = [body for body in shop.heard if body["type"] == "message_received"]
        kinds = [message_in(body)["message_content_type"] for body in received]
        assert kinds == [
            "Location", "Contacts", "Reaction", "Order", "InteractiveFlowReply", "Poll",
        ]  # fmt: skip
        assert orjson.loads(str(message_in(received[0])["message"]))["name"] == "Shop"


# --- statuses ----------------------------------------------------------------------------------------


async def test_statuses_bring_the_businesss_own_mark_back() -> None:
    async with business(window=False) as shop:
        _, answer = await shop.call("message/", text_to(callbackData="41"))
        await shop.sandbox.courier.settled()
        told = [(body["type"], message_in(body)["message_status"]) for body in shop.heard]
        assert told == [
            ("message_api_sent", "Sent"),
            ("message_api_delivered", "Delivered"),
            ("message_api_read", "Read"),
        ]
        for body in shop.heard:
            message = message_in(body)
            assert (message["id"], message["chat_message_type"]) == (
                answer["id"],
                "PublicApiMessage",
            )
            assert part(message, "meta_data", "source_data") == {"callback_data": "41"}
        assert message_in(shop.heard[2])["seen_at_utc"]


async def test_someone_without_whatsapp_is_told_by_a_failed_status() -> None:
    async with business(window=False) as shop:
        priya = shop.sandbox.contact(PRIYA)
        priya.refuses = 1013
        assert (await shop.call("message/", text_to()))[0] == 201
        await shop.sandbox.courier.settled()
        (body,) = shop.heard
        message = message_in(body)
        assert (body["type"], message["message_status"]) == ("message_api_failed", "Failed")
        assert message["channel_error_code"] == "1013"
        assert message["channel_failure_reason"]
        assert priya.bubbles == []


async def test_a_contact_may_meet_a_refusal_at_once() -> None:
    async with business(window=False) as shop:
        shop.sandbox.contact(PRIYA).refuses = "window"
        assert (await shop.call("message/", text_to()))[0] == 400


# --- taps on templates -------------------------------------------------------------------------------


async def sent_template(shop: Business, **draft: JsonValue) -> str:
    await shop.call("track/templates/", DRAFT | draft)
    filled: Object = {"name": "order_ready", "languageCode": "en", "bodyValues": ["17"]}
    body = to(type="Template", template=filled, callbackData="42")
    _, answer = await shop.call("message/", body)
    await shop.sandbox.courier.settled()
    shop.heard.clear()
    return str(answer["id"])


async def test_a_quick_reply_is_told_as_a_click_and_as_words() -> None:
    async with business() as shop:
        id_ = await sent_template(shop)
        await shop.sandbox.contact(PRIYA).taps("Thanks")
        await shop.sandbox.courier.settled()
        clicked, received = sorted(shop.heard, key=lambda body: str(body["type"]))
        assert [clicked["type"], received["type"]] == ["message_api_clicked", "message_received"]
        message = message_in(clicked)
        meta = part(message, "meta_data")
        assert (message["id"], message["is_template_message"]) == (id_, True)
        assert (meta["click_type"], meta["button_text"]) == ("QR", "Thanks")
        assert part(meta, "button_payload", "payload")["text"] == "Thanks"
        assert part(meta, "source_data") == {"callback_data": "42"}
        assert message_in(received)["message"] == "Thanks"


async def test_an_opened_link_is_told_as_a_click_alone() -> None:
    async with business() as shop:
        link: Object = {"type": "URL", "text": "Track", "url": "https://shop.example/track"}
        await sent_template(shop, button_type="Call To Action", buttons=[link])
        await shop.sandbox.contact(PRIYA).taps("Track")
        await shop.sandbox.courier.settled()
        (clicked,) = shop.heard
        event = part(clicked, "data", "event")
        assert (event["click_type"], event["callbackData"]) == ("CTA", "42")
        assert (event["button_text"], event["button_link"]) == ("Track", link["url"])
        assert "click_type" not in part(message_in(clicked), "meta_data")


# --- once, and off -----------------------------------------------------------------------------------


async def test_no_webhook_comes_twice() -> None:
    async with business() as shop:
        shop.answers.append(503)
        delivery = await shop.sandbox.contact(PRIYA).says("hi")
        await shop.sandbox.courier.settled()
        assert (delivery.accepted, len(delivery.attempts)) == (False, 1)


async def test_five_failures_in_ten_minutes_switch_the_webhook_off() -> None:
    async with business() as shop:
        priya = shop.sandbox.contact(PRIYA)
        shop.answers.extend([500, None, 302, 404, 503])
        for _ in range(5):
            await priya.says("hi")
            shop.clock.pass_by(minutes=2)
        assert shop.sandbox.courier.is_off
        missed = await priya.says("anybody?")
        assert missed.attempts == []
        assert shop.http is not None
        async with shop.http.post(f"{shop.address}/_sandbox/webhook", json={}) as answer:
            assert answer.status == 200
        assert (await priya.says("again")).accepted
        assert [message_in(body)["message"] for body in shop.heard] == [*["hi"] * 5, "again"]


async def test_failures_further_apart_do_not() -> None:
    async with business() as shop:
        priya = shop.sandbox.contact(PRIYA)
        shop.answers.extend([500] * 5)
        for _ in range(5):
            await priya.says("hi")
            shop.clock.pass_by(minutes=3)
        assert not shop.sandbox.courier.is_off
        assert (await priya.says("again")).accepted


def test_the_line_is_ready_to_paste() -> None:
    sandbox = InteraktSandbox(InteraktSettings(channel="rcs"))
    line = cast("Object", dict(sandbox.line("http://127.0.0.1:8090")))
    assert line == {
        "provider": "interakt",
        "channel": "rcs",
        "api_key": sandbox.settings.api_key,
        "signing_secret": sandbox.settings.signing_secret,
        "base_url": "http://127.0.0.1:8090",
    }
