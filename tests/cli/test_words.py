"""What a message says, in one line of a terminal."""

from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest

from cli.words import clock_time, in_one_line, length
from engine.core.content import (
    Button,
    ButtonReply,
    Buttons,
    CallToAction,
    ContactCard,
    Contacts,
    Content,
    Edited,
    FormReply,
    Interaction,
    List,
    ListReply,
    Location,
    LocationRequest,
    Media,
    Order,
    OrderItem,
    Reaction,
    ReadMark,
    Revoked,
    Row,
    Section,
    System,
    Template,
    TemplateButton,
    Text,
    Unsupported,
    Welcome,
)
from engine.core.ids import ExternalId
from tests.adapters.samples import EVERY_OUTBOUND

ID = ExternalId("wamid.1")

SHOWN: list[tuple[Content, str]] = [
    (Text(body="Hi\n\nthere"), "Hi / there"),
    (ButtonReply(id="1", title="Tea"), "[tap] Tea"),
    (ListReply(id=None, title="Tea"), "[tap] Tea"),
    (TemplateButton(payload=None, title="Yes"), "[tap] Yes"),
    (Media(kind="image", caption="Mine"), "Mine"),
    (Location(latitude=1, longitude=2, name="Here"), "Here / 1, 2"),
    (Contacts(cards=(ContactCard(name="Ana"),)), "Ana"),
    (Reaction(to=ID, emoji="👍"), "👍"),
    (
        Order(
            catalog_id="c",
            items=(OrderItem(sku="m1", quantity=2, price="8.50", currency="EUR"),),
        ),
        "[order] 2 x m1",
    ),
    (FormReply(name="flow", body="Sent", response={"a": 1}), "[form] flow {'a': 1}"),
    (Interaction(type="call", data=None), "[call] None"),
    (System(event="user_changed_number", body="New"), "[user_changed_number] New"),
    (Welcome(), "[opened the chat]"),
    (Edited(original=ID, body="Better"), "[edited] Better"),
    (Revoked(original=ID), "[taken back]"),
    (Unsupported(type="poll", reason="too new"), "[unsupported: poll] too new"),
    (Buttons(body="Tea?", buttons=(Button(id="1", title="Yes"),)), "Tea? / 1. Yes"),
    (
        List(body="Which?", label="See", sections=(Section(rows=(Row(id="1", title="Tea"),)),)),
        "Which? / 1. Tea",
    ),
    (CallToAction(body="Pay", title="Open", url="https://x.test"), "Pay / Open: https://x.test"),
    (LocationRequest(body="Where?"), "Where?"),
    (Template(name="ready", language="en", body=("12",)), "[template ready] 12"),
    (EVERY_OUTBOUND["product"], "Our best / https://shop.example/pizza-1"),
    (EVERY_OUTBOUND["products"], "Menu / From the oven / https://shop.example/menu"),
    (
        EVERY_OUTBOUND["actions"],
        "How to reach us / Call: +525550000009 / Map: Shop 19.4326, -99.1332"
        " / Remind me: Tasting, 2026-09-21 15:00 UTC",
    ),
    (
        EVERY_OUTBOUND["carousel"],
        "Two of ours / [image] / https://files.example/Diavola.jpg / Diavola / Fresh"
        " / See: https://shop.example/Diavola / [image] / https://files.example/Bianca.jpg"
        " / Bianca / Fresh / See: https://shop.example/Bianca",
    ),
    (EVERY_OUTBOUND["event"], "[event Ordered: total=17]"),
    (EVERY_OUTBOUND["contact_update"], "[contact: city=Puebla, #regular]"),
    (EVERY_OUTBOUND["assignment"], "[assigned to kitchen@shop.example]"),
    (ReadMark(message=ID), ""),
]


@pytest.mark.parametrize(("content", "shown"), SHOWN, ids=[one.kind for one, _ in SHOWN])
def test_a_message_is_one_line(content: Content, shown: str) -> None:
    assert in_one_line(content) == shown


def test_every_kind_of_content_is_shown_here() -> None:
    (union, _) = get_args(Content)

    assert {type(content) for content, _ in SHOWN} == set(get_args(union))


def test_a_time_is_told_to_the_second() -> None:
    assert clock_time(datetime(2026, 8, 1, 9, 5, 7, 999, tzinfo=UTC)) == "2026-08-01 09:05:07"


@pytest.mark.parametrize(
    ("time", "told"),
    [
        (timedelta(seconds=9), "9 s"),
        (timedelta(minutes=2, seconds=5), "2 min 5 s"),
        (timedelta(days=1, hours=2, minutes=3), "26 h 3 min"),
    ],
    ids=["seconds", "minutes", "hours"],
)
def test_a_length_is_told_in_its_two_largest_units(time: timedelta, told: str) -> None:
    assert length(time) == told
