"""How this process and its database do: what `/readyz` and `/metrics` both tell, asked once for all who ask then."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from aiohttp import web

from engine.core.errors import StorageError
from engine.core.ids import LineId
from storage.vitals import StoredVitals, stored_vitals
from web.keys import CLOCK, DATABASE, SETTINGS, STORE

ANSWERS_WITHIN_S = 5.0
"""A database that takes longer over these small questions does not answer."""

LAG_STEP_S = 0.5
"""How often it is looked how late the event loop is."""

LAG_KEPT = 120
"""So many looks are kept: the longest lag of the last minute is told, whoever asks how often."""


class LoopLag:
    """Measures how late the event loop comes to what is due: whatever blocks it, it blocks every message."""

    def __init__(self) -> None:
        self._lags: deque[float] = deque(maxlen=LAG_KEPT)
        self._due = 0.0
        self._next: asyncio.TimerHandle | None = None

    @property
    def seconds(self) -> float:
        """The longest of the last minute."""
        return max(self._lags, default=0.0)

    def start(self) -> None:
        """Look from now on."""
        loop = asyncio.get_running_loop()
        self._due = loop.time() + LAG_STEP_S
        self._next = loop.call_at(self._due, self._look, loop)

    def stop(self) -> None:
        """Look no more."""
        if self._next is not None:
            self._next.cancel()

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        self._lags.append(max(0.0, loop.time() - self._due))
        self.start()


@dataclass(frozen=True, slots=True)
class Vitals:
    """How it stands now."""

    oldest_unstepped: timedelta
    """How long the oldest signal of our lines waits that could be stepped; nothing where none does."""
    stored: StoredVitals
    at: datetime

    @property
    def oldest_unsent(self) -> dict[LineId, timedelta]:
        """How long the oldest message of each line waits that is on its way out; lines without one are left out."""
        oldest: dict[LineId, timedelta] = {}
        for one in self.stored.unsent:
            if one.since is not None and one.status != "uncertain":
                waits = max(timedelta(), self.at - one.since)
                oldest[one.line] = max(waits, oldest.get(one.line, timedelta()))
        return oldest


class Watch:
    """Asks the database; those who ask while it is asked share the answer, however many they are."""

    def __init__(self, app: web.Application) -> None:
        self._app = app
        self._asking: asyncio.Task[Vitals | None] | None = None
        self.lag = LoopLag()

    async def look(self) -> Vitals | None:
        """Return how it stands; None where the database does not answer."""
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._ask(), name="parley-vitals")
        return await asyncio.shield(self._asking)

    async def _ask(self) -> Vitals | None:
        app = self._app
        now = app[CLOCK].now()
        lines = [LineId(line) for line in app[SETTINGS].lines]
        try:
            async with asyncio.timeout(ANSWERS_WITHIN_S):
                waiting = await app[STORE].oldest_waiting(lines, now=now)
                stored = await stored_vitals(app[DATABASE], lines)
        except (StorageError, TimeoutError):
            return None
        return Vitals(max(timedelta(), waiting or timedelta()), stored, now)

    async def close(self) -> None:
        """End what is asked."""
        self.lag.stop()
        if self._asking is not None:
            self._asking.cancel()
            await asyncio.gather(self._asking, return_exceptions=True)


WATCH = web.AppKey("watch", Watch)


async def run_watch(app: web.Application) -> AsyncIterator[None]:
    """Keep the watch while the application runs."""
    app[WATCH] = watch = Watch(app)
    watch.lag.start()
    yield
    await watch.close()
