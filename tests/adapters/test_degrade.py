"""What a line cannot show is said in what it can."""

import pytest

from adapters.cloud.capabilities import CAPABILITIES as CLOUD
from adapters.console.capabilities import CAPABILITIES as TERMINAL
from adapters.degrade import degrade, without_markup
from engine.core.capabilities import OutboundKind
from engine.core.content import (
    DEEDS,
    Location,
    Media,
    Outbound,
    Product,
    Reaction,
    Row,
    Section,
    Template,
    Text,
)
from engine.core.content import List as Menu
from tests.adapters.samples import EVERY_OUTBOUND, OURS

AS_TEXT = {
    "text": "Two large ones.",
    "image": "Ours\nhttps://files.example/1.jpg",
    "video": "[video]",
    "audio": "[audio]\nhttps://files.example/1.mp3",
    "voice": "[voice]",
    "document": "[document: Menu.pdf]\nhttps://files.example/m.pdf",
    "sticker": "[sticker]",
    "location": "Zócalo\nCentro\n19.4326, -99.1332",
    "contacts": "Luis Gil\n+525550000003",
    "reaction": "👍",
    "buttons": "Pizza\nWhich size?\n1. Small\n2. Large\nAll with cheese",
    "list": "Which pizza?\nRed\n1. Diavola - Hot\nWhite\n2. Bianca",
    "cta_url": "The menu\nOpen: https://shop.example/menu",
    "location_request": "Where to?",
    "product": "Our best\nhttps://shop.example/pizza-1",
    "products": "Menu\nFrom the oven\nhttps://shop.example/menu",
    "actions": (
        "How to reach us\nCall: +525550000009\nMap: Shop 19.4326, -99.1332\n"
        "Remind me: Tasting, 2026-09-21 15:00 UTC"
    ),
    "carousel": (
        "Two of ours\n\n"
        "[image]\nhttps://files.example/Diavola.jpg\nDiavola\nFresh\n"
        "See: https://shop.example/Diavola\n\n"
        "[image]\nhttps://files.example/Bianca.jpg\nBianca\nFresh\n"
        "See: https://shop.example/Bianca"
    ),
    "template": "Ana\n17",
}
SILENT = {"read_mark", *DEEDS}
"""What the contact does not see."""


@pytest.mark.parametrize("kind", AS_TEXT)
def test_a_line_of_plain_text_says_everything(kind: str) -> None:
    assert degrade(EVERY_OUTBOUND[kind], TERMINAL) == Text(body=AS_TEXT[kind])


def test_every_kind_that_the_contact_sees_can_be_said() -> None:
    assert {*AS_TEXT, *SILENT} == set(EVERY_OUTBOUND)


@pytest.mark.parametrize("kind", sorted(SILENT))
def test_what_the_contact_does_not_see_says_nothing(kind: str) -> None:
    assert degrade(EVERY_OUTBOUND[kind], TERMINAL) is None


@pytest.mark.parametrize("kind", sorted(CLOUD.kinds))
def test_a_line_that_can_show_it_gets_it_as_it_is(kind: str) -> None:
    assert degrade(EVERY_OUTBOUND[kind], CLOUD) is EVERY_OUTBOUND[kind]


def without(*kinds: OutboundKind) -> frozenset[OutboundKind]:
    return CLOUD.kinds - set(kinds)


@pytest.mark.parametrize(
    ("content", "instead"),
    [
        (Media(kind="voice", external_id="1"), Media(kind="audio", external_id="1")),
        (Media(kind="sticker", external_id="1"), Media(kind="image", external_id="1")),
    ],
    ids=["voice", "sticker"],
)
def test_a_kind_of_media_has_a_next_best(content: Outbound, instead: Outbound) -> None:
    can = CLOUD.model_copy(update={"kinds": without("voice", "sticker")})
    assert degrade(content, can) == instead


def test_a_product_names_its_catalogue_or_is_said_where_the_line_needs_the_name() -> None:
    nameless = Product(sku="pizza-1", url="https://shop.example/pizza-1")
    in_words = Text(body="pizza-1\nhttps://shop.example/pizza-1")
    assert degrade(nameless, CLOUD) == in_words
    assert degrade(nameless, CLOUD.model_copy(update={"own_catalog": True})) is nameless


def test_rows_are_numbered_across_sections_as_they_are_counted_when_typed() -> None:
    menu = Menu(
        body="?",
        label="Choose",
        sections=tuple(
            Section(rows=(Row(id=f"{n}a", title=f"A{n}"), Row(id=f"{n}b", title=f"B{n}")))
            for n in range(2)
        ),
    )
    assert degrade(menu, TERMINAL) == Text(body="?\n1. A0\n2. B0\n3. A1\n4. B1")


def test_a_reaction_taken_back_says_nothing() -> None:
    assert degrade(Reaction(to=OURS, emoji=None), TERMINAL) is None


def test_a_template_without_variables_is_named() -> None:
    assert degrade(Template(name="hello", language="es"), TERMINAL) == Text(body="[hello]")


def test_a_place_without_a_name_is_where_it_is() -> None:
    assert degrade(Location(latitude=1, longitude=-2.5), TERMINAL) == Text(body="1, -2.5")


@pytest.mark.parametrize(
    ("marked", "plain"),
    [
        ("*bold* _italic_ ~strike~", "bold italic strike"),
        ("*_both_*", "both"),
        ("3 * 4 * 5", "3 * 4 * 5"),
        ("snake_case_name", "snake_case_name"),
        ("2*3*4", "2*3*4"),
        ("** _ ~", "** _ ~"),
        ("*two\nlines*", "two\nlines"),
        ("(*in brackets*)", "(in brackets)"),
    ],
    ids=repr,
)
def test_markup_is_taken_out_and_nothing_else(marked: str, plain: str) -> None:
    assert without_markup(marked) == plain
