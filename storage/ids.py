"""Ids of our own: 63 bits, rising with time within a process, never the same in two processes."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol

from engine.ports import IdFactory

_EPOCH = datetime(2024, 1, 1, tzinfo=UTC)
EPOCH_MS = int(_EPOCH.timestamp() * 1000)
OWNER_BITS = 10
COUNT_BITS = 12
OWNERS = 1 << OWNER_BITS
"""How many processes may write to one database at the same time."""
_COUNT_MASK = (1 << COUNT_BITS) - 1
_MS_SHIFT = OWNER_BITS + COUNT_BITS


class RisingIds(IdFactory, Protocol):
    """An IdFactory that hears of other processes' ids."""

    def rise_above(self, other: int) -> None:
        """Let all further ids be above this one."""


def first_id(at: datetime) -> int:
    """Return an id below all that are given out from this time on."""
    return max(0, (at - _EPOCH) // timedelta(milliseconds=1) << _MS_SHIFT)


class TimeIds:
    """An IdFactory: 41 bits of milliseconds since 2024, 10 of the owner, 12 of a count.

    The milliseconds never go back, even when the clock does; they run ahead of it when one millisecond's 4096 ids are
    used up.

    Args:
        owner: This process, 0 to 1023; no other process on the database has the same at the same time.
        after: The newest id already stored, so that a clock set back between two starts repeats nothing.
        clock_ms: Milliseconds since 1970; tests pass their own.
    """

    def __init__(
        self,
        owner: int,
        *,
        after: int = 0,
        clock_ms: Callable[[], int] = lambda: time.time_ns() // 1_000_000,
    ) -> None:
        if not 0 <= owner < OWNERS:
            raise ValueError(f"owner {owner!r} is not within 0 and {OWNERS - 1}")
        self._owner = owner << COUNT_BITS
        self._clock_ms = clock_ms
        # The last of its millisecond, so that the first id begins a new one.
        self._last = after | (1 << _MS_SHIFT) - 1

    def __call__(self) -> int:
        """Return the next id."""
        first = (self._clock_ms() - EPOCH_MS) << _MS_SHIFT | self._owner
        last = self._last
        if first > last:
            self._last = first
        elif ~last & _COUNT_MASK:
            self._last = last + 1
        else:
            self._last = ((last >> _MS_SHIFT) + 1) << _MS_SHIFT | self._owner
        return self._last

    def rise_above(self, other: int) -> None:
        """Let all further ids be above this one, which may come from a process whose clock is ahead."""
        if other > self._last:
            self._last = other | (1 << _MS_SHIFT) - 1
