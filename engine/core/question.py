"""What a step asks: the question and its options, before a widget is chosen for the line."""

from collections.abc import Iterable
from functools import cached_property
from typing import NamedTuple

from engine.core.closed import Closed, Plan
from engine.core.conversation import OfferedOption
from engine.core.lengths import utf16_length
from engine.core.watch import Watch


class ShownOption(NamedTuple):
    """An option with what only the widget needs."""

    offered: OfferedOption
    description: str | None = None


class Options(tuple[ShownOption, ...]):
    """What a question offers, and what the widget has to know of it, measured once: most options never change.

    Lengths count UTF-16 units; where there are no options they are 0.
    """

    @cached_property
    def offered(self) -> tuple[OfferedOption, ...]:
        """The options as an offer stores them."""
        return tuple(option.offered for option in self)

    @cached_property
    def longest_key(self) -> int:
        """The length of the longest key, in bytes."""
        return max((len(option.key.encode()) for option in self.offered), default=0)

    @cached_property
    def longest_title(self) -> int:
        """The length of the longest title."""
        return max((utf16_length(option.title) for option in self.offered), default=0)

    @cached_property
    def longest_description(self) -> int:
        """The length of the longest description."""
        return max((utf16_length(option.description or "") for option in self), default=0)

    @cached_property
    def described(self) -> bool:
        """Whether any of them has a description."""
        return any(option.description is not None for option in self)

    @cached_property
    def distinct(self) -> bool:
        """Whether the titles can stand on their own: none empty, no two the same."""
        titles = {option.title for option in self.offered}
        return len(titles) == len(self) and "" not in titles

    @cached_property
    def alike(self) -> bool:
        """Whether two titles look the same to people, so that only numbers tell the options apart."""
        return have_equal_titles(self.offered)


def have_equal_titles(options: Iterable[OfferedOption]) -> bool:
    """Tell whether two options look the same, so that only numbers tell them apart."""
    titles = [option.title.casefold().strip() for option in options]
    return len(set(titles)) < len(titles)


NO_OPTIONS = Options()


class Question(NamedTuple):
    """What a step asks, before a widget is chosen for the line."""

    step: str
    text: str
    options: Options = NO_OPTIONS
    label: str | None = None
    """The words on the button that opens a list; None is the engine's own."""
    wants_location: bool = False
    numbered: bool = False
    """Set where titles are equal and only numbers tell the options apart."""
    closed: Closed | None = None
    """What becomes of it when the window is closed; None is as the line says."""
    told: bool = False
    """Whether the template of its plan asks the same, so that the next message may be its answer."""
    watch: Watch | None = None
    """What of it shall be told to the run."""

    @property
    def plan(self) -> Plan | None:
        """What is particular about it, None for nearly every question."""
        return None if self.closed is None and self.watch is None else (self.closed, self.watch)
