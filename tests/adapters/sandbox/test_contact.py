"""What a contact does arrives as Meta documents it; what the business sends shows on the phone."""

from typing import cast

import pytest

from adapters.sandbox.cloud import CloudSettings, NothingToTap
from tests.adapters.sandbox.business import Bench, Object, text_to
from tests.adapters.sandbox.examples import EXAMPLES

MARIA = "5215550001"


async def test_a_text_arrives_with_who_when_and_where(bench: Bench) -> None:
    delivery = await bench.sandbox.contact(MARIA, name="María").says("hola ☀")

    (value,) = bench.business.values
    (message,) = bench.business.messages
    assert delivery.accepted
    assert value["metadata"] == {
        "display_phone_number": bench.settings.display_phone_number,
        "phone_number_id": bench.settings.phone_number_id,
    }
    (profile,) = cast("list[Object]", value["contacts"])
    assert profile["profile"] == {"name": "María"}
    assert profile["wa_id"] == MARIA
    assert message == {
        "id": delivery.id,
        "from": MARIA,
        "from_user_id": profile["user_id"],
        "timestamp": "1788264000",
        "type": "text",
        "text": {"body": "hola ☀"},
    }


async def test_someone_who_hides_their_phone_is_known_by_the_user_id_alone(bench: Bench) -> None:
    await bench.sandbox.contact("MX.123").says("hola")

    (value,) = bench.business.values
    (message,) = bench.business.messages
    assert "from" not in message
    assert message["from_user_id"] == "MX.123"
    match value["contacts"]:
        case [dict(profile)]:
            assert "wa_id" not in profile
        case other:
            pytest.fail(f"contacts: {other}")


async def asked(bench: Bench, example: str) -> Object:
    """Let the business send an example to Maria, who wrote first; return the answer."""
    await bench.sandbox.contact(MARIA).says("hi")
    return bench.send(EXAMPLES[example] | {"to": MARIA})


@pytest.mark.parametrize("option", ["y", "Yes"])
async def test_a_tap_answers_the_message_that_shows_the_button(bench: Bench, option: str) -> None:
    await asked(bench, "buttons")
    maria = bench.sandbox.contact(MARIA)
    question = maria.bubbles[-1]

    await maria.taps(option)

    assert bench.business.messages[-1]["interactive"] == {
        "type": "button_reply",
        "button_reply": {"id": "y", "title": "Yes"},
    }
    assert bench.business.messages[-1]["context"] == {
        "from": bench.settings.display_phone_number,
        "id": question.id,
    }


async def test_an_old_button_can_still_be_tapped(bench: Bench) -> None:
    await asked(bench, "buttons")
    maria = bench.sandbox.contact(MARIA)
    old = maria.bubbles[-1]
    bench.send(EXAMPLES["buttons"] | {"to": MARIA})

    await maria.taps("Yes", on=old.id)

    match bench.business.messages[-1]["context"]:
        case {"id": str(id_)}:
            assert id_ == old.id
        case other:
            pytest.fail(f"context: {other}")


async def test_a_row_is_chosen_with_its_description(bench: Bench) -> None:
    await asked(bench, "list")

    await bench.sandbox.contact(MARIA).chooses("Soup")

    assert bench.business.messages[-1]["interactive"] == {
        "type": "list_reply",
        "list_reply": {"id": "a", "title": "Soup", "description": "Tomato"},
    }


async def test_a_template_quick_reply_comes_as_a_button(bench: Bench) -> None:
    await asked(bench, "template with variables")

    await bench.sandbox.contact(MARIA).taps("more")

    assert bench.business.messages[-1]["button"] == {"payload": "more", "text": "more"}


async def test_what_is_not_shown_cannot_be_tapped(bench: Bench) -> None:
    await asked(bench, "buttons")

    with pytest.raises(NothingToTap, match="Maybe"):
        await bench.sandbox.contact(MARIA).taps("Maybe")
    with pytest.raises(NothingToTap):
        await bench.sandbox.contact(MARIA).chooses("Yes")


