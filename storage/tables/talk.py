"""The tables of the talk: who it is with, what was said, what came in and what has to leave."""

from datetime import datetime

from sqlalchemy import BigInteger, Column, ForeignKeyConstraint, Index, Sequence, Text, text
from sqlmodel import Field, SQLModel

from storage.columns import UtcDateTime, own_key

SIGNAL_IDS = Sequence("signal_id", metadata=SQLModel.metadata)
"""PostgreSQL's source of signal ids; SQLite has no sequences and counts in `counter`."""

UNFINISHED = "status = 'queued' OR status = 'sending' OR status = 'uncertain'"
"""Not `status IN (...)`: for a list of three SQLite fills a temporary table at every row it writes."""


class CounterRow(SQLModel, table=True):
    """SQLite alone: the last signal id given. Never lowered, so that no id comes twice."""

    __tablename__ = "counter"
    __table_args__ = {"info": {"only": "sqlite"}}

    name: str = Field(primary_key=True, sa_type=Text)
    value: int = Field(sa_type=BigInteger)


class LineRow(SQLModel, table=True):
    """What belongs to a line itself; a line without such facts has no row."""

    __tablename__ = "line"

    line_id: str = Field(primary_key=True, sa_type=Text)
    clock_offset_s: float = 0
    """How far the simulator's clock is ahead, in seconds; only grows."""


class ContactRow(SQLModel, table=True):
    """A person on one line."""

    __tablename__ = "contact"
    __table_args__ = (
        # From a contact to those it took over, for their history.
        Index(
            "contact_joined",
            "line_id",
            "joined_id",
            sqlite_where=text("joined_id IS NOT NULL"),
            postgresql_where=text("joined_id IS NOT NULL"),
        ),
    )

    line_id: str = Field(primary_key=True, sa_type=Text)
    id: int = own_key()
    phone: str | None = Field(default=None, sa_type=Text)
    """As the provider writes it: sends go to this."""
    user_id: str | None = Field(default=None, sa_type=Text)
    name: str | None = Field(default=None, sa_type=Text)
    locale: str | None = Field(default=None, sa_type=Text)
    opted_out_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    joined_id: int | None = Field(default=None, sa_type=BigInteger)
    """The contact that took over this one's addresses, when both turned out to be one person."""
    marketing_stopped_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class AddressRow(SQLModel, table=True):
    """One way to reach a contact: a phone in its canonical form, or a business-scoped id."""

    __tablename__ = "address"
    __table_args__ = (
        ForeignKeyConstraint(["line_id", "contact_id"], ["contact.line_id", "contact.id"]),
        # A contact's addresses: they move together when two contacts become one.
        Index("address_contact", "line_id", "contact_id"),
        {"sqlite_with_rowid": False},
    )

    line_id: str = Field(primary_key=True, sa_type=Text)
    kind: str = Field(primary_key=True, sa_type=Text)
    """`phone` or `user_id`."""
    address: str = Field(primary_key=True, sa_type=Text)
    contact_id: int = Field(sa_type=BigInteger)


class ConversationRow(SQLModel, table=True):
    """The thread of one contact on one line."""

    __tablename__ = "conversation"
    __table_args__ = (
        ForeignKeyConstraint(["line_id", "contact_id"], ["contact.line_id", "contact.id"]),
        # From an address to its conversation; also keeps a contact from having two on one line.
        Index("conversation_contact", "line_id", "contact_id", unique=True),
        # Code steps that run, or ran when a process died: a handful among millions.
        Index(
            "conversation_busy",
            "line_id",
            "id",
            sqlite_where=text("busy"),
            postgresql_where=text("busy"),
        ),
    )

    line_id: str = Field(primary_key=True, sa_type=Text)
    id: int = own_key()
    contact_id: int = Field(sa_type=BigInteger)
    version: int = Field(sa_type=BigInteger)
    mode: str = Field(sa_type=Text)
    busy: bool
    window_closes_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    last_inbound_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    state: str = Field(sa_type=Text)
    """The rest of the conversation as JSON."""
    owner: int | None = Field(default=None, sa_type=BigInteger)
    """Which replica runs its code step, or ran the last one."""


