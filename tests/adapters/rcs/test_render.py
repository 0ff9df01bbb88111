"""What leaves for RCS, and what it would not take."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from adapters.degrade import degrade
from adapters.rcs.capabilities import CAPABILITIES
from adapters.rcs.limits import problem_of
from adapters.rcs.render import render_content
from engine.core.content import (
    Actions,
    AddEvent,
    Button,
    Buttons,
    CallToAction,
    Card,
    Carousel,
    Dial,
    List,
    Media,
    OpenUrl,
    Outbound,
    Product,
    Row,
    Section,
    ShowLocation,
    Text,
)
from engine.core.errors import ContentRejected

PHOTO = Media(kind="image", url="https://files.example/1.jpg")
MENU = Media(kind="document", url="https://files.example/menu.pdf", filename="Menu")
SMALL, LARGE = Button(id="s", title="Small"), Button(id="l", title="Large")
OPEN = OpenUrl(id="o", title="Open", url="https://shop.example/")
CALL = Dial(id="c", title="Call", phone="+525550000009")
MAP = ShowLocation(id="m", title="Map", latitude=18.5, longitude=73.8, label="Shop")
EVENT = AddEvent(
    id="e",
    title="Remind me",
    event="Tasting",
    starts_at=datetime(2026, 9, 21, 20, 30, tzinfo=timezone(timedelta(hours=5, minutes=30))),
    ends_at=datetime(2026, 9, 21, 16, tzinfo=UTC),
)


def reply(id: str, title: str) -> dict[str, object]:
    return {"reply": {"plainText": title, "postBack": {"data": id}}}


def action(id: str, title: str, **does: object) -> dict[str, object]:
    return {"action": {"plainText": title, "postBack": {"data": id}, **does}}


OPENS = action("o", "Open", openUrl={"url": "https://shop.example/"})
CALLS = action("c", "Call", dialerAction={"phoneNumber": "+525550000009"})
SHOWS = action(
    "m", "Map", showLocation={"coordinAtes": {"latitude": 18.5, "longitude": 73.8}, "label": "Shop"}
)
ADDS = action(
    "e",
    "Remind me",
    createCalendarEvent={
        "startTime": "2026-09-21T15:00:00Z",
        "endTime": "2026-09-21T16:00:00Z",
        "title": "Tasting",
    },
)
FILE = {"contentInfo": {"fileUrl": "https://files.example/1.jpg"}, "mediaHeight": "MEDIUM"}


def alone(orientation: str = "VERTICAL", **content: object) -> dict[str, object]:
    return {"standalone": {"cardOrientation": orientation, "content": content}}


RENDERED: dict[str, tuple[Outbound, str, object]] = {
    "text": (Text(body="Hi"), "Text", {"plainText": "Hi"}),
    "quick replies": (
        Buttons(body="Size?", buttons=(SMALL, LARGE), header="Pizza", footer="With cheese"),
        "QR",
        {
            "plainText": "Pizza\n\nSize?\n\nWith cheese",
            "suggestions": [reply("s", "Small"), reply("l", "Large")],
        },
    ),
    "quick replies below a picture": (
        Buttons(body="Size?", buttons=(SMALL, LARGE), header=PHOTO),
        "STANDALONE_CAROUSEL",
        {
            "richCardDetails": alone(
                cardDescription="Size?",
                cardMedia=FILE,
                suggestions=[reply("s", "Small"), reply("l", "Large")],
            )
        },
    ),
    "more quick replies below a picture than a card holds": (
        Buttons(
            body="?", buttons=tuple(Button(id=f"{n}", title=f"{n}") for n in range(5)), header=PHOTO
        ),
        "STANDALONE_CAROUSEL",
        {
            "richCardDetails": alone(
                cardDescription="?",
                cardMedia=FILE,
                suggestions=[reply(f"{n}", f"{n}") for n in range(4)],
            ),
            "suggestions": [reply("4", "4")],
        },
    ),
    "a link": (
        CallToAction(body="The menu", title="Open", url="https://shop.example/", id="o"),
        "BUTTON_URL",
        {"plainText": "The menu", "suggestions": [OPENS]},
    ),
    "a link without an id": (
        CallToAction(body="The menu", title="Open", url="https://shop.example/"),
        "BUTTON_URL",
        {
            "plainText": "The menu",
            "suggestions": [action("Open", "Open", openUrl={"url": "https://shop.example/"})],
        },
    ),
    "a link below a picture": (
        CallToAction(body="Menu", title="Open", url="https://shop.example/", id="o", header=PHOTO),
        "STANDALONE_CAROUSEL",
        {"richCardDetails": alone(cardDescription="Menu", cardMedia=FILE, suggestions=[OPENS])},
    ),
    "links": (
        Actions(body="Go", actions=(OPEN,)),
        "BUTTON_URL",
        {"plainText": "Go", "suggestions": [OPENS]},
    ),
    "a number to call": (
        Actions(body="Call us", actions=(CALL,)),
        "DIALER_ACTION",
        {"plainText": "Call us", "suggestions": [CALLS]},
    ),
    "a place": (
        Actions(body="Come", actions=(MAP,)),
        "Location",
        {"plainText": "Come", "suggestions": [SHOWS]},
    ),
    "an appointment": (
        Actions(body="Note it", actions=(EVENT,)),
        "Calender",
        {"plainText": "Note it", "suggestions": [ADDS]},
    ),
    "reply buttons as actions": (
        Actions(body="Size?", actions=(SMALL,)),
        "QR",
        {"plainText": "Size?", "suggestions": [reply("s", "Small")]},
    ),
    "mixed actions stand on a card": (
        Actions(body="Reach us", actions=(CALL, SMALL, MAP)),
        "STANDALONE_CAROUSEL",
        {
            "richCardDetails": alone(
                cardDescription="Reach us", suggestions=[CALLS, reply("s", "Small"), SHOWS]
            )
        },
    ),
    "more mixed actions than a card holds are written out": (
        Actions(body="Reach us", actions=(OPEN, CALL, MAP, SMALL, LARGE)),
        "Text",
        {
            "plainText": "Reach us\nOpen: https://shop.example/\nCall: +525550000009\n"
            "Map: Shop 18.5, 73.8\n- Small\n- Large"
        },
    ),
    "cards": (
        Carousel(
            cards=(
                Card(title="One", body="Fresh", media=PHOTO, actions=(OPEN,), media_height="tall"),
                Card(title="Two", actions=(SMALL,)),
            ),
            width="small",
            body="Ours",
            actions=(LARGE,),
        ),
        "CAROUSEL",
        {
            "richCardDetails": {
                "carousel": {
                    "cardWidth": "SMALL_WIDTH",
                    "contents": [
                        {
                            "cardTitle": "One",
                            "cardDescription": "Ours\n\nFresh",
                            "cardMedia": FILE | {"mediaHeight": "TALL"},
                            "suggestions": [OPENS],
                        },
                        {"cardTitle": "Two", "suggestions": [reply("s", "Small")]},
                    ],
                }
            },
            "suggestions": [reply("l", "Large")],
        },
    ),
    "one card": (
        Carousel(cards=(Card(title="One", media=PHOTO),), orientation="horizontal"),
        "STANDALONE_CAROUSEL",
        {"richCardDetails": alone("HORIZONTAL", cardTitle="One", cardMedia=FILE)},
    ),
    "a picture with words": (
        Media(kind="image", url=PHOTO.url, caption="Fresh"),
        "STANDALONE_CAROUSEL",
        {"richCardDetails": alone(cardDescription="Fresh", cardMedia=FILE)},
    ),
    "a document": (
        MENU,
        "STANDALONE_CAROUSEL",
        {
            "richCardDetails": alone(
                cardTitle="Menu",
                cardMedia={
                    "contentInfo": {"fileUrl": "https://files.example/menu.pdf"},
                    "mediaHeight": "MEDIUM",
                },
            )
        },
    ),
}


@pytest.mark.parametrize("case", RENDERED)
def test_a_message_is_written_as_documented(case: str) -> None:
    content, type_, message = RENDERED[case]
    assert problem_of(content, CAPABILITIES) is None
    assert render_content(content) == {"type": type_, "message": message}


def test_a_picture_alone_is_no_card() -> None:
    photo = Media(
        kind="image", url="https://files.example/1.jpg", thumbnail_url="https://t.example"
    )
    assert render_content(photo) == {
        "type": "Image",
        "contentInfo": {
            "fileUrl": "https://files.example/1.jpg",
            "thumbnailUrl": "https://t.example",
        },
    }


DEGRADED: dict[str, tuple[Outbound, Outbound]] = {
    "a list is numbered": (
        List(
            body="Which?",
            label="Choose",
            sections=(Section(rows=(Row(id="a", title="Diavola"), Row(id="b", title="Bianca"))),),
        ),
        Text(body="Which?\n1. Diavola\n2. Bianca"),
    ),
    "a product is its page": (
        Product(sku="p1", body="Our best", url="https://shop.example/p1"),
        Text(body="Our best\nhttps://shop.example/p1"),
    ),
    "a film is its link": (
        Media(kind="video", url="https://files.example/1.mp4", caption="The oven"),
        Text(body="The oven\nhttps://files.example/1.mp4"),
    ),
    "a sticker is a picture": (Media(kind="sticker", url=PHOTO.url), PHOTO),
}


@pytest.mark.parametrize("case", DEGRADED)
def test_what_rcs_lacks_is_said_in_what_it_has(case: str) -> None:
    content, shown = DEGRADED[case]
    assert degrade(content, CAPABILITIES) == shown


def test_what_rcs_lacks_is_never_written_as_something_else() -> None:
    with pytest.raises(ContentRejected, match="list"):
        render_content(DEGRADED["a list is numbered"][0])


def cards(count: int, **fields: object) -> Carousel:
    card = Card.model_validate({"title": "One"} | fields)
    return Carousel(cards=(card,) * count)


def numbered(count: int) -> tuple[Button, ...]:
    return tuple(Button(id=f"{n}", title=f"{n}") for n in range(count))


REFUSED: dict[str, tuple[Outbound, str]] = {
    "an empty text": (Text(body=" "), "the text is empty"),
    "a long text": (Text(body="😀" * 1001), "the text is 2002 long; RCS takes 2000"),
    "a long question": (Buttons(body="x" * 2001, buttons=(SMALL,)), "body is 2001 long"),
    "no button": (Buttons(body="?", buttons=()), "0 buttons; RCS takes 1 to 11"),
    "twelve buttons": (Buttons(body="?", buttons=numbered(12)), "12 buttons"),
    "a long title": (
        Buttons(body="?", buttons=(Button(id="a", title="x" * 26),)),
        "title is 26 long; RCS takes 25",
    ),
    "two equal ids": (Buttons(body="?", buttons=(SMALL, SMALL)), "two equal ids"),
    "a long link title": (
        CallToAction(body="?", title="x" * 26, url="https://shop.example"),
        "title is 26 long",
    ),
    "no action": (Actions(body="?", actions=()), "0 buttons"),
    "no card": (cards(0), "0 cards; RCS takes 1 to 10"),
    "eleven cards": (cards(11), "11 cards"),
    "an empty card": (cards(1, title=None), "a card without a title, a text and a file"),
    "five buttons on a card": (cards(1, actions=numbered(5)), "5 buttons on a card; RCS takes 1 to 4"),
    "a long card title": (cards(1, title="x" * 201), "card's title is 201 long"),
    "a long card text": (cards(1, body="x" * 2001), "card's text is 2001 long"),
    "a card's file without an address": (cards(1, media=Media(kind="image", external_id="7")), "by link"),
    "too many chips below cards": (
        Carousel(cards=(Card(title="One"),), actions=numbered(12)),
        "12 buttons",
    ),
    "a file without an address": (Media(kind="image", external_id="7"), "by link"),
    "a header without an address": (
        Buttons(body="?", buttons=(SMALL,), header=Media(kind="image", external_id="7")),
        "by link",
    ),
    "a long caption": (
        Media(kind="image", url=PHOTO.url, caption="x" * 2001),
        "caption is 2001 long",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_what_rcs_would_refuse_is_known_before(case: str) -> None:
    content, why = REFUSED[case]
    assert why in (problem_of(content, CAPABILITIES) or "")
