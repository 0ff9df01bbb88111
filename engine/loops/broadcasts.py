"""Hands broadcasts to the outbox, a few contacts at a time, behind everything else that the line has to send.

A contact's message gets its id durably, then enters as any request of the business does, under a key of the broadcast
and the contact: whatever is handed out twice, after a crash or by two processes, counts once.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from itertools import groupby
from operator import attrgetter

from engine.core.errors import StorageError
from engine.core.ids import BroadcastId, LineId
from engine.core.signals import Arrival, MessageRequested, Sender
from engine.loops.sender import AHEAD
from engine.ports import Clock, IdFactory
from engine.ports.broadcasts import Addressed, Broadcasts, Running

SWEEP_S = 5.0
"""How often is looked without being told: the API and the engine tell at once of what was begun here, and within a
second of what another process wrote."""

PAUSE_S = 0.03
"""Between two looks while one runs; each hands out as many as the line lets go by then, in two commits."""

Accept = Callable[[Sequence[Arrival]], Awaitable[None]]


class BroadcastLoop:
    """Feeds the outbox with what broadcasts have to say."""

    def __init__(
        self,
        *,
        broadcasts: Broadcasts,
        accept: Accept,
        room: Callable[[LineId], int],
        clock: Clock,
        ids: IdFactory,
        owner: int,
        lines: Sequence[LineId],
    ) -> None:
        """Set up.

        Args:
            broadcasts: Where they are stored.
            accept: Takes signals in; returns once they are committed.
            room: Tells how many messages in no hurry may leave on a line now.
            clock: The time.
            ids: Gives the ids of messages.
            owner: This process's number.
            lines: Those that this process serves.
        """
        self._broadcasts = broadcasts
        self._accept = accept
        self._room = room
        self._clock = clock
        self._ids = ids
        self._owner = owner
        self._lines = lines
        self._handed: dict[tuple[LineId, BroadcastId], int] = {}
        """How far each came; the database is told with the next piece."""
        self._more = asyncio.Event()
        self._stopping = False

    def wake(self) -> None:
        """Look soon: another process wrote."""
        self._more.set()

    def stop(self) -> None:
        """Let `run` end."""
        self._stopping = True
        self._more.set()

    async def begin(self) -> None:
        """Free what an earlier process of this number left. Raises StoreUnavailable."""
        await self._broadcasts.let_go(self._owner)

    async def run(self) -> None:
        """Hand out what runs, a piece of each line at a time, until stopped."""
        while not self._stopping:
            self._more.clear()
            try:
                busy = await self._round()
            except StorageError:
                busy = False
            if busy:
                await asyncio.sleep(PAUSE_S)
                continue
            try:
                async with asyncio.timeout(SWEEP_S):
                    await self._more.wait()
            except TimeoutError:
                pass

    async def _round(self) -> bool:
        """Hand out a piece on each line that has room; whether any broadcast runs that this process hands out."""
        found = await self._broadcasts.running(self._lines)
        running = {(one.line, one.id) for one in found}
        self._handed = {key: last for key, last in self._handed.items() if key in running}
        ours = False
        for line, ones in groupby(sorted(found, key=attrgetter("line")), attrgetter("line")):
            ours = await self._serve(line, list(ones)) or ours
        return ours

    async def _serve(self, line: LineId, found: list[Running]) -> bool:
        """Hand out a piece of one line's oldest broadcast, and of the next once that is done.

        Returns whether this process does so, or would where the line has room.
        """
        ours = False
        under_way = await self._broadcasts.under_way(line)
        for stored in found:
            limit = min(self._room(line), AHEAD - under_way)
            if limit <= 0 or self._stopping:
                return True
            key = (line, stored.id)
            running = stored._replace(handed=max(stored.handed, self._handed.get(key, 0)))
            given = await self._broadcasts.hand_out(
                running, owner=self._owner, limit=limit, ids=self._ids
            )
            if given is None:  # another replica does, for as long as it lives
                continue
            ours = True
            if given.messages:
                await self._accept([self._arrival(running, one) for one in given.messages])
            if given.last > running.handed:
                self._handed[key] = given.last
                return True
            if not under_way:
                await self._broadcasts.finish(running, now=self._clock.now())
        return ours

    def _arrival(self, running: Running, one: Addressed) -> Arrival:
        signal = MessageRequested(message=one.message, content=one.content, origin="broadcast")
        return Arrival(
            line=running.line,
            key=f"broadcast:{running.id}:{one.number}",
            signal=signal,
            received_at=self._clock.now(running.line),
            sender=Sender(phone=one.phone, is_typed=True),
        )
