"""Drains the outbox: checks again, sends, and says what became of it. One contact's messages leave in order.

An entry is durably `sending` before its first byte leaves, so that a crash leaves no send unknown. What leaves at
once was written so by the step's own commit and comes here by `depart`; the rest is taken from the database.
"""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime

import structlog

from engine.core import limits
from engine.core.content import Media, ReadMark, Template
from engine.core.conversation import Conversation
from engine.core.errors import (
    ContentRejected,
    StorageError,
    WindowClosed,
)
from engine.core.ids import ConversationId, LineId, MessageId
from engine.core.outbox import LAST, rank_of, verdict
from engine.loops.ends import Ends
from engine.loops.files import FileKey, Files, Wait
from engine.loops.marks import Marks
from engine.loops.pace import by_rank
from engine.loops.refusals import as_known, refusal_of
from engine.loops.sending import Lane, Line
from engine.loops.shares import Share
from engine.loops.templates import NoShapes
from engine.ports import (
    Accepted,
    Adapter,
    Batch,
    Clock,
    OutboxEntry,
    Outgoing,
    Refused,
    Store,
)
from engine.ports.templates import TemplateShapes

log = structlog.get_logger()

LANES_MOST = 512
"""Contacts served at the same time; more would only crowd memory and the provider's connections."""

SWEEP_S = 1.0
"""How often the outbox is looked at without being told to."""

SHORT_WAIT_S = 1.0
"""A pace that holds a message up for less than this is waited for in place; for longer it goes back to the outbox."""

LINE_WAIT_MOST_S = 3.0
"""On a slow line its next turn is waited for in place up to this: who waits elsewhere is overtaken by a broadcast."""

AHEAD = 64
"""Messages of broadcasts on their way on a line at the same time: what a provider half a second away takes at 80 a
second, and what a crash leaves uncertain at the most."""

FRESH_S = 1.0
"""How old what was read of a conversation may be when a message leaves; on a busy line it is not read at every look."""

LINE_GONE_S = 3600.0
"""How long what is still to be sent on a line that is no longer configured is left alone."""

NO_MESSAGE = MessageId(0)
"""Of what is shown and is no message."""


