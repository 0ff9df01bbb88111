"""Runs the authors' code steps beside the turns, and brings what they return back in as signals.

The conversation stays busy until then; a process that dies leaves it so, and the next one runs the step again.
"""

import asyncio
from collections.abc import Callable, Collection, Coroutine, Mapping
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta

import structlog

from engine.core import limits
from engine.core.capabilities import Capabilities
from engine.core.closed import Closed, Planned, Speech, content_of
from engine.core.content import DEEDS, Media
from engine.core.conversation import Conversation
from engine.core.errors import StorageError
from engine.core.ids import ConversationId, LineId, MessageId, TimerId, VisitId
from engine.core.parts import parts_of
from engine.core.signals import Arrival, StepReturned
from engine.loops.follow import Follower
from engine.loops.media import FetchNow
from engine.loops.step_time import STORE_RETRY_S, StepTime
from engine.loops.typing import Typing
from engine.loops.writer import Writer
from engine.ports import (
    Batch,
    CallRow,
    Clock,
    DueTimer,
    IdFactory,
    MessageRow,
    Store,
)
from engine.ports.desk import CodeSteps

log = structlog.get_logger()

STEPS_MOST = 500
"""Code steps that run at the same time; further ones wait their turn."""

Perform = Callable[[Conversation, VisitId, StepTime], Coroutine[None, None, None]]


class StepDesk:
    """What one visit of a code step may reach; implements `engine.ports.desk.Desk`.

    A database that is away is waited for: it is no failure of the step, and what a service has returned meanwhile must
    not be asked for again.
    """

    def __init__(
        self,
        conversation: Conversation,
        visit: VisitId,
        *,
        time: StepTime,
        store: Store,
        writer: Writer,
        clock: Clock,
        ids: IdFactory,
        fetch: FetchNow,
        said: Callable[[], None],
        capabilities: Capabilities,
        closed: Closed,
        follower: Follower,
    ) -> None:
        self._follower = follower
        self._conversation = conversation
        self._visit = visit
        self._time = time
        self._store = store
        self._writer = writer
        self._clock = clock
        self._ids = ids
        self._fetch = fetch
        self._said = said
        self._capabilities = capabilities
        self._closed = closed

    @property
    def key(self) -> str:
        """A stable idempotency key of this visit."""
        return f"{self._conversation.line}:{self._conversation.id}:{self._visit}"

    def now(self) -> datetime:
        """Return the line's time."""
        return self._clock.now(self._conversation.line)

    def within(self, length: timedelta) -> AbstractAsyncContextManager[None]:
        """Bound what the step does, but for what it waits for the database."""
        return self._time.within(length)

    async def say_now(self, ordinal: int, speech: Speech) -> None:
        """Put a message, in its parts, into the outbox in its own commit, once for each (visit, ordinal)."""
        await self._time.when_there(lambda: self._say_once(f"{self._visit}:say:{ordinal}", speech))
        self._said()

    async def _say_once(self, key: str, speech: Speech) -> None:
        if await self.find_call(key) is not None:
            return
        conversation, now = self._conversation, self.now()
        plan = speech.closed if isinstance(speech, Planned) else None
        rows = [
            MessageRow(
                id=MessageId(self._ids()),
                line=conversation.line,
                conversation=conversation.id,
                direction="beside" if part.kind in DEEDS else "out",
                content=part,
                status="queued",
                at=now,
                origin="flow",
                turn=conversation.turn,
                closed=plan or self._closed,
            )
            for part in parts_of(content_of(speech), self._capabilities)
        ]

        async def put(batch: Batch) -> None:
            call = CallRow("returned")
            await batch.save_call(conversation.line, conversation.id, key, call, now=now)
            await batch.add_messages(rows)
            if self._follower.tells:
                self._follower.messages(batch, rows, now=self._clock.now())
            batch.tell([(conversation.line, conversation.id)], ())

        await self._writer.write(put)

    async def find_call(self, key: str) -> CallRow | None:
        """Return the stored row of a call of this conversation."""
        line, conversation = self._conversation.line, self._conversation.id
        return await self._time.when_there(lambda: self._store.find_call(line, conversation, key))

    async def save_call(self, key: str, call: CallRow) -> None:
        """Store a call's row in its own commit."""
        conversation = self._conversation
        now = self.now()

        async def save(batch: Batch) -> None:
            await batch.save_call(conversation.line, conversation.id, key, call, now=now)

        await self._time.when_there(lambda: self._writer.write(save))

    async def fetch(self, media: Media) -> bytes:
        """Wait for an inbound file and return its bytes."""
        return await self._fetch(self._conversation, media)