async def test_every_other_kind_arrives_under_its_name(bench: Bench) -> None:
    await asked(bench, "text")
    maria = bench.sandbox.contact(MARIA)
    question = maria.bubbles[-1]

    await maria.sends_image(b"jpeg", caption="Look")
    await maria.sends_voice(b"ogg")
    await maria.sends_media("document", b"pdf", mime_type="application/pdf", filename="a.pdf")
    await maria.sends_media("sticker", b"webp", mime_type="image/webp", animated=True)
    await maria.sends_location(19.4, -99.1, name="Here")
    await maria.sends_contact("Ana Ruiz", "+52 55 5000")
    await maria.reacts("👍")
    await maria.reacts(None)
    await maria.orders(("sku", 2, 9.5))
    await maria.fills_form('{"a": 1}')
    await maria.sends_raw(
        {"type": "system", "system": {"body": "changed", "type": "user_changed_number"}}
    )

    sent = bench.business.messages[1:]
    kinds = (
        "image audio document sticker location contacts reaction reaction order interactive system"
    )
    assert [one["type"] for one in sent] == kinds.split()
    by_kind = {str(one["type"]): cast("Object", one[str(one["type"])]) for one in sent}
    assert by_kind["image"]["caption"] == "Look"
    assert by_kind["audio"]["voice"] is True
    assert by_kind["document"]["filename"] == "a.pdf"
    assert by_kind["sticker"]["animated"] is True
    assert by_kind["location"] == {"latitude": 19.4, "longitude": -99.1, "name": "Here"}
    assert by_kind["reaction"] == {"message_id": question.id}
    assert question.reaction is None


async def test_media_of_contacts_wait_at_the_media_endpoint(bench: Bench) -> None:
    await bench.sandbox.contact(MARIA).sends_image(b"jpeg")

    image = cast("Object", bench.business.messages[0]["image"])
    assert bench.sandbox.shelf.files[str(image["id"])].data == b"jpeg"


async def test_the_phone_shows_the_chat_in_order(bench: Bench) -> None:
    await asked(bench, "buttons")
    maria = bench.sandbox.contact(MARIA)
    await maria.taps("No")
    bench.send(text_to(MARIA, "Then not."))

    assert [(bubble.by, bubble.text) for bubble in maria.bubbles] == [
        ("contact", "hi"),
        ("business", "Shall we?"),
        ("contact", "No"),
        ("business", "Then not."),
    ]
    assert [option.title for option in maria.bubbles[1].options] == ["Yes", "No"]
    assert [bubble.text for bubble in await maria.receives()] == ["Then not."]


async def test_waiting_for_an_answer_that_does_not_come_ends(bench: Bench) -> None:
    await bench.sandbox.contact(MARIA).says("hi")

    with pytest.raises(TimeoutError):
        await bench.sandbox.contact(MARIA).receives(timeout_s=0.01)


async def test_a_read_mark_shows_on_this_message_and_the_older_ones_with_typing(
    bench: Bench,
) -> None:
    maria = bench.sandbox.contact(MARIA)
    await maria.says("one")
    two = await maria.says("two")
    await maria.says("three")

    bench.send(EXAMPLES["typing"] | {"message_id": two.id})

    assert [bubble.status for bubble in maria.bubbles] == ["read", "read", "sent"]
    assert maria.typing_until is not None
    bench.send(text_to(MARIA))
    assert maria.typing_until is None


async def test_a_reaction_of_the_business_sits_on_the_bubble(bench: Bench) -> None:
    maria = bench.sandbox.contact(MARIA)
    said = await maria.says("one")

    bench.send(
        {
            "messaging_product": "whatsapp",
            "to": MARIA,
            "type": "reaction",
            "reaction": {"message_id": said.id, "emoji": "❤"},
        }
    )

    assert [(bubble.text, bubble.reaction) for bubble in maria.bubbles] == [("one", "❤")]


async def test_reading_is_told_when_the_contact_reads() -> None:
    bench = Bench(CloudSettings(statuses=("sent", "delivered")))
    maria = bench.sandbox.contact(MARIA)
    await maria.says("hi")
    bench.send(text_to(MARIA, biz_opaque_callback_data="7"))
    await bench.sandbox.courier.settled()

    await maria.reads()
    await maria.reads()

    assert [one["status"] for one in bench.business.statuses] == ["sent", "delivered", "read"]
    assert {one["biz_opaque_callback_data"] for one in bench.business.statuses} == {"7"}
