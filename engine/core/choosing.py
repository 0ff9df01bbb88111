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
from engine.core.words import fold, fold_known

LONGEST = 80
"""Characters of a message that can still be a choice in words."""

TELLING = 3
"""Letters of a word that can stand for a title; two are enough for digits, and where a sign is a syllable or more."""

_GLUED = re.compile(r"(\d+)([^\W\d_]+)")
_WORDS = re.compile(r"[^\s/&+,.;:()\"'’‘´`\-–—?!¿¡،؟؛।#*_~]+")
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
    placed = not wording.places.isdisjoint(words) or _is_pointed_at(words, text, wording)
    number = _number_beside(words, wording) if placed else None
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
    if not named and _count_by_themselves(options, place, wording):
        return ()  # "the fifth" among Portuguese days is one that is not offered, as is "3" among 2, 4 and 6 people
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
    parts = tuple(option for option, title in titled if title.head == bare)
    if not parts:
        plain = _plain(told, wording)
        worded = [(option, _words_in(option.title, wording)) for option in offer.options]
        parts = (
            tuple(option for option, title in worded if title == frozenset(plain))
            or tuple(option for option, title in worded if _is_part(plain, title, wording))
            or tuple(option for option, title in titled if _begins(words, title, wording))
            or _counting(offer, plain, wording)
            or tuple(option for option, title in titled if _slips(bare, title))
            or tuple(
                option for option, title in worded if _is_part_with_slips(plain, title, wording)
            )
        )
    if len(parts) == 1:
        return Match(parts[0], "fuzzy", likeness(bare, _title(parts[0].title).whole))
    return parts or match_near(offer, bare)


class _Title(NamedTuple):
    """A title taken apart, folded."""

    whole: str
    head: str
    """Its first part; empty where it has but one."""
    words: tuple[str, ...]

    @property
    def first(self) -> str:
        """Its first word."""
        return self.words[0] if self.words else ""


@lru_cache(maxsize=4096)
def _title(title: str) -> _Title:
    head, *rest = _HEAD.split(title, maxsplit=1)
    is_range = bool(rest) and head[-1:].isdecimal() and rest[0][:1].isdecimal()  # of hours
    return _Title(
        fold(title),
        " ".join(words_of(fold(head))) if rest and not is_range else "",
        tuple(words_of(fold(title))),
    )


@lru_cache(maxsize=4096)
def _words_in(title: str, wording: Wording) -> frozenset[str]:
    """Return the words of a title as they are compared."""
    return frozenset(_plain(words_of(fold(title)), wording))


def _plain(words: Sequence[str], wording: Wording) -> list[str]:
    """Return words as they are compared: "28cm" is "28 cm", "four" is "4", and nothing is glued to them."""
    parted = [part for word in words for part in _parted(word, wording)]
    joined = [
        word
        for place, word in enumerate(parted)
        if word not in wording.joints
        or not 0 < place < len(parted) - 1
        or not (parted[place - 1].isdecimal() and parted[place + 1].isdecimal())
    ]
    bare = (_unglued(word, wording) for word in joined)
    return [str(wording.numbers.get(word, word)) for word in bare]


def _parted(word: str, wording: Wording) -> tuple[str, ...]:
    """Return a word's digits and the letters that follow them, as in "28cm"; the digits alone of "18h"."""
    found = _GLUED.fullmatch(word)
    if found is None:
        return (word,)
    return found.groups()[:1] if found[2] in wording.around else found.groups()


def _unglued(word: str, wording: Wording) -> str:
    """Return a word without the article that is written together with it."""
    for glued in wording.glued:
        if word.startswith(glued) and len(word) >= len(glued) + TELLING:
            return word.removeprefix(glued)
    return word


def _may_choose(text: str) -> bool:
    """Tell whether a text is short enough and no question: "the large one?" wants to know something first."""
    return len(text) <= LONGEST and "?" not in text and "؟" not in text


def words_of(said: str) -> list[str]:
    """Return the words of a folded text; an apostrophe parts them."""
    return _WORDS.findall(said)


def _telling(words: Sequence[str], offer: Offer, wording: Wording) -> list[str]:
    """Return the words without those around a choice, of which none is an option by itself, as "yes" may be."""
    named = {fold_known(word) for option in offer.options for word in option.says}
    for option in offer.options:
        named.update(_title(option.title)[:2])
    around, some = wording.around, wording.some
    told = [word for word in words if word in named or not (word in around or word in some)]
    return told or [word for word in words if word in wording.deeds]


