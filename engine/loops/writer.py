"""The one writer of a process: takes what waits as a batch, in one transaction, and answers after the commit.

Accepting never depends on stepping: what cannot be stepped now is stored unhandled in the same commit. A commit
that fails tells every waiter so; nothing of it was stored.
"""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import structlog

from engine.core import limits
from engine.core.content import Unsupported
from engine.core.errors import ConcurrentUpdate, StorageError, StoreUnavailable, ValueRefused
from engine.core.signals import Arrival, MessageReceived
from engine.loops.batch import BatchSteps
from engine.loops.performer import Outcome
from engine.ports import Batch, OutboxEntry, SendMark, Store, StoredSignal

log = structlog.get_logger()

BATCH_MOST = 256
"""Arrivals in one transaction at the most: beyond this a batch only gets slower, not cheaper."""

CROWD = 8
"""Arrivals in a batch that tell of load: the next one then gathers company before it begins."""

FULL = 64
"""Arrivals at which gathering ends: a batch costs about 1 ms whatever is in it; here a message bears 15 µs of that."""

GATHER_S = 0.006
"""How long a batch gathers at the most. At 64 contacts it takes a fifth off the CPU of a message; in quiet times
nothing waits. docs/decisions/0006 has the figures."""

GATHER_STEP_S = 0.001

IDLE_STEP_S = 0.002
"""A step that brought nobody and took no longer found nothing else to do: what was on its way is here."""

MARK_LINGER_S = 0.02
"""How long a sent mark waits for a batch to ride with. A crash within it costs one message marked `maybe_twice`."""

REDO_MOST = 5
"""How often a batch is redone after another writer was faster."""

RETRY_MARKS_S = 0.5
"""How long to wait with marks after the database failed."""

T = TypeVar("T")

Job = Callable[[Batch], Awaitable[Any]]
"""Something else to write in the same transaction. Its result is handed over after the commit."""


class _Ticket:
    """One caller's arrivals; its future is done when all of them are committed."""

    def __init__(self, count: int) -> None:
        self.left = count
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def commit(self) -> None:
        self.left -= 1
        if self.left == 0 and not self.done.done():
            self.done.set_result(None)

    def fail(self, error: BaseException) -> None:
        if not self.done.done():
            self.done.set_exception(error)


@dataclass(slots=True)
class _Work:
    """What goes into one transaction."""

    arrivals: list[tuple[Arrival, _Ticket]] = field(default_factory=list)
    stored: list[StoredSignal] = field(default_factory=list)
    marks: list[SendMark] = field(default_factory=list)
    jobs: list[tuple[Job, asyncio.Future[Any]]] = field(default_factory=list)

    def parts(self) -> list["_Work"]:
        """Split it, so that what the database refuses ends up alone."""
        pieces: list[_Work] = []
        for name in ("arrivals", "stored", "marks", "jobs"):
            items = getattr(self, name)
            if items:
                middle = (len(items) + 1) // 2
                halves = [items[:middle], items[middle:]] if self._is_one(name) else [items]
                pieces += [_Work(**{name: half}) for half in halves if half]
        return pieces if len(pieces) > 1 else []

    def _is_one(self, name: str) -> bool:
        return not any(
            getattr(self, other)
            for other in ("arrivals", "stored", "marks", "jobs")
            if other != name
        )


