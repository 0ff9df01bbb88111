"""The way in of lines whose provider sends each webhook once: what the database refuses waits on disk, in order.

Such a line's bodies go one group after the other, so that none overtakes the one before. While the spool holds bodies
of a line, its later ones queue behind them; they enter the engine, oldest first, as soon as it takes them again.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TypeVar

import structlog

from engine.core.errors import StorageError
from engine.core.ids import LineId
from engine.core.signals import Arrival
from engine.ports import WebhookRequest
from web.doors import Doors
from web.spool import Spooled, SpoolFile, SpoolFull

log = structlog.get_logger()

COMMIT_WITHIN_S = 2.0
"""A body whose commit takes longer is spooled and answered; should it be stored after all, its keys count once.

Interakt wants its answer within 3 seconds. Source: Interakt's webhooks page, read 2026-08."""

GROUP_MOST = 128
"""Bodies that enter the engine together."""

RETRY_FIRST_S = 0.2
RETRY_MOST_S = 5.0

T = TypeVar("T")

Accept = Callable[[Sequence[Arrival]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class _Body:
    """A verified body whose request waits for its answer."""

    spooled: Spooled
    arrivals: Sequence[Arrival]
    done: asyncio.Future[None]


@dataclass(slots=True)
class _Lane:
    """One line's bodies in order of receipt."""

    waiting: list[_Body] = field(default_factory=list)
    work: asyncio.Task[None] | None = None


class Lanes:
    """Takes the bodies of some lines; the spool opens with `start` where there is one to open.

    Args:
        lines: The lines whose provider sends nothing again.
        doors: Reads what comes back from the spool.
        accept: The engine's way in.
        path: The spool's file. Beside it, `NAME.refused` keeps in the same form what can never enter.
        max_bytes: How large the spool may become.
    """

    def __init__(
        self,
        lines: Iterable[LineId],
        *,
        doors: Doors,
        accept: Accept,
        path: Path,
        max_bytes: int,
    ) -> None:
        self._lanes = {line: _Lane() for line in lines}
        self._doors = doors
        self._accept = accept
        self._path = path
        self._max_bytes = max_bytes
        self._file = SpoolFile(path, max_bytes=max_bytes)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="parley-spool")
        self._count: Counter[LineId] = Counter()
        self._more = asyncio.Event()
        self._stopping = False
        self._entering: asyncio.Task[None] | None = None

    def __contains__(self, line: LineId) -> bool:
        """Tell whether a line's bodies come through here."""
        return line in self._lanes

    @property
    def spooled(self) -> int:
        """How many bodies wait on disk."""
        return max(0, self._count.total())

    async def start(self) -> None:
        """Open the spool and let what an earlier process left enter, before anything new comes.

        Raises:
            DefinitionError: The spool's file cannot be written.
        """
        if not self._lanes:
            return
        self._count.update(await self._on_disk(self._file.open))
        if self.spooled:
            log.warning("spool_found", count=self.spooled)
            self._more.set()
            await self._try()
        self._entering = asyncio.create_task(self._run(), name="parley-spool")

    async def stop(self) -> None:
        """Let go of the file; what is in it enters at the next start. The requests have ended before."""
        self._stopping = True
        tasks = [lane.work for lane in self._lanes.values() if lane.work is not None]
        if self._entering is not None:
            self._entering.cancel()
            tasks.append(self._entering)
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._on_disk(self._file.close)
        self._thread.shutdown(wait=False)

    # --- in ---------------------------------------------------------------------------------

    async def take(
        self,
        line: LineId,
        webhook: WebhookRequest,
        arrivals: Sequence[Arrival],
        *,
        received_at: datetime,
    ) -> None:
        """Return once everything a body says is committed, or the body is on disk.

        Raises:
            SpoolFull: It is neither.
        """
        spooled = Spooled(line, received_at, webhook.body, dict(webhook.query))
        body = _Body(spooled, arrivals, asyncio.get_running_loop().create_future())
        lane = self._lanes[line]
        lane.waiting.append(body)
        if lane.work is None or lane.work.done():
            lane.work = asyncio.create_task(self._work(line, lane), name="parley-lane")
        await body.done

    async def _work(self, line: LineId, lane: _Lane) -> None:
        while lane.waiting:
            group, lane.waiting = lane.waiting[:GROUP_MOST], lane.waiting[GROUP_MOST:]
            try:
                if self._count[line] > 0 or not await self._commits(line, group):
                    await self._keep(line, group)
            except Exception as error:
                for body in group:
                    if not body.done.done():
                        body.done.set_exception(error)

    async def _commits(self, line: LineId, group: Sequence[_Body]) -> bool:
        """Tell whether the engine took the whole group."""
        try:
            async with asyncio.timeout(COMMIT_WITHIN_S):
                await self._accept([arrival for body in group for arrival in body.arrivals])
        except Exception as error:  # whatever it was: nobody sends these bodies again
            log.warning("webhooks_not_stored", line=line, count=len(group), code=_code(error))
            return False
        for body in group:
            if not body.done.done():
                body.done.set_result(None)
        return True

    async def _keep(self, line: LineId, group: Sequence[_Body]) -> None:
        """Put the group on disk, as far as it fits, and tell each request."""
        bodies = [body.spooled for body in group]
        count = await self._on_disk(lambda: self._file.append(bodies))
        self._count[line] += count
        log.warning("webhooks_spooled", line=line, count=count, spooled=self.spooled)
        for place, body in enumerate(group):
            if body.done.done():
                continue
            if place < count:
                body.done.set_result(None)
            else:
                body.done.set_exception(SpoolFull("the spool is full; see spool.max_bytes"))
        self._more.set()

    # --- from the disk ----------------------------------------------------------------------

    async def _run(self) -> None:
        """Let spooled bodies enter as soon as the engine takes them, until stopped."""
        wait_s = RETRY_FIRST_S
        while not self._stopping:
            await self._more.wait()
            if await self._try():
                wait_s = RETRY_FIRST_S
                if not self.spooled:
                    self._more.clear()
            else:
                await asyncio.sleep(wait_s)
                wait_s = min(wait_s * 2, RETRY_MOST_S)

    async def _try(self) -> bool:
        try:
            return await self._enter_all()
        except Exception:
            log.exception("spool_stuck", spooled=self.spooled)
            return False

    async def _enter_all(self) -> bool:
        """Hand every spooled body to the engine, in order; False where it does not take them yet."""
        total = 0
        while True:
            bodies, until = await self._on_disk(lambda: self._file.peek(GROUP_MOST))
            if not bodies:
                break
            try:
                await self._enter(bodies)
            except StorageError:
                return False
            await self._on_disk(lambda: self._file.forget(until))  # noqa: B023
            self._count.subtract(body.line for body in bodies)
            total += len(bodies)
        if total:
            log.info("spool_entered", count=total)
        return True

    async def _enter(self, bodies: Sequence[Spooled]) -> None:
        """Hand bodies to the engine; what can never enter is set aside, alone.

        Raises:
            StorageError: The database does not answer yet.
        """
        try:
            arrivals = [arrival for body in bodies for arrival in self._read(body)]
            if arrivals:
                await self._accept(arrivals)
        except Exception as error:
            if isinstance(error, StorageError) and error.retryable:
                raise
            if len(bodies) > 1:
                for body in bodies:
                    await self._enter([body])
                return
            log.exception("spooled_body_set_aside", line=bodies[0].line, code=_code(error))
            await self._on_disk(lambda: self._set_aside(bodies))

    def _read(self, body: Spooled) -> Sequence[Arrival]:
        door = self._doors.known(body.line)
        webhook = WebhookRequest(body.body, {}, body.query)
        return self._doors.arrivals(door, webhook, received_at=body.received_at)

    def _set_aside(self, bodies: Sequence[Spooled]) -> None:
        path = self._path.with_name(self._path.name + ".refused")
        with SpoolFile(path, max_bytes=self._max_bytes) as refused:
            refused.append(bodies)

    async def _on_disk(self, deed: Callable[[], T]) -> T:
        """Do something with the file, in its own thread: one thing after the other."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, deed)


def _code(error: Exception) -> str:
    return getattr(error, "code", type(error).__name__)
