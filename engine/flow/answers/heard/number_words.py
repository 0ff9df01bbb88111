"""What number words mean in each language: those of num2words, and those of the lexicon that it does not know."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, cached_property, lru_cache
from typing import Any, Literal, NamedTuple

from num2words import num2words

from engine.flow.answers.heard.lexicon import LANGUAGES, phrases, read, spelt
from engine.flow.answers.heard.spoken import Phrases, fold, words_of

PartKind = Literal[
    "small",  # below a hundred
    "hundreds",  # 200 in one word: nothing multiplies it
    "hundred",  # multiplies what is before it
    "scale",  # a thousand and more
    "dozen",
    "fraction",
    "plus",  # "and a half": added to what is before it
    "more",  # Hindi's "saadhe": added to what is after it
    "article",
    "and",
    "point",
    "minus",
    "hide",  # a phrase in which a number word is none
]


class Part(NamedTuple):
    """What one word or phrase does in a number."""

    kind: PartKind
    value: Decimal = Decimal(0)


HALF, QUARTER, THREE_QUARTERS = Decimal("0.5"), Decimal("0.25"), Decimal("0.75")

_PARTS: tuple[tuple[str, Part], ...] = (
    ("plus_half", Part("plus", HALF)),
    ("plus_quarter", Part("plus", QUARTER)),
    ("plus_three_quarters", Part("plus", THREE_QUARTERS)),
    ("minus_quarter", Part("plus", -QUARTER)),
    ("more_half", Part("more", HALF)),
    ("more_quarter", Part("more", QUARTER)),
    ("less_quarter", Part("more", -QUARTER)),
    ("three_quarters", Part("fraction", THREE_QUARTERS)),
    ("half", Part("fraction", HALF)),
    ("quarter", Part("fraction", QUARTER)),
    ("dozen", Part("dozen", Decimal(12))),
    ("hundred", Part("hundred", Decimal(100))),
    ("and", Part("and")),
    ("point", Part("point")),
    ("minus", Part("minus")),
)

_ENGLISH = (*range(13), *range(13, 20), *range(20, 100, 10), 100, 1000, 1_000_000)
"""Numbers that people mix into other languages in English."""


@dataclass(frozen=True)
class Names:
    """A language's number words."""

    language: str
    parts: Phrases[Part]
    weak: frozenset[str]
    """Words for one that are an article or a pronoun as often."""
    weak_after: frozenset[str]
    """Words after which such a word is a number; empty where that does not matter."""
    ones_first: bool
    """Whether five and twenty is said."""
    joins_tens: bool
    """Whether a ten and a unit side by side are one number."""
    dual: dict[str, str]
    """Words that say two of something -> the word for one."""
    measured: frozenset[str]
    """What a fraction is written together with: "Viertelliter"."""
    not_slips: frozenset[str]
    """Words that are a slip away from a number and mean something else."""

    sounds: tuple[tuple[str, str], ...]
    """Letters that sound like others, and so are mistaken for them: Spanish "z" and "s"."""
    last_verb: frozenset[str]
    """Words that are the sentence's verb where they end it: Hindi's "do" is two and give."""

    def __hash__(self) -> int:
        """One a language."""
        return hash(self.language)

    @cached_property
    def single(self) -> tuple[str, ...]:
        """Number words of one word, long enough to be known with a slip."""
        return tuple(
            words[0]
            for words, part in self.parts.items()
            if len(words) == 1 and len(words[0]) > 3 and part.kind in ("small", "hundreds", "scale")
        )

    @cached_property
    def by_sound(self) -> dict[str, str]:
        """Return one number word of each sound."""
        return {self.sound(name): name for name in self.single} if self.sounds else {}

    def sound(self, word: str) -> str:
        """Return the word as it sounds, to compare."""
        for letters, sound in self.sounds:
            word = word.replace(letters, sound)
        return word

    def part(self, word: str) -> Part | None:
        """Return what a single word does in a number."""
        found = self.parts.at((word,), 0)
        return found[0] if found else None


