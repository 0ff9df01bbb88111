"""What arrives at the business: messages, taps, files, and what became of sends."""

from datetime import timedelta
from typing import cast

import aiohttp
import pytest

from adapters.sandbox.courier import Heard
from adapters.sandbox.gupshup import GupshupSettings, NotDocumented
from adapters.sandbox.wire import Object
from tests.adapters.sandbox.gupshup.business import MARIA, SETTINGS, Bench, benched
from tests.adapters.sandbox.gupshup.examples import EXAMPLES


async def asked(bench: Bench, example: str) -> str:
    """Let the business send an example to Maria, who wrote first; return the id it was given."""
    await bench.sandbox.contact(MARIA).says("hi")
    _, answer = await bench.send(EXAMPLES[example])
    await bench.sandbox.courier.settled()
    return str(answer["messageId"])


def inner(message: Object) -> Object:
    return cast("Object", message["payload"])


async def test_a_text_stands_in_the_envelope_with_who_and_when(bench: Bench) -> None:
    delivery = await bench.sandbox.contact(MARIA, name="María").says("hola ☀")

    (body,) = bench.business.heard
    at = bench.sandbox.contact(MARIA).bubbles[0].at
    assert body == {
        "app": "SandboxApp",
        "phone": SETTINGS.source,
        "timestamp": int(at.timestamp() * 1000),
        "version": 2,
        "type": "message",
        "payload": {
            "id": delivery.id,
            "source": MARIA,
            "type": "text",
            "payload": {"text": "hola ☀"},
            "sender": {
                "phone": MARIA,
                "name": "María",
                "country_code": "52",
                "dial_code": "15550001234",
            },
        },
    }


async def test_a_tap_names_the_msgid_the_place_and_what_was_sent_with_it(bench: Bench) -> None:
    id_ = await asked(bench, "buttons")

    await bench.sandbox.contact(MARIA).taps("No")

    tap = bench.business.messages[-1]
    shown = bench.sandbox.contact(MARIA).bubbles[1]
    assert (tap["type"], inner(tap)) == (
        "button_reply",
        {"title": "No", "reply": "No 2", "id": "41", "postbackText": "n"},
    )
    assert tap["context"] == {"id": shown.whatsapp_id, "gsId": id_}


async def test_a_chosen_row_counts_over_all_sections(bench: Bench) -> None:
    await asked(bench, "list")

    await bench.sandbox.contact(MARIA).chooses("Salad")
    await bench.sandbox.contact(MARIA).chooses("Soup")

    salad, soup = bench.business.messages[-2:]
    assert (salad["type"], inner(salad)) == (
        "list_reply",
        {"title": "Salad", "reply": "Salad 3", "id": "42", "postbackText": "c"},
    )
    assert inner(soup)["description"] == "Tomato"


async def test_a_tap_may_come_back_without_what_was_sent_with_it() -> None:
    settings = SETTINGS.model_copy(update={"postbacks": False, "button_type": "quick_reply"})
    async with benched(settings) as bench:
        await asked(bench, "buttons")
        await bench.sandbox.contact(MARIA).taps("Yes")

    tap = bench.business.messages[-1]
    assert (tap["type"], inner(tap)) == (
        "quick_reply",
        {"title": "Yes", "reply": "Yes 1", "id": "41"},
    )


@pytest.mark.parametrize("kind", ["quick_reply", "text"])
async def test_a_tap_on_a_template_comes_as_a_button(kind: str) -> None:
    async with benched(SETTINGS.model_copy(update={"template_tap_type": kind})) as bench:
        await bench.send_template(
            {"id": "any", "params": []}, postbackTexts='[{"index": 0, "text": "more"}]'
        )
        await bench.sandbox.contact(MARIA).taps("more")

    tap = bench.business.messages[-1]
    assert (tap["type"], inner(tap)) == (
        kind,
        {"text": "more", "type": "button", "postbackText": "more"},
    )


async def test_every_other_kind_arrives_under_its_name(bench: Bench) -> None:
    id_ = await asked(bench, "text")
    maria = bench.sandbox.contact(MARIA)
    hello = maria.bubbles[-1]

    await maria.sends_image(b"jpeg", caption="Look")
    await maria.sends_voice(b"ogg")
    await maria.sends_media("video", b"mp4", mime_type="video/mp4")
    await maria.sends_media("document", b"pdf", mime_type="application/pdf", filename="a.pdf")
    await maria.sends_media("sticker", b"webp", mime_type="image/webp")
    await maria.sends_location(19.43, -99.13, name="Here")
    await maria.sends_contact("Ana Ruiz", "+52 555 000 4321")
    await maria.reacts("👍")
    await maria.reacts(None)
    await maria.sends_raw({"type": "request_welcome"})

    sent = bench.business.messages[1:]
    kinds = "image audio video file sticker location contact reaction reaction request_welcome"
    assert [one["type"] for one in sent] == kinds.split()
    image, audio, _, file, _, location, contact, reaction, removed, welcome = sent
    assert (inner(image)["caption"], inner(image)["contentType"]) == ("Look", "image/jpeg")
    assert inner(audio)["contentType"] == "audio/ogg; codecs=opus"
    assert inner(file)["name"] == "a.pdf"
    assert inner(location) == {"longitude": "-99.13", "latitude": "19.43", "name": "Here"}
    match inner(contact)["contacts"]:
        case [{"name": {"formatted_name": name}, "phones": [{"phone": phone}]}]:
            assert (name, phone) == ("Ana Ruiz", "+52 555 000 4321")
        case other:
            pytest.fail(f"contacts: {other}")
    assert inner(reaction) == {"id": hello.whatsapp_id, "gsId": id_, "emoji": "👍"}
    assert inner(removed)["emoji"] == ""
    assert "payload" not in welcome


