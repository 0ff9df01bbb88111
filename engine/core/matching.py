"""Which offered option a text means: its title, its emoji, a synonym, or a title with a typing error."""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from engine.core import limits
from engine.core.conversation import Offer, OfferedOption
from engine.core.slips import is_slip, likeness
from engine.core.trace import Matched
from engine.core.words import fold, fold_known, is_emoji


class Match(NamedTuple):
    """An option and how it was found."""

    option: OfferedOption
    how: Matched
    score: float | None = None
    """The likeness of a fuzzy match, 0-100."""


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


def match_fuzzy(offer: Offer, text: str) -> Match | None:
    """Return the option whose title or synonym the text is with a typing error; a near tie is never picked."""
    said = fold(text)
    if not limits.FUZZY_LETTERS <= len(said) <= _LONGEST:
        return None
    near = [(option, score) for option in offer.options if (score := _slip(said, option))]
    if not near:
        return None
    best, score = max(near, key=lambda found: found[1])
    others = (option for option in offer.options if option is not best)
    if any(score - _likeness(said, other) < limits.FUZZY_LEAD for other in others):
        return None
    return Match(best, "fuzzy", score)


def match_near(offer: Offer, said: str) -> tuple[OfferedOption, ...]:
    """Return the options that a folded text may be with a typing error, where several are as near; else ()."""
    if not limits.FUZZY_LETTERS <= len(said) <= _LONGEST:
        return ()
    best = max((_slip(said, option) for option in offer.options), default=0.0)
    if not best:
        return ()
    near = [(option, _likeness(said, option)) for option in offer.options]
    tied = [found for found in near if best - found[1] < limits.FUZZY_LEAD]
    tied.sort(key=lambda found: -found[1])
    return tuple(option for option, _ in tied) if len(tied) > 1 else ()


_LONGEST = 200
"""Characters of a text that can still be a title; measuring longer ones would cost time."""
_NUMBER_DIGITS = 9
_KEYCAP = re.compile("[\N{VARIATION SELECTOR-16}\N{COMBINING ENCLOSING KEYCAP}]")
_DIGITS = re.compile(r"\d+")


def _slip(said: str, option: OfferedOption) -> float:
    """Return the likeness of the option's name that the text slips from, 0 where it is none of them.

    One that differs in its digits is another thing, not an error.
    """
    digits = _DIGITS.findall(said)
    return max(
        (
            likeness(said, name)
            for name in _all_names(option)
            if _DIGITS.findall(name) == digits and is_slip(said, name)
        ),
        default=0.0,
    )


def _likeness(said: str, option: OfferedOption) -> float:
    return max(likeness(said, name) for name in _all_names(option))


def _all_names(option: OfferedOption) -> tuple[str, ...]:
    return (*_names(option.title), *map(fold_known, option.says))


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