@cache
def names(language: str) -> Names:
    """Return a language's number words."""
    data = read(language)["numbers"]
    code = language if language in LANGUAGES else "en"
    return Names(
        code,
        Phrases(_parts(code, data)),
        frozenset(fold(word, language) for word in data["weak"]),
        frozenset(fold(word, language) for word in data.get("weak_after", ())),
        ones_first=language in ("de", "ar"),
        joins_tens=language != "hi",
        dual={
            fold(two, language): fold(one, language) for two, one in data.get("dual", {}).items()
        },
        measured=frozenset(data.get("measured", ())),
        sounds=tuple((letters, sound) for letters, sound in data.get("sounds", ())),
        last_verb=frozenset(fold(word, language) for word in data.get("last_verb", ())),
        not_slips=frozenset(fold(word, language) for word in data.get("not_slips", ())),
    )


def _parts(language: str, data: dict[str, Any]) -> Iterator[tuple[tuple[str, ...], Part]]:
    for words in spelt(data["hide"], language):
        yield words, Part("hide")
    for name, part in _PARTS:
        for words in spelt(data.get(name, ()), language):
            yield words, part
    for value, said in data["scales"].items():
        for words in spelt(said, language):
            yield words, Part("scale", Decimal(value))
    for value, said in data["words"].items():
        for words in spelt(said, language):
            yield words, _part(Decimal(value))
    for words in spelt(data["article"], language):
        yield words, Part("article", Decimal(1))
    for locale in data["num2words"]:
        for value in (*range(100), *range(100, 1000, 100)):
            for words in spelt((num2words(value, lang=locale),), language):
                # "deux cents" is two and a hundred to the sum; in one word it is a hundred of its own.
                if value < 100 or len(words) == 1:
                    yield words, _part(Decimal(value))
    if language != "en":
        for value in _ENGLISH:
            said = num2words(value).removeprefix("one ") if value >= 100 else num2words(value)
            if value >= 100:
                yield (
                    words_of(said, "en"),
                    Part("hundred" if value == 100 else "scale", Decimal(value)),
                )
            elif not phrases(language, "speech", "request").at((said,), 0) and said != "ten":
                yield words_of(said, "en"), _part(Decimal(value))


def _part(value: Decimal) -> Part:
    if value < 100:
        return Part("small", value)
    return Part("hundreds" if value < 1000 else "scale", value)


@lru_cache(maxsize=4096)
def pieces(word: str, names: Names) -> tuple[str, ...]:
    """Return the words that a word is made of: numbers written together, Arabic's prefixed "and", duals."""
    if names.part(word) is not None:
        return (word,)
    if word in names.dual:
        return ("2", names.dual[word])
    if names.language == "ar":
        return _without_prefix(word, names)
    if names.measured:
        for rest in names.measured:
            head = word.removesuffix(rest)
            part = names.part(head) if head != word else None
            if part is not None and (
                part.kind in ("fraction", "plus") or part.value == Decimal("1.5")
            ):
                return (head, rest)
    if len(word) < 6 or len(word) > 60 or names.language == "hi":
        return (word,)
    return _written_together(word, names) or (word,)


def _without_prefix(word: str, names: Names) -> tuple[str, ...]:
    prefix, rest = word[:1], word[1:]
    if prefix not in "ولب" or len(rest) < 2 or phrases("ar", "speech", "not").at((word,), 0):
        return (word,)
    part = names.part(rest)
    if part is None and rest in names.dual:
        return (prefix, "2", names.dual[rest])
    if part is None or part.kind in ("and", "hide", "minus", "point"):
        return (word,)
    return (prefix, rest)


def _written_together(word: str, names: Names) -> tuple[str, ...] | None:
    """Return the number words that make up the whole word, the longest first."""
    best: list[tuple[str, ...] | None] = [None] * (len(word) + 1)
    best[len(word)] = ()
    for start in range(len(word) - 1, -1, -1):
        for end in range(len(word), start, -1):
            rest = best[end]
            if rest is None:
                continue
            part = names.part(word[start:end])
            joint = part is not None and part.kind == "and" and start > 0 and end < len(word)
            named = (
                part is not None
                and end - start > 2
                and part.kind not in ("and", "article", "hide", "minus", "point")
            )
            if joint or named:
                best[start] = (word[start:end], *rest)
                break
    found = best[0]
    return found if found is not None and len(found) > 1 else None
