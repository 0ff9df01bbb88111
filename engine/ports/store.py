"""The durable state: one writer's batches, and reads beside it."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta
from typing import Literal, NamedTuple, Protocol

from engine.core.content import Content, Media
from engine.core.conversation import Conversation
from engine.core.effects import CancelTimers, RecordConsent, RecordHandoff, StartTimer
from engine.core.ids import (
    ContactId,
    ConversationId,
    ExternalId,
    LineId,
    MessageId,
    SignalId,
    TimerId,
)
from engine.core.signals import Arrival, DeliveryReported, Sender, TimerPurpose
from engine.core.trace import Trace
from engine.core.value import Json
from engine.ports.messages import (
    MessageRow,
    OutboxEntry,
    RefusedMessage,
    SendMark,
    Standing,
)
from engine.ports.news import News, Posted, Posting
from engine.ports.outside import Outside, Replicas


class StoredSignal(NamedTuple):
    """A signal that waits in the database to be stepped."""

    id: SignalId
    arrival: Arrival
    """With its conversation known."""
    attempts: int
    """How often its step raised."""


class TurnRow(NamedTuple):
    """One handled signal, for the conversation's story."""

    line: LineId
    conversation: ConversationId
    signal: SignalId
    turn: int
    at: datetime
    trace: Trace
    elapsed_ms: float
    serial: int


class DueTimer(NamedTuple):
    """A timer whose time has come."""

    id: TimerId
    line: LineId
    conversation: ConversationId
    purpose: TimerPurpose
    run: int
    visit: int
    due_at: datetime


class CallRow(NamedTuple):
    """A `chat.once` call: started, or done with a result or a listed exception."""

    state: Literal["started", "returned", "raised"]
    result: Json = None
    arguments_hash: str = ""


class WantedMedia(NamedTuple):
    """An inbound file that is still to be fetched from its provider."""

    message: MessageId
    line: LineId
    conversation: ConversationId
    media: Media
    attempts: int


class TimerChange(NamedTuple):
    """A StartTimer or CancelTimers with the conversation it belongs to; `id` is set for a start."""

    line: LineId
    conversation: ConversationId
    effect: StartTimer | CancelTimers
    id: TimerId | None = None


class ConsentRow(NamedTuple):
    """One change of what a contact wants, kept for good."""

    id: int
    line: LineId
    conversation: ConversationId
    contact: ContactId
    record: RecordConsent


class HandoffRow(NamedTuple):
    """Where a handoff stands now."""

    line: LineId
    conversation: ConversationId
    record: RecordHandoff