class Sender:
    """Sends what the outbox holds."""

    def __init__(
        self,
        *,
        adapters: dict[LineId, Adapter],
        store: Store,
        clock: Clock,
        owner: int,
        jitter: Callable[[], float],
        templates: TemplateShapes | None = None,
    ) -> None:
        """Set up.

        Args:
            adapters: By line.
            store: For what is checked again before each send.
            clock: Lines' time for windows, monotonic time for pace and back-off.
            owner: This process's number, written with `sending`.
            jitter: Returns a number in [0, 1), so that retries of many do not come together.
            templates: What is known of templates, looked at again before one leaves.
        """
        self._templates = templates or NoShapes()
        self._lines = {line: Line(adapter) for line, adapter in adapters.items()}
        self._store = store
        self._clock = clock
        self._owner = owner
        self._lanes: dict[ConversationId, Lane] = {}
        self._files = Files()
        self._more = asyncio.Event()
        self._short_of_room = False
        """The last look had no lane for all that may go."""
        self._stopping = False
        self._ends = Ends(clock=clock, jitter=jitter, look_again=self._more.set)

    @property
    def marks(self) -> Marks:
        """The writer; set once, before `run`."""
        return self._ends.marks

    @marks.setter
    def marks(self, marks: Marks) -> None:
        self._ends.marks = marks

    @property
    def is_sending(self) -> bool:
        """Whether messages are on their way."""
        return bool(self._lanes)

    # --- from the writer --------------------------------------------------------------------

    def leaves_at_once(self, line: LineId, conversation: ConversationId) -> bool:
        """Tell whether messages said now would leave right after the commit."""
        if self._stopping or conversation in self._lanes or len(self._lanes) >= LANES_MOST:
            return False
        if self._files.until(conversation) is not None:
            return False
        state = self._lines[line]
        now = self._clock.monotonic()
        return state.paused_until <= now and state.pace.wait(conversation, now) == 0

    def depart(self, entries: Sequence[OutboxEntry]) -> None:
        """Send entries that are durably `sending`, each contact's in the order given."""
        for entry in entries:
            lane = self._lanes.get(entry.conversation)
            if lane is not None:
                lane.entries.append(entry)
                continue
            lane = self._lanes[entry.conversation] = Lane(entry)
            lane.task = asyncio.create_task(self._drain(lane, entry.line, entry.conversation))

    def arrived(self, files: Sequence[FileKey]) -> None:
        """Let go on what waits for these; the ids of other messages change nothing."""
        if self._files.arrived(files):
            self._more.set()

    def share(self, share: Share) -> None:
        """Keep to this process's part of each line's rate."""
        now = self._clock.monotonic()
        for state in self._lines.values():
            state.pace.share(share, now)

    def hold(self, seconds: float) -> None:
        """Begin no send for a while, on any line: others may have taken over what this process has."""
        until = self._clock.monotonic() + seconds
        for state in self._lines.values():
            state.paused_until = max(state.paused_until, until)

    def room(self, line: LineId) -> int:
        """Return how many messages of broadcasts may be handed over now: as many as leave at once, after all others."""
        state = self._lines[line]
        now = self._clock.monotonic()
        others_wait = self._stopping or self._more.is_set() or state.paused_until > now
        return 0 if others_wait else state.pace.room(now, AHEAD)

    def sends(self) -> dict[tuple[LineId, str], int]:
        """Return how many messages each line's provider took, and how many not and why, in this process's life."""
        ended: dict[tuple[LineId, str], int] = dict(self._ends.otherwise.items())
        return ended | {(line, "sent"): state.sent for line, state in self._lines.items()}

    def paused(self) -> dict[LineId, bool]:
        """Return whether each line waits because its provider refuses the line as a whole."""
        now = self._clock.monotonic()
        return {line: state.paused_until > now for line, state in self._lines.items()}

    async def show_typing(self, conversation: Conversation) -> None:
        """Let the contact see that an answer is being written; once, and nothing of it is stored."""
        message = conversation.last_inbound_id
        state = self._lines[conversation.line]
        if message is not None and state.paused_until <= self._clock.monotonic():
            mark = ReadMark(message=message, typing=True)
            await state.adapter.send(Outgoing(NO_MESSAGE, conversation.contact, mark))

    def wake(self) -> None:
        """Look at the outbox soon: something was queued."""
        self._more.set()
        for lane in self._lanes.values():
            lane.hides_more = True

    # --- the loop ---------------------------------------------------------------------------

    async def run(self) -> None:
        """Take what may go from the outbox, when told and every second, until stopped."""
        while not self._stopping:
            self._more.clear()  # before the look: what is told during it asks for another
            try:
                taken = await self._take()
            except StorageError:
                taken = 0
            if taken and len(self._lanes) < LANES_MOST:
                continue
            try:
                async with asyncio.timeout(self._pause_s()):
                    await self._more.wait()
            except TimeoutError:
                pass

    def _pause_s(self) -> float:
        """Return how long to leave the outbox alone: a second, or until a wait for a file ends."""
        end = self._files.next_end()
        if end is None:
            return SWEEP_S
        return min(SWEEP_S, max(0.0, (end - self._clock.now()).total_seconds()))

    async def _take(self) -> int:
        now = self._clock.now()
        waiting = self._files.waiting(now)
        room = LANES_MOST - len(self._lanes)
        self._short_of_room = room <= 0
        if self._short_of_room or self._stopping:
            return 0
        busy = [*self._lanes, *waiting]
        over = self._files.take_over()

        async def take(batch: Batch) -> list[OutboxEntry]:
            if over:
                await batch.let_go([(wait.line, wait.conversation, wait.until) for wait in over])
            return await batch.take_entries(owner=self._owner, now=now, busy=busy, limit=room)

        entries = by_rank(await self.marks.write(take))
        self._short_of_room = len(entries) >= room
        known = [entry for entry in entries if entry.line in self._lines]
        for entry in entries:
            if entry.line not in self._lines:  # no longer configured: kept, in case it is again
                self._ends.mark(entry, "queued", retry_at=self._ends.later(LINE_GONE_S))
        self.depart(known)
        return len(known)

    async def stop(self) -> None:
        """Finish the sends under way and hand the rest back; whoever waits bounds the time."""
        self._stopping = True
        self._more.set()
        if self._lanes:
            await asyncio.wait([lane.task for lane in self._lanes.values()])

    # --- one contact ------------------------------------------------------------------------

    async def _drain(self, lane: Lane, line: LineId, conversation: ConversationId) -> None:
        state, entries = self._lines[line], lane.entries
        goes_on = True
        while entries and goes_on and not self._stopping:
            entry = entries[0]
            try:
                goes_on = await self._send_or_put_back(state, entry)
            except Exception:
                log.exception("send_raised", line=line, message_id=entry.id)
                goes_on = self._ends.raised(entry)
            entries.popleft()
        for entry in entries:
            self._ends.mark(entry, "queued", retry_at=self._files.until(conversation))
        del self._lanes[conversation]
        # Only where something may wait for this end: a look costs a trip to the database.
        if lane.hides_more or self._short_of_room or not goes_on:
            self._more.set()

    async def _send_or_put_back(self, state: Line, entry: OutboxEntry) -> bool:
        """Send one entry; False if those behind it must wait."""
        conversation = None
        if not self._stopping and not self._wait(state, entry.conversation, LAST):
            conversation = self._store.known(entry.line, entry.conversation)
        if conversation is None:
            conversation = await self._once_free(state, entry)
            if conversation is None:
                return False
        at = self._clock.now(entry.line)
        answer = verdict(
            conversation,
            entry.content,
            origin=entry.origin,
            turn=entry.turn,
            question=entry.question,
            created_at=entry.created_at,
            now=at,
            has_window=state.has_window,
            was_held=entry.was_held,
        )
        answer = as_known(answer, conversation.contact, entry, self._templates)
        if answer == "closed":
            return self._ends.meets_closed(entry, WindowClosed("the window has closed"), None, at)
        if answer == "opted_out" or answer == "marketing_stopped":
            self._ends.mark(entry, "cancelled", error=refusal_of(answer))
            return True
        if answer != "go":
            self._ends.mark(entry, answer)
            return True
        content = entry.content
        if isinstance(content, Template):
            try:
                content = self._templates.fitted(entry.line, content)
            except ContentRejected as error:
                return self._ends.record(state, entry, Refused(error), at)
        # Nothing is waited for between the look at the pace and this: other lanes look at it, too.
        state.pace.take(entry.conversation, self._clock.monotonic())
        outgoing = Outgoing(entry.id, conversation.contact, content, entry.reply_to)
        if state.reports_delivery and isinstance(entry.content, Media):
            return await self._send_file(state, entry, outgoing, at)
        result = await state.adapter.send(outgoing)
        return self._ends.record(state, entry, result, at)

    async def _once_free(self, state: Line, entry: OutboxEntry) -> Conversation | None:
        """Wait until an entry may go, and return its conversation; None where it was put back.

        Where the database must be asked for it, that takes its time: whether it may go is looked at again after that.
        """
        found, read_at = None, 0.0
        while True:
            wait = self._wait(state, entry.conversation, LAST)
            if wait:
                wait = await self._wait_briefly(state, entry)
            if wait or self._stopping:
                self._ends.mark(entry, "queued", retry_at=self._ends.later(wait))
                return None
            if found is not None and self._clock.monotonic() - read_at < FRESH_S:
                return found
            known = self._store.known(entry.line, entry.conversation)
            if known is not None:
                return known
            try:
                stored = await self._store.conversations([(entry.line, entry.conversation)])
            except StorageError:
                self._ends.mark(entry, "queued", retry_at=self._ends.later(1.0))
                return None
            found, read_at = stored[entry.conversation], self._clock.monotonic()

    async def _send_file(
        self, state: Line, entry: OutboxEntry, outgoing: Outgoing, at: datetime
    ) -> bool:
        """Send a file; what is behind it waits until it has arrived."""
        with self._files.leaving():
            result = await state.adapter.send(outgoing)
            goes_on = self._ends.record(state, entry, result, at)
            if isinstance(result, Accepted) and result.external_id is not None:
                until = self._ends.later(limits.FILE_ARRIVES_WITHIN.total_seconds())
                wait = Wait(entry.line, entry.conversation, result.external_id, until)
                goes_on = not self._files.left(wait)
        return goes_on

    def _wait(self, state: Line, contact: ConversationId, rank: int) -> float:
        """Return the seconds until the line's pause and pace let one of this rank go; 0 if they do now."""
        now = self._clock.monotonic()
        wait = state.pace.wait(contact, now, rank)
        return wait if state.paused_until <= now else max(wait, state.paused_until - now)

    async def _wait_briefly(self, state: Line, entry: OutboxEntry) -> float:
        """Wait where that is short; return the seconds still to wait, 0 if it may go.

        Who waits for the line goes by rank: its own, or that of what is behind it for the same contact. A broadcast
        does not wait for long: what is queued behind it later would not count.
        """
        contact, pace = entry.conversation, state.pace
        rank = min(rank_of(one.origin) for one in self._lanes[contact].entries)
        most = max(SHORT_WAIT_S, min(pace.interval_s, LINE_WAIT_MOST_S))
        left = most if rank == LAST else float("inf")
        while 0 < (wait := self._wait(state, contact, rank)) <= most and not self._stopping:
            if left <= 0:
                return 0.001
            left -= wait
            if pace.line_wait(self._clock.monotonic()) > 0:
                with pace.queued(rank):
                    await asyncio.sleep(wait)
            else:
                await asyncio.sleep(wait)
        return wait
