"""The lists of words that answers and options are told by: whoever adds a word looks whether it stands there."""

import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest

from engine.core.language import Language
from engine.core.languages import LANGUAGES

ANSWERS = Path(__file__).parents[2] / "engine" / "flow" / "answers"
FILES = sorted(ANSWERS.rglob("*.toml"))


def lists_in(value: object, name: str) -> Iterator[tuple[str, list[str]]]:
    """Return the lists of texts in a table, each by its name."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from lists_in(inner, f"{name}.{key}")
    elif isinstance(value, list) and all(isinstance(one, str) for one in value):
        yield name, value


def twice(words: list[str]) -> list[str]:
    """Return what stands there more than once."""
    return [word for word, count in Counter(words).items() if count > 1]


@pytest.mark.parametrize("path", FILES, ids=[str(path.relative_to(ANSWERS)) for path in FILES])
def test_no_list_of_a_lexicon_says_a_word_twice(path: Path) -> None:
    lists = lists_in(tomllib.loads(path.read_text("utf-8")), path.stem)
    assert {name: found for name, words in lists if (found := twice(words))} == {}


@pytest.mark.parametrize("language", LANGUAGES, ids=[one.code for one in LANGUAGES])
def test_nothing_is_said_around_a_choice_twice(language: Language) -> None:
    for field in fields(language.choosing):
        if field.name in ("around", "deeds", "nots", "places"):
            words = " ".join(getattr(language.choosing, field.name)).split()
            assert twice(words) == [], field.name
