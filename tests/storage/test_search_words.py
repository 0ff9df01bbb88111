"""What the search takes for words: of texts, of numbers, of every field of a message."""

from collections.abc import Iterator
from typing import Any, get_args, get_origin, get_type_hints

import pytest

from engine.core.content import Content
from engine.core.value import Value
from storage.json_text import dump_value
from storage.search_words import (
    INSIDE,
    SAID,
    Part,
    indexed,
    indexed_contact,
    marked,
    said_in,
    snippet,
    typed_words,
    words_of,
)

UNSAID = frozenset(
    {
        *(
            "kind",
            "id",
            "payload",
            "url",
            "urls",
            "stored",
            "sha256",
            "mime_type",
            "external_id",
            "error",
        ),
        *(
            "thumbnail_url",
            "to",
            "emoji",
            "original",
            "message",
            "new_phone",
            "new_user_id",
            "type",
        ),
        *(
            "reason",
            "price",
            "currency",
            "catalog_id",
            "language",
            "names",
            "value",
            "use",
            "namespace",
        ),
        *(
            "category",
            "campaign",
            "sms",
            "status",
            "expiration_message",
            "country_of_origin",
            "data",
        ),
        *("media_height", "width", "orientation", "agent", "traits", "tags", "event", "first_name"),
        *("last_name", "birthday"),
    }
)
"""Fields that people do not read, that say again what another says, or that stand beside the talk."""


def _models(annotation: Any) -> Iterator[type[Value]]:
    """Return every content in a type."""
    if isinstance(annotation, type) and issubclass(annotation, Value):
        yield annotation
    for argument in get_args(annotation):
        yield from _models(argument)


def _fields(model: type[Value], known: set[type[Value]]) -> Iterator[tuple[str, Any]]:
    """Return the fields of a content and of all that is in it."""
    if model in known:
        return
    known.add(model)
    for name, annotation in get_type_hints(model).items():
        if name.startswith("_"):
            continue
        yield name, annotation
        for inner in _models(annotation):
            yield from _fields(inner, known)


def _holds_text(annotation: Any) -> bool:
    return annotation is str or any(map(_holds_text, get_args(annotation)))


def test_of_every_field_with_text_it_is_known_whether_it_is_searched() -> None:
    known: set[type[Value]] = set()
    fields = {
        name
        for model in _models(get_args(Content)[0])
        for name, annotation in _fields(model, known)
        if _holds_text(annotation) or get_origin(annotation) is dict or list(_models(annotation))
    }
    undecided = fields - SAID - INSIDE - UNSAID
    # A payment's addresses count as a whole, by the field that holds them.
    within = {"phone_number", "city", "state", "in_pin_code", "country", "house_number"}
    within |= {"tower_number", "building_name", "landmark_area"}
    sms = {"sender_id", "entity_id", "template_id", "variables", "provider_name"}
    assert undecided == within | sms
    assert not SAID & UNSAID
    assert not INSIDE & UNSAID


def test_what_is_said_in_a_message_is_one_line_a_field() -> None:
    from engine.core.content import FormReply, List, Order, OrderItem, Row, Section, Template, Text

    asked = List(
        body="Which?",
        label="Sizes",
        sections=(Section(title="Big", rows=(Row(id="r:1", title="XL", description="40 cm"),)),),
    )
    assert said_in(dump_value(asked)).splitlines() == ["Which?", "Sizes", "Big", "XL", "40 cm"]
    order = Order(
        catalog_id="c", items=(OrderItem(sku="ham-7", quantity=2, price="1", currency="EUR"),)
    )
    assert said_in(dump_value(order)) == "ham-7"
    template = Template(name="ready", language="en", body=("Ana", "55123"))
    assert said_in(dump_value(template)).splitlines() == ["ready", "Ana", "55123"]
    form = FormReply(name="size", body=None, response={"n": 3, "ok": True, "who": ["Ana", None]})
    assert said_in(dump_value(form)).splitlines() == ["size", "3", "Ana"]
    assert said_in(dump_value(Text(body="Hi"))) == "Hi"
    assert said_in('{"kind": "hologram", "body": "later"}') == "later"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("Hello, World!", "hello world", id="plain"),
        pytest.param("don't-stop @me #now", "don t stop me now", id="signs part words"),
        pytest.param("a\u200db c\u00add \ufeffe", "ab cd e", id="what is not seen"),
        pytest.param(
            "“quoted” — ¿qué? «oui» फिर। نعم،لا؟",
            "quoted que oui फिर نعم لا",
            id="signs of other scripts",
        ),
        pytest.param("x" * 90, "x" * 40, id="a long word"),
        pytest.param("１２", "12", id="wide digits"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_words_are_folded_and_parted(text: str, words: str) -> None:
    assert " ".join(words_of(text)) == words


def test_a_number_is_indexed_by_all_its_ends_of_four_digits_and_more() -> None:
    assert indexed("no 1234567").split() == ["no", "1234567", "234567", "34567", "4567"]
    assert indexed("123, 1234").split() == ["123", "1234"]
    assert indexed("at 55-1234").split() == ["at", "55", "1234", "551234", "51234"]
    assert indexed("9" * 21) == "9" * 21, "of a code its beginning alone"
    assert len(indexed("word1 " * 5 + " ".join(f"w{n}" for n in range(1000))).split()) <= 300


def test_a_contact_is_indexed_by_every_spelling_of_the_number() -> None:
    words = indexed_contact("Ana", "5215550001111", None).split()
    assert {"ana", "5215550001111", "525550001111", "5550001111", "1111"} <= set(words)
    assert indexed_contact(None, None, None) == ""


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        pytest.param("Pizza pizza HAM", ["pizza", "ham"], id="each once"),
        pytest.param("+52 (1) 555-000", ["521555000"], id="a number however it is spaced"),
        pytest.param("0049 170 222 333", ["49170222333"], id="dialled from abroad"),
        pytest.param("0001", ["0001"], id="zeros of its own"),
        pytest.param("12 pizzas", ["12", "pizzas"], id="a number and words"),
        pytest.param("()", [], id="no digit at all"),
        pytest.param("\x00\ud800 , ", [], id="nothing"),
        pytest.param(" ".join(f"w{n}" for n in range(99)), [f"w{n}" for n in range(8)], id="many"),
    ],
)
def test_what_is_typed_becomes_words(typed: str, words: list[str]) -> None:
    assert typed_words(typed) == words


def test_hits_are_marked_as_pieces_of_the_text() -> None:
    assert marked("A Jalapeño!", ["jala"]) == (
        Part("A ", is_hit=False),
        Part("Jalapeño", is_hit=True),
        Part("!", is_hit=False),
    )
    assert marked("No 550001, no 1.", ["0001"])[1] == Part("550001", is_hit=True)
    assert marked("a ab", ["a"]) == (Part("a", is_hit=True), Part(" ab", is_hit=False))
    assert marked("", ["a"]) == ()


def test_a_snippet_is_what_stands_around_the_first_hit() -> None:
    def shown(text: str, *words: str) -> str:
        return "".join(part.text for part in snippet(text, words))

    assert shown("short  and\nplain", "plain") == "short and plain"
    assert shown("no hit at all", "x") == "no hit at all"
    long = "begin " + "x " * 100 + "pizza " + "y " * 100 + "end"
    assert shown(long, "begin").startswith("begin x")
    assert shown(long, "begin").endswith("…")
    assert shown(long, "end").startswith("…")
    assert shown(long, "end").endswith("end")
    assert "pizza" in shown(long, "pizza")
    assert "pizza" in shown("z" * 300 + " pizza", "pizza")