class Writer:
    """Collects what is to be written and commits it batch by batch."""

    def __init__(
        self,
        *,
        store: Store,
        steps: BatchSteps,
        committed: Callable[[Outcome], None],
        sends: Callable[[], bool],
    ) -> None:
        """Set up.

        Args:
            store: Where it writes.
            steps: What is done with arrivals.
            committed: Told what came of each batch.
            sends: Tells whether messages are on their way, which is when more may soon come in.
        """
        self._store = store
        self._steps = steps
        self._committed = committed
        self._sends = sends
        self._last = 0
        """Arrivals in the batch before."""
        self._arrivals: deque[tuple[Arrival, _Ticket]] = deque()
        self._stored: list[StoredSignal] = []
        self._restepped: asyncio.Future[None] | None = None
        self._doubtful: list[OutboxEntry] = []
        """Were to leave after a commit that nobody knows to be one."""
        self._marks: list[SendMark] = []
        self._jobs: list[tuple[Job, asyncio.Future[Any]]] = []
        self._urgent = asyncio.Event()
        self._marked = asyncio.Event()
        self._closing = False
        self.batches = 0
        """Transactions committed so far."""
        self.batched = 0
        """Arrivals in them."""

    # --- callers ----------------------------------------------------------------------------

    def accept(self, arrivals: Sequence[Arrival]) -> Awaitable[None]:
        """Queue arrivals; the awaitable ends when they are committed, or raises a StorageError."""
        ticket = _Ticket(len(arrivals))
        if not arrivals:
            ticket.done.set_result(None)
        self._arrivals.extend((arrival, ticket) for arrival in arrivals)
        self._urgent.set()
        return ticket.done

    async def restep(self, stored: Sequence[StoredSignal]) -> None:
        """Take signals that waited through the same code as new ones; returns once that is done, or has failed."""
        if not stored:
            return
        self._stored.extend(stored)
        if self._restepped is None:
            self._restepped = asyncio.get_running_loop().create_future()
        self._urgent.set()
        await self._restepped

    def mark(self, mark: SendMark) -> None:
        """Queue what became of a send; it rides with the next batch."""
        self._marks.append(mark)
        self._marked.set()

    async def write(self, job: Callable[[Batch], Awaitable[T]]) -> T:
        """Run a job inside the next transaction and return its result once committed."""
        done: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._jobs.append((job, done))
        self._urgent.set()
        return await done

    async def close(self) -> None:
        """Let `run` end once everything queued is written, or has failed."""
        self._closing = True
        self._urgent.set()

    # --- the loop ---------------------------------------------------------------------------

    async def run(self) -> None:
        """Write batches until closed."""
        crowded = False
        while not (self._closing and self._is_empty()):
            await self._something()
            if crowded:
                await self._gather()
            work = self._take()
            self._last = len(work.arrivals)
            crowded = self._last >= CROWD
            restepped, self._restepped = self._restepped, None
            try:
                failed = await self._commit(work)
            finally:
                if restepped is not None and not restepped.done():
                    restepped.set_result(None)
            if failed and self._marks:
                if self._closing:
                    log.error("marks_lost", count=len(self._marks))
                    return
                await asyncio.sleep(RETRY_MARKS_S)

    async def _gather(self) -> None:
        """Wait a little for company, under load."""
        waited = 0.0
        while len(self._arrivals) < FULL and waited < GATHER_S and not self._closing:
            if len(self._arrivals) >= self._last and not self._sends():
                return  # as many as the last time, and nobody was answered who may come yet
            begun, before = time.monotonic(), len(self._arrivals)
            await asyncio.sleep(GATHER_STEP_S)
            waited += GATHER_STEP_S
            if len(self._arrivals) == before and time.monotonic() - begun < IDLE_STEP_S:
                return

    def _is_empty(self) -> bool:
        return not (self._arrivals or self._stored or self._marks or self._jobs)

    async def _something(self) -> None:
        """Wait for work; marks alone linger, so that they ride with a batch when there is one."""
        if self._arrivals or self._stored or self._jobs or self._closing:
            return
        self._urgent.clear()
        if not self._marks:
            self._marked.clear()
            urgent = asyncio.ensure_future(self._urgent.wait())
            marked = asyncio.ensure_future(self._marked.wait())
            try:
                await asyncio.wait({urgent, marked}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                urgent.cancel()
                marked.cancel()
        if not self._urgent.is_set():
            try:
                async with asyncio.timeout(MARK_LINGER_S):
                    await self._urgent.wait()
            except TimeoutError:
                pass

    def _take(self) -> _Work:
        count = min(len(self._arrivals), BATCH_MOST)
        work = _Work(
            arrivals=[self._arrivals.popleft() for _ in range(count)],
            stored=self._stored,
            marks=self._marks,
            jobs=self._jobs,
        )
        self._stored, self._marks, self._jobs = [], [], []
        return work

    async def _commit(self, work: _Work) -> bool:
        """Write the work in one transaction, or in halves where the database refuses a value; True if it failed."""
        for _ in range(REDO_MOST):
            try:
                await self._transact(work)
            except ConcurrentUpdate:
                continue
            except ValueRefused as refused:
                return await self._isolate(work, refused)
            except StorageError as error:
                return self._fail(work, error)
            except Exception as error:
                log.exception("batch_failed", arrivals=len(work.arrivals))
                return self._fail(work, error)
            return False
        return self._fail(work, StoreUnavailable("the same rows changed again and again"))

    async def _transact(self, work: _Work) -> None:
        results: list[Any] = []
        outcome, doubtful = Outcome(), self._doubtful
        try:
            async with self._store.write() as batch:
                if doubtful:
                    batch.taken.put_back([(entry.line, entry.id) for entry in doubtful])
                # Marks first: what a turn says may leave at once only where nothing earlier is unfinished.
                if work.marks:
                    await batch.mark_sends(work.marks)
                arrivals = [arrival for arrival, _ in work.arrivals]
                arrivals += [mark.tells for mark in work.marks if mark.tells is not None]
                outcome = await self._steps.run(batch, arrivals, work.stored, work.marks)
                outcome.changed.update((m.line, m.conversation) for m in work.marks)
                for job, _ in work.jobs:
                    results.append(await job(batch))
                batch.tell(outcome.changed, outcome.reported)
        except StoreUnavailable:
            # It may be committed all the same: then these are `sending`, and nobody sends them.
            self._doubtful = [*doubtful, *outcome.entries, *_taken(results)]
            raise
        if doubtful:
            self._doubtful = []
            outcome.queued = True
        self.batches += 1
        self.batched += len(work.arrivals)
        for _, ticket in work.arrivals:
            ticket.commit()
        for (_, done), result in zip(work.jobs, results, strict=True):
            if not done.done():
                done.set_result(result)
        self._committed(outcome)

    async def _isolate(self, work: _Work, refused: ValueRefused) -> bool:
        """Halve the work until the refused value stands alone, and store that one as `Unsupported`."""
        pieces = work.parts()
        if pieces:
            return any([await self._commit(piece) for piece in pieces])
        # Its words may quote the value: only its kind is logged.
        log.warning("value_refused", code=refused.code)
        if work.arrivals:
            arrival, ticket = work.arrivals[0]
            harmless = _without_content(arrival)
            if harmless != arrival:
                return await self._commit(_Work(arrivals=[(harmless, ticket)]))
        if work.marks:
            bare = _without_exchange(work.marks[0])
            if bare != work.marks[0]:
                return await self._commit(_Work(marks=[bare]))
            work.marks.clear()
        if work.stored:
            return await self._commit(_Work(jobs=[_passed_over(work.stored[0])]))
        return self._fail(work, refused)

    def _fail(self, work: _Work, error: BaseException) -> bool:
        """Tell every waiter; marks are kept, because what they say has happened."""
        if isinstance(error, StorageError):
            log.warning("store_failed", code=error.code, arrivals=len(work.arrivals))
        for _, ticket in work.arrivals:
            ticket.fail(error)
        for _, done in work.jobs:
            if not done.done():
                done.set_exception(error)
        self._marks = work.marks + self._marks
        return True


def _taken(results: list[Any]) -> list[OutboxEntry]:
    """Return the outbox entries that jobs took up."""
    lists = [result for result in results if isinstance(result, list)]
    return [one for result in lists for one in result if isinstance(one, OutboxEntry)]


def _without_content(arrival: Arrival) -> Arrival:
    signal = arrival.signal
    if not isinstance(signal, MessageReceived) or isinstance(signal.content, Unsupported):
        return arrival
    content = Unsupported(type=signal.content.kind, reason="the database refused it")
    return arrival.model_copy(
        update={
            "signal": signal.model_copy(
                update={"content": content, "context": None, "referral": None}
            )
        }
    )


def _passed_over(stored: StoredSignal) -> tuple[Job, asyncio.Future[Any]]:
    """Make the job that counts an attempt of a signal whose turn the database refused.

    Where even giving it up was refused, it is set aside, so that those behind it go on.
    """
    line, signal, attempts = stored.arrival.line, stored.id, stored.attempts + 1

    async def count(batch: Batch) -> None:
        if attempts <= limits.STEP_ATTEMPTS + 1:
            await batch.count_attempts([(line, signal, attempts)])
            return
        log.error("signal_set_aside", line=line, signal_id=signal)
        await batch.set_handled([(line, signal)], now=stored.arrival.received_at)

    return count, asyncio.get_running_loop().create_future()


def _without_exchange(mark: SendMark) -> SendMark:
    return mark._replace(exchange=None, error=None)
