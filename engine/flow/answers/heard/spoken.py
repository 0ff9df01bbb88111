"""A message taken apart for reading: folded words, numbers and signs; and phrases found among them.

Folding makes what people type alike: case, accents, digits of all scripts, Arabic vowels and spelling variants, letters
held down ("yesss"). Marks that spell (Devanagari's vowels) stay.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

LONGEST = 300
"""Characters of a message that can still be an answer of one value; longer ones are letters, and would cost time."""

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Token:
    """One word, number or sign."""

    text: str
    """Folded; a number as it was written, in ASCII digits."""
    kind: Literal["word", "number", "sign"]
    start: int
    end: int


_LETTERS = {
    ord(letter): plain
    for letter, plain in (("œ", "oe"), ("æ", "ae"), ("ß", "ss"), ("ø", "o"), ("ı", "i"), ("ð", "d"))
}
_VARIANTS = {
    ord("ى"): "ي",
    ord("ی"): "ي",
    ord("ک"): "ك",
    ord("ة"): "ه",
    ord("ٱ"): "ا",
    ord("گ"): "ك",
    ord("ँ"): "ं",
    ord("’"): "'",
    ord("‘"): "'",
    ord("´"): "'",
    ord("`"): "'",
    ord("ʼ"): "'",
    ord("−"): "-",
    ord("–"): "-",
    ord("—"): "-",
    ord("‐"): "-",
    ord("‑"): "-",
    ord("⁄"): "/",
    ord("∕"): "/",
    ord("،"): ",",
    ord("؛"): ";",
    ord("؟"): "?",
    ord("¿"): " ",
    ord("¡"): " ",
    ord("।"): ".",
    ord("॰"): ".",
    ord("×"): "x",
    ord("✖"): "x",
    ord("‚"): ",",
    ord("🔟"): "10",
}


class _Table(dict[int, str | None]):
    """What `str.translate` makes of each character; those not named are found by category when they first come."""

    def __missing__(self, code: int) -> str | None:
        char = chr(code)
        kept: str | None = char
        match unicodedata.category(char):
            case "Nd":
                kept = str(unicodedata.decimal(char))
            case "Mn" | "Me" if (
                not 0x0900 <= code <= 0x0EFF
            ):  # vowels of the scripts of South Asia spell
                kept = None
            case "Cf" | "Cs":  # marks of direction, joiners, lone surrogates
                kept = None
            case "Cc" if char not in "\n\t\r":
                kept = " "
            case _:
                pass
        self[code] = kept
        return kept


# The nukta is left out as often as it is typed; the tatweel only stretches.
_TABLE = _Table(_LETTERS | _VARIANTS | {0x093C: None, 0x0640: None})

_FRACTION = re.compile(r"(?<=\d)(?=[¼½¾⅓⅔⅕-⅞])")
_NUMERO = re.compile(r"\b[nN][º°]\.?\s?|№")
_HELD = re.compile(r"([^\W\d_])\1{2,}")
_ELISION = re.compile(r"(?<![^\W\d_])(qu|jusqu|lorsqu|puisqu|aujourd|[cdjlmnst])'(?=[^\W\d_])")
_APOSTROPHE = re.compile(r"(?<=[^\W\d_])'(?=[^\W\d_])")

_HYPHEN = re.compile(r"(?<=[^\W\d_])-(?=[^\W\d_])")

_TOKEN = re.compile(
    r"(?P<number>"
    r"\d{1,3}(?:[ ']\d{3})+(?![\d])(?:[.,٫]\d+)?"  # grouped by spaces
    r"|(?<![\w.,])[.,٫]\d+"  # .5
    r"|\d+(?:[.,'٫٬:/]\d+)*"
    r")"
    # Indian vowel signs are marks, which \w leaves out.
    r"|(?P<word>(?:[^\W\d_]|[ऀ-ॣॱ-ॿ])+)"
    r"|(?P<sign>\S|\n)"
)


def fold(text: str, language: str) -> str:
    """Return the text as it is compared; of French, elided words are parted: "j'en" is "j en"."""
    parted = _NUMERO.sub("nr ", _FRACTION.sub(" ", text))
    plain = unicodedata.normalize("NFKD", parted.casefold()).translate(_TABLE)
    plain = unicodedata.normalize("NFC", plain)
    plain = (_ELISION.sub(r"\1 ", plain)) if language == "fr" else plain
    return _HELD.sub(r"\1", _HYPHEN.sub(" ", _APOSTROPHE.sub("", plain)))


def take_apart(text: str, language: str) -> tuple[Token, ...]:
    """Return the words, numbers and signs of a text, in order."""
    return tuple(
        Token(found.group(), found.lastgroup, found.start(), found.end())  # type: ignore[arg-type]  # the pattern's names
        for found in _TOKEN.finditer(fold(text, language))
    )


_DOUBLED = re.compile(r"([^\W\d_])\1")


def undoubled(word: str) -> str:
    """Return the word with doubled letters written once, as words are compared whose length is a matter of mood."""
    return _DOUBLED.sub(r"\1", word)


def words_of(phrase: str, language: str) -> tuple[str, ...]:
    """Return a phrase of the lexicon as it stands among tokens."""
    return tuple(token.text for token in take_apart(phrase, language))


class Phrases(Generic[Value]):
    """Phrases of one word or more, and what they mean; the longest that stands at a place is found."""

    def __init__(self, meanings: Iterable[tuple[tuple[str, ...], Value]]) -> None:
        """Take phrases as words; of equal ones the first counts."""
        known: dict[tuple[str, ...], Value] = {}
        for words, meaning in meanings:
            if words:
                known.setdefault(words, meaning)
        self._known = known
        lengths: dict[str, set[int]] = {}
        for words in known:
            lengths.setdefault(words[0], set()).add(len(words))
        self._lengths = {first: sorted(found, reverse=True) for first, found in lengths.items()}

    def at(self, words: Sequence[str], place: int) -> tuple[Value, int] | None:
        """Return what the longest phrase at the place means, and how many words it has."""
        if place >= len(words):
            return None
        for length in self._lengths.get(words[place], ()):
            if place + length <= len(words):
                meaning = self._known.get(tuple(words[place : place + length]))
                if meaning is not None:
                    return meaning, length
        return None

    def anywhere(self, words: Sequence[str]) -> bool:
        """Tell whether any phrase stands anywhere."""
        return any(self.at(words, place) for place in range(len(words)))

    def ends_at(self, words: Sequence[str], end: int) -> bool:
        """Tell whether a phrase ends just before the place."""
        return any(
            (found := self.at(words, start)) is not None and start + found[1] >= end
            for start in range(max(0, end - 4), end)
        )

    def items(self) -> Iterable[tuple[tuple[str, ...], Value]]:
        """Return every phrase with what it means."""
        return self._known.items()

    def __contains__(self, phrase: object) -> bool:
        return phrase in self._known

    def __bool__(self) -> bool:
        return bool(self._known)
