"""RCS at the Interakt sandbox: what it takes, and its callbacks."""

import pytest
from pydantic import JsonValue

from tests.adapters.sandbox.business import Object
from tests.adapters.sandbox.interakt.business import PRIYA, business, part, to

PATH = "rcs/message/"


def reply(id_: str, title: str) -> Object:
    return {"reply": {"plainText": title, "postBack": {"data": id_}}}


OPEN: Object = {
    "action": {
        "plainText": "Open",
        "postBack": {"data": "o"},
        "openUrl": {"url": "https://shop.example/"},
    }
}
MEDIA: Object = {"contentInfo": {"fileUrl": "https://files.example/1.jpg"}, "mediaHeight": "TALL"}


def words(type_: str, *suggestions: JsonValue, text: str = "Which size?") -> Object:
    message: Object = {"plainText": text}
    if suggestions:
        message["suggestions"] = list(suggestions)
    return to(type=type_, message=message)


def card(*suggestions: JsonValue, **more: JsonValue) -> Object:
    return {"cardTitle": "Diavola", "cardMedia": MEDIA, "suggestions": list(suggestions), **more}


def alone(one: Object) -> Object:
    details: Object = {"standalone": {"cardOrientation": "VERTICAL", "content": one}}
    return to(type="STANDALONE_CAROUSEL", message={"richCardDetails": details})


def cards(*several: JsonValue) -> Object:
    details: Object = {"carousel": {"cardWidth": "SMALL_WIDTH", "contents": list(several)}}
    chips: JsonValue = [reply("more", "More")]
    return to(type="CAROUSEL", message={"richCardDetails": details, "suggestions": chips})


TAKEN: dict[str, tuple[Object, str, list[str]]] = {
    "words": (words("Text"), "Which size?", []),
    "quick replies": (words("QR", reply("s", "Small"), reply("l", "Large")), "Which size?", ["Small", "Large"]),
    "a link": (words("BUTTON_URL", OPEN), "Which size?", ["Open"]),
    "a card": (alone(card(reply("d", "Take it"))), "Diavola", ["Take it"]),
    "cards": (cards(card(reply("d", "Take it")), card(OPEN)), "Diavola\nDiavola", ["Take it", "Open", "More"]),
    "a picture": (to(type="Image", contentInfo={"fileUrl": "https://files.example/1.jpg"}), "", []),
    "a template": (to(type="Template", template={"name": "ready", "languageCode": "en"}), "ready", []),
}  # fmt: skip


@pytest.mark.parametrize("case", TAKEN)
async def test_a_message_is_queued_without_a_window_and_shows_on_the_phone(case: str) -> None:
    async with business(channel="rcs") as shop:
        body, text, options = TAKEN[case]
        status, answer = await shop.call(PATH, body)
        (bubble,) = shop.sandbox.contact(PRIYA).bubbles
        assert (status, answer["result"], answer["id"]) == (201, True, bubble.id)
        assert bubble.text == text
        assert [option.title for option in bubble.options] == options


REFUSED: dict[str, JsonValue] = {
    "words with buttons": words("Text", reply("s", "Small")),
    "quick replies without any": words("QR"),
    "a link among quick replies": words("QR", reply("s", "Small"), OPEN),
    "no words": to(type="QR", message={"suggestions": [reply("s", "Small")]}),
    "a long title": words("QR", reply("s", "x" * 26)),
    "twelve quick replies": words("QR", *(reply(f"{n}", f"{n}") for n in range(12))),
    "five buttons on a card": alone(card(*(reply(f"{n}", f"{n}") for n in range(5)))),
    "one card as several": cards(card()),
    "several cards as one": cards(card(), card()) | {"type": "STANDALONE_CAROUSEL"},
    "an empty card": alone({"suggestions": []}),
    "an action that does nothing": words("QR", {"action": reply("s", "Small")["reply"]}),
    "a suggestion that is none": words("QR", {}),
    "a mark": words("Text") | {"callbackData": "41"},
    "a picture without a link": to(type="Image", contentInfo={}),
}


@pytest.mark.parametrize("case", REFUSED)
async def test_a_wrong_body_is_refused(case: str) -> None:
    async with business(channel="rcs") as shop:
        status, answer = await shop.call(PATH, REFUSED[case])
        assert (status, answer["result"]) == (400, False)
        assert shop.sandbox.messages == []


