"""Turns due timers into signals. A timer is durable: it lives in the database and survives a restart."""

import asyncio
from collections.abc import Callable, Sequence

from engine.core import limits
from engine.core.effects import StartTimer
from engine.core.errors import StorageError
from engine.core.ids import ConversationId, LineId, RunId, VisitId
from engine.core.signals import Arrival, TimerFired
from engine.loops.writer import Writer
from engine.ports import Clock, DueTimer, Store, TimerChange

SWEEP_S = 1.0
"""How late a timer may be."""

AT_ONCE = 200


class Timers:
    """Looks each second for timers whose line's time has come.

    Args:
        store: Knows which are due.
        writer: Takes their signals.
        clock: Lines' time, and monotonic time for answers in several messages.
        lines: Whose timers fire here.
        has_time: Whether the code step that a timer would end has time left where it runs.
    """

    def __init__(
        self,
        *,
        store: Store,
        writer: Writer,
        clock: Clock,
        lines: Sequence[LineId],
        has_time: Callable[[DueTimer], bool],
    ) -> None:
        self._has_time = has_time
        self._store = store
        self._writer = writer
        self._clock = clock
        self._lines = lines
        self._joins: dict[tuple[LineId, ConversationId, int], tuple[float, DueTimer]] = {}
        """When in monotonic seconds each answer in several messages is whole that was begun here, and its timer."""
        self._more = asyncio.Event()
        self._stopping = False

    def wake(self) -> None:
        """Look soon: a line's clock was moved."""
        self._more.set()

    def changed(self, changes: Sequence[TimerChange]) -> None:
        """Count the seconds that an answer in several messages is waited for: its contact waits for no clock set back.

        Its timer is the net for a process that died.
        """
        for line, conversation, effect, id_ in changes:
            if not isinstance(effect, StartTimer) or effect.purpose != "join" or id_ is None:
                continue
            left = effect.due_at - self._clock.now(line)
            timer = DueTimer(
                id_, line, conversation, "join", effect.run, effect.visit, effect.due_at
            )
            ends = self._clock.monotonic() + left.total_seconds()
            self._joins[line, conversation, effect.run] = (ends, timer)

    def stop(self) -> None:
        """Let `run` end."""
        self._stopping = True
        self._more.set()

    async def run(self) -> None:
        """Fire due timers, when told and every second, until stopped."""
        while not self._stopping:
            try:
                fired = await self._fire()
            except StorageError:
                fired = 0
            if fired >= AT_ONCE:
                continue
            self._more.clear()
            try:
                async with asyncio.timeout(SWEEP_S):
                    await self._more.wait()
            except TimeoutError:
                pass

    async def _fire(self) -> int:
        now = [(line, self._clock.now(line)) for line in self._lines]
        found = await self._store.due_timers(now, limit=AT_ONCE)
        due = [timer for timer in found if timer.purpose != "step_timeout" or self._ends(timer)]
        whole = self._whole()
        due += whole
        if due:
            await self._writer.accept([self._arrival(timer) for timer in due])
            for timer in whole:
                self._forget(timer)
        return len(due)

    def _whole(self) -> list[DueTimer]:
        """Return the timers of answers that are whole by their seconds and, by a clock set back since, not for long."""
        now, whole = self._clock.monotonic(), []
        for timer in [timer for ends, timer in self._joins.values() if ends <= now]:
            if timer.due_at > self._clock.now(timer.line) + limits.CLOCKS_APART:
                whole.append(timer)
            else:
                self._forget(timer)  # it is found in the database in time
        return whole

    def _forget(self, timer: DueTimer) -> None:
        """Count no more for a timer; one that took its place counts on."""
        key = (timer.line, timer.conversation, timer.run)
        if self._joins.get(key, (0.0, None))[1] == timer:
            del self._joins[key]

    def _ends(self, timer: DueTimer) -> bool:
        """Tell whether a code step is over its time, which is real time, also on a line whose clock was moved."""
        return timer.due_at <= self._clock.now() and not self._has_time(timer)

    def _arrival(self, timer: DueTimer) -> Arrival:
        signal = TimerFired(
            timer=timer.id,
            purpose=timer.purpose,
            run=RunId(timer.run),
            visit=VisitId(timer.visit),
        )
        return Arrival(
            line=timer.line,
            key=f"timer:{timer.id}",
            signal=signal,
            received_at=self._clock.now(timer.line),
            conversation=timer.conversation,
        )
