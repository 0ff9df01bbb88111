"""What each kind becomes on Sobot's wire."""

import pytest

from adapters.sobot.capabilities import CAPABILITIES
from adapters.sobot.render import render_message
from engine.core.content import (
    ButtonValue,
    Contacts,
    List,
    Location,
    Media,
    Outbound,
    Product,
    Row,
    Section,
    Template,
)
from engine.core.conversation import Contact
from engine.core.errors import AddressRejected, ContentRejected
from engine.core.ids import ContactId
from tests.adapters.samples import ANA, ANA_WITHOUT_PHONE, EVERY_OUTBOUND

TO = {"customer_number": "525550000001", "customer_name": "Ana Prueba"}


def rendered(content: Outbound) -> dict[str, object]:
    """Return the body without whom it is for."""
    body = render_message(content, contact=ANA)
    assert body.items() >= TO.items()
    return {key: value for key, value in body.items() if key not in TO}


BODIES: dict[str, dict[str, object]] = {
    "text": {"type": "text", "message": "Two large ones."},
    "image": {
        "type": "image",
        "url": "https://files.example/1.jpg",
        "mime_type": "image/jpeg",
        "caption": "Ours",
    },
    "document": {
        "type": "document",
        "url": "https://files.example/m.pdf",
        "mime_type": "application/pdf",
        "filename": "Menu.pdf",
    },
    "location": {
        "type": "location",
        "latitude": "19.4326",
        "longitude": "-99.1332",
        "location_name": "Zócalo",
        "address": "Centro",
    },
    "buttons": {
        "type": "quick_reply",
        "message": "Which size?",
        "buttons": ["Small", "Large"],
        "header": "Pizza",
        "caption": "All with cheese",
    },
    "list": {
        "type": "list",
        "message": "Which pizza?",
        "list_obj": {
            "button": "Choose",
            "sections": [
                {
                    "title": "Red",
                    "rows": [{"id": "a", "title": "Diavola", "description": "Hot"}],
                },
                {"title": "White", "rows": [{"id": "b", "title": "Bianca"}]},
            ],
        },
    },
    "product": {
        "type": "product",
        "message": "Our best",
        "product_list": {"product_retailer_id": "pizza-1"},
    },
    "products": {
        "type": "product",
        "message": "From the oven",
        "header": "Menu",
        "product_list": {
            "sections": [
                {
                    "title": "Red",
                    "product_items": [
                        {"product_retailer_id": "pizza-1"},
                        {"product_retailer_id": "pizza-2"},
                    ],
                }
            ]
        },
    },
    "template": {
        "template_name": "order_ready",
        "template_lang": "en_US",
        "params": [
            {
                "type": "body",
                "parameters": [{"type": "text", "text": "Ana"}, {"type": "text", "text": "17"}],
            }
        ],
    },
}


@pytest.mark.parametrize("kind", BODIES)
def test_a_kind_is_written_as_documented(kind: str) -> None:
    assert rendered(EVERY_OUTBOUND[kind]) == BODIES[kind]


def test_every_kind_of_a_line_is_tested() -> None:
    here = BODIES.keys() | {"video", "sticker"}  # below
    assert CAPABILITIES.kinds - here == {"contact_update"}


def test_a_video_is_told_by_its_address() -> None:
    video = Media(kind="video", url="https://files.example/1.mp4?signature=abc")
    assert rendered(video)["mime_type"] == "video/mp4"


def test_a_sticker_goes_as_an_image_of_its_type() -> None:
    sticker = Media(kind="sticker", url="https://files.example/token")
    assert rendered(sticker) == {
        "type": "image",
        "url": "https://files.example/token",
        "mime_type": "image/webp",
    }


def test_a_document_without_a_name_is_called_as_its_address_ends() -> None:
    document = Media(kind="document", url="https://files.example/a/menu.pdf")
    assert rendered(document)["filename"] == "menu.pdf"
    bare = Media(kind="document", url="https://files.example/")
    assert rendered(bare)["filename"] == "file"


def test_a_lone_section_without_a_title_gets_the_lists_label() -> None:
    menu = List(body="?", label="Choose", sections=(Section(rows=(Row(id="a", title="A"),)),))
    (section,) = rendered(menu)["list_obj"]["sections"]  # type: ignore[index] # a body of ours
    assert section["title"] == "Choose"


def test_a_product_without_words_is_told_by_its_id() -> None:
    assert rendered(Product(sku="pizza-1"))["message"] == "pizza-1"


def test_angles_are_never_written_with_an_exponent() -> None:
    body = rendered(Location(latitude=0.00001, longitude=-120))
    assert (body["latitude"], body["longitude"]) == ("0.00001", "-120")


def test_a_templates_places_are_metas_components_with_numbers_for_buttons() -> None:
    template = Template(
        name="receipt",
        language="en",
        header=Media(kind="document", url="https://files.example/r.pdf", filename="r.pdf"),
        buttons=(ButtonValue(index=1, value="x7"),),
    )
    assert rendered(template)["params"] == [
        {
            "type": "header",
            "parameters": [
                {
                    "type": "document",
                    "document": {"link": "https://files.example/r.pdf", "filename": "r.pdf"},
                }
            ],
        },
        {
            "type": "button",
            "sub_type": "url",
            "index": 1,
            "parameters": [{"type": "text", "text": "x7"}],
        },
    ]


def test_a_template_without_places_has_no_params() -> None:
    assert "params" not in rendered(Template(name="hello", language="en"))


@pytest.mark.parametrize(
    ("name", "sent"), [(None, "525550000001"), ("", "525550000001"), ("x" * 120, "x" * 100)]
)
def test_a_contact_always_has_a_name(name: str | None, sent: str) -> None:
    contact = Contact(id=ContactId(1), phone="525550000001", name=name)
    assert render_message(EVERY_OUTBOUND["text"], contact=contact)["customer_name"] == sent


def test_a_contact_without_a_phone_cannot_be_reached() -> None:
    with pytest.raises(AddressRejected):
        render_message(EVERY_OUTBOUND["text"], contact=ANA_WITHOUT_PHONE)


@pytest.mark.parametrize("content", [Media(kind="image", external_id="7"), Contacts(cards=())])
def test_what_sobot_has_no_call_for_is_refused(content: Outbound) -> None:
    with pytest.raises(ContentRejected):
        render_message(content, contact=ANA)
