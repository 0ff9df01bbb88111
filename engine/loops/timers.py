"""Turns due timers into signals. A timer is durable: it lives in the database and survives a restart."""

import asyncio
from collections.abc import Callable, Sequence

from engine.core.errors import StorageError
from engine.core.ids import LineId, RunId, VisitId
from engine.core.signals import Arrival, TimerFired
from engine.loops.writer import Writer
from engine.ports import Clock, DueTimer, Store

SWEEP_S = 1.0
"""How late a timer may be."""

AT_ONCE = 200


class Timers:
    """Looks each second for timers whose line's time has come.

    Args:
        store: Knows which are due.
        writer: Takes their signals.
        clock: Lines' time.
        lines: Whose timers fire here.
        has_time: Whether the code step that a timer would end runs here and has time left.
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
        self._more = asyncio.Event()
        self._stopping = False

    def wake(self) -> None:
        """Look soon: a line's clock was moved."""
        self._more.set()

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
            if fired == AT_ONCE:
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
        if due:
            await self._writer.accept([self._arrival(timer) for timer in due])
        return len(due)

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