class SignalRow(SQLModel, table=True):
    """Everything that came in, once; it lives as long as a provider may deliver it again."""

    __tablename__ = "signal"
    __table_args__ = (
        # A signal counts once.
        Index("signal_key", "line_id", "key", unique=True),
        # What waits to be stepped, per conversation: empty in quiet times, so it costs nothing.
        Index(
            "signal_waiting",
            "line_id",
            "conversation_id",
            "id",
            sqlite_where=text("handled_at IS NULL"),
            postgresql_where=text("handled_at IS NULL"),
        ),
        # Statuses that came before their message was marked as sent.
        Index(
            "signal_awaits",
            "line_id",
            "awaits",
            sqlite_where=text("awaits IS NOT NULL"),
            postgresql_where=text("awaits IS NOT NULL"),
        ),
        {"sqlite_with_rowid": False},
    )

    line_id: str = Field(primary_key=True, sa_type=Text)
    id: int = Field(sa_column=Column(BigInteger, SIGNAL_IDS, primary_key=True, autoincrement=False))
    conversation_id: int | None = Field(default=None, sa_type=BigInteger)
    kind: str = Field(sa_type=Text)
    key: str = Field(sa_type=Text)
    content: str = Field(sa_type=Text)
    sender: str | None = Field(default=None, sa_type=Text)
    """Written with an unhandled one alone; a handled one's sender is its conversation's contact."""
    received_at: datetime = Field(sa_type=UtcDateTime)
    handled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    attempts: int = 0
    interrupts: bool = False
    """Set with an unhandled one: may be stepped although its conversation is busy."""
    awaits: str | None = Field(default=None, sa_type=Text)
    """The external id that no message has yet."""


class MessageRow(SQLModel, table=True):
    """The transcript and the outbox."""

    __tablename__ = "message"
    __table_args__ = (
        # A conversation's transcript, in order.
        Index("message_conversation", "line_id", "conversation_id", "id"),
        # What still has to leave, in order per conversation.
        Index(
            "message_unfinished",
            "line_id",
            "conversation_id",
            "id",
            sqlite_where=text(UNFINISHED),
            postgresql_where=text("status IN ('queued', 'sending', 'uncertain')"),
        ),
        # What met a closed window: a takeover cancels it, an operator lists it.
        Index(
            "message_held",
            "line_id",
            "conversation_id",
            "id",
            sqlite_where=text("status = 'held'"),
            postgresql_where=text("status = 'held'"),
        ),
        # From a provider's status to our message; not unique, deduplication lives in `signal`.
        Index(
            "message_external",
            "line_id",
            "external_id",
            sqlite_where=text("direction = 'out' AND external_id IS NOT NULL"),
            postgresql_where=text("direction = 'out' AND external_id IS NOT NULL"),
        ),
        # The same by a message's second id, which few providers give.
        Index(
            "message_alias",
            "line_id",
            "alias",
            sqlite_where=text("alias IS NOT NULL"),
            postgresql_where=text("alias IS NOT NULL"),
        ),
        # The operator's list of failures.
        Index(
            "message_failed",
            "line_id",
            "id",
            sqlite_where=text("status = 'failed'"),
            postgresql_where=text("status = 'failed'"),
        ),
        {"sqlite_with_rowid": False},
    )

    line_id: str = Field(primary_key=True, sa_type=Text)
    id: int = own_key()
    conversation_id: int = Field(sa_type=BigInteger)
    direction: str = Field(sa_type=Text)
    origin: str = Field(sa_type=Text)
    content: str = Field(sa_type=Text)
    status: str = Field(sa_type=Text)
    at: datetime = Field(sa_type=UtcDateTime)
    status_at: datetime = Field(sa_type=UtcDateTime)
    external_id: str | None = Field(default=None, sa_type=Text)
    turn: int = Field(default=0, sa_type=BigInteger)
    question: bool = False
    reply_to: str | None = Field(default=None, sa_type=Text)
    extra: str | None = Field(default=None, sa_type=Text)
    owner: int | None = None
    attempts: int = 0
    retry_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    maybe_twice: bool = False
    error_code: str | None = Field(default=None, sa_type=Text)
    error: str | None = Field(default=None, sa_type=Text)
    alias: str | None = Field(default=None, sa_type=Text)
    """The message's other id at a provider that has two."""
    closed: str | None = Field(default=None, sa_type=Text)
    """What becomes of it when the window is closed: `fail`, or a template as JSON; none is to hold it."""
    released_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """When it was let go after it was held."""
    sent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """When it came to a status that it has left since; the time of the one it has is `status_at`. So the next four."""
    delivered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    read_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    played_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    failed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    watch: str | None = Field(default=None, sa_type=Text)
    """Which run waits for what becomes of it, as JSON; none for nearly all."""


