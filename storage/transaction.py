"""One transaction on the writer: what needs no answer waits and travels with what does."""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import TypeVar

from storage.link import Link
from storage.statement import BEGIN, COMMIT, Call, Rows

Then = Callable[[Rows], None]
T = TypeVar("T")


class Transaction:
    """Queues calls and runs them in order, in as few trips as the questions allow.

    The transaction begins with the first trip: one that nobody used costs nothing.
    """

    def __init__(self, link: Link) -> None:
        self._link = link
        self._queue: list[tuple[Call, Then | None]] = []
        self.has_begun = False
        """Whether the first trip was made."""

    def later(self, call: Call, then: Then | None = None) -> None:
        """Queue a call; `then` is handed its answer after the trip, and may queue more."""
        self._queue.append((call, then))

    async def ask(self, *calls: Call) -> list[Rows]:
        """Run what is queued and then these calls; return their answers."""
        return await self._trip(*calls)

    async def commit(self) -> None:
        """Run what is queued and commit."""
        if not self.has_begun and not self._queue:
            return
        await self.flush()
        await self._trip(Call(COMMIT))

    async def flush(self) -> None:
        """Run what is queued for as long as its answers lead to more."""
        while any(then is not None for _, then in self._queue):
            await self._trip()

    async def rollback(self) -> None:
        """Undo everything."""
        if self.has_begun:
            await self._link.rollback()

    async def _trip(self, *calls: Call) -> list[Rows]:
        queue, self._queue = self._queue, []
        begin = () if self.has_begun else (Call(BEGIN),)
        self.has_begun = True
        answers = await self._link.run([*begin, *(call for call, _ in queue), *calls])
        own = answers[len(begin) :]
        for (_, then), rows in zip(queue, own, strict=False):
            if then is not None:
                then(rows)
        return own[len(queue) :]


async def to_the_end(deed: Coroutine[None, None, T]) -> T:
    """Wait for it even when cancelled: what a transaction came to must be known before the next one begins."""
    task = asyncio.ensure_future(deed)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        while not task.done():
            with suppress(asyncio.CancelledError):
                await asyncio.wait({task})
        if not task.cancelled():
            task.exception()  # taken note of, or the loop would complain
        raise