async def test_a_file_waits_at_its_address_until_that_runs_out(bench: Bench) -> None:
    await bench.sandbox.contact(MARIA).sends_image(b"jpeg")
    file = inner(bench.business.messages[0])
    expires_ms = int(bench.sandbox.now().timestamp() * 1000) + 7 * 86_400_000

    async with bench.http.get(str(file["url"])) as answer:
        fetched = (answer.status, await answer.read(), answer.content_type)
    bench.sandbox.ahead = timedelta(days=7, seconds=1)
    async with bench.http.get(str(file["url"])) as answer:
        gone = answer.status

    assert fetched == (200, b"jpeg", "image/jpeg")
    assert abs(cast("int", file["urlExpiry"]) - expires_ms) < 60_000
    assert gone == 404


async def test_what_version_2_has_no_form_for_is_said(bench: Bench) -> None:
    with pytest.raises(NotDocumented):
        await bench.sandbox.contact(MARIA).orders(("sku", 1, 9.5))

    url = f"{bench.address}/_sandbox/contacts/{MARIA}/fills_form"
    async with bench.http.post(url, json={"response_json": "{}"}) as answer:
        assert answer.status == 400


async def test_a_send_is_told_as_enqueued_with_both_ids_then_by_whatsapps(bench: Bench) -> None:
    id_ = await asked(bench, "text")

    whatsapp_id = bench.sandbox.messages[0].whatsapp_id
    enqueued, *rest = bench.business.events
    assert enqueued == {
        "id": id_,
        "type": "enqueued",
        "destination": MARIA,
        "payload": {"whatsappMessageId": whatsapp_id, "type": "session"},
    }
    assert [one["type"] for one in rest] == ["sent", "delivered", "read"]
    assert {(one["id"], one["gsId"], one["destination"]) for one in rest} == {
        (whatsapp_id, id_, MARIA)
    }
    assert all(list(inner(one)) == ["ts"] for one in rest)


async def test_late_statuses_name_whatsapps_id_alone() -> None:
    settings = SETTINGS.model_copy(update={"gs_ids": False, "whatsapp_ids": "uuid"})
    async with benched(settings) as bench:
        await asked(bench, "text")

    statuses = bench.business.events[1:]
    assert all("gsId" not in one for one in statuses)
    assert {one["id"] for one in statuses} == {bench.sandbox.messages[0].whatsapp_id}


async def test_outside_the_window_a_message_is_submitted_and_fails_with_470(bench: Bench) -> None:
    status, answer = await bench.send(EXAMPLES["text"])
    await bench.sandbox.courier.settled()

    (taken,) = bench.sandbox.messages
    _, failed = bench.business.events
    assert status == 202
    assert (failed["id"], failed["gsId"]) == (taken.whatsapp_id, answer["messageId"])
    assert inner(failed)["code"] == 470
    assert bench.sandbox.contact(MARIA).shown == []


async def test_a_failure_of_gupshups_own_comes_first_and_names_its_id_alone(bench: Bench) -> None:
    await bench.sandbox.contact(MARIA).says("hi")
    bench.sandbox.contact(MARIA).refuses = 1002
    _, answer = await bench.send(EXAMPLES["text"])
    await bench.sandbox.courier.settled()

    (failed,) = bench.business.events
    assert (failed["type"], failed["id"]) == ("failed", answer["messageId"])
    assert "gsId" not in failed


@pytest.mark.parametrize("destination", ["525550001234", "5215550001234"])
async def test_a_phone_is_reached_by_both_ways_to_write_it(bench: Bench, destination: str) -> None:
    await bench.sandbox.contact(MARIA).says("hi")
    await bench.send(EXAMPLES["text"], to=destination)
    await bench.sandbox.courier.settled()

    told = [inner(one) for one in bench.business.events if one["type"] == "mismatch"]
    assert bench.sandbox.contact(MARIA).shown == ["Hello"]
    assert told == ([] if destination == MARIA else [{"wa_id": MARIA, "phone": destination}])


async def test_an_answer_with_a_body_is_no_success() -> None:
    async with benched(GupshupSettings(redeliver_first_s=0.001)) as bench:
        bench.business.answers.append(Heard(200, b'{"ok": true}'))
        delivery = await bench.sandbox.contact(MARIA).says("hi")
        first = delivery.accepted
        await bench.sandbox.courier.settled()

    assert (first, delivery.accepted) == (False, True)
    assert len(bench.business.messages) == 2


async def test_what_is_no_message_is_told_too(bench: Bench) -> None:
    await bench.sandbox.opts(bench.sandbox.contact(MARIA), "opted-out")
    await bench.sandbox.checks_connectivity()
    url = f"{bench.address}/_sandbox/webhooks"
    async with aiohttp.ClientSession() as http, http.post(url, json={"anything": 1}) as answer:
        told = await answer.json()

    user, platform, anything = bench.business.heard
    assert (user["type"], user["payload"]) == (
        "user-event",
        {"phone": MARIA, "type": "opted-out"},
    )
    assert platform["type"] == "platform-event"
    assert anything == {"anything": 1}
    assert told["accepted"] is True