class Batch(Protocol):
    """One transaction of the writer. Every method is set-based; rows go in sorted by key.

    Raises, from any method and from the commit: StoreUnavailable, ConcurrentUpdate, ValueRefused.
    """

    async def find_conversations(
        self, senders: Sequence[tuple[LineId, Sender]]
    ) -> list[ConversationId]:
        """Return each sender's conversation, making contact, addresses and conversation where they are new.

        A sender with both a phone and a user id joins the two into one contact. Same order and length as given.
        """

    async def add_signals(
        self, signals: Sequence[tuple[Arrival, ConversationId | None]], *, now: datetime
    ) -> list[SignalId | None]:
        """Store each signal once, as handled; None where its (line, key) is already there.

        Ids rise in the order given: that is the order of arrival. Same order and length as given.
        """

    async def claim(
        self, keys: Sequence[tuple[LineId, ConversationId]]
    ) -> dict[ConversationId, Conversation]:
        """Lock and load; what another replica holds is missing from the answer.

        Served from the store's cache where the version is known to be current; `save` finds a stale one out.
        """

    async def shown(
        self, keys: Sequence[tuple[LineId, ExternalId]]
    ) -> dict[tuple[LineId, ExternalId], Content]:
        """Return what messages of ours say, by the provider's ids; those that nobody knows are missing."""

    async def blocked(self, keys: Sequence[tuple[LineId, ConversationId]]) -> set[ConversationId]:
        """Return the conversations that have unhandled signals from before this batch."""

    async def still_waiting(self, signals: Sequence[tuple[LineId, SignalId]]) -> set[SignalId]:
        """Return those of these signals that still wait.

        They were read outside a transaction: since then another batch, or another process, may have stepped them.
        Ask after `claim`, which keeps others off their conversations.
        """

    async def unfinished(
        self, keys: Sequence[tuple[LineId, ConversationId]]
    ) -> set[ConversationId]:
        """Return the conversations with messages that later ones must wait for: queued, sending, uncertain."""

    async def save(self, changes: Sequence[tuple[Conversation, int]]) -> set[ConversationId]:
        """Write each conversation if its stored version is still the one given; return those that won."""

    async def add_messages(self, messages: Sequence[MessageRow]) -> None:
        """Insert messages; inbound media with something to fetch becomes wanted."""

    async def add_turns(self, turns: Sequence[TurnRow]) -> None:
        """Insert the traces of handled signals."""

    async def change_timers(self, changes: Sequence[TimerChange]) -> None:
        """Start and cancel timers, in the order given."""

    async def cancel_unsent(
        self, conversations: Sequence[tuple[LineId, ConversationId]], *, now: datetime
    ) -> None:
        """Mark what flows said and what is still queued or held as cancelled."""

    async def release_held(
        self, conversations: Mapping[tuple[LineId, ConversationId], datetime], *, now: datetime
    ) -> None:
        """Queue each conversation's held messages; those said before its time become stale."""

    async def record_consents(self, rows: Sequence[ConsentRow], *, now: datetime) -> None:
        """Add to the audit; of who has opted out, mark everything that is still queued or held as cancelled."""

    async def record_handoffs(
        self, rows: Sequence[HandoffRow], *, moments: Mapping[LineId, datetime]
    ) -> None:
        """Write where handoffs stand, the last row of each; `moments` are the lines' times, for those that ended."""

    async def refused(
        self, reports: Sequence[tuple[LineId, DeliveryReported]]
    ) -> list[RefusedMessage]:
        """Return the messages that failed as these reports say."""

    async def put_back(self, marks: Sequence[SendMark]) -> None:
        """Hold or queue failed messages; what is still told of the send that failed changes them no more."""

    async def set_handled(
        self, signals: Sequence[tuple[LineId, SignalId]], *, now: datetime
    ) -> None:
        """Mark signals that waited as handled."""

    async def set_waiting(self, signals: Sequence[tuple[LineId, SignalId, int]]) -> None:
        """Mark signals of this batch as not handled after all; the number is the attempts so far."""

    async def count_attempts(self, signals: Sequence[tuple[LineId, SignalId, int]]) -> None:
        """Write the attempts so far of signals that waited before this batch; one stepped meanwhile stays handled."""

    async def report_deliveries(
        self, reports: Sequence[tuple[LineId, SignalId, DeliveryReported]], *, now: datetime
    ) -> None:
        """Raise the messages' status, never lower it; a status of a message not yet marked sent waits for its mark.

        A report that carries our own message id also sets the external id, which resolves an uncertain send.
        """

    async def mark_sends(self, marks: Sequence[SendMark]) -> None:
        """Write what became of sends; a status that came before its `sent` mark is applied on top of it.

        A status already higher (delivered, read) is not lowered by a late `sent` or `uncertain`.
        """

    async def standings(
        self,
        messages: Sequence[tuple[LineId, MessageId]],
        reported: Sequence[tuple[LineId, ExternalId]],
    ) -> list[Standing]:
        """Return where messages of ours stand after all that this batch wrote, each once.

        They are named by our ids, or by either id of the provider's; those that nobody knows are missing.
        """

    async def waiting_messages(
        self, conversations: Sequence[tuple[LineId, ConversationId]]
    ) -> list[tuple[LineId, MessageId]]:
        """Return what these conversations have queued or held."""

    async def unwatch(self, messages: Sequence[tuple[LineId, MessageId]]) -> None:
        """Let no run wait for these messages any more."""

    @property
    def news(self) -> "NewsShelf":
        """What the business's own servers are told."""

    @property
    def taken(self) -> "TakenWork":
        """What this process has for longer than a transaction."""

    async def take_entries(
        self,
        *,
        owner: int,
        now: datetime,
        busy: Sequence[ConversationId],
        limit: int,
        beside: bool = False,
    ) -> list[OutboxEntry]:
        """Claim entries that may go now, marking them `sending` with this owner.

        Those are: `queued` whose retry time has come; `uncertain` replies older than the grace, templates apart
        (returned with `maybe_twice`). Where the limit parts them, who speaks decides (`rank_of`), then the age. Never
        one behind an unfinished earlier entry of its conversation (queued for later, sending, uncertain for less than
        STATUS_WAITS), none of the conversations in `busy`; all that may go of one conversation come together, in
        order. Messages, or with `beside` deeds: neither waits for the other.
        """

    async def let_go(self, waits: Sequence[tuple[LineId, ConversationId, datetime]]) -> None:
        """Let entries of a conversation that are queued until exactly this time go at once."""

    async def adopt_orphans(self, *, owner: int, now: datetime, own: bool = True) -> int:
        """Make `sending` entries of dead owners `uncertain`; return how many.

        With `own` also those of this number: at the start they are of an earlier process.
        """

    async def save_call(
        self, line: LineId, conversation: ConversationId, key: str, call: CallRow, *, now: datetime
    ) -> None:
        """Insert or update the row of a `chat.once` call."""

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

    def tell(
        self,
        changed: Collection[tuple[LineId, ConversationId | None]],
        reported: Collection[tuple[LineId, ExternalId]],
    ) -> None:
        """Let the other processes know which chats changed, where pages that show chats are open there."""

    async def sweep(self, *, now: datetime) -> bool:
        """Forget what is past its time: signals after SIGNAL_KEPT, statuses that never met their message.

        One call does a bounded piece of it; True where more is left, to be swept by another batch soon.
        """


