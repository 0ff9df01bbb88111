"""The tables of the business's side: consent, news for its servers, templates, tokens, audit, broadcasts."""

from datetime import datetime

from sqlalchemy import BigInteger, Index, Text, text
from sqlmodel import Field, SQLModel

from storage.columns import UtcDateTime, own_key


class ConsentRow(SQLModel, table=True):
    """One change of what a contact wants of us: only ever added to."""

    __tablename__ = "consent"
    __table_args__ = (
        # A contact's own.
        Index("consent_contact", "line_id", "contact_id", "id"),
        {"sqlite_with_rowid": False},
    )

    line_id: str = Field(primary_key=True, sa_type=Text)
    id: int = own_key()
    contact_id: int = Field(sa_type=BigInteger)
    conversation_id: int = Field(sa_type=BigInteger)
    change: str = Field(sa_type=Text)
    """`opted_out`, `opted_in`, `marketing_stopped` or `marketing_resumed`."""
    told_by: str = Field(sa_type=Text)
    """`contact`, `agent` or `provider`."""
    source: str = Field(sa_type=Text)
    """The contact's message, the agent's name, the provider's event or error code."""
    at: datetime = Field(sa_type=UtcDateTime)
    """When it was said."""
    recorded_at: datetime = Field(sa_type=UtcDateTime)


class OutgoingWebhookRow(SQLModel, table=True):
    """News for a server of the business, until it has taken them."""

    __tablename__ = "outgoing_webhook"
    __table_args__ = (
        # What waits for a server, oldest first; empty in quiet times.
        Index(
            "outgoing_webhook_waiting",
            "hook",
            "id",
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
        # Whether something of the same conversation waits before it.
        Index(
            "outgoing_webhook_order",
            "hook",
            "line_id",
            "conversation_id",
            "id",
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
        {"sqlite_with_rowid": False},
    )

    line_id: str = Field(primary_key=True, sa_type=Text)
    id: int = own_key()
    hook: str = Field(sa_type=Text)
    conversation_id: int = Field(sa_type=BigInteger)
    kind: str = Field(sa_type=Text)
    at: datetime = Field(sa_type=UtcDateTime)
    message_id: int | None = Field(default=None, sa_type=BigInteger)
    facts: str | None = Field(default=None, sa_type=Text)
    """What no message says, as JSON."""
    since: datetime = Field(sa_type=UtcDateTime)
    """Since when it waits."""
    state: str = Field(sa_type=Text)
    """`waiting` or `given_up`."""
    attempts: int = 0
    retry_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    let_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """Until when a process posts it."""
    error: str | None = Field(default=None, sa_type=Text)
    owner: int | None = Field(default=None, sa_type=BigInteger)
    """Which replica posts it."""


class TemplateRow(SQLModel, table=True):
    """A template as its provider had it at the last `parley templates sync`."""

    __tablename__ = "template"
    __table_args__ = {"sqlite_with_rowid": False}

    line_id: str = Field(primary_key=True, sa_type=Text)
    name: str = Field(primary_key=True, sa_type=Text)
    language: str = Field(primary_key=True, sa_type=Text)
    status: str = Field(sa_type=Text)
    content: str = Field(sa_type=Text)
    """All of it, as JSON."""
    synced_at: datetime = Field(sa_type=UtcDateTime)


class TokenRow(SQLModel, table=True):
    """A token of the public API; what it is proved by is never stored, only a hash of it."""

    __tablename__ = "token"
    __table_args__ = (
        # A token is revoked by its name; names are not used again.
        Index("token_name", "line_id", "name", unique=True),
        {"sqlite_with_rowid": False},
    )

    line_id: str = Field(primary_key=True, sa_type=Text)
    """Empty: a token belongs to no line; `lines` says which it may use."""
    id: str = Field(primary_key=True, sa_type=Text)
    """The part of it that is no secret."""
    name: str = Field(sa_type=Text)
    hash: str = Field(sa_type=Text)
    """SHA-256 of the secret part, in hex."""
    scopes: str = Field(sa_type=Text)
    lines: str = Field(sa_type=Text)
    """As JSON, as `scopes` is; an empty list is every line."""
    created_at: datetime = Field(sa_type=UtcDateTime)
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    revoked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class ApiAnswerRow(SQLModel, table=True):
    """What a request to the API was answered, by its idempotency key; without a status it is still being done."""

    __tablename__ = "api_answer"
    __table_args__ = (
        # The oldest, to be forgotten.
        Index("api_answer_at", "line_id", "at"),
        {"sqlite_with_rowid": False},
    )

    line_id: str = Field(primary_key=True, sa_type=Text)
    """Empty: a key counts once for its token, whatever line the request names."""
    token_id: str = Field(primary_key=True, sa_type=Text)
    key: str = Field(primary_key=True, sa_type=Text)
    request_hash: str = Field(sa_type=Text)
    message_id: int = Field(sa_type=BigInteger)
    """The id that was given out for it."""
    at: datetime = Field(sa_type=UtcDateTime)
    status: int | None = None
    body: str | None = Field(default=None, sa_type=Text)


class AuditRow(SQLModel, table=True):
    """Who did what, when; kept."""

    __tablename__ = "audit"
    __table_args__ = {"sqlite_with_rowid": False}

    line_id: str = Field(primary_key=True, sa_type=Text)
    """Empty for what belongs to no line."""
    id: int = own_key()
    at: datetime = Field(sa_type=UtcDateTime)
    actor: str = Field(sa_type=Text)
    """`token:NAME`, `agent:LOGIN`, `command`, `address:IP`."""
    act: str = Field(sa_type=Text)
    subject: str = Field(sa_type=Text)
    """What it was done to: a message's id, a flow's name, a token's."""


class BroadcastRow(SQLModel, table=True):
    """One template to many contacts: what it is, and how far it has come."""

    __tablename__ = "broadcast"
    __table_args__ = {"sqlite_with_rowid": False}

    line_id: str = Field(primary_key=True, sa_type=Text)
    id: int = own_key()
    """Counts up over all lines: people type it."""
    template: str = Field(sa_type=Text)
    language: str = Field(sa_type=Text)
    source: str = Field(sa_type=Text)
    """Where the contacts came from, such as a file's name."""
    fingerprint: str = Field(sa_type=Text)
    """Equal for equal messages to equal contacts."""
    state: str = Field(sa_type=Text)
    """`loading`, `running`, `stopped` or `done`."""
    handed: int = Field(sa_type=BigInteger)
    """The last row that was handed to the outbox."""
    created_at: datetime = Field(sa_type=UtcDateTime)
    finished_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    owner: int | None = None
    """The process that hands its rows over, while it lives."""


class BroadcastContactRow(SQLModel, table=True):
    """One contact of a broadcast; what became of it stands with its message."""

    __tablename__ = "broadcast_contact"
    __table_args__ = {"sqlite_with_rowid": False}

    line_id: str = Field(primary_key=True, sa_type=Text)
    broadcast_id: int = own_key()
    number: int = own_key()
    """Where it stands in its source: the line of the file."""
    phone: str = Field(sa_type=Text)
    content: str | None = Field(default=None, sa_type=Text)
    """The template with this contact's variables; none for one that gets nothing."""
    problem: str | None = Field(default=None, sa_type=Text)
    """Why it gets nothing."""
    message_id: int | None = Field(default=None, sa_type=BigInteger)
    """Given out before the message is asked for, so that it is asked for once."""
