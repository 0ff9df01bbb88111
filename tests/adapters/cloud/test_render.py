"""The body of every kind of message, as Cloud documents it."""

from typing import get_args

import orjson
import pytest

from adapters.cloud.capabilities import CAPABILITIES
from adapters.cloud.render import render_message
from adapters.whatsapp.limits import problem_of
from engine.core.capabilities import OutboundKind
from engine.core.content import (
    DEEDS,
    ContactCard,
    Contacts,
    Media,
    Reaction,
    ReadMark,
    Template,
    Text,
)
from engine.core.errors import ContentRejected
from engine.core.ids import MessageId
from tests.adapters.samples import ANA, EVERY_OUTBOUND, OURS

PARTS: dict[str, tuple[str, object]] = {
    "text": ("text", {"body": "Two large ones.", "preview_url": False}),
    "image": ("image", {"link": "https://files.example/1.jpg", "caption": "Ours"}),
    "video": ("video", {"id": "700001"}),
    "audio": ("audio", {"link": "https://files.example/1.mp3"}),
    "voice": ("audio", {"id": "700002", "voice": True}),
    "document": ("document", {"link": "https://files.example/m.pdf", "filename": "Menu.pdf"}),
    "sticker": ("sticker", {"id": "700003"}),
    "location": (
        "location",
        {"latitude": 19.4326, "longitude": -99.1332, "name": "Zócalo", "address": "Centro"},
    ),
    "contacts": (
        "contacts",
        [
            {
                "name": {"formatted_name": "Luis Gil", "first_name": "Luis Gil"},
                "phones": [{"phone": "+525550000003", "type": "CELL"}],
            }
        ],
    ),
    "reaction": ("reaction", {"message_id": "wamid.ours", "emoji": "👍"}),
    "buttons": (
        "interactive",
        {
            "type": "button",
            "header": {"type": "text", "text": "Pizza"},
            "body": {"text": "Which size?"},
            "footer": {"text": "All with cheese"},
            "action": {
                "buttons": [
                    {"type": "reply", "reply": {"id": "p1:1:order.size:s", "title": "Small"}},
                    {"type": "reply", "reply": {"id": "b", "title": "Large"}},
                ]
            },
        },
    ),
    "list": (
        "interactive",
        {
            "type": "list",
            "body": {"text": "Which pizza?"},
            "action": {
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
    ),
    "cta_url": (
        "interactive",
        {
            "type": "cta_url",
            "body": {"text": "The menu"},
            "action": {
                "name": "cta_url",
                "parameters": {"display_text": "Open", "url": "https://shop.example/menu"},
            },
        },
    ),
    "location_request": (
        "interactive",
        {
            "type": "location_request_message",
            "body": {"text": "Where to?"},
            "action": {"name": "send_location"},
        },
    ),
    "product": (
        "interactive",
        {
            "type": "product",
            "body": {"text": "Our best"},
            "action": {"catalog_id": "800001", "product_retailer_id": "pizza-1"},
        },
    ),
    "products": (
        "interactive",
        {
            "type": "product_list",
            "header": {"type": "text", "text": "Menu"},
            "body": {"text": "From the oven"},
            "action": {
                "catalog_id": "800001",
                "sections": [
                    {
                        "title": "Red",
                        "product_items": [
                            {"product_retailer_id": "pizza-1"},
                            {"product_retailer_id": "pizza-2"},
                        ],
                    }
                ],
            },
        },
    ),
    "carousel": (
        "interactive",
        {
            "type": "carousel",
            "body": {"text": "Two of ours"},
            "action": {
                "cards": [
                    {
                        "card_index": index,
                        "type": "cta_url",
                        "header": {
                            "type": "image",
                            "image": {"link": f"https://files.example/{title}.jpg"},
                        },
                        "body": {"text": f"{title}\nFresh"},
                        "action": {
                            "name": "cta_url",
                            "parameters": {
                                "display_text": "See",
                                "url": f"https://shop.example/{title}",
                            },
                        },
                    }
                    for index, title in enumerate(("Diavola", "Bianca"))
                ]
            },
        },
    ),
    "template": (
        "template",
        {
            "name": "order_ready",
            "language": {"code": "en_US"},
            "components": [
                {
                    "type": "body",
                    "parameters": [{"type": "text", "text": "Ana"}, {"type": "text", "text": "17"}],
                }
            ],
        },
    ),
}


@pytest.mark.parametrize("kind", PARTS)
def test_every_kind_has_its_documented_body(kind: str) -> None:
    content = EVERY_OUTBOUND[kind]
    assert not isinstance(content, ReadMark)
    body = orjson.loads(render_message(content, contact=ANA, message=MessageId(7), reply_to=OURS))
    type_, part = PARTS[kind]
    assert body == {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": "525550000001",
        "context": {"message_id": "wamid.ours"},
        "biz_opaque_callback_data": "7",
        "type": type_,
        type_: part,
    }


def test_every_kind_is_tested_here() -> None:
    assert set(get_args(OutboundKind)) == set(EVERY_OUTBOUND)
    assert {*PARTS, "read_mark"} == CAPABILITIES.kinds == set(EVERY_OUTBOUND) - {"actions", *DEEDS}


@pytest.mark.parametrize("kind", sorted(CAPABILITIES.kinds))
def test_nothing_speaks_against_a_message_within_the_limits(kind: str) -> None:
    assert problem_of(EVERY_OUTBOUND[kind], CAPABILITIES) is None


def part_of(content: Text | Media | Contacts | Reaction | Template) -> object:
    body = orjson.loads(render_message(content, contact=ANA, message=MessageId(7)))
    assert "context" not in body
    return body[body["type"]]


def test_a_reaction_is_taken_back_by_an_empty_emoji() -> None:
    assert part_of(Reaction(to=OURS, emoji=None)) == {"message_id": "wamid.ours", "emoji": ""}


def test_a_template_without_variables_has_no_components() -> None:
    assert part_of(Template(name="hello", language="es")) == {
        "name": "hello",
        "language": {"code": "es"},
    }


def test_a_preview_is_asked_for() -> None:
    assert part_of(Text(body="https://a.example", preview_url=True)) == {
        "body": "https://a.example",
        "preview_url": True,
    }


def test_only_a_document_has_a_file_name() -> None:
    assert part_of(Media(kind="image", external_id="1", filename="a.jpg")) == {"id": "1"}


def test_a_whole_card_is_written() -> None:
    card = ContactCard(
        name="Luis Gil",
        first_name="Luis",
        last_name="Gil",
        emails=("luis@shop.example",),
        urls=("https://shop.example",),
        addresses=("Avenida 1, Puebla",),
        organization="Shop",
        birthday="1990-02-03",
    )
    assert part_of(Contacts(cards=(card,))) == [
        {
            "name": {"formatted_name": "Luis Gil", "first_name": "Luis", "last_name": "Gil"},
            "emails": [{"email": "luis@shop.example"}],
            "urls": [{"url": "https://shop.example"}],
            "addresses": [{"street": "Avenida 1, Puebla"}],
            "org": {"company": "Shop"},
            "birthday": "1990-02-03",
        }
    ]


def test_a_text_that_is_no_unicode_is_refused() -> None:
    with pytest.raises(ContentRejected):
        render_message(
            Text.trusted(kind="text", body="\ud800", preview_url=False),
            contact=ANA,
            message=MessageId(7),
        )