class NewsShelf(Protocol):
    """News for the business's own servers, within one transaction."""

    def add(self, news: Sequence[News], *, now: datetime) -> None:
        """Store news, with the commit."""

    def done(self, posted: Sequence[Posted]) -> None:
        """Write what became of postings: what was taken is forgotten, the rest waits for its retry."""

    async def take(self, hook: str, *, now: datetime, limit: int) -> list[Posting]:
        """Take up what may be posted to a server now: of each conversation the oldest alone, if its time has come."""

    async def sweep(self, hooks: Sequence[str], *, now: datetime, most: int) -> None:
        """Give up what waits for a day, or is more than `most` for one server; forget what was given up a week ago."""

    async def take_over(self, *, own: bool = True) -> None:
        """Take back what was let to processes that are gone; with `own` also to this number's."""


class TakenWork(Protocol):
    """Work that lasts longer than a transaction: where several processes serve, each piece has its owner."""

    def steps(self, conversations: Sequence[tuple[LineId, ConversationId]]) -> None:
        """Note that the code steps of these conversations run in this process."""

    async def left_steps(
        self, lines: Collection[LineId], *, own: bool
    ) -> list[tuple[LineId, ConversationId]]:
        """Return the conversations on these lines whose code step nobody runs.

        With `own` also those of this process's number: at the start they are of an earlier one.
        """

    def put_back(self, messages: Sequence[tuple[LineId, MessageId]]) -> None:
        """Queue entries again that a commit made `sending`, if it was one: nobody was told of its end."""

    async def media(self, wanted: Sequence[WantedMedia]) -> set[MessageId]:
        """Take files to be fetched by this process; return those that no other has taken."""

    def free_media(self, *, own: bool) -> None:
        """Let others fetch what processes have taken that are gone; with `own` this number's too."""


class Store(Protocol):
    """The durable state. Writes go through `write`, one at a time; reads run beside it on their own connections."""

    def write(self) -> AbstractAsyncContextManager[Batch]:
        """Open a transaction on the writer; leaving commits, an exception rolls back and drops cached rows."""

    async def waiting_signals(self, lines: Collection[LineId], *, limit: int) -> list[StoredSignal]:
        """Return unhandled signals of these lines that can be stepped, in order of arrival.

        Of a busy conversation only those that may be stepped at once (see `Arrival` kinds in the core).
        """

    async def busy_conversations(self, *, own: bool = False) -> list[Conversation]:
        """Return the conversations whose code step runs, or ran when a process died; with `own` this process's."""

    async def due_timers(
        self, now: Sequence[tuple[LineId, datetime]], *, limit: int
    ) -> list[DueTimer]:
        """Return timers due on each line at that line's own time, earliest first."""

    async def conversations(
        self, keys: Sequence[tuple[LineId, ConversationId]]
    ) -> dict[ConversationId, Conversation]:
        """Return conversations as committed now, from the cache where it is current; nothing is locked."""

    def known(self, line: LineId, conversation: ConversationId) -> Conversation | None:
        """Return a conversation as committed now if that takes no wait; None where the database must be asked.

        Where several processes write: as this one committed it within a tenth of a second.
        """

    async def find_call(
        self, line: LineId, conversation: ConversationId, key: str
    ) -> CallRow | None:
        """Return the row of a `chat.once` call."""

    async def wanted_media(self, *, now: datetime, limit: int) -> list[WantedMedia]:
        """Return inbound files to fetch, oldest first."""

    async def oldest_waiting(self, lines: Collection[LineId], *, now: datetime) -> timedelta | None:
        """Return how long the oldest steppable signal of these lines has waited; None if none waits.

        Raises StoreUnavailable.
        """

    async def changed_outside(self) -> Outside:
        """Return what other processes wrote since the last call (SQLite's data_version; NOTIFY on PostgreSQL)."""

    async def hear(self, within_s: float) -> None:
        """Wait until another process tells of something, or so long."""

    async def replicas(self, *, shows: bool) -> Replicas:
        """Look who works on this database; `shows` tells the others whether pages of the inbox are open here."""

    @property
    def is_sure(self) -> bool:
        """Whether the others are known to take this process to live: until then they may take over what it had."""

    @property
    def terms(self) -> int:
        """How many connections the writer has had: what was on its way with a lost one may be committed or not."""
