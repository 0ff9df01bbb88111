"""What holds for every type, whatever is typed: readers never raise, and what they store can be read again."""

import json
from datetime import UTC, datetime
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from engine.core.content import Text
from engine.core.script import Answer, Unsure
from engine.core.value import Json
from engine.flow.answers import readers_for
from engine.flow.answers.named import TYPES, parse
from engine.flow.answers.reader import Here
from tests.answers.cases import LANGUAGES, case_file, read_cases

KINDS = sorted(TYPES)

NASTY = (
    "",
    " ",
    "\x00\u200f\u202e",
    "\ud800",
    "1 " * 2048,
    "6" * 4096,
    "(+" * 2048,
    "@" * 4096,
    "a." * 2048 + "@x.com",
    "١٢٣ " * 1024,
    "अ" * 4096,
    "𝟙²½" * 1000,
    "0" * 4000 + "1",
    "1e999999999",
    "-" * 4096,
    "at 5 " * 800,
    "31/31/31 " * 400,
    "name is " * 500,
)


@cache
def adapter_of(kind: str) -> TypeAdapter[object]:
    annotation: Any = TYPES[kind]
    return TypeAdapter(annotation)


def here_in(language: str, country: str | None = None) -> Here:
    return Here(datetime(2026, 3, 10, 10, tzinfo=UTC), language, country)


def stored(kind: str, text: str, here: Here) -> list[Json]:
    """Return every value that a reader of the type would store."""
    values: list[Json] = []
    for reader in readers_for(TYPES[kind]):
        match reader.read(Text(body=text), here):
            case Answer(value=value):
                values.append(value)
            case Unsure(answers=answers):
                values += [answer.value for answer in answers]
            case None:
                pass
    return values


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", [*LANGUAGES, "xx"])
def test_nothing_that_is_typed_raises(kind: str, language: str) -> None:
    for text in NASTY:
        assert json.dumps(parse(kind, text, here_in(language)))


@pytest.mark.parametrize("kind", KINDS)
@given(
    text=st.text(max_size=200) | st.text("0123456789٠١٢९+-()./, @:apmhdeyoआनa", max_size=60),
    language=st.sampled_from(LANGUAGES),
    country=st.sampled_from([None, "US", "ES", "BR", "IN", "SA", "DE", "XX"]),
)
def test_any_text_is_read_or_not_understood(
    kind: str, text: str, language: str, country: str | None
) -> None:
    told = parse(kind, text, here_in(language, country))

    assert told.keys() in ({"value"}, {"choices"})
    assert json.loads(json.dumps(told)) == told


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_stored_is_what_the_field_dumps(kind: str, language: str) -> None:
    """A stored answer that changed its form on the way back would look like a new one."""
    changed = [
        (case.place, value, again)
        for case in read_cases(case_file(kind, language))
        for value in stored(kind, case.said, case.here)
        if (again := dumped(kind, value)) != value
    ]

    assert changed == []


def dumped(kind: str, value: Json) -> Json:
    adapter = adapter_of(kind)
    again: Json = adapter.dump_python(adapter.validate_python(value), mode="json")
    return again


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_choices_are_several_and_each_has_its_own_title(kind: str, language: str) -> None:
    for case in read_cases(case_file(kind, language)):
        for reader in readers_for(TYPES[kind]):
            meant = reader.read(Text(body=case.said), case.here)
            if isinstance(meant, Unsure):
                titles = [answer.shown or str(answer.value) for answer in meant.answers]
                assert len(set(titles)) == len(titles) >= 2, case.place
