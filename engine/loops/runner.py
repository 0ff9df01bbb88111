"""Steps what waited: signals stored unhandled because their conversation was busy, locked, or its step raised."""

import asyncio
from collections.abc import Collection
from contextlib import suppress

from engine.core.errors import StorageError
from engine.core.ids import LineId
from engine.loops.writer import Writer
from engine.ports import Store

SWEEP_S = 1.0
"""How often the database is asked without being told to; also the pause between the tries of a step that raises."""

AT_ONCE = 200
"""Signals handed to one batch."""


class Runner:
    """Feeds waiting signals back to the writer, in order of arrival."""

    def __init__(self, *, store: Store, writer: Writer, lines: Collection[LineId]) -> None:
        self._store = store
        self._writer = writer
        self._lines = lines
        self._more = asyncio.Event()
        self._stopping = False

    def wake(self) -> None:
        """Look soon: a conversation became free."""
        self._more.set()

    def stop(self) -> None:
        """Let `run` end."""
        self._stopping = True
        self._more.set()

    async def run(self) -> None:
        """Look for waiting signals when told and every second, until stopped."""
        while not self._stopping:
            self._more.clear()  # before the look: what is told during it asks for another
            with suppress(StorageError):
                # What waits on a line that is not configured here waits until it is, or is another deployment's.
                waiting = await self._store.waiting_signals(self._lines, limit=AT_ONCE)
                # Until they are committed they look as if they waited.
                await self._writer.restep(waiting)
            try:
                async with asyncio.timeout(SWEEP_S):
                    await self._more.wait()
            except TimeoutError:
                pass
