"""Tells providers what flows do beside the talk: events, what is known of a contact, assignments.

A loop of its own: what a provider takes its time for, or fails at, never holds up a message. One contact's deeds go in
order; each is tried for hours, then it is marked `failed`.
"""

import asyncio
from collections.abc import Callable, Sequence
from datetime import timedelta
from itertools import groupby

import structlog

from engine.core import limits
from engine.core.conversation import Conversation
from engine.core.errors import AnswerLost, SendError, StorageError
from engine.core.ids import ConversationId, LineId
from engine.core.outbox import is_past_telling
from engine.loops.marks import Marks, mark_of
from engine.ports import (
    Accepted,
    Adapter,
    Batch,
    Clock,
    Exchange,
    MessageStatus,
    OutboxEntry,
    Outgoing,
    Refused,
    Store,
)

log = structlog.get_logger()

CONTACTS_MOST = 16
"""Contacts served at the same time: the calls share the provider's limits with the messages."""

SWEEP_S = 5.0
"""How often the outbox is looked at without being told to: for what is tried again."""

LINE_GONE = timedelta(hours=1)
"""How long what a line that is no longer configured was to tell is left alone."""

STORE_RETRY = timedelta(seconds=1)


class Teller:
    """Performs the deeds that the outbox holds."""

    def __init__(
        self,
        *,
        adapters: dict[LineId, Adapter],
        store: Store,
        marks: Marks,
        clock: Clock,
        owner: int,
        jitter: Callable[[], float],
    ) -> None:
        """Set up.

        Args:
            adapters: By line.
            store: For the contact that a deed speaks of.
            marks: Takes what became of each.
            clock: Lines' time, and real time for what is tried again.
            owner: This process's number, written with `sending`.
            jitter: Returns a number in [0, 1), so that retries of many do not come together.
        """
        self._adapters = adapters
        self._store = store
        self._marks = marks
        self._clock = clock
        self._owner = owner
        self._jitter = jitter
        self._tasks: dict[ConversationId, asyncio.Task[None]] = {}
        self._more = asyncio.Event()
        self._stopping = False

    def wake(self) -> None:
        """Look at the outbox soon: something is to be told."""
        self._more.set()

    async def run(self) -> None:
        """Take what may go from the outbox, when told and every few seconds, until stopped."""
        while not self._stopping:
            self._more.clear()  # before the look: what is told during it asks for another
            try:
                taken = await self._take()
            except StorageError:
                taken = 0
            if taken:
                continue
            try:
                async with asyncio.timeout(SWEEP_S):
                    await self._more.wait()
            except TimeoutError:
                pass

    async def stop(self) -> None:
        """Finish the calls under way and hand the rest back; whoever waits bounds the time."""
        self._stopping = True
        self._more.set()
        if self._tasks:
            await asyncio.wait(list(self._tasks.values()))

    async def _take(self) -> int:
        now = self._clock.now()
        room = CONTACTS_MOST - len(self._tasks)
        if room <= 0 or self._stopping:
            return 0
        busy = list(self._tasks)

        async def take(batch: Batch) -> list[OutboxEntry]:
            return await batch.take_entries(
                owner=self._owner, now=now, busy=busy, limit=room, beside=True
            )

        entries = sorted(await self._marks.write(take), key=lambda one: (one.conversation, one.id))
        for conversation, deeds in groupby(entries, key=lambda one: one.conversation):
            self._tasks[conversation] = asyncio.create_task(self._drain(conversation, list(deeds)))
        return len(entries)

    # --- one contact ------------------------------------------------------------------------

    async def _drain(self, conversation: ConversationId, deeds: Sequence[OutboxEntry]) -> None:
        goes_on = True
        for deed in deeds:
            if not goes_on or self._stopping:
                self._mark(deed, "queued")
                continue
            try:
                goes_on = await self._perform(deed)
            except Exception:
                log.exception("deed_raised", line=deed.line, message_id=deed.id)
                lost = AnswerLost("the call broke off by a fault of the server; see its log")
                goes_on = self._refused(deed, lost, None)
        del self._tasks[conversation]
        self._more.set()

    async def _perform(self, deed: OutboxEntry) -> bool:
        """Perform one deed; False if those behind it must wait."""
        adapter = self._adapters.get(deed.line)
        if adapter is None:
            return self._put_back(deed, LINE_GONE)
        if deed.content.kind not in adapter.capabilities.kinds:
            self._mark(deed, "noted")
            return True
        if is_past_telling(deed.created_at, self._clock.now(deed.line)):
            self._mark(deed, "stale")
            return True
        conversation = await self._conversation(deed)
        if conversation is None:
            return self._put_back(deed, STORE_RETRY)
        outgoing = Outgoing(deed.id, conversation.contact, deed.content)
        match await adapter.send(outgoing):
            case Accepted(exchange=exchange):
                self._mark(deed, "sent", exchange=exchange)
                return True
            case Refused(error=error, exchange=exchange):
                return self._refused(deed, error, exchange)

    async def _conversation(self, deed: OutboxEntry) -> Conversation | None:
        known = self._store.known(deed.line, deed.conversation)
        if known is not None:
            return known
        try:
            found = await self._store.conversations([(deed.line, deed.conversation)])
        except StorageError:
            return None
        return found[deed.conversation]

    # --- what became of it ------------------------------------------------------------------

    def _put_back(self, deed: OutboxEntry, wait: timedelta) -> bool:
        self._mark(deed, "queued", wait=wait)
        return False

    def _refused(self, deed: OutboxEntry, error: SendError, exchange: Exchange | None) -> bool:
        """Try again later, for hours, where that may help: a wrong key may be mended as well."""
        attempts = deed.attempts + 1
        is_lost = isinstance(error, AnswerLost)
        if (error.retryable or is_lost) and attempts < limits.DEED_ATTEMPTS:
            again = deed._replace(maybe_twice=deed.maybe_twice or is_lost)
            wait = error.retry_after or self._backoff(deed.attempts)
            self._mark(again, "queued", wait=wait, error=error, exchange=exchange, tries=attempts)
            return False
        log.warning(
            "deed_failed",
            line=deed.line,
            message_id=deed.id,
            kind=deed.content.kind,
            code=error.code,
            provider_code=error.provider_code,
        )
        self._mark(deed, "failed", error=error, exchange=exchange, tries=attempts)
        return True

    def _backoff(self, attempts: int) -> timedelta:
        full: timedelta = min(limits.SEND_BACKOFF_FIRST * 2**attempts, limits.DEED_BACKOFF_MOST)
        return full * (0.5 + 0.5 * self._jitter())

    def _mark(
        self,
        deed: OutboxEntry,
        status: MessageStatus,
        *,
        wait: timedelta | None = None,
        error: SendError | None = None,
        exchange: Exchange | None = None,
        tries: int | None = None,
    ) -> None:
        # What is waited for from here on is waited for in real time, also on a line whose clock was moved.
        at = self._clock.now(None if status == "queued" else deed.line)
        self._marks.mark(
            mark_of(
                deed,
                status,
                at,
                retry_at=None if wait is None else self._clock.now() + wait,
                error=error,
                exchange=exchange,
                attempts=tries,
            )
        )
