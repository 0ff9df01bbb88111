"""A tap on a template, and a filled form, count once although two webhooks tell of them."""

import orjson

from adapters.interakt.adapter import Interakt
from adapters.interakt.twins import REMEMBERED
from engine.core.signals import Arrival, LineReported, MessageReceived
from tests.adapters.interakt.parsed import PAYLOADS
from tests.adapters.samples import NOW

TAP = (PAYLOADS / "clicked_quick_reply.json").read_bytes()
"""At 14:59:57.1."""
TITLE = "Yes, please"


def text(said: str, *, at: str = "2026-09-21T14:59:58", id: str = "typed", by: str = "1") -> bytes:
    body = orjson.loads((PAYLOADS / "text.json").read_bytes())
    body["data"]["message"].update(id=id, message=said, received_at_utc=at)
    body["data"]["customer"]["channel_phone_number"] = f"52555000000{by}"
    return orjson.dumps(body)


def arrive(interakt: Interakt, body: bytes) -> Arrival:
    (parcel,) = interakt.parse(body, received_at=NOW)
    (arrival,) = parcel.arrivals
    return arrival


def contents(interakt: Interakt, *bodies: bytes) -> list[str]:
    """Return what each body says in turn: its content's kind, or `told_again`."""
    said: list[str] = []
    for body in bodies:
        signal = arrive(interakt, body).signal
        if isinstance(signal, MessageReceived):
            said.append(signal.content.kind)
        else:
            assert isinstance(signal, LineReported)
            said.append(signal.field)
    return said


async def test_the_text_after_its_tap_changes_nothing(interakt: Interakt) -> None:
    assert contents(interakt, TAP, text(TITLE)) == ["template_button", "told_again"]


async def test_the_tap_after_its_text_changes_nothing(interakt: Interakt) -> None:
    assert contents(interakt, text(TITLE), TAP) == ["text", "told_again"]


async def test_a_report_of_what_was_told_again_belongs_to_nobody(interakt: Interakt) -> None:
    interakt.parse(TAP, received_at=NOW)
    again = arrive(interakt, text(TITLE))
    assert again.sender is None
    assert Arrival.model_validate_json(again.model_dump_json()) == again


async def test_a_webhook_that_comes_again_is_what_it_was(interakt: Interakt) -> None:
    said = contents(interakt, TAP, text(TITLE), TAP, text(TITLE))
    assert said == ["template_button", "told_again", "template_button", "told_again"]


async def test_the_same_word_typed_after_the_twin_counts(interakt: Interakt) -> None:
    said = contents(interakt, TAP, text(TITLE), text(TITLE, id="again", at="2026-09-21T14:59:59"))
    assert said == ["template_button", "told_again", "text"]


async def test_the_same_word_typed_later_counts(interakt: Interakt) -> None:
    assert contents(interakt, TAP, text(TITLE, at="2026-09-21T15:00:03")) == [
        "template_button",
        "text",
    ]


async def test_another_word_another_person_and_two_texts_all_count(interakt: Interakt) -> None:
    assert contents(interakt, TAP, text("No"), text(TITLE, by="2")) == [
        "template_button",
        "text",
        "text",
    ]
    assert contents(interakt, text("Hi", id="a"), text("Hi", id="b")) == ["text", "text"]


async def test_a_form_told_as_message_and_as_response_counts_once(interakt: Interakt) -> None:
    early = (PAYLOADS / "form_reply.json").read_bytes()
    late = (PAYLOADS / "flow_response.json").read_bytes()
    assert contents(interakt, early, late) == ["form_reply", "told_again"]


async def test_other_contents_are_never_twins(interakt: Interakt) -> None:
    image = (PAYLOADS / "image.json").read_bytes()
    assert contents(interakt, image, image) == ["image", "image"]


async def test_what_is_remembered_is_bounded(interakt: Interakt) -> None:
    interakt.parse(TAP, received_at=NOW)
    for number in range(REMEMBERED):
        interakt.parse(text(f"Word {number}", id=str(number)), received_at=NOW)
    assert isinstance(arrive(interakt, text(TITLE)).signal, MessageReceived), "long forgotten"