class StepRunner:
    """Keeps the running code steps, one task each."""

    def __init__(
        self,
        *,
        code_steps: CodeSteps,
        store: Store,
        writer: Writer,
        clock: Clock,
        ids: IdFactory,
        fetch: FetchNow,
        said: Callable[[], None],
        capabilities: Mapping[LineId, Capabilities],
        closed: Mapping[LineId, Closed],
        typing: Typing,
        follower: Follower,
    ) -> None:
        self._code_steps = code_steps
        self._store = store
        self._writer = writer
        self._clock = clock
        self._ids = ids
        self._fetch = fetch
        self._said = said
        self._capabilities = capabilities
        self._closed = closed
        self._typing = typing
        self._follower = follower
        self._places = asyncio.Semaphore(STEPS_MOST)
        self._tasks: set[asyncio.Task[None]] = set()
        self._running: dict[tuple[LineId, ConversationId, VisitId], tuple[StepTime, datetime]] = {}
        """How long each visit has run here, and since when the conversation is busy with it."""
        self._elsewhere: dict[TimerId, float] = {}
        """Since when the timers of visits that do not run here are seen to be due, in monotonic seconds."""

    def has_time(self, timer: DueTimer) -> bool:
        """Tell whether the step that a timer would end has time left where it runs, whatever the clock says.

        The time of a step is what it has run, and it keeps to that itself; its timer is the net for a process that
        died. Where the machine's clock was set, or the process or the database was away for long, the timer is due far
        too soon.
        """
        running = self._running.get((timer.line, timer.conversation, VisitId(timer.visit)))
        if running is None:
            return self._has_time_elsewhere(timer)
        time, since = running
        return time.spent_s < (timer.due_at - since).total_seconds()

    def _has_time_elsewhere(self, timer: DueTimer) -> bool:
        """Tell whether another replica may still end the step itself; one that stands still never does."""
        now, most = self._clock.monotonic(), limits.STEP_TIMEOUT.total_seconds()
        due_since = self._elsewhere.setdefault(timer.id, now)
        self._elsewhere = {key: at for key, at in self._elsewhere.items() if now - at < most}
        return now - due_since < most

    def take_up(self, left: Collection[Conversation]) -> None:
        """Run again what ran in a process that is gone."""
        for conversation in left:
            if conversation.busy is not None:
                visit = conversation.busy.visit
                # The process before may have shown typing already.
                self._keep(conversation, visit, self._perform)

    def start(self, conversation: Conversation, visit: VisitId) -> None:
        """Run the code step that this conversation is busy with; the contact sees typing if it lasts."""
        self._keep(conversation, visit, self._perform_seen)

    def runs(self, conversation: Conversation) -> bool:
        """Tell whether the code step that this conversation is busy with runs here."""
        busy = conversation.busy
        key = busy and (conversation.line, conversation.id, busy.visit)
        return key in self._running

    def _keep(self, conversation: Conversation, visit: VisitId, perform: Perform) -> None:
        time = StepTime(self._clock)
        task = asyncio.create_task(perform(conversation, visit, time))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        if conversation.busy is None:
            return
        key = (conversation.line, conversation.id, visit)
        self._running[key] = (time, conversation.busy.since)
        task.add_done_callback(lambda _: self._running.pop(key, None))

    async def stop(self, within_s: float) -> None:
        """Wait for running steps, bounded, then let go: an unfinished one runs again at the next start."""
        if not self._tasks:
            return
        _, unfinished = await asyncio.wait(list(self._tasks), timeout=within_s)
        for task in unfinished:
            task.cancel()
        if unfinished:
            await asyncio.wait(unfinished)

    async def _perform_seen(
        self, conversation: Conversation, visit: VisitId, time: StepTime
    ) -> None:
        async with self._typing.around(conversation, lambda: self._is_awaited(conversation)):
            returned = await self._result(conversation, visit, time)
        await self._bring_back(conversation, returned, time)

    async def _perform(self, conversation: Conversation, visit: VisitId, time: StepTime) -> None:
        returned = await self._result(conversation, visit, time)
        await self._bring_back(conversation, returned, time)

    async def _result(
        self, conversation: Conversation, visit: VisitId, time: StepTime
    ) -> StepReturned:
        desk = StepDesk(
            conversation,
            visit,
            time=time,
            store=self._store,
            writer=self._writer,
            clock=self._clock,
            ids=self._ids,
            fetch=self._fetch,
            said=self._said,
            capabilities=self._capabilities[conversation.line],
            closed=self._closed[conversation.line],
            follower=self._follower,
        )
        async with self._places:
            try:
                return await self._code_steps.perform(conversation, visit, desk)
            except Exception as failure:
                log.exception("code_step_failed", conversation_id=conversation.id, visit=visit)
                return self._failed(conversation, visit, failure)

    def _is_awaited(self, conversation: Conversation) -> bool:
        """Tell whether nobody has ended the visit meanwhile, as far as is known here."""
        known = self._store.known(conversation.line, conversation.id)
        return known is None or known.busy == conversation.busy

    def _failed(
        self, conversation: Conversation, visit: VisitId, failure: Exception
    ) -> StepReturned:
        assert conversation.busy is not None
        error = f"{type(failure).__name__}: {failure}"
        return StepReturned(run=conversation.busy.run, visit=visit, error=error)

    async def _bring_back(
        self, conversation: Conversation, returned: StepReturned, time: StepTime
    ) -> None:
        """Hand the result in as a signal; a database that is away is waited for."""
        arrival = Arrival(
            line=conversation.line,
            key=f"step:{conversation.id}:{returned.visit}",
            signal=returned,
            received_at=self._clock.now(conversation.line),
            conversation=conversation.id,
        )
        while True:
            try:
                await time.when_there(lambda: self._writer.accept([arrival]))
            except StorageError:
                await asyncio.sleep(STORE_RETRY_S)
            else:
                return
