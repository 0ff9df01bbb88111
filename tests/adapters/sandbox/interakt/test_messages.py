"""What the Interakt sandbox takes on WhatsApp, and in which words it refuses."""

import pytest
from pydantic import JsonValue

from adapters.sandbox.faults import Fault
from adapters.sandbox.phone import Option
from adapters.sandbox.settings import ApprovedTemplate
from tests.adapters.sandbox.business import Object
from tests.adapters.sandbox.interakt.business import PRIYA, business, text_to, to

URL = "https://files.example/1"
BUTTONS: Object = {
    "type": "button",
    "body": {"text": "Which size?"},
    "action": {
        "buttons": [
            {"type": "reply", "reply": {"id": "s", "title": "Small"}},
            {"type": "reply", "reply": {"id": "l", "title": "Large"}},
        ]
    },
}
MENU: Object = {
    "type": "list",
    "body": {"text": "Which pizza?"},
    "action": {
        "button": "Choose",
        "sections": [{"title": "Red", "rows": [{"id": "d", "title": "Diavola"}]}],
    },
}
SMS: Object = {
    "channel": "sms",
    "sender_id": "OURSHP",
    "pe_id": "1101",
    "provider_name": "default",
    "content": {"message": "Order {{1}}", "dlt_te_id": "1107", "variables": ["17"]},
}


def template(**more: JsonValue) -> Object:
    filled: Object = {"name": "ready", "languageCode": "en", "bodyValues": ["17"]}
    return to(type="Template", template=filled) | more


FREE: dict[str, tuple[Object, str]] = {
    "Text": (text_to(), "Hello"),
    "Image": (to(type="Image", data={"mediaUrl": URL, "message": "Ours"}), "Ours"),
    "Audio": (to(type="Audio", data={"mediaUrl": URL, "fileName": "Song"}), ""),
    "Sticker": (to(type="Sticker", data={"mediaUrl": URL}), ""),
    "InteractiveButton": (to(type="InteractiveButton", data={"message": BUTTONS}), "Which size?"),
    "InteractiveList": (to(type="InteractiveList", data={"message": MENU}), "Which pizza?"),
}


@pytest.mark.parametrize("kind", FREE)
async def test_a_free_message_is_queued_and_shows_on_the_phone(kind: str) -> None:
    async with business() as shop:
        priya = shop.sandbox.contact(PRIYA)
        await priya.says("hi")
        body, words = FREE[kind]
        status, answer = await shop.call("message/", body | {"callbackData": "41"})
        (bubble,) = priya.answers()
        assert (status, answer["result"], answer["id"]) == (201, True, bubble.id)
        assert (bubble.type, bubble.text, bubble.callback_data) == (kind, words, "41")
        assert shop.sandbox.requests[-1].to == PRIYA


async def test_what_can_be_tapped_is_known() -> None:
    async with business(window=False) as shop:
        await shop.call("message/", FREE["InteractiveButton"][0])
        await shop.call("message/", FREE["InteractiveList"][0])
        shown = [bubble.options for bubble in shop.sandbox.contact(PRIYA).bubbles]
        assert shown == [
            (Option("button", "s", "Small"), Option("button", "l", "Large")),
            (Option("row", "d", "Diavola"),),
        ]


@pytest.mark.parametrize("status", [400, 201])
async def test_a_closed_window_is_told_by_result_with_either_status(status: int) -> None:
    async with business(refusal_status=status) as shop:
        got, answer = await shop.call("message/", text_to())
        assert (got, answer["result"]) == (status, False)
        assert "not messaged within last 24 hours" in str(answer["message"])
        got, answer = await shop.call("message/", template())
        assert (got, answer["result"]) == (201, True)


async def test_the_window_closes_after_a_day() -> None:
    async with business() as shop:
        await shop.sandbox.contact(PRIYA).says("hi")
        shop.clock.pass_by(hours=23)
        assert (await shop.call("message/", text_to()))[0] == 201
        shop.clock.pass_by(hours=2)
        assert (await shop.call("message/", text_to()))[0] == 400


