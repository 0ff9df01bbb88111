"""What each message looks like on Gupshup's wire."""

from typing import Any

import orjson
import pytest

from adapters.gupshup.render import Origin, parameters_of, render_session, render_template
from adapters.whatsapp.payloads import UNNAMED
from engine.core.content import (
    Buttons,
    ButtonValue,
    Contacts,
    List,
    Location,
    Media,
    Outbound,
    Reaction,
    Row,
    Section,
    Template,
    TemplateCard,
    Text,
)
from engine.core.errors import AddressRejected, ContentRejected
from engine.core.ids import ExternalId, MessageId
from tests.adapters.samples import ANA_WITHOUT_PHONE, EVERY_OUTBOUND, OURS, outgoing

ORIGIN = Origin("525550000009", "PizzaAna")
FILE = "https://files.example/1"
ID = "7d1c9c1e-0000-4000-8000-000000000001"


def form(content: Outbound, reply_to: ExternalId | None = None) -> dict[str, str]:
    return render_session(
        content, outgoing(content, id=MessageId(7), reply_to=reply_to), origin=ORIGIN
    )


def said(content: Outbound, reply_to: ExternalId | None = None) -> dict[str, Any]:
    message: dict[str, Any] = orjson.loads(form(content, reply_to)["message"])
    return message


def test_a_form_says_who_writes_to_whom() -> None:
    assert form(Text(body="Hello")) == {
        "channel": "whatsapp",
        "source": "525550000009",
        "destination": "525550000001",
        "src.name": "PizzaAna",
        "message": '{"type":"text","text":"Hello"}',
        "disablePreview": "true",
        "encode": "false",
    }


def test_a_preview_is_shown_where_it_is_wished() -> None:
    assert form(Text(body="Hello", preview_url=True))["disablePreview"] == "false"


MESSAGES: dict[str, tuple[Outbound, dict[str, Any]]] = {
    "image": (
        Media(kind="image", url=FILE, caption="Ours"),
        {"type": "image", "originalUrl": FILE, "previewUrl": FILE, "caption": "Ours"},
    ),
    "video": (
        Media(kind="video", url=FILE, caption="Ours"),
        {"type": "video", "url": FILE, "caption": "Ours"},
    ),
    "audio": (Media(kind="audio", url=FILE), {"type": "audio", "url": FILE}),
    "sticker": (Media(kind="sticker", url=FILE), {"type": "sticker", "url": FILE}),
    "document": (
        Media(kind="document", url=FILE, filename="Menu.pdf"),
        {"type": "file", "url": FILE, "filename": "Menu.pdf"},
    ),
    "document without a name": (
        Media(kind="document", url=f"{FILE}/menu.pdf"),
        {"type": "file", "url": f"{FILE}/menu.pdf", "filename": "menu.pdf"},
    ),
    "location": (
        Location(latitude=19.4, longitude=-99.1, name="Zócalo", address="Centro"),
        {
            "type": "location",
            "longitude": -99.1,
            "latitude": 19.4,
            "name": "Zócalo",
            "address": "Centro",
        },
    ),
    "contact": (
        EVERY_OUTBOUND["contacts"],
        {
            "type": "contact",
            "contact": {
                "name": {"formattedName": "Luis Gil", "firstName": "Luis Gil"},
                "phones": [{"phone": "+525550000003", "type": "CELL"}],
            },
        },
    ),
    "reaction": (Reaction(to=OURS, emoji="👍"), {"type": "reaction", "msgId": OURS, "emoji": "👍"}),
    "reaction taken back": (
        Reaction(to=OURS, emoji=None),
        {"type": "reaction", "msgId": OURS, "emoji": ""},
    ),
    "buttons": (
        EVERY_OUTBOUND["buttons"],
        {
            "type": "quick_reply",
            "msgid": "7",
            "content": {
                "type": "text",
                "header": "Pizza",
                "text": "Which size?",
                "caption": "All with cheese",
            },
            "options": [
                {"type": "text", "title": "Small", "postbackText": "p1:1:order.size:s"},
                {"type": "text", "title": "Large", "postbackText": "b"},
            ],
        },
    ),
    "list": (
        EVERY_OUTBOUND["list"],
        {
            "type": "list",
            "title": "Choose",
            "body": "Which pizza?",
            "msgid": "7",
            "globalButtons": [{"type": "text", "title": "Choose"}],
            "items": [
                {
                    "title": "Red",
                    "options": [
                        {
                            "type": "text",
                            "title": "Diavola",
                            "description": "Hot",
                            "postbackText": "a",
                        }
                    ],
                },
                {
                    "title": "White",
                    "options": [{"type": "text", "title": "Bianca", "postbackText": "b"}],
                },
            ],
        },
    ),
}


@pytest.mark.parametrize("case", MESSAGES)
def test_each_message_is_written_as_gupshup_has_it(case: str) -> None:
    content, expected = MESSAGES[case]
    assert said(content) == expected


