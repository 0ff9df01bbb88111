"""The languages of a line: the engine's own, with what an author's `languages/es.toml` changes or adds.

Such a file holds only what differs: `[words]` with `agent = []` takes a word away, `[texts]` with `no_flow = "..."`
says something else; a language that the engine does not speak takes from English what its file lacks.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from engine.core.errors import DefinitionError
from engine.core.language import TITLES, Language, Languages
from engine.core.languages import ENGLISH, LANGUAGES
from engine.core.lengths import utf16_length
from engine.core.limits import BUTTON_TITLE
from engine.core.wording import LISTS

FOLDER = "languages"
"""The folder of an author's own files, beside the flows."""

BY_CODE: Mapping[str, Language] = {language.code: language for language in LANGUAGES}

_SECTIONS = ("texts", "expected", "words", "choosing")
_HOLD_LISTS = ("words", "choosing")
_LISTS = (
    "more",
    "thanks",
    "stop",
    "start",
    "change",
    "reopen",
    "small",
    "asking",
    "prefixes",
    "suffixes",
    "before",
    "weak",
)


def read_languages(codes: Sequence[str], folder: Path | None = None) -> Languages:
    """Return the languages of a line, its own first.

    Args:
        codes: ISO 639-1; at least one.
        folder: Where the author's own files may lie.

    Raises:
        DefinitionError: A language is neither the engine's nor the author's, or a file says something unknown.
    """
    return Languages(tuple(_read(code, folder) for code in codes))


def codes_of(catalogues: Iterable[Iterable[str]]) -> tuple[str, ...]:
    """Return English and every language that a flow has a catalogue for: what is talked where nothing is configured."""
    translated = {code for flow in catalogues for code in flow}
    return (ENGLISH.code, *sorted(translated - {ENGLISH.code}))


def _read(code: str, folder: Path | None) -> Language:
    file = None if folder is None else folder / f"{code}.toml"
    if file is not None and file.is_file():
        return _changed(replace(BY_CODE.get(code, ENGLISH), code=code), file)
    if code not in BY_CODE:
        raise DefinitionError(
            f"no language {code!r}; there are {', '.join(BY_CODE)}, and any with a file {FOLDER}/{code}.toml"
        )
    return BY_CODE[code]


def _changed(language: Language, file: Path) -> Language:
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DefinitionError(f"{file}:1: it cannot be read: {error}") from error
    if wrong := list(_mistakes(data)):
        raise DefinitionError("\n".join(f"{file}:1: {what}" for what in wrong))
    words = {word: tuple(said) for word, said in data.get("words", {}).items()}
    choosing = {name: tuple(said) for name, said in data.get("choosing", {}).items()}
    return replace(
        language,
        name=data.get("name", language.name),
        right_to_left=data.get("right_to_left", language.right_to_left),
        texts={**language.texts, **data.get("texts", {})},
        expected={**language.expected, **data.get("expected", {})},
        words={**language.words, **words},
        choosing=replace(language.choosing, **choosing),
        more=tuple(data.get("more", language.more)),
        thanks=tuple(data.get("thanks", language.thanks)),
        stop=tuple(data.get("stop", language.stop)),
        start=tuple(data.get("start", language.start)),
        change=tuple(data.get("change", language.change)),
        reopen=tuple(data.get("reopen", language.reopen)),
        small=tuple(data.get("small", language.small)),
        asking=tuple(data.get("asking", language.asking)),
        prefixes=tuple(data.get("prefixes", language.prefixes)),
        suffixes=tuple(data.get("suffixes", language.suffixes)),
        before=tuple(data.get("before", language.before)),
        weak=tuple(data.get("weak", language.weak)),
    )


def _mistakes(data: Mapping[str, Any]) -> Iterator[str]:
    for key, value in data.items():
        if key in _SECTIONS and isinstance(value, dict):
            yield from _wrong_in(key, value)
        elif key in _LISTS:
            if not _is_list(value):
                yield f"{key} must be a list of texts"
        elif (key == "name" and isinstance(value, str)) or (
            key == "right_to_left" and isinstance(value, bool)
        ):
            continue
        else:
            known = ("name", "right_to_left", *_LISTS, *(f"[{section}]" for section in _SECTIONS))
            yield f"{key} is unknown, or of the wrong kind; there are {', '.join(known)}"


def _wrong_in(section: str, said: Mapping[str, Any]) -> Iterator[str]:
    known: Iterable[str] = LISTS if section == "choosing" else getattr(ENGLISH, section)
    for name, value in said.items():
        if name not in known:
            yield f"{section}.{name} is unknown; there are {', '.join(known)}"
        elif section in _HOLD_LISTS:
            if not _is_list(value):
                yield f"{section}.{name} must be a list of texts"
        elif not isinstance(value, str):
            yield f"{section}.{name} must be a text"
        elif section == "texts" and name in TITLES and utf16_length(value) > BUTTON_TITLE:
            yield f"texts.{name} stands on a button and is longer than {BUTTON_TITLE} characters"


def _is_list(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)
