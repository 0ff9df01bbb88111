"""Rule 8: what placeholders show, and that nothing else is looked up."""

import pytest

from engine.core.conversation import Contact
from engine.core.ids import ContactId
from engine.core.value import Json
from engine.flow.text import Known, fill, parse_text, show
from tests.flow.walking import ANA

NOBODY = Contact(id=ContactId(2))

KNOWN = Known(
    answers={"pizza": "margherita", "note": None, "count": 3, "hot": True},
    shown={"pizza": "Margherita 🍕"},
    contact=ANA,
    fields=frozenset({"pizza", "note", "count", "hot", "later"}),
)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("{pizza}", "Margherita 🍕", id="as-shown"),
        pytest.param("{pizza.value}", "margherita", id="as-stored"),
        pytest.param("{count} × {pizza}!", "3 × Margherita 🍕!", id="several"),
        pytest.param("{hot}", "Yes", id="bool"),
        pytest.param("[{note}]", "[]", id="skipped-is-empty"),
        pytest.param("[{later}]", "[]", id="unanswered-is-empty"),
        pytest.param("{later|nothing yet}", "nothing yet", id="fallback"),
        pytest.param("{contact.name|there}", "Ana", id="contact-name"),
        pytest.param("{contact.phone}", "+525512345678", id="contact-phone"),
        pytest.param("{contact.locale}", "es-MX", id="contact-locale"),
        pytest.param("*{pizza}* _x_", "*Margherita 🍕* _x_", id="markup-stays"),
        pytest.param("{contact.id}", "{contact.id}", id="no-other-attributes"),
        pytest.param("{pizza.__class__}", "{pizza.__class__}", id="no-python"),
        pytest.param("{pizza()}", "{pizza()}", id="no-calls"),
        pytest.param("{unknown} {} { x }", "{unknown} {} { x }", id="anything-else-stays"),
    ],
)
def test_a_text_is_filled_in(text: str, said: str) -> None:
    assert fill(parse_text(text), KNOWN) == said


def test_the_fallback_stands_where_the_contact_has_no_name() -> None:
    known = Known({}, {}, NOBODY, frozenset())
    assert fill(parse_text("Hi {contact.name|there} {contact.phone|?}"), known) == "Hi there ?"


def test_a_field_called_contact_wins_over_the_contact() -> None:
    known = Known({"contact": "by mail"}, {}, ANA, frozenset({"contact"}))
    assert fill(parse_text("{contact}"), known) == "by mail"


def test_what_was_answered_is_never_taken_for_a_placeholder() -> None:
    known = Known({"note": "{pizza}"}, {}, ANA, frozenset({"note", "pizza"}))
    assert fill(parse_text("{note}"), known) == "{pizza}"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        pytest.param(None, "", id="none"),
        pytest.param(False, "No", id="false"),
        pytest.param(2.5, "2.5", id="number"),
        pytest.param(["a", 1], "a, 1", id="list"),
        pytest.param(
            {"kind": "location", "latitude": 1.0, "longitude": 2.0, "name": "Home"},
            "Home",
            id="name",
        ),
        pytest.param(
            {"kind": "location", "latitude": 1.0, "longitude": 2.0, "address": "Rua 1"},
            "Rua 1",
            id="address",
        ),
        pytest.param(
            {"kind": "location", "latitude": 1.0, "longitude": 2.0}, "1.0, 2.0", id="point"
        ),
        pytest.param({"kind": "image", "caption": "Look"}, "Look", id="caption"),
        pytest.param({"kind": "document", "filename": "a.pdf"}, "a.pdf", id="filename"),
        pytest.param({"kind": "voice"}, "voice", id="kind"),
    ],
)
def test_a_stored_value_in_words(value: Json, words: str) -> None:
    assert show(value) == words