def test_buttons_may_stand_below_a_file() -> None:
    question = EVERY_OUTBOUND["buttons"]
    assert isinstance(question, Buttons)
    menu = Media(kind="document", url=FILE, filename="Menu.pdf")
    content = said(question.model_copy(update={"header": menu}))["content"]
    assert content == {
        "type": "file",
        "url": FILE,
        "filename": "Menu.pdf",
        "text": "Which size?",
        "caption": "All with cheese",
    }


def test_a_list_has_a_title_and_so_has_each_section() -> None:
    rows = (Row(id="a", title="A"),)
    bare = List(body="Which?", label="Choose", sections=(Section(rows=rows),))
    assert said(bare)["items"][0]["title"] == "Choose"
    assert said(bare.model_copy(update={"header": "Pizza"}))["title"] == "Pizza"


def test_a_list_with_emoji_asks_for_encoding_and_nothing_else_does() -> None:
    def listed(title: str) -> Outbound:
        rows = (Row(id="a", title=title),)
        return List(body="Which?", label="Choose", sections=(Section(rows=rows),))

    assert form(listed("🍕"))["encode"] == "true"
    assert form(listed("Café"))["encode"] == "false"
    assert form(Text(body="🍕"))["encode"] == "false"


def test_several_cards_are_said_in_words_since_a_message_takes_one() -> None:
    cards = EVERY_OUTBOUND["contacts"]
    assert isinstance(cards, Contacts)
    two = Contacts(cards=cards.cards * 2)
    assert said(two)["type"] == "text"
    assert said(two)["text"].count("Luis Gil") == 2


def test_a_reply_names_what_it_answers_unless_that_has_no_id() -> None:
    assert said(Text(body="Yes"), OURS)["context"] == {"msgId": OURS}
    assert "context" not in said(Text(body="Yes"), ExternalId(f"{UNNAMED}1"))


def test_a_contact_without_a_phone_cannot_be_reached() -> None:
    said = Text(body="Hi")
    with pytest.raises(AddressRejected, match="none"):
        render_session(said, outgoing(said, contact=ANA_WITHOUT_PHONE), origin=ORIGIN)


def test_a_file_of_another_provider_is_refused() -> None:
    with pytest.raises(ContentRejected, match="by link"):
        said(Media(kind="image", external_id="700001"))


# --- templates ---------------------------------------------------------------------------------------


def filled(template: Template) -> dict[str, Any]:
    made = render_template(template, outgoing(template), id=ID, origin=ORIGIN)
    return {key: orjson.loads(value) if value[0] in "[{" else value for key, value in made.items()}


def test_a_template_goes_by_its_id_with_its_variables_in_order() -> None:
    template = Template(
        name="order_ready",
        language="en_US",
        header="Pizza",
        body=("Ana", "17"),
        buttons=(ButtonValue(index=0, value="orders/17"),),
    )
    assert filled(template) == {
        "channel": "whatsapp",
        "source": "525550000009",
        "destination": "525550000001",
        "src.name": "PizzaAna",
        "template": {"id": ID, "params": ["Pizza", "Ana", "17", "orders/17"]},
    }


def test_the_cards_variables_follow_those_of_the_bubble() -> None:
    card = TemplateCard(body=("Diavola",), buttons=(ButtonValue(index=0, value="d"),))
    template = Template(name="t", language="es", body=("Ana",), cards=(card, card))
    assert parameters_of(template) == ("Ana", "Diavola", "d", "Diavola", "d")


HEADERS: dict[str, tuple[Media | Location, dict[str, Any]]] = {
    "image": (Media(kind="image", url=FILE), {"type": "image", "image": {"link": FILE}}),
    "video": (Media(kind="video", url=FILE), {"type": "video", "video": {"link": FILE}}),
    "document": (
        Media(kind="document", url=FILE, filename="Bill.pdf"),
        {"type": "document", "document": {"link": FILE, "filename": "Bill.pdf"}},
    ),
    "location": (
        Location(latitude=19.4, longitude=-99.1, name="Zócalo"),
        {
            "type": "location",
            "location": {"longitude": -99.1, "latitude": 19.4, "name": "Zócalo"},
        },
    ),
}


@pytest.mark.parametrize("case", HEADERS)
def test_a_templates_file_or_place_stands_beside_it(case: str) -> None:
    header, expected = HEADERS[case]
    assert filled(Template(name="t", language="es", header=header))["message"] == expected


def test_what_a_templates_taps_bring_back_is_said() -> None:
    template = Template(
        name="t", language="es", buttons=(ButtonValue(index=1, value="yes", use="quick_reply"),)
    )
    assert filled(template)["postbackTexts"] == [{"index": 1, "text": "yes"}]
    assert filled(template)["template"]["params"] == []
