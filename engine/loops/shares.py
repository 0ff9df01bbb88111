"""How many processes share the lines' rates, and how long that may be believed: never more than the whole together.

A look at who lives counts for `VALID_S` from when it was asked; later nothing is sent before there is another. Who
comes sends only once it has been there for so long: all others have looked in that time, or send nothing. Who is missed
is counted for so long, since it may still go by what it saw. docs/decisions/0031 has the proof.
"""

from typing import NamedTuple

LOOK_S = 1.0
"""How often is looked who lives."""

VALID_S = 2.5
"""For how long a look counts: one of two may fail or be late before sends wait."""

ALWAYS = float("inf")
NEVER = float("-inf")


class Share(NamedTuple):
    """A process's part of every line's rate."""

    parts: int = 1
    """The rate is divided into so many; one of them is this process's,"""
    until: float = ALWAYS
    """until then, in monotonic seconds."""


class Shares:
    """One process's share as of its looks. Pure: it is told the time.

    Args:
        owner: This process's number.
    """

    def __init__(self, owner: int) -> None:
        self._owner = owner
        self._live: frozenset[int] = frozenset()
        self._gone: dict[int, float] = {}
        """Until when those count that were seen and are missed."""
        self._terms = 0
        self._joined_at = NEVER
        """Since then its lock has been held, and it has looked at the others often enough."""
        self._counts_until = NEVER
        """Until when its last look counts."""
        self._until = NEVER
        """Until when it has its share: as `_counts_until`, once it has joined."""

    def looked(
        self, live: frozenset[int], *, terms: int, asked_at: float, answered_at: float
    ) -> Share:
        """Return the share as of a look.

        Args:
            live: The owners whose locks were held.
            terms: How many connections have held this one's lock, as of the answer: between two it was not held.
            asked_at: Before the look.
            answered_at: After it.
        """
        missed = dict.fromkeys(self._live - live, answered_at + VALID_S)
        self._gone = {
            owner: until
            for owner, until in (self._gone | missed).items()
            if owner not in live and until > answered_at
        }
        self._live = live
        if self._owner in live:
            if terms != self._terms or answered_at > self._counts_until:
                self._terms, self._joined_at = terms, answered_at
            self._counts_until = asked_at + VALID_S
            if asked_at >= self._joined_at + VALID_S:
                self._until = self._counts_until
        else:
            self._terms = 0  # when it is seen again, it joins anew
        return Share(len(live | self._gone.keys() | {self._owner}), self._until)

    def looks_by(self, now: float) -> float:
        """Return how many seconds may pass before the next look: one that joins looks as soon as that makes it one."""
        joins_in = self._joined_at + VALID_S - now
        return min(LOOK_S, joins_in) if joins_in > 0 else LOOK_S
