"""Reads what was stored into the search index, a piece at a time and out of every message's way."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from datetime import datetime

import structlog
from aiohttp import web

from engine.core.errors import StorageError
from engine.core.ids import LineId
from engine.ports import Clock
from storage import search_index
from storage.agents import has_agents
from storage.database import Database
from storage.search_index import SearchIndex
from web.keys import CLOCK, DATABASE, SETTINGS

log = structlog.get_logger()

NEWS_S = 0.5
"""The pause after there was something new."""

QUIET_S = 1.0
"""The pause after there was nothing new."""

IDLE_S = 2.0
"""How often it is looked whether there is an agent by now, and whether the process that keeps the index lives."""

LOOK_BACK_S = 15.0
"""How often what was committed late is looked for, where there was something new since."""

REST = 4
"""While older messages are read: so many times as long as a piece took the writer has for others."""

REST_S = 0.05
"""The shortest such pause."""

TROUBLE_S = 5.0
STOP_WITHIN_S = 2.0
"""What is cut off then is read again at the next start."""


class Indexer:
    """Keeps the index of one process's lines up to date.

    Args:
        database: What is read, and where the index stands.
        lines: Whose messages and contacts.
        clock: The time.
    """

    def __init__(self, database: Database, lines: Sequence[LineId], clock: Clock) -> None:
        self._database = database
        self._lines = lines
        self._clock = clock
        self._index = SearchIndex(database)
        self._stopping = asyncio.Event()
        self._looked_s = 0.0
        self._news: set[LineId] = set(lines)
        """Lines with something new since it was last looked back."""
        self._has_agents = False

    async def run(self) -> None:
        """Follow until stopped; a database that does not answer is asked again."""
        while not self._stopping.is_set():
            try:
                pause_s = await self._round()
            except StorageError as error:
                log.warning("search_index_waits", code=error.code)
                pause_s = TROUBLE_S
            except Exception:
                log.exception(
                    "search_index_failed"
                )  # a fault of ours: the talk goes on, the search stands still
                pause_s = TROUBLE_S
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), pause_s)

    def stop(self) -> None:
        """End after the piece under way."""
        self._stopping.set()

    async def _round(self) -> float:
        """Read what there is and return how long to pause."""
        self._has_agents = self._has_agents or await has_agents(self._database)
        if not self._has_agents:
            return IDLE_S
        now = self._clock.now()
        if not await self._index.hold(now=now):
            return IDLE_S
        news = await self._index.news(self._lines)
        for line in news:
            await self._follow(line)
        self._news.update(news)
        if self._clock.monotonic() - self._looked_s >= LOOK_BACK_S:
            await self._look_back(now)
        if behind := next(filter(self._index.is_behind, self._lines), None):
            return await self._go_back(behind)
        return NEWS_S if news else QUIET_S

    async def _follow(self, line: LineId) -> None:
        for read in (self._index.follow, self._index.meet):
            while await read(line) == search_index.PIECE and not self._stopping.is_set():
                pass

    async def _look_back(self, now: datetime) -> None:
        self._looked_s = self._clock.monotonic()
        for line in self._news:
            while await self._index.look_back(line, now=now) == search_index.PIECE:
                pass
        self._news.clear()

    async def _go_back(self, line: LineId) -> float:
        began = self._clock.monotonic()
        await self._index.go_back(line)
        return max(REST_S, REST * (self._clock.monotonic() - began))


async def run_indexer(app: web.Application) -> AsyncIterator[None]:
    """Run the indexer while the application runs, where `[inbox] search` says so."""
    settings = app[SETTINGS]
    if not settings.inbox.search:
        yield
        return
    indexer = Indexer(app[DATABASE], [LineId(name) for name in settings.lines], app[CLOCK])
    task = asyncio.create_task(indexer.run(), name="indexer")
    yield
    indexer.stop()
    _, late = await asyncio.wait({task}, timeout=STOP_WITHIN_S)
    for one in late:
        one.cancel()
        with suppress(asyncio.CancelledError):
            await one
