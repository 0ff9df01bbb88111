"""Which offered option a text means: its title, its emoji, a synonym, its number, or a title with a typing error."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from engine.core import limits
from engine.core.conversation import Offer, OfferedOption
from engine.core.script import Matched
from engine.core.words import fold, fold_known, is_emoji

FUZZY_LENGTH = 3
"""Shorter texts are never taken for a typing error: everything is near to everything."""


@dataclass(frozen=True, slots=True)
class Match:
    """An option and how it was found."""

    option: OfferedOption
    how: Matched
    score: float | None = None
    """The similarity of a fuzzy match, 0-100."""


def match_exact(offer: Offer, text: str) -> Match | None:
    """Return the one option that the text names by title, emoji or synonym; None if none or several do."""
    said = text.strip()
    titled = [option for option in offer.options if option.title == said]
    if len(titled) == 1:
        return Match(titled[0], "title")
    folded = fold(said)
    if folded:
        named = [option for option in offer.options if folded in _names(option.title)]
        if named:
            return Match(named[0], "title") if len(named) == 1 else None
        meant = [
            option
            for option in offer.options
            if any(folded == fold_known(word) for word in option.says)
        ]
        if meant:
            return Match(meant[0], "synonym") if len(meant) == 1 else None
    if not is_emoji(said):
        return None
    sign = _emoji_of(said)
    signed = [
        option
        for option in offer.options
        if sign == _emoji_of(option.title) or any(sign == _emoji_of(word) for word in option.says)
    ]
    return Match(signed[0], "emoji") if len(signed) == 1 else None


def number_in(text: str) -> int | None:
    """Return the number that is the whole text, as "2", "2.", "#2", "٢" or the keycap emoji; None for all else."""
    digits = _KEYCAP.sub("", fold(text)).lstrip("#")
    return int(digits) if digits.isdecimal() and len(digits) <= _NUMBER_DIGITS else None


def match_number(offer: Offer, number: int) -> Match | None:
    """Return the option at that place of the page shown last, counted from 1.

    None where titles are themselves numbers: there a number is a value, never a place.
    """
    if any(number_in(option.title) is not None for option in offer.options):
        return None
    index = offer.first + number - 1
    if number < 1 or index >= len(offer.options):
        return None
    return Match(offer.options[index], "number")


def match_fuzzy(offer: Offer, text: str) -> Match | None:
    """Return the option whose title or synonym the text nearly is; a near tie is never picked."""
    said = fold(text)
    if len(said) < FUZZY_LENGTH:
        return None
    scores = sorted(
        ((_similarity(said, option), -index) for index, option in enumerate(offer.options)),
        reverse=True,
    )
    best = scores[0] if scores else (0.0, 0)
    if best[0] < limits.FUZZY_SCORE:
        return None
    if len(scores) > 1 and best[0] - scores[1][0] < limits.FUZZY_LEAD:
        return None
    return Match(offer.options[-best[1]], "fuzzy", best[0])


# The cut-off is the lowest score that can still matter: a second best is compared with the best.
_CUTOFF = limits.FUZZY_SCORE - limits.FUZZY_LEAD
_SWAPPED = 90.0
_NUMBER_DIGITS = 9
_KEYCAP = re.compile("[\N{VARIATION SELECTOR-16}\N{COMBINING ENCLOSING KEYCAP}]")
_DIGITS = re.compile(r"\d+")


def _similarity(said: str, option: OfferedOption) -> float:
    """Return the best score of the option's names; one that differs in its digits is another thing, not an error."""
    names = (*_names(option.title), *map(fold_known, option.says))
    digits = _DIGITS.findall(said)
    return max(
        (_score(said, name) for name in names if _DIGITS.findall(name) == digits), default=0.0
    )


def _score(said: str, name: str) -> float:
    """Return the similarity, 0-100; two neighbours in the wrong order count as one letter missing, not as two wrong."""
    score = fuzz.ratio(said, name, score_cutoff=_CUTOFF)
    if len(said) == len(name) and OSA.distance(said, name, score_cutoff=1) == 1:
        swapped = sum(a != b for a, b in zip(said, name, strict=True)) == 2
        return max(score, _SWAPPED) if swapped else score
    return score


@lru_cache(maxsize=4096)
def _names(title: str) -> tuple[str, ...]:
    """Return the title as it may be typed: folded, and folded without its emoji."""
    whole = fold(title)
    plain = fold("".join(" " if _is_sign(char) else char for char in title))
    return (whole, plain) if plain and plain != whole else (whole,)


@lru_cache(maxsize=4096)
def _emoji_of(text: str) -> str:
    """Return the emoji of a text, without the selectors that only change how they are drawn."""
    return "".join(char for char in text if _is_sign(char) and char != "\N{VARIATION SELECTOR-16}")


def _is_sign(char: str) -> bool:
    """Tell whether the character belongs to an emoji; other scripts' vowel marks do not."""
    return char in _EMOJI_JOINTS or (
        not char.isascii() and unicodedata.category(char) in ("So", "Sk")
    )


_EMOJI_JOINTS = "\N{VARIATION SELECTOR-16}\N{COMBINING ENCLOSING KEYCAP}\N{ZERO WIDTH JOINER}"
