"""Which option people mean in their own words: by its place ("the second one"), by a part of its title ("large").

What a language adds to a choice without changing it ("please", "the ... one") is passed over; any other word, and a
"not" above all, makes the message mean something else. So no option is ever taken that was not named.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from engine.core import limits
from engine.core.conversation import Offer, OfferedOption
from engine.core.matching import Match, match_exact, match_fuzzy, match_near, number_in
from engine.core.slips import is_slip, likeness
from engine.core.wording import LAST, Wording
from engine.core.words import fold, fold_known, words_of

LONGEST = 80
"""Characters of a message that can still be a choice in words."""

TELLING = 3
"""Letters of a word that can stand for a title; two are enough for digits, and where a sign is a syllable or more."""

_HEAD = re.compile(r"\s*[,;:(–—·|،؛।]\s*|\s-\s")
"""What ends the first part of a title, as in "No, thanks" and "Large (33 cm)"."""


class Place(NamedTuple):
    """A place that a message names."""

    number: int
    """From 1 on, or LAST."""
    counted: bool
    """Said as an ordinal ("the second one"): a number may also be what a title says ("2 kg")."""


def place_in(text: str, wording: Wording) -> Place | None:
    """Return the place that a message names: "2", "two", "option 2", "the second one", "2nd"."""
    number = number_in(text)
    if number is not None:
        return Place(number, counted=False)
    if not _may_choose(text):
        return None
    words = words_of(fold(text))
    if len(words) == 1 and words[0] in wording.numbers:
        return Place(wording.numbers[words[0]], counted=False)
    told = [word for word in words if word not in wording.around and word not in wording.places]
    if len(told) == 1 and (ordinal := _ordinal(told[0], wording)) is not None:
        before = words[: words.index(told[0])]
        is_time = any((word, told[0]) in wording.times for word in before)
        return None if is_time else Place(ordinal, counted=True)
    number = None if wording.places.isdisjoint(words) else _number_beside(words, wording)
    return None if number is None else Place(number, counted=False)


def options_at(
    offer: Offer, place: Place, end: int, wording: Wording | None
) -> tuple[OfferedOption, ...]:
    """Return the option at a place of the page shown last; several where it may mean each, none where none is there.

    Args:
        offer: The open question's.
        place: As the message names it.
        end: The index behind the last option of the page.
        wording: How the line's languages count: a title that does so too ("2 kg") may be meant as well. None where
            the options were shown with numbers: there only these are meant.
    """
    options = offer.options
    if not place.counted and any(number_in(option.title) is not None for option in options):
        return ()  # there a number is a value, never a place
    if place.number == LAST:
        return options[-1:] if end == len(options) else (options[end - 1], options[-1])
    index = offer.first + place.number - 1
    there = options[index : index + 1] if place.number > 0 else ()
    if wording is None:
        return there
    named = tuple(option for option in options if _begins_with(option, place, wording))
    # Asked back, the titled one stands at that place where it can: who repeats the number is understood then.
    both = (*named, *there) if place.number == 1 else (*there, *named)
    return tuple({option.key: option for option in both}.values())


def match_words(offer: Offer, text: str, wording: Wording) -> Match | tuple[OfferedOption, ...]:
    """Return the option that a text means in its own words; several where it may mean each of them, else ().

    Read in this order: a title or synonym with words around it, with a typing error as well; the first part of a
    title; words of one title alone; then what is nearly two titles.
    """
    if not offer.options or not _may_choose(text):
        return ()
    said = fold(text)
    words = words_of(said)
    told = _telling(words, offer, wording)
    if not told:
        return ()
    bare = " ".join(told)
    if len(told) < len(words) and (match := match_exact(offer, bare) or match_fuzzy(offer, bare)):
        return match
    titled = [(option, _title(option.title)) for option in offer.options]
    parts = (
        tuple(option for option, title in titled if title.head == bare)
        or tuple(option for option, title in titled if _is_part(told, title, wording))
        or tuple(option for option, title in titled if _slips(bare, title))
    )
    if len(parts) == 1:
        return Match(parts[0], "fuzzy", likeness(bare, _title(parts[0].title).whole))
    return parts or match_near(offer, bare)


class _Title(NamedTuple):
    """A title taken apart, folded."""

    whole: str
    head: str
    """Its first part; empty where it has but one."""
    first: str
    words: frozenset[str]


@lru_cache(maxsize=4096)
def _title(title: str) -> _Title:
    head, *rest = _HEAD.split(title, maxsplit=1)
    words = words_of(fold(title))
    return _Title(
        fold(title),
        " ".join(words_of(fold(head))) if rest else "",
        words[0] if words else "",
        frozenset(words),
    )


def _may_choose(text: str) -> bool:
    """Tell whether a text is short enough and no question: "the large one?" wants to know something first."""
    return len(text) <= LONGEST and "?" not in text and "؟" not in text


def _telling(words: Sequence[str], offer: Offer, wording: Wording) -> list[str]:
    """Return the words without those around a choice, of which none is an option by itself, as "yes" may be."""
    named = {fold_known(word) for option in offer.options for word in option.says}
    for option in offer.options:
        named.update(_title(option.title)[:2])
    around, some = wording.around, wording.some
    return [word for word in words if word in named or not (word in around or word in some)]


def _is_part(told: Sequence[str], title: _Title, wording: Wording) -> bool:
    """Tell whether the words all stand in the title, and none that turns the title into its opposite is left out."""
    return (
        title.words.issuperset(told)
        and any(_tells(word, wording) for word in told)
        and wording.nots.isdisjoint(title.words.difference(told))
    )


def _slips(bare: str, title: _Title) -> bool:
    """Tell whether the words are the first part of a title with a typing error."""
    return bool(title.head) and len(bare) >= limits.FUZZY_LETTERS and is_slip(bare, title.head)


def _tells(word: str, wording: Wording) -> bool:
    needed = TELLING if word.isascii() and not word.isdigit() else TELLING - 1
    return len(word) >= needed and word not in wording.nots


def _begins_with(option: OfferedOption, place: Place, wording: Wording) -> bool:
    """Tell whether a title counts by itself, as "2 kg" and "Two people" do, or "Second floor" where that is said."""
    first = _title(option.title).first
    if place.counted:
        return _ordinal(first, wording) == place.number
    digits = re.match(r"\d{1,3}", first)
    return place.number in (wording.numbers.get(first), digits and int(digits[0]))


def _ordinal(word: str, wording: Wording) -> int | None:
    digits = re.match(r"\d{1,3}", word)
    if digits is not None:
        return int(digits[0]) if word[digits.end() :] in wording.endings else None
    return wording.ordinals.get(word)


def _number_beside(words: Sequence[str], wording: Wording) -> int | None:
    """Return the one number beside a word such as "option", with nothing else but what stands around a choice."""
    numbers: list[int] = []
    for word in words:
        number = number_in(word) or wording.numbers.get(word)
        if number is not None:
            numbers.append(number)
        elif word not in wording.places and word not in wording.around:
            return None
    return numbers[0] if len(numbers) == 1 else None
