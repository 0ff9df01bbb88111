"""Posts news to the business's own servers: at least once, in order per conversation, for a day.

A loop for each server, so that a slow one holds up nobody else. What is not taken is tried again with back-off, and
what the same conversation has after it waits. A server that refuses again and again is left alone for a while.
"""

import asyncio
from collections.abc import Callable, Sequence
from datetime import timedelta

import structlog

from engine.core import limits
from engine.core.errors import StorageError
from engine.loops.writer import Writer
from engine.ports import Batch, Clock
from engine.ports.news import Hook, Hooks, Posted, Posting

log = structlog.get_logger()

AT_ONCE = 16
"""Posts under way to one server."""

SWEEP_S = 1.0
"""How often is looked without being told to: for what is tried again, and what another process wrote."""

TIDY_S = 60.0

WAITING_MOST = 100_000
"""What waits for one server at the most, at about 1 KB each; then the oldest are given up."""

RETRY_FIRST = timedelta(seconds=5)

DOWN_AFTER = 5
"""Refusals in a row after which a server is taken to be down."""

PAUSE_FIRST_S = 5.0
PAUSE_MOST_S = 300.0


class _Server:
    """One server and how it has been lately."""

    def __init__(self, hook: Hook) -> None:
        self.hook = hook
        self.more = asyncio.Event()
        self.failures = 0
        """Refusals since it last took something."""
        self.pauses = 0
        """Pauses since then."""
        self.paused_until = 0.0
        self.posted: list[Posted] = []
        """What became of the last posts, not written yet."""


class Poster:
    """Posts what is stored for the servers."""

    def __init__(
        self, *, hooks: Hooks, writer: Writer, clock: Clock, jitter: Callable[[], float]
    ) -> None:
        """Set up.

        Args:
            hooks: The servers by name.
            writer: Where news are taken up and what became of them is written.
            clock: Real time for retries, monotonic time for pauses.
            jitter: Returns a number in [0, 1), so that retries of many do not come together.
        """
        self._servers = [_Server(hook) for hook in hooks.values()]
        self._writer = writer
        self._clock = clock
        self._jitter = jitter
        self._stopping = asyncio.Event()
        self._ended = asyncio.Event()

    def wake(self) -> None:
        """Look soon: there is something to tell."""
        for server in self._servers:
            server.more.set()

    async def stop(self) -> None:
        """Finish the posts under way; whoever waits bounds the time, and what is cut off is posted again."""
        self._stopping.set()
        self.wake()
        await self._ended.wait()

    async def run(self) -> None:
        """Post to every server until stopped."""
        self._ended.clear()
        try:
            async with asyncio.TaskGroup() as tasks:
                for server in self._servers:
                    tasks.create_task(self._serve(server))
                if self._servers:
                    tasks.create_task(self._tidy())
        finally:
            self._ended.set()

    async def _tidy(self) -> None:
        """Give up and forget what is past its time, now and every minute."""
        names = [server.hook.name for server in self._servers]
        while not self._stopping.is_set():
            now = self._clock.now()
            try:
                await self._writer.write(
                    lambda batch: batch.news.sweep(names, now=now, most=WAITING_MOST)  # noqa: B023
                )
            except StorageError as error:
                log.warning("hooks_not_tidied", code=error.code)
            await _first_of(self._stopping, TIDY_S)

    # --- one server -------------------------------------------------------------------------

    async def _serve(self, server: _Server) -> None:
        while not self._stopping.is_set():
            server.more.clear()  # before the look: what is told during it asks for another
            try:
                goes_on = await self._round(server)
            except StorageError:
                goes_on = False
            if not goes_on:
                await _first_of(server.more, SWEEP_S)
        await self._write_down(server)

    async def _round(self, server: _Server) -> bool:
        """Post what may go now; True where more may go at once."""
        if server.paused_until > self._clock.monotonic():
            await self._write_down(server)
            pause_s = max(0.0, server.paused_until - self._clock.monotonic())
            await _first_of(self._stopping, pause_s)
            return True
        limit = 1 if server.failures >= DOWN_AFTER else AT_ONCE
        now, posted = self._clock.now(), server.posted

        async def take(batch: Batch) -> list[Posting]:
            batch.news.done(posted)
            return await batch.news.take(server.hook.name, now=now, limit=limit)

        postings = await self._writer.write(take)
        server.posted = []
        async with asyncio.TaskGroup() as tasks:
            for posting in postings:
                tasks.create_task(self._post(server, posting))
        return bool(server.posted)

    async def _post(self, server: _Server, posting: Posting) -> None:
        try:
            error = await server.hook.post(posting)
        except Exception:
            log.exception("hook_raised", hook=server.hook.name, news_id=posting.news.id)
            error = "a fault of ours; see the log"
        news = posting.news
        if error is None:
            server.failures = server.pauses = 0
            server.posted.append(Posted(news.line, news.id))
            return
        later = self._clock.now() + self._backoff(posting.attempts)
        server.posted.append(Posted(news.line, news.id, error, later))
        server.failures += 1
        log.info("hook_refused", hook=server.hook.name, news_id=news.id, why=error)
        if server.failures >= DOWN_AFTER:
            self._pause(server)

    def _pause(self, server: _Server) -> None:
        """Leave a server alone that is down, longer each time."""
        now = self._clock.monotonic()
        if server.paused_until > now:
            return
        longest = min(PAUSE_FIRST_S * 2 ** min(server.pauses, 16), PAUSE_MOST_S)
        pause_s = longest * (0.5 + 0.5 * self._jitter())
        server.paused_until = now + pause_s
        server.pauses += 1
        log.warning(
            "hook_paused",
            hook=server.hook.name,
            seconds=round(pause_s, 1),
            todo="`parley webhooks` says what waits and why",
        )

    async def _write_down(self, server: _Server) -> None:
        """Write what became of the last posts, where nothing else is to be taken up."""
        posted: Sequence[Posted] = server.posted
        if not posted:
            return

        async def done(batch: Batch) -> None:
            batch.news.done(posted)

        await self._writer.write(done)
        server.posted = []

    def _backoff(self, attempts: int) -> timedelta:
        full: timedelta = min(RETRY_FIRST * 2 ** min(attempts, 16), limits.NEWS_BACKOFF_MOST)
        return full * (0.5 + 0.5 * self._jitter())


async def _first_of(event: asyncio.Event, seconds: float) -> None:
    """Wait for the event, but not longer."""
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        pass
