"""The engine's own languages: one file each, read once; a translator needs nothing else."""

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Any, get_args

from engine.core.errors import DefinitionError
from engine.core.language import Language, Languages
from engine.core.words import Word

CODES = ("en", "es", "pt", "fr", "hi", "ar", "de")
"""ISO 639-1 of the languages that Parley itself speaks."""

WORDS: tuple[Word, ...] = get_args(Word)


@cache
def read_language(code: str) -> Language:
    """Return one of the engine's languages.

    Raises:
        DefinitionError: There is none of this code.
    """
    if code not in CODES:
        raise DefinitionError(f"no language {code!r}; there are {', '.join(CODES)}")
    text = resources.files(__name__).joinpath(f"{code}.toml").read_text(encoding="utf-8")
    return parse_language(code, tomllib.loads(text))


def parse_language(code: str, data: Mapping[str, Any]) -> Language:
    """Return the language that a file says."""
    other = data["other"]
    return Language(
        code=code,
        name=data["name"],
        texts=data["texts"],
        expected=data["expected"],
        words={word: tuple(data["words"][word]) for word in WORDS},
        more=tuple(other["more"]),
        thanks=tuple(other["thanks"]),
        change=tuple(other["change"]),
        right_to_left=data.get("right_to_left", False),
    )


def read_languages(codes: Sequence[str] = ("en",)) -> Languages:
    """Return the languages of a line, its own first. Raises DefinitionError."""
    return Languages(tuple(read_language(code) for code in codes))
