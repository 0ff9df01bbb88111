"""Words as the search knows them: folded as the engine folds what contacts say, in every language alike.

Both databases get the words made here and make none of their own: what is found does not hang on which one it is.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import orjson

from engine.core.addresses import spellings_of
from engine.core.value import Json
from engine.core.words import fold
from storage.clean import REPLACEMENT, clean_text

PART = 4
"""A number is found by any part of at least so many digits."""

WORD_MOST = 40
"""Letters of a word that count; a longer one is an address or a code."""

DIGITS_MOST = 20
"""A longer number is found from its beginning alone."""

ABROAD = 10
"""Two zeros before more digits than these are how one dials another country."""

WORDS_MOST = 300
"""Words of a message that count."""

TYPED_MOST = 200
"""Letters of what is searched for that count."""

TYPED_WORDS_MOST = 8

AROUND = 60
"""Letters of a message that are shown before the first hit, and twice as many after."""

# Letters, digits and the marks that scripts spell with; of ASCII alone letters and digits. What joins letters without
# being seen is taken out before.
_WORD = re.compile(
    "[0-9A-Za-z\u00aa\u00b5\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u060b\u060d-\u061a\u061c-\u061e"
    "\u0620-\u0669\u066e-\u06d3\u06d5-\u0963\u0966-\u1fff\u2070-\u2fff\u3003-\U0010ffff]+"
)
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2060\ufe0e\ufe0f\ufeff]+")
_SPAN = re.compile(f"(?:{_WORD.pattern}|{_UNSEEN.pattern})+")
_NUMBER = re.compile(r"\d[\d\s()\-./]{4,}\d")
_JUST_NUMBER = re.compile(r"\+?[\d\s()\-./]+")
_NOT_DIGITS = re.compile(r"\D+")

SAID = frozenset(
    {
        *("body", "caption", "title", "description", "label", "header", "footer", "text"),
        *("filename", "name", "organization", "address", "addresses", "emails", "phone"),
        *("response", "reference_id", "sku", "skus"),
    }
)
"""The fields of contents that hold what people read, or search for; of what is in them everything counts."""

INSIDE = frozenset(
    {
        *("actions", "buttons", "cards", "header", "items", "media", "order_status", "payables"),
        *("phones", "rows", "sections"),
    }
)
"""The fields of contents that hold others in which something is said."""


class Part(NamedTuple):
    """A piece of a text that was found."""

    text: str
    is_hit: bool


def said_in(content: str) -> str:
    """Return what people read in a stored message, one line a field."""
    value = orjson.loads(content)
    if value.get("kind") == "text":  # nearly all are
        return str(value.get("body", ""))
    return "\n".join(_said(value))


def _said(value: Json) -> Iterator[str]:
    if isinstance(value, list):
        for one in value:
            yield from _said(one)
    elif isinstance(value, dict):
        for name, one in value.items():
            if name in INSIDE and isinstance(one, dict | list):
                yield from _said(one)
            elif name in SAID:
                yield from _texts(one)


def _texts(value: Json) -> Iterator[str]:
    match value:
        case str() if value:
            yield value
        case dict():
            for one in value.values():
                yield from _texts(one)
        case list():
            for one in value:
                yield from _texts(one)
        case int() if not isinstance(value, bool):
            yield str(value)
        case _:
            pass


def words_of(text: str) -> list[str]:
    """Return the words of a text, folded, in their order."""
    if not text.isascii():
        text = _UNSEEN.sub("", text)
    return [word[:WORD_MOST] for word in _WORD.findall(fold(text))]


def indexed(text: str) -> str:
    """Return the words by which a text is found, each once, with a space between them."""
    words = dict.fromkeys(words_of(text)[:WORDS_MOST])
    if any(map(str.isdigit, text)):
        spaced = [_NOT_DIGITS.sub("", fold(found)) for found in _NUMBER.findall(text)[:WORDS_MOST]]
        numbers = [word for word in (*words, *spaced) if word.isdigit()]
        words |= dict.fromkeys(part for number in numbers for part in _parts(number))
    return " ".join(words)


def _parts(number: str) -> list[str]:
    """Return a number and its ends: every part of it begins one of them."""
    if len(number) > DIGITS_MOST:
        return [number[:WORD_MOST]]
    return [number[place:] for place in range(max(1, len(number) - PART + 1))]


def indexed_contact(name: str | None, phone: str | None, user_id: str | None) -> str:
    """Return the words by which a contact is found: the name's, the number however it is spelled, the id's."""
    phones = spellings_of(phone) if phone else ()
    # A comma parts numbers, a space does not.
    return indexed(", ".join(part for part in (name, *phones, user_id) if part))


def line_word(line: str) -> str:
    """Return the word that every message and contact of a line has; nobody can type it."""
    return f"_{line}"


def typed_words(typed: str) -> list[str]:
    """Return the words of what somebody searches for; none where it is no search.

    What looks like one number is one, however it is spaced.
    """
    text = clean_text(typed[:TYPED_MOST]).replace(REPLACEMENT, " ").strip()
    if _JUST_NUMBER.fullmatch(text):
        digits = _NOT_DIGITS.sub("", fold(text))
        if len(digits) > ABROAD:
            digits = digits.removeprefix("00")
        return [digits[:DIGITS_MOST]] if digits else []
    return list(dict.fromkeys(words_of(text)))[:TYPED_WORDS_MOST]


def is_part(word: str) -> bool:
    """Tell whether a word that was typed stands for all that begin so; a single letter stands for itself."""
    return len(word) > 1


def marked(text: str, words: Sequence[str]) -> tuple[Part, ...]:
    """Return a text in pieces, those that the words found marked."""
    parts: list[Part] = []
    begun = 0
    for span in _SPAN.finditer(text):
        if not any(_hits(word, typed) for word in words_of(span[0]) for typed in words):
            continue
        if span.start() > begun:
            parts.append(Part(text[begun : span.start()], is_hit=False))
        parts.append(Part(span[0], is_hit=True))
        begun = span.end()
    if begun < len(text):
        parts.append(Part(text[begun:], is_hit=False))
    return tuple(parts)


def snippet(text: str, words: Sequence[str]) -> tuple[Part, ...]:
    """Return what stands around the first hit, marked, in one line; its ends as `…` where something was left out."""
    line = " ".join(text.split())
    found = (
        one.start()
        for one in _SPAN.finditer(line)
        if any(_hits(word, typed) for word in words_of(one[0]) for typed in words)
    )
    first = next(found, 0)
    begins, ends = max(0, first - AROUND), first + 2 * AROUND
    if begins:
        begins = line.find(" ", begins, first) + 1 or begins
    cut = line[begins:ends]
    before = "…" if begins else ""
    return marked(f"{before}{cut}{'…' if ends < len(line) else ''}", words)


def _hits(word: str, typed: str) -> bool:
    if typed.isdigit() and len(typed) >= PART and word.isdigit():
        return typed in word
    return word.startswith(typed) if is_part(typed) else word == typed
