"""One batch, one transaction: the writer's half of the store.

What needs no answer is queued and travels with the next question or with the commit, so that a usual batch takes three
trips to the database: signals in, conversations out, the rest with the commit. No ORM object is made here.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from operator import itemgetter

from engine.core.content import Content, Media
from engine.core.conversation import Conversation
from engine.core.ids import ConversationId, ExternalId, LineId, MessageId, SignalId
from engine.core.signals import Arrival, DeliveryReported, Sender
from engine.core.step import may_interrupt
from engine.ports import (
    CallRow,
    ConsentRow,
    Direction,
    HandoffRow,
    MessageRow,
    OutboxEntry,
    RefusedMessage,
    SendMark,
    Standing,
    TimerChange,
    TurnRow,
    WantedMedia,
)
from engine.ports.outside import NOTHING, Outside
from storage import consents, handoffs, outbox_statements, statements, timers
from storage.ahead import EVER, Ahead
from storage.cache import Cache
from storage.claims import Claims
from storage.clean import clean_text, maybe_clean
from storage.columns import maybe_stamp, stamp
from storage.contacts import Finder
from storage.ids import RisingIds
from storage.json_text import dump_value
from storage.mapping import (
    call_cells,
    load_content,
    message_cells,
    signal_cells,
    turn_cells,
    wanted_cells,
)
from storage.news import NewsShelf
from storage.notices import notice
from storage.outbox import Outbox
from storage.standings import standings, unwatch, waiting
from storage.statement import Call, Cell
from storage.sweeping import sweep
from storage.taken import Taken
from storage.transaction import Transaction

_two = itemgetter(0, 1)
"""Of a row: the line and the id, by which batches write."""


class UnitOfWork:
    """The engine's `Batch` on either database.

    Args:
        transaction: Not begun yet.
        cache: Conversations as committed; changed after the commit alone.
        ids: Gives the ids of new contacts and conversations.
        itself: What this process signs its notices with; None is the only one that writes, so that the cache can be
            trusted without asking.
        owner: Its number, where it has one.
        others_show: Whether other processes want to know which chats change.
    """

    def __init__(
        self,
        transaction: Transaction,
        *,
        cache: Cache,
        ids: RisingIds,
        itself: str | None = None,
        owner: int | None = None,
        others_show: bool = False,
    ) -> None:
        self._transaction = transaction
        self._cache = cache
        self._itself = itself
        self._others_show = others_show
        is_current = self._is_current = itself is None
        self._claims = Claims(transaction, cache=cache, is_current=is_current)
        self._finder = Finder(
            transaction, cache=cache, is_current=is_current, ids=ids, kept=self._claims.kept
        )
        self._outbox = Outbox(transaction, owner=owner)
        self.news = NewsShelf(transaction, owner=owner)
        """What the business's own servers are told."""
        self.taken = Taken(transaction, owner=owner)
        """What this process has for longer than a transaction."""
        self._arrivals: dict[SignalId, Arrival] = {}
        self._ahead = Ahead(transaction, ids=None if is_current else ids)
        self._left = NOTHING
        """What this leaves for other processes."""
        self._misses = False
        """A conversation is held elsewhere."""

    # --- the transaction ---------------------------------------------------------------------------

    @property
    def has_begun(self) -> bool:
        """Whether the database was asked anything yet."""
        return self._transaction.has_begun

    async def commit(self) -> None:
        """Write what is queued, commit, and let the cache follow."""
        if self._itself is not None and self._left:
            self._transaction.later(notice(self._itself, self._left))
        await self._transaction.commit()
        self._cache.drop_all(self._finder.joined)
        kept, saved = self._claims.kept, self._claims.saved
        for key, conversation in kept.items():
            if key not in saved:
                self._cache.put(conversation)
        if saved:  # what was saved need not be kept any more: its contact may have been joined, or a later save lost
            self._cache.put_committed([one for key, one in kept.items() if key in saved])
        for address, key in self._finder.leads.items():
            self._cache.lead(address, key)

    async def rollback(self) -> None:
        """Undo everything, and forget what this batch touched."""
        self._cache.drop_all(self._claims.touched | self._claims.kept.keys())
        await self._transaction.rollback()

    # --- in ----------------------------------------------------------------------------------------

    async def find_conversations(
        self, senders: Sequence[tuple[LineId, Sender]]
    ) -> list[ConversationId]:
        """Return each sender's conversation, making contact, addresses and conversation where they are new."""
        return await self._finder.find(senders) if senders else []

    async def add_signals(
        self, signals: Sequence[tuple[Arrival, ConversationId | None]], *, now: datetime
    ) -> list[SignalId | None]:
        """Store each signal once, as handled; None where its (line, key) is already there."""
        if not signals:
            return []
        at, last = stamp(now), len(signals) - 1
        rows = [
            signal_cells(arrival, conversation, place=last - place, now=at)
            for place, (arrival, conversation) in enumerate(signals)
        ]
        keys = sorted({(arrival.line, key) for arrival, key in signals if key is not None})
        _, stored, blocked = await self._transaction.ask(
            Call(statements.COUNT_SIGNALS, scalars=(len(signals),)),
            Call(statements.ADD_SIGNALS, rows),
            # Asked ahead, in the same trip: this batch's own signals are all handled so far.
            Call(statements.BLOCKED, keys if self._is_current else (), (EVER,)),
        )
        if self._is_current:
            self._ahead.note_blocked(keys, (ConversationId(key) for (key,) in blocked))
        new = {(line, key): SignalId(signal) for line, key, signal in stored}
        ids = [new.pop((arrival.line, clean_text(arrival.key)), None) for arrival, _ in signals]
        for (arrival, _), signal in zip(signals, ids, strict=True):
            if signal is not None:
                self._arrivals[signal] = arrival
        return ids

    # --- conversations --------------------------------------------------------------------------------

    async def claim(
        self, keys: Sequence[tuple[LineId, ConversationId]]
    ) -> dict[ConversationId, Conversation]:
        """Lock and load; what another replica holds is missing from the answer."""
        if self._is_current or not keys:
            return await self._claims.claim(keys)
        # Asked once the conversations are locked: until then another replica may leave a signal of theirs unhandled.
        held, behind = await self._claims.claim_asking(keys, Call(statements.BEHIND, sorted(keys)))
        self._ahead.note_blocked(keys, (ConversationId(key) for key, waits, _ in behind if waits))
        unfinished = [(key, last) for key, _, last in behind if last is not None]
        self._ahead.note_unfinished(keys, unfinished)
        self._misses = self._misses or len(held) < len(keys)
        await self._finder.confirm(keys, held, self._claims.moved)
        return held

    async def shown(
        self, keys: Sequence[tuple[LineId, ExternalId]]
    ) -> dict[tuple[LineId, ExternalId], Content]:
        """Return what messages of ours say, by the provider's ids; those that nobody knows are missing."""
        (rows,) = await self._transaction.ask(Call(statements.SHOWN, sorted(set(keys))))
        return {
            (LineId(line), ExternalId(key)): load_content(content) for line, key, content in rows
        }

    async def blocked(self, keys: Sequence[tuple[LineId, ConversationId]]) -> set[ConversationId]:
        """Return the conversations that have unhandled signals from before this batch."""
        return await self._ahead.blocked(keys, before=min(self._arrivals, default=None))

    async def still_waiting(self, signals: Sequence[tuple[LineId, SignalId]]) -> set[SignalId]:
        """Return those of these signals that nobody has stepped since they were read."""
        (rows,) = await self._transaction.ask(Call(statements.STILL_WAITING, sorted(signals)))
        return {SignalId(signal) for (signal,) in rows}

    async def unfinished(
        self, keys: Sequence[tuple[LineId, ConversationId]]
    ) -> set[ConversationId]:
        """Return the conversations with outbox entries that later ones must wait for."""
        return await self._ahead.unfinished(keys)

    async def save(self, changes: Sequence[tuple[Conversation, int]]) -> set[ConversationId]:
        """Write each conversation if its stored version is still the one given; return those that won."""
        if not changes:
            return set()
        if not self._is_current and self._claims.save_locked(changes):
            return {changed.id for changed, _ in changes}
        won, rows = await self._claims.save(changes)
        self._ahead.note_unfinished([(changed.line, changed.id) for changed, _ in changes], rows)
        return won

    # --- signals that waited -----------------------------------------------------------------------------

    async def set_handled(
        self, signals: Sequence[tuple[LineId, SignalId]], *, now: datetime
    ) -> None:
        """Mark signals that waited as handled."""
        if signals:
            at = stamp(now)
            rows = [(line, signal, at) for line, signal in sorted(signals)]
            self._transaction.later(Call(statements.SET_HANDLED, rows))

    async def set_waiting(self, signals: Sequence[tuple[LineId, SignalId, int]]) -> None:
        """Mark signals of this batch as not handled after all; the number is the attempts so far."""
        if signals:
            rows = [
                (line, signal, attempts, *self._waiting_cells(signal))
                for line, signal, attempts in sorted(signals)
            ]
            self._transaction.later(Call(statements.SET_WAITING, rows))
            if self._misses:  # whoever holds their conversations looks again after its commit
                self._left = self._left._replace(signals=True)

    async def count_attempts(self, signals: Sequence[tuple[LineId, SignalId, int]]) -> None:
        """Write the attempts so far of signals that waited before this batch; one stepped meanwhile stays handled."""
        if signals:
            self._transaction.later(Call(statements.COUNT_ATTEMPTS, sorted(signals)))

    def _waiting_cells(self, signal: SignalId) -> tuple[Cell, ...]:
        """Make what only a signal that waits needs; one that waited before has it already."""
        arrival = self._arrivals.get(signal)
        if arrival is None:
            return (False, None)
        sender = None if arrival.sender is None else dump_value(arrival.sender)
        return (may_interrupt(arrival.signal), sender)

    # --- messages -------------------------------------------------------------------------------------------

    async def add_messages(self, messages: Sequence[MessageRow]) -> None:
        """Insert messages; inbound media with something to fetch becomes wanted."""
        if not messages:
            return
        rows = [message_cells(message) for message in messages]
        self._transaction.later(Call(statements.ADD_MESSAGES, sorted(rows, key=_two)))
        media = [message for message in messages if isinstance(message.content, Media)]
        wanted = [cells for message in media if (cells := wanted_cells(message)) is not None]
        if wanted:
            self._transaction.later(Call(statements.WANT_MEDIA, sorted(wanted, key=_two)))
        for message in messages:
            if message.direction == "out" and message.status in ("sending", "queued"):
                if message.status == "queued" and self._ahead.is_unfinished(message.conversation):
                    self._left = self._left._replace(sends=True)
                self._ahead.note_said(message.conversation)

    async def add_turns(self, turns: Sequence[TurnRow]) -> None:
        """Insert the traces of handled signals."""
        if turns:
            rows = [turn_cells(turn) for turn in turns]
            self._transaction.later(Call(statements.ADD_TURNS, sorted(rows, key=_two)))

    async def cancel_unsent(
        self, conversations: Sequence[tuple[LineId, ConversationId]], *, now: datetime
    ) -> None:
        """Mark what flows and the engine said and what is still queued or held as cancelled."""
        if conversations:
            at = stamp(now)
            rows = [(line, key, at) for line, key in sorted(conversations)]
            self._transaction.later(Call(statements.CANCEL_UNSENT, rows))
            self._ahead.forget_unfinished()

    async def release_held(
        self, conversations: Mapping[tuple[LineId, ConversationId], datetime], *, now: datetime
    ) -> None:
        """Queue each conversation's held messages; those said before its time become stale."""
        at = stamp(now)
        rows = [
            (line, key, at, stamp(since)) for (line, key), since in sorted(conversations.items())
        ]
        self._transaction.later(Call(statements.RELEASE_HELD, rows))
        self._ahead.forget_unfinished()

    async def record_consents(self, rows: Sequence[ConsentRow], *, now: datetime) -> None:
        """Add to the audit; of who has opted out, mark everything that is still queued or held as cancelled."""
        for call in consents.record(rows, now):
            self._transaction.later(call)
        self._ahead.forget_unfinished()

    async def record_handoffs(
        self, rows: Sequence[HandoffRow], *, moments: Mapping[LineId, datetime]
    ) -> None:
        """Write where handoffs stand, the last row of each."""
        self._transaction.later(handoffs.record(rows, moments))
        self._left = self._left._replace(handoffs=True)

    def cancel_all(
        self, conversations: Sequence[tuple[LineId, ConversationId]], *, now: datetime
    ) -> None:
        """Mark everything that is still queued or held as cancelled; for a command, before the opt-out is stepped."""
        self._transaction.later(consents.cancel_all(conversations, now))

    async def refused(
        self, reports: Sequence[tuple[LineId, DeliveryReported]]
    ) -> list[RefusedMessage]:
        """Return the messages that failed as these reports say."""
        return await self._outbox.refused(reports)

    async def put_back(self, marks: Sequence[SendMark]) -> None:
        """Hold or queue failed messages; what is still told of the send that failed changes them no more."""
        self._ahead.forget_unfinished()
        self._outbox.put_back(marks)

    async def report_deliveries(
        self, reports: Sequence[tuple[LineId, SignalId, DeliveryReported]], *, now: datetime
    ) -> None:
        """Raise the messages' status, never lower it; a status of a message not yet marked sent waits for its mark."""
        if reports:
            self._ahead.forget_unfinished()
            self._outbox.report(reports, now)

    async def mark_sends(self, marks: Sequence[SendMark]) -> None:
        """Write what became of sends; a status that came before its `sent` mark is applied on top of it."""
        if marks:
            self._ahead.forget_unfinished()
            self._outbox.mark(marks)

    async def standings(
        self,
        messages: Sequence[tuple[LineId, MessageId]],
        reported: Sequence[tuple[LineId, ExternalId]],
    ) -> list[Standing]:
        """Return where messages stand, named by our ids or by the provider's; those that nobody knows are missing."""
        return await standings(self._transaction, messages, reported)

    async def waiting_messages(
        self, conversations: Sequence[tuple[LineId, ConversationId]]
    ) -> list[tuple[LineId, MessageId]]:
        """Return what these conversations have queued or held."""
        return await waiting(self._transaction, conversations)

    async def unwatch(self, messages: Sequence[tuple[LineId, MessageId]]) -> None:
        """Let no run wait for these messages any more."""
        unwatch(self._transaction, messages)

    async def take_entries(
        self,
        *,
        owner: int,
        now: datetime,
        busy: Sequence[ConversationId],
        limit: int,
        beside: bool = False,
    ) -> list[OutboxEntry]:
        """Claim entries that may go now, oldest first, marking them `sending` with this owner."""
        self._ahead.forget_unfinished()
        direction: Direction = "beside" if beside else "out"
        return await self._outbox.take(
            owner=owner, now=now, busy=busy, limit=limit, direction=direction
        )

    async def let_go(self, waits: Sequence[tuple[LineId, ConversationId, datetime]]) -> None:
        """Let entries of a conversation that are queued until exactly this time go at once."""
        rows = sorted((line, conversation, stamp(until)) for line, conversation, until in waits)
        self._transaction.later(Call(outbox_statements.LET_GO, rows))

    async def adopt_orphans(self, *, owner: int, now: datetime, own: bool = True) -> int:
        """Make `sending` entries of dead owners `uncertain`; return how many."""
        self._ahead.forget_unfinished()
        return await self._outbox.adopt(owner=owner, now=now, own=own)

    def tell(
        self,
        changed: Collection[tuple[LineId, ConversationId | None]],
        reported: Collection[tuple[LineId, ExternalId]],
    ) -> None:
        """Let the other processes know which chats changed."""
        if self._others_show and (changed or reported):
            chats = frozenset((line, chat) for line, chat in changed if chat is not None)
            told = Outside(chats=chats, reported=frozenset(reported))
            self._left = self._left.and_(told)

    # --- the rest ----------------------------------------------------------------------------------------------

    async def change_timers(self, changes: Sequence[TimerChange]) -> None:
        """Start and cancel timers, in the order given."""
        for call in timers.change(changes):
            self._transaction.later(call)

    async def save_call(
        self, line: LineId, conversation: ConversationId, key: str, call: CallRow, *, now: datetime
    ) -> None:
        """Insert or update the row of a `chat.once` call."""
        row = call_cells(line, conversation, key, call, now)
        self._transaction.later(Call(statements.SAVE_CALL, [row]))

    async def media_fetched(
        self,
        wanted: WantedMedia,
        *,
        stored: str | None,
        mime_type: str | None,
        size_bytes: int | None,
        retry_at: datetime | None,
        error: str | None,
        now: datetime,
    ) -> None:
        """Record a fetch: `stored` names the bytes, else `retry_at` or `error` says how it goes on."""
        state = "stored" if stored else "wanted" if retry_at else "failed"
        row = (
            *(wanted.line, wanted.message, state, wanted.attempts + 1, maybe_stamp(retry_at)),
            *(stored, maybe_clean(mime_type), size_bytes, maybe_clean(error)),
        )
        self._transaction.later(Call(statements.SAVE_MEDIA, [row]))

    async def sweep(self, *, now: datetime) -> bool:
        """Forget what is past its time: signals after SIGNAL_KEPT, statuses that never met their message.

        Returns True where more of it is left than one sweep forgets.
        """
        return await sweep(self._transaction, now)
