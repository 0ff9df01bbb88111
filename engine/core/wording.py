"""How the languages of a line say which option is meant: places, numbers, and the words around a choice."""

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from typing import TypeVar

from engine.core.words import fold, words_of


@dataclass(frozen=True)
class Choosing:
    """How one language says which option is meant; words as they are typed, several of a kind in one text."""

    ordinals: tuple[str, ...] = ()
    """A text for each place, from the first on: "first", "second", in all forms of the word."""
    numbers: tuple[str, ...] = ()
    """A text for each number from 1 on: "one", "two"."""
    endings: tuple[str, ...] = ()
    """What makes digits a place: the "nd" of "2nd"."""
    last: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    """What stands beside a place's number: "option", "number"."""
    around: tuple[str, ...] = ()
    """What is said around a choice and changes nothing of it: "the", "please", "i want"."""
    deeds: tuple[str, ...] = ()
    """Verbs around a choice, which may be the choice itself where nothing else is said: "pay", "order"."""
    before: tuple[str, ...] = ()
    """What makes a place of the digits right after it: the "la" of "la 3"."""
    joints: tuple[str, ...] = ()
    """What joins two numbers to a range: the "to" of "18 to 19"."""
    glued: tuple[str, ...] = ()
    """What is written together with the word after it and changes nothing of it: the Arabic article."""
    some: tuple[str, ...] = ()
    """Indefinite articles: around a title they change nothing, before "second" they do."""
    nots: tuple[str, ...] = ()
    """What turns a choice into its opposite: "not", "without"."""


Meant = TypeVar("Meant", bound=Hashable)

NOT_SAID = Choosing()
"""What a language that lacks all this says."""

LAST = -1
"""The place of the last option, whatever their number is."""


class Wording:
    """How all the languages of a line say which option is meant."""

    def __init__(self, languages: Iterable[Choosing]) -> None:
        """Take the languages' words together; one that counts as two different numbers counts as none."""
        self._all = tuple(languages)

    @cached_property
    def ordinals(self) -> Mapping[str, int]:
        """The words for places, folded -> the place, from 1 on; LAST for the last."""
        last = {word: LAST for each in self._all for word in _folded(each.last)}
        return {**_counted(each.ordinals for each in self._all), **last}

    @cached_property
    def numbers(self) -> Mapping[str, int]:
        """The words for numbers, folded."""
        return _counted(each.numbers for each in self._all)

    @cached_property
    def places(self) -> frozenset[str]:
        """What stands beside a place's number, folded."""
        return self._union(lambda each: each.places)

    @cached_property
    def around(self) -> frozenset[str]:
        """What is said around a choice, folded; a "not" or a number in another language stays one."""
        around = set[str]()
        for each in self._all:
            others = (word for one in self._all if one is not each for word in _folded(one.numbers))
            around.update(frozenset(_folded((*each.around, *each.deeds))).difference(others))
        return frozenset(around) - self.nots

    @cached_property
    def some(self) -> frozenset[str]:
        """The indefinite articles, folded."""
        return self._union(lambda each: each.some)

    @cached_property
    def nots(self) -> frozenset[str]:
        """What turns a choice into its opposite, folded."""
        return self._union(lambda each: each.nots)

    @cached_property
    def deeds(self) -> frozenset[str]:
        """The verbs around a choice, folded."""
        return self._union(lambda each: each.deeds) - self.nots

    @cached_property
    def before(self) -> frozenset[str]:
        """What makes a place of the digits right after it, folded."""
        return self._union(lambda each: each.before)

    @cached_property
    def joints(self) -> frozenset[str]:
        """What joins two numbers to a range, folded."""
        return self._union(lambda each: each.joints)

    @cached_property
    def glued(self) -> tuple[str, ...]:
        """What is written together with the word after it, folded; the longest first."""
        return tuple(sorted(self._union(lambda each: each.glued), key=len, reverse=True))

    @cached_property
    def endings(self) -> frozenset[str]:
        """What makes digits a place, folded."""
        return self._union(lambda each: each.endings)

    @cached_property
    def times(self) -> frozenset[tuple[str, str]]:
        """What makes a time of an ordinal and comes before it, with the ordinal: "one second", "un segundo".

        Both are of one language: "a segunda" is a place in Portuguese, whatever "a" is in English.
        """
        return frozenset(
            (before, word)
            for each in self._all
            for before in _folded((*each.some, *each.numbers))
            for word in _folded(each.ordinals)
        )

    def bare(self, said: str) -> str:
        """Return a folded text without what is said around a choice; empty where it refuses, or says nothing else.

        "I want to order a pizza" comes to "order pizza".
        """
        words = words_of(said)
        if not self.nots.isdisjoint(words):
            return ""
        passed = self._passed
        return " ".join([word for word in words if word not in passed])

    @cached_property
    def _passed(self) -> frozenset[str]:
        """What a wish is told with and does not name, folded."""
        return (self.around - self.deeds) | self.some | self.joints

    def _union(self, words: Callable[[Choosing], tuple[str, ...]]) -> frozenset[str]:
        return frozenset(word for each in self._all for word in _folded(words(each)))


def _counted(counts: Iterable[tuple[str, ...]]) -> dict[str, int]:
    meant: dict[str, set[int]] = {}
    for texts in counts:
        for number, text in enumerate(texts, start=1):
            for word in _folded((text,)):
                meant.setdefault(word, set()).add(number)
    return {word: numbers.pop() for word, numbers in meant.items() if len(numbers) == 1}


def _folded(texts: Iterable[str]) -> list[str]:
    return [fold(word) for text in texts for word in text.split()]


def bared(named: Iterable[tuple[str, Meant]], wording: Wording) -> dict[str, Meant]:
    """Return what folded texts name, by what is left of them without the words around; what names two names none."""
    meant: dict[str, set[Meant]] = {}
    for said, thing in named:
        meant.setdefault(wording.bare(said), set()).add(thing)
    return {bare: things.pop() for bare, things in meant.items() if bare and len(things) == 1}


LISTS = tuple(one.name for one in fields(Choosing))
"""The names of a language's lists, as an author's file may hold them."""
