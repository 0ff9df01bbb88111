"""Phone numbers, e-mail addresses and names as fields of a flow: what is stored, shown and refused."""

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from engine.core.content import Media, Text
from engine.core.script import Answer, Unsure
from engine.flow.answers import readers_for
from parley import Email, Name, Phone
from tests.answers.test_readers import here_in


def read(annotation: object, text: str, language: str, country: str | None = None) -> object:
    (reader,) = readers_for(annotation)
    return reader.read(Text(body=text), here_in(language, country))


def test_a_number_is_shown_as_its_country_writes_it() -> None:
    assert read(Phone, "600123456", "es", "ES") == Answer("+34600123456", "+34 600 12 34 56")


def test_a_number_without_a_country_is_asked_back_with_flags_that_fit_a_button() -> None:
    asked = read(Phone, "923 123 456", "pt")

    assert isinstance(asked, Unsure)
    assert [answer.shown for answer in asked.answers] == [
        "🇵🇹 +351 923 123 456",
        "🇦🇴 +244 923 123 456",
    ]


def test_an_address_is_shown_as_it_is() -> None:
    assert read(Email, "ANA@Example.COM", "en") == Answer("ANA@example.com")


@pytest.mark.parametrize("annotation", [Phone, Email, Name], ids=["phone", "email", "name"])
def test_text_of_a_kind_is_not_read_as_any_text(annotation: Any) -> None:
    (reader,) = readers_for(annotation)

    assert not reader.takes_text
    assert reader.read(Media(kind="image", caption="Ana"), here_in("en")) is None


def test_beside_free_text_the_kind_is_read_first() -> None:
    kinds = [reader.expected.name for reader in readers_for(Email | str)]

    assert kinds == ["email", "text"]


@pytest.mark.parametrize(
    ("annotation", "right", "wrong"),
    [(Phone, "+34600123456", "600123456"), (Email, "a@b.de", "a@b"), (Name, "Ana", "  ")],
    ids=["phone", "email", "name"],
)
def test_stored_text_of_another_kind_is_no_answer(annotation: Any, right: str, wrong: str) -> None:
    adapter: TypeAdapter[str] = TypeAdapter(annotation)

    assert adapter.validate_python(right) == right
    with pytest.raises(ValidationError):
        adapter.validate_python(wrong)
