"""The engine's own languages, one file each; an author's `languages/es.toml` changes or adds to them.

A translator needs nothing else. An author's file holds only what differs: `[words]` with `agent = []` takes the word
away, `[texts]` with `no_flow = "..."` says something else, a file of a new language takes what it lacks from English.
"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, get_args

from engine.core.errors import DefinitionError
from engine.core.language import TEXT_NAMES, TITLES, Language, Languages
from engine.core.lengths import utf16_length
from engine.core.limits import BUTTON_TITLE
from engine.core.words import Word

CODES = ("en", "es", "pt", "fr", "hi", "ar", "de")
"""ISO 639-1 of the languages that Parley itself speaks, and whose answers it reads."""

FOLDER = "languages"
"""The folder of an author's own files, beside the flows."""

WORDS: tuple[Word, ...] = get_args(Word)

_SECTIONS = ("texts", "expected", "words", "other")


def read_languages(codes: Sequence[str], folder: Path | None = None) -> Languages:
    """Return the languages of a line, its own first.

    Args:
        codes: ISO 639-1; at least one.
        folder: Where the author's own files may lie.

    Raises:
        DefinitionError: A language is neither the engine's nor the author's, or a file says something unknown.
    """
    return Languages(tuple(read_language(code, folder) for code in codes))


def read_language(code: str, folder: Path | None = None) -> Language:
    """Return one language: the engine's, with what the author's file changes. Raises DefinitionError."""
    file = None if folder is None else folder / f"{code}.toml"
    own = {} if file is None or not file.is_file() else _load(file)
    if code not in CODES and not own:
        raise DefinitionError(
            f"no language {code!r}; there are {', '.join(CODES)}, and any with a file {FOLDER}/{code}.toml"
        )
    data = {
        key: dict(value) if isinstance(value, dict) else value
        for key, value in _shipped(code).items()
    }
    for key, value in own.items():
        data[key] = {**data[key], **value} if key in _SECTIONS else value
    return _language(code, data)


@cache
def _shipped(code: str) -> Mapping[str, Any]:
    """Return what the engine's own file says; of a language that is not the engine's, English."""
    name = f"{code if code in CODES else 'en'}.toml"
    return tomllib.loads(resources.files(__name__).joinpath(name).read_text(encoding="utf-8"))


def _load(file: Path) -> dict[str, Any]:
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DefinitionError(f"{file}:1: it cannot be read: {error}") from error
    if wrong := list(_mistakes(data)):
        raise DefinitionError("\n".join(f"{file}:1: {what}" for what in wrong))
    return data


def _mistakes(data: Mapping[str, Any]) -> Iterator[str]:
    known = _shipped("en")
    for key, value in data.items():
        if key in ("name", "right_to_left"):
            continue
        if key not in _SECTIONS or not isinstance(value, dict):
            yield f"[{key}] is unknown; there are {', '.join(_SECTIONS)}"
            continue
        for name, said in value.items():
            if name not in known[key]:
                yield f"{key}.{name} is unknown; there are {', '.join(known[key])}"
            elif type(said) is not type(known[key][name]):
                yield f"{key}.{name} must be {'a list of texts' if isinstance(known[key][name], list) else 'a text'}"
            elif key == "texts" and name in TITLES and utf16_length(said) > BUTTON_TITLE:
                yield f"texts.{name} stands on a button and is longer than {BUTTON_TITLE} characters"


def _language(code: str, data: Mapping[str, Any]) -> Language:
    other = data["other"]
    return Language(
        code=code,
        name=data["name"],
        texts={name: data["texts"][name] for name in TEXT_NAMES},
        expected=data["expected"],
        words={word: tuple(data["words"][word]) for word in WORDS},
        more=tuple(other["more"]),
        thanks=tuple(other["thanks"]),
        change=tuple(other["change"]),
        right_to_left=data.get("right_to_left", False),
    )
