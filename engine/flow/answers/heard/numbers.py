"""Finds the numbers in a message: digits (`numerals`), number words (`number_words`), both mixed (`sums`)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache

from rapidfuzz.distance import OSA

from engine.flow.answers.heard.lexicon import phrases
from engine.flow.answers.heard.number_words import Names, Part, names, pieces
from engine.flow.answers.heard.numerals import Convention, conventions
from engine.flow.answers.heard.spoken import LONGEST, Token, take_apart
from engine.flow.answers.heard.sums import Mention, Sum

MOST_WORDS = 60
"""A message of more words and signs tells something else."""


@dataclass(frozen=True)
class Said:
    """A message taken apart, with the numbers in it."""

    tokens: tuple[Token, ...]
    words: tuple[str, ...]
    mentions: tuple[Mention, ...]
    language: str

    def glued(self, place: int) -> bool:
        """Tell whether nothing stands between the token and the one before."""
        return (
            0 < place < len(self.tokens) and self.tokens[place - 1].end == self.tokens[place].start
        )


@lru_cache(maxsize=256)
def hear(text: str, language: str, country: str | None) -> Said:
    """Return a message taken apart; one too long to be an answer has nothing in it."""
    known = names(language)
    if len(text) > LONGEST:
        return Said((), (), (), known.language)
    ways = conventions(language, country)
    tokens = _expanded(take_apart(text, known.language), known)
    if len(tokens) > MOST_WORDS:
        return Said((), (), (), known.language)
    words = tuple(token.text for token in tokens)
    found = _find(tokens, words, known, ways)
    if not found and len(words) <= _FEW_WORDS:
        mended = _mended(tokens, known)
        if mended != tokens:
            words = tuple(token.text for token in mended)
            found = _find(mended, words, known, ways)
    found = _none_at_all(words, known.language) or found
    return Said(tokens, words, tuple(_spoken_prices(found, tokens)), known.language)


def _none_at_all(words: tuple[str, ...], language: str) -> list[Mention]:
    """Return the zero that "none" is where nothing but politeness stands beside it; "no idea" is another "no"."""
    nothing = phrases(language, "numbers", "none")
    polite = phrases(language, "yes_no", "filler")
    found: list[Mention] = []
    place = 0
    while place < len(words):
        none = nothing.at(words, place)
        step = none or polite.at(words, place)
        if none is not None:
            found.append(Mention(place, place + none[1], (Decimal(0),)))
        elif step is None and any(map(str.isalnum, words[place])):
            return []
        place += step[1] if step else 1
    return found if len(found) == 1 else []


def _find(
    tokens: Sequence[Token], words: Sequence[str], known: Names, ways: tuple[Convention, ...]
) -> list[Mention]:
    found: list[Mention] = []
    place = 0
    while place < len(tokens):
        hidden = known.parts.at(words, place)
        if hidden is not None and (
            hidden[0].kind == "hide" or _joins_nothing(hidden, words[place], known)
        ):
            place += hidden[1]
            continue
        mention = Sum(tokens, words, known, ways).read(place)
        if mention is not None:
            found.append(mention)
        place = mention.end if mention is not None else place + 1
    return found[:-1] if _ends_as_verb(found, tokens, known) else found


def _ends_as_verb(found: Sequence[Mention], tokens: Sequence[Token], known: Names) -> bool:
    """Tell whether the last number is the verb of one before: "paanch samose do" asks for five; "ek do" is 1 or 2."""
    if len(found) == 1 or not found or tokens[found[-1].first].text not in known.last_verb:
        return False
    before, last = found[-2:]
    if before.end == last.first and before.value + 1 == last.value:
        return False
    polite = phrases(known.language, "yes_no", "filler")
    parted = any(token.kind == "sign" for token in tokens[before.end : last.first])
    return not parted and all((token.text,) in polite for token in tokens[last.end :])


def _joins_nothing(found: tuple[Part, int], word: str, known: Names) -> bool:
    """Tell whether it is "and a half" with no number before it: "half past" of some hour, or of a measure."""
    joint = known.part(word)
    return found[0].kind == "plus" and found[1] > 1 and joint is not None and joint.kind == "and"


def _expanded(tokens: Sequence[Token], known: Names) -> tuple[Token, ...]:
    """Return the tokens with words that are several taken apart."""
    found: list[Token] = []
    for token in tokens:
        spelt = token.kind == "word"
        parts = pieces(_as_it_sounds(token.text, known), known) if spelt else (token.text,)
        at = token.start
        for number, part in enumerate(parts, start=1):
            end = token.end if number == len(parts) else min(at + len(part), token.end)
            kind = token.kind if not part.isdecimal() else "number"
            # The pieces do not touch: they are words of their own.
            found.append(Token(part, kind, at, end if number == len(parts) else end - 1))
            at = end
    return tuple(found)


# --- typing errors -----------------------------------------------------------------------------------------

_FEW_WORDS = 6
_SURE_LETTERS = 5
_MOST_LETTERS = 20


def _mended(tokens: tuple[Token, ...], known: Names) -> tuple[Token, ...]:
    """Return the tokens with number words that have one slip put right; words that mean something else are left."""
    return tuple(
        replace(token, text=_mend(token.text, known)) if token.kind == "word" else token
        for token in tokens
    )


def _may_be_a_slip(word: str, known: Names) -> bool:
    return (
        _SURE_LETTERS <= len(word) <= _MOST_LETTERS
        and not known.part(word)
        and not _means_otherwise(word, known)
    )


@lru_cache(maxsize=4096)
def _as_it_sounds(word: str, known: Names) -> str:
    """Return the number word that sounds the same, else the word."""
    if not known.sounds or not _may_be_a_slip(word, known):
        return word
    return known.by_sound.get(known.sound(word), word)


@lru_cache(maxsize=4096)
def _mend(word: str, known: Names) -> str:
    if not _may_be_a_slip(word, known):
        return word
    near = {
        name
        for name in known.single
        if name[0] == word[0] and OSA.distance(word, name, score_cutoff=1) == 1
    }
    values = {known.part(name) for name in near}
    return near.pop() if len(values) == 1 else word


def _means_otherwise(word: str, known: Names) -> bool:
    language = known.language
    return word in known.not_slips or any(
        (word,) in phrases(language, part, name)
        for part, name in (
            ("yes_no", "filler"),
            ("yes_no", "yes"),
            ("yes_no", "no"),
            ("speech", "ask_first"),
        )
    )


# --- prices said without a currency ------------------------------------------------------------------------

_ENGLISH_UNITS = frozenset({"one", "two", "three", "four", "five", "six", "seven", "eight", "nine"})
_CENTS = frozenset(map(Decimal, (10, 15, *range(20, 100))))


def _spoken_prices(found: list[Mention], tokens: Sequence[Token]) -> list[Mention]:
    """Join "three fifty": 3.50, and in English also 350."""
    joined: list[Mention] = []
    for mention in found:
        before = joined[-1] if joined else None
        if before is None or not _is_price(before, mention, tokens):
            joined.append(mention)
            continue
        low, high = before.value + mention.value / 100, before.value * 100 + mention.value
        english = tokens[before.first].text in _ENGLISH_UNITS
        joined[-1] = Mention(before.first, mention.end, (low, high) if english else (low,))
    return joined


def _is_price(before: Mention, mention: Mention, tokens: Sequence[Token]) -> bool:
    """Tell whether two number words side by side are a price: units, then cents."""
    between = [token.text for token in tokens[before.end : mention.first]]
    return (
        all(token.kind == "word" for token in tokens[before.first : mention.end])
        and between in ([], ["e"])
        and len(before.values) == len(mention.values) == 1
        and before.value in _UNITS
        and mention.value in _CENTS
    )


_UNITS = frozenset(map(Decimal, range(1, 100)))