class ExchangeRow(SQLModel, table=True):
    """What was said to a provider about one message it did not take at once, and its answer; redacted, a row a try."""

    __tablename__ = "exchange"

    line_id: str = Field(primary_key=True, sa_type=Text)
    message_id: int = own_key()
    at: datetime = Field(primary_key=True, sa_type=UtcDateTime)
    content: str = Field(sa_type=Text)


class TurnRow(SQLModel, table=True):
    """One handled signal and why it went as it did."""

    __tablename__ = "turn"
    __table_args__ = (
        # A conversation's story. Rows lie in order of arrival and only this small index lies by conversation: a table
        # that did so itself touched twice as many pages a batch.
        Index("turn_conversation", "line_id", "conversation_id", "signal_id"),
        {"sqlite_with_rowid": False},
    )

    line_id: str = Field(primary_key=True, sa_type=Text)
    signal_id: int = own_key()
    conversation_id: int = Field(sa_type=BigInteger)
    turn: int = Field(sa_type=BigInteger)
    at: datetime = Field(sa_type=UtcDateTime)
    trace: str = Field(sa_type=Text)
    elapsed_ms: float
    serial: int


class TimerRow(SQLModel, table=True):
    """A time a conversation waits for; one per purpose and run."""

    __tablename__ = "timer"
    __table_args__ = (
        # What is due on a line.
        Index("timer_due", "line_id", "due_at"),
        {"sqlite_with_rowid": False},
    )

    line_id: str = Field(primary_key=True, sa_type=Text)
    conversation_id: int = own_key()
    run: int = own_key()
    purpose: str = Field(primary_key=True, sa_type=Text)
    id: int = Field(sa_type=BigInteger)
    visit: int = Field(sa_type=BigInteger)
    due_at: datetime = Field(sa_type=UtcDateTime)


class CallRow(SQLModel, table=True):
    """A `chat.once` call: started, or done with its result."""

    __tablename__ = "call"
    __table_args__ = {"sqlite_with_rowid": False}

    line_id: str = Field(primary_key=True, sa_type=Text)
    conversation_id: int = own_key()
    key: str = Field(primary_key=True, sa_type=Text)
    state: str = Field(sa_type=Text)
    arguments_hash: str = Field(sa_type=Text)
    result: str = Field(sa_type=Text)
    started_at: datetime = Field(sa_type=UtcDateTime)
    changed_at: datetime = Field(sa_type=UtcDateTime)


class MediaRow(SQLModel, table=True):
    """An inbound file: where to fetch it, then where its bytes are."""

    __tablename__ = "media"
    __table_args__ = (
        # What is still to be fetched.
        Index(
            "media_wanted",
            "line_id",
            "message_id",
            sqlite_where=text("state = 'wanted'"),
            postgresql_where=text("state = 'wanted'"),
        ),
    )

    line_id: str = Field(primary_key=True, sa_type=Text)
    message_id: int = own_key()
    conversation_id: int = Field(sa_type=BigInteger)
    state: str = Field(sa_type=Text)
    """`wanted`, `stored` or `failed`."""
    content: str = Field(sa_type=Text)
    attempts: int = 0
    retry_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    stored: str | None = Field(default=None, sa_type=Text)
    mime_type: str | None = Field(default=None, sa_type=Text)
    size_bytes: int | None = Field(default=None, sa_type=BigInteger)
    error: str | None = Field(default=None, sa_type=Text)
    owner: int | None = Field(default=None, sa_type=BigInteger)
    """Which replica fetches it."""