async def test_a_text_comes_as_a_callback_without_an_envelope() -> None:
    async with business(channel="rcs") as shop:
        delivery = await shop.sandbox.contact(PRIYA).says("Two, please")
        assert shop.heard == [
            {
                "userPhoneNumber": f"+{PRIYA}",
                "botId": shop.settings.bot_id,
                "entityType": "USER_MESSAGE",
                "entity": {
                    "messageId": delivery.id,
                    "sendTime": "2026-09-01T12:00:00.000000Z",
                    "text": "Two, please",
                    "userFile": None,
                    "location": None,
                    "suggestionResponse": None,
                },
            }
        ]


@pytest.mark.parametrize(
    ("postbacks", "option", "data", "kind"),
    [
        ("plain", "Take it", "d", "REPLY"),
        ("base64", "Take it", "ZA==", "REPLY"),
        ("plain", "Open", "o", "ACTION"),
    ],
)
async def test_a_tap_names_its_button_as_it_was_sent(
    postbacks: str, option: str, data: str, kind: str
) -> None:
    async with business(channel="rcs", postbacks=postbacks) as shop:
        await shop.call(PATH, TAKEN["cards"][0])
        await shop.sandbox.contact(PRIYA).taps(option)
        entity = part(shop.heard[-1], "entity")
        assert entity["suggestionResponse"] == {
            "postBack": {"data": data},
            "plainText": "",
            "type": kind,
        }


async def test_everything_else_a_contact_may_do_comes_as_a_user_message() -> None:
    async with business(channel="rcs") as shop:
        await shop.call(PATH, words("Text"))
        priya = shop.sandbox.contact(PRIYA)
        await priya.sends_location(18.52, 73.85)
        await priya.sends_image(b"a picture", caption="My door")
        await priya.sends_contact("Arun", "+919812300002")
        await priya.reacts("👍")
        await priya.orders(("diavola", 2, 9.5))
        await priya.fills_form("{}")
        await priya.sends_raw({"text": "raw"})
        told = [part(body, "entity") for body in shop.heard if body["entityType"] == "USER_MESSAGE"]
        assert told[0]["location"] == {"latitude": 18.52, "longitude": 73.85}
        file = part(told[1], "userFile")
        assert (file["mimeType"], file["fileSizeBytes"]) == ("image/jpeg", 9)
        assert str(file["fileUri"]).startswith(shop.address)
        assert [entity["text"] for entity in told[1:]] == [
            "My door", "Arun +919812300002", "👍", "2 diavola", "{}", "raw",
        ]  # fmt: skip


async def test_delivered_and_read_are_told_and_sent_is_not() -> None:
    async with business(channel="rcs") as shop:
        _, answer = await shop.call(PATH, words("Text"))
        await shop.sandbox.courier.settled()
        assert [body["entityType"] for body in shop.heard] == ["USER_EVENT"] * 2
        events = [part(body, "entity") for body in shop.heard]
        assert [event["eventType"] for event in events] == ["MESSAGE_DELIVERED", "MESSAGE_READ"]
        assert {event["messageId"] for event in events} == {answer["id"]}
        assert {event["senderPhoneNumber"] for event in events} == {f"+{PRIYA}"}


async def test_what_does_not_arrive_is_taken_back() -> None:
    async with business(channel="rcs", hides_numbers=True) as shop:
        shop.sandbox.contact(PRIYA).refuses = 1013
        assert (await shop.call(PATH, words("Text")))[0] == 201
        await shop.sandbox.courier.settled()
        (body,) = shop.heard
        entity = part(body, "entity")
        assert (body["entityType"], entity["eventType"]) == (
            "SERVER_EVENT",
            "TTL_EXPIRATION_REVOKED",
        )
        assert body["userPhoneNumber"] == entity["phoneNumber"] == "+9198123*****"


async def test_both_calls_are_answered_whatever_the_channel() -> None:
    async with business(window=False) as shop:
        assert (await shop.call(PATH, words("Text")))[0] == 201
        await shop.sandbox.courier.settled()
        assert {body["entityType"] for body in shop.heard} == {"USER_EVENT"}
