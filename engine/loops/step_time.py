"""The time of a code step: it stands still while the database is waited for, which is no failure of the step."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import timedelta
from typing import TypeVar

from engine.core.errors import StoreUnavailable
from engine.ports import Clock

STORE_RETRY_S = 0.5

T = TypeVar("T")


class StepTime:
    """How long one visit has run here."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._began = clock.monotonic()
        self._waits = 0
        """How much the visit waits for at the moment."""
        self._stopped = 0.0
        """Since when it stands still, while it waits for anything."""
        self._limit: asyncio.Timeout | None = None
        self._ends: float | None = None
        """When the limit ends, while it stands still, too."""

    @property
    def spent_s(self) -> float:
        """How long the visit has run, in seconds."""
        return (self._stopped if self._waits else self._clock.monotonic()) - self._began

    @asynccontextmanager
    async def within(self, length: timedelta) -> AsyncIterator[None]:
        """End the block by a TimeoutError after so much of this time."""
        async with asyncio.timeout(length.total_seconds()) as self._limit:
            try:
                yield
            finally:
                self._limit = None

    async def when_there(self, attempt: Callable[[], Awaitable[T]]) -> T:
        """Return what an attempt gives, tried again while the database is away."""
        with self._stands_still():
            while True:
                try:
                    return await attempt()
                except StoreUnavailable:
                    await asyncio.sleep(STORE_RETRY_S)

    @contextmanager
    def _stands_still(self) -> Iterator[None]:
        if not self._waits:
            self._stopped, self._ends = self._clock.monotonic(), self._limit and self._limit.when()
            self._limit_to(None)
        self._waits += 1
        try:
            yield
        finally:
            self._waits -= 1
            if not self._waits:
                waited_s = self._clock.monotonic() - self._stopped
                self._began += waited_s
                if self._ends is not None:
                    self._limit_to(self._ends + waited_s)

    def _limit_to(self, ends: float | None) -> None:
        """Set when the limit ends; one that has ended stays so."""
        if self._limit is not None and not self._limit.expired():
            self._limit.reschedule(ends)