REFUSED: dict[str, JsonValue] = {
    "both forms of a number": text_to(fullPhoneNumber=PRIYA),
    "half a number": {"countryCode": "+91", "type": "Text", "data": {"message": "Hi"}},
    "nobody": {"type": "Text", "data": {"message": "Hi"}},
    "a code inside the number": to(type="Text", data={"message": "Hi"}) | {"phoneNumber": "0981"},
    "an unknown id": {"userId": "nobody", "type": "Text", "data": {"message": "Hi"}},
    "an unknown type": to(type="Poll", data={"message": "Hi"}),
    "an unknown key": text_to(previewUrl=True),
    "no words": text_to(words=""),
    "a file without a link": to(type="Image", data={"message": "Ours"}),
    "a link that is none": to(type="Image", data={"mediaUrl": "files/1"}),
    "a long mark": text_to(callbackData="x" * 513),
    "an unknown category": template(template_category="alert"),
    "a fallback of another kind": template(fallback=[SMS | {"channel": "fax"}]),
    "no object": ["Hi"],
    "nothing": None,
}


@pytest.mark.parametrize("case", REFUSED)
async def test_a_wrong_body_is_refused_in_words(case: str) -> None:
    async with business(window=False) as shop:
        status, answer = await shop.call("message/", REFUSED[case])
        assert (status, answer["result"]) == (400, False)
        assert answer["message"]
        assert shop.sandbox.messages == []


@pytest.mark.parametrize("number", [PRIYA, f"+{PRIYA}"])
async def test_a_whole_number_names_the_same_contact(number: str) -> None:
    async with business(window=False) as shop:
        body: Object = {"fullPhoneNumber": number, "type": "Text", "data": {"message": "Hi"}}
        assert (await shop.call("message/", body))[0] == 201
        assert shop.sandbox.contact(PRIYA).shown == ["Hi"]


async def test_a_customers_id_names_the_contact() -> None:
    async with business() as shop:
        priya = shop.sandbox.contact(PRIYA)
        await priya.says("hi")
        id_ = shop.sandbox.customer_of(priya).id
        message: Object = {"userId": id_, "type": "Text", "data": {"message": "Hello"}}
        assert (await shop.call("message/", message))[0] == 201
        assert priya.shown == ["Hello"]


async def test_a_wrong_key_is_refused() -> None:
    async with business() as shop:
        status, answer = await shop.call("message/", text_to(), key="another")
        assert (status, answer["result"]) == (401, False)


async def test_haste_is_refused_with_a_wait() -> None:
    async with business(messages_per_second=1, window=False) as shop:
        assert (await shop.call("message/", text_to()))[0] == 201
        assert shop.http is not None
        async with shop.http.post(
            f"{shop.address}/v1/public/message/",
            json=text_to(),
            headers={"Authorization": f"Basic {shop.settings.api_key}"},
        ) as answer:
            assert (answer.status, answer.headers["Retry-After"]) == (429, "20")
            assert (await answer.json())["result"] is False
        shop.clock.pass_by(seconds=1)
        assert (await shop.call("message/", text_to()))[0] == 201


# --- templates ---------------------------------------------------------------------------------------

READY = ApprovedTemplate(name="ready", language="en", body="Order {{1}} is ready.")


async def test_a_known_template_is_filled_on_the_phone() -> None:
    async with business(templates=[READY]) as shop:
        assert (await shop.call("message/", template(template_category="utility")))[0] == 201
        assert shop.sandbox.contact(PRIYA).shown == ["Order 17 is ready."]


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (template(template_category="marketing"), "Template category mismatch"),
        (to(type="Template", template={"name": "other", "languageCode": "en"}), "other"),
        (to(type="Template", template={"name": "ready", "languageCode": "en"}), "1 are needed"),
    ],
    ids=["another category", "unknown", "a value too few"],
)
async def test_a_template_that_is_not_as_approved_is_refused(body: Object, says: str) -> None:
    async with business(templates=[READY]) as shop:
        status, answer = await shop.call("message/", body)
        assert (status, answer["result"]) == (400, False)
        assert says in str(answer["message"])


# --- faults ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "status", "says"),
    [
        ("window", 400, "24 hours"),
        ("category", 400, "category mismatch"),
        ("rate", 429, "Rate limit"),
        (429, 429, "Rate limit"),
        ("key", 401, "API key"),
        (None, 500, "wrong"),
    ],
)
async def test_a_fault_is_told_in_the_documented_words(
    code: str | int | None, status: int, says: str
) -> None:
    async with business(window=False) as shop:
        shop.sandbox.faults.arm(Fault(kind="error", code=code), shop.clock.monotonic())
        got, answer = await shop.call("message/", text_to())
        assert (got, answer["result"]) == (status, False)
        assert says in str(answer["message"])