def _is_part(told: Sequence[str], title: frozenset[str], wording: Wording) -> bool:
    """Tell whether the words all stand in the title, and none that turns the title into its opposite is left out."""
    return (
        title.issuperset(told)
        and any(_tells(word, wording) for word in told)
        and wording.nots.isdisjoint(title.difference(told))
    )


def _is_part_with_slips(told: Sequence[str], title: frozenset[str], wording: Wording) -> bool:
    """Tell whether the words all stand in the title, some of them with a typing error or another ending."""
    meant = [_meant_by(word, title) for word in told]
    return None not in meant and _is_part([word or "" for word in meant], title, wording)


def _meant_by(word: str, title: frozenset[str]) -> str | None:
    """Return the word of a title that a word is, or can only be with a typing error."""
    if word in title:
        return word
    if len(word) < limits.FUZZY_LETTERS:
        return None
    near = (one for one in title if is_slip(word, one) and _is_one_word(word, one))
    return next(near, None)


def _is_one_word(said: str, word: str) -> bool:
    """Tell whether two words a slip apart are hardly two words: of four letters only swapped ones ("peas", "pears")."""
    return len(said) == len(word) or min(len(said), len(word)) > limits.FUZZY_LETTERS


def _begins(words: Sequence[str], title: _Title, wording: Wording) -> bool:
    """Tell whether the words are the first two or more of a title, however they are spaced: "pickup", "pick up"."""
    said = "".join(words)
    for count in range(2, len(title.words) + 1):
        if said == "".join(title.words[:count]):
            begun, rest = title.words[:count], title.words[count:]
            return not wording.around.issuperset(begun) and wording.nots.isdisjoint(rest)
    return False


def _counting(offer: Offer, told: Sequence[str], wording: Wording) -> tuple[OfferedOption, ...]:
    """Return the options that a number names where most titles count: "four of us" among 2, 4 and 6 people."""
    if len(told) != 1 or not told[0].isdecimal():
        return ()
    if not _count_by_themselves(offer.options, Place(0, counted=False), wording):
        return ()
    return tuple(one for one in offer.options if told[0] in _words_in(one.title, wording))


def _slips(bare: str, title: _Title) -> bool:
    """Tell whether the words are the first part of a title with a typing error."""
    return bool(title.head) and len(bare) >= limits.FUZZY_LETTERS and is_slip(bare, title.head)


def _tells(word: str, wording: Wording) -> bool:
    needed = TELLING if word.isascii() and not word.isdigit() else TELLING - 1
    return len(word) >= needed and word not in wording.nots


def _count_by_themselves(options: Sequence[OfferedOption], place: Place, wording: Wording) -> bool:
    """Tell whether most titles count as the place is said, so that it may be a value that is not offered."""
    firsts = [_title(option.title).first for option in options]
    if place.counted:
        counts = [place.number != LAST and _ordinal(first, wording) is not None for first in firsts]
    else:
        counts = [first in wording.numbers or first[:1].isdecimal() for first in firsts]
    return 2 * sum(counts) > len(counts)


def _begins_with(option: OfferedOption, place: Place, wording: Wording) -> bool:
    """Tell whether a title counts by itself, as "2 kg" and "Two people" do, or "Second floor" where that is said."""
    first = _unglued(_title(option.title).first, wording)
    if place.counted:
        return _ordinal(first, wording) == place.number
    digits = re.match(r"\d{1,3}", first)
    return place.number in (wording.numbers.get(first), digits and int(digits[0]))


def _ordinal(word: str, wording: Wording) -> int | None:
    digits = re.match(r"\d{1,3}", word)
    if digits is not None:
        return int(digits[0]) if word[digits.end() :] in wording.endings else None
    return wording.ordinals.get(word)


def _is_pointed_at(words: Sequence[str], text: str, wording: Wording) -> bool:
    """Tell whether digits stand right after an article: "la 3" and "a 1" are places, "a la 1" and "à 1" hours."""
    written = words_of(text.casefold())
    return len(written) == len(words) and any(
        word.isdecimal()
        and written[place - 1] in wording.before
        and (place == 1 or len(words[place - 2]) > 1)
        for place, word in enumerate(words)
        if place
    )


def _number_beside(words: Sequence[str], wording: Wording) -> int | None:
    """Return the one number beside a word such as "option", with nothing else but what stands around a choice."""
    numbers: list[int] = []
    for word in words:
        number = number_in(word) or wording.numbers.get(word)
        if number is not None:
            numbers.append(number)
        elif not (word in wording.places or word in wording.around or word in wording.before):
            return None
    return numbers[0] if len(numbers) == 1 else None
