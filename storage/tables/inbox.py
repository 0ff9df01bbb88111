"""The tables of the agents: who they are, what they noted, how far they read, and every handoff."""

from datetime import datetime

from sqlalchemy import BigInteger, Index, Text, text
from sqlmodel import Field, SQLModel

from storage.columns import UtcDateTime, own_key


class HandoffRow(SQLModel, table=True):
    """One time that people had a chat: it waited, was claimed, answered, ended. Kept for queues and figures."""

    __tablename__ = "handoff"
    __table_args__ = (
        # Those that last: the queue and what agents hold.
        Index(
            "handoff_open",
            "line_id",
            "conversation_id",
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        # The figures of some days.
        Index("handoff_began", "line_id", "began_at"),
        # The closed ones, the last first.
        Index(
            "handoff_ended",
            "line_id",
            "ended_at",
            "conversation_id",
            sqlite_where=text("ended_at IS NOT NULL"),
            postgresql_where=text("ended_at IS NOT NULL"),
        ),
        {"sqlite_with_rowid": False},
    )

    line_id: str = Field(primary_key=True, sa_type=Text)
    conversation_id: int = own_key()
    turn: int = own_key()
    """The turn that began it."""
    reason: str = Field(sa_type=Text)
    place: str = Field(sa_type=Text)
    """`inbox`, `phone` or `helpdesk`."""
    team: str | None = Field(default=None, sa_type=Text)
    assignee: str | None = Field(default=None, sa_type=Text)
    """The login of who holds it, or held it last."""
    began_at: datetime = Field(sa_type=UtcDateTime)
    claimed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    replied_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    due_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """When something happens by itself."""
    late: bool
    """Whether nobody claimed it in time."""
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended: str | None = Field(default=None, sa_type=Text)
    """`released`, `closed`, `contact` or `quiet`."""
    ended_by: str | None = Field(default=None, sa_type=Text)
    note: str | None = Field(default=None, sa_type=Text)
    """The reason that the agent gave."""


class AgentRow(SQLModel, table=True):
    """A person who answers chats, or looks after those who do."""

    __tablename__ = "agent"
    __table_args__ = {"sqlite_with_rowid": False}

    line_id: str = Field(primary_key=True, sa_type=Text)
    """Empty: an agent belongs to no line; `lines` says which may be seen. So with all that is the agents' own."""
    login: str = Field(primary_key=True, sa_type=Text)
    """What they sign in with and what is written into stories; never changed, never used again."""
    name: str = Field(sa_type=Text)
    password_hash: str = Field(sa_type=Text)
    """argon2id, with its parameters."""
    role: str = Field(sa_type=Text)
    """`agent`, `supervisor` or `admin`."""
    teams: str = Field(sa_type=Text)
    """As JSON, as `lines` is; an empty list is every one."""
    lines: str = Field(sa_type=Text)
    available: bool
    """Whether they want new chats, as they said themselves."""
    capacity: int | None = None
    """Chats that they may be given at once; none is their team's."""
    seen_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """When they last had the inbox open, to the minute."""
    created_at: datetime = Field(sa_type=UtcDateTime)
    disabled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class SessionRow(SQLModel, table=True):
    """One browser that an agent is signed in with."""

    __tablename__ = "session"
    __table_args__ = (
        # An agent's own, to be looked at and revoked.
        Index("session_login", "line_id", "login"),
        {"sqlite_with_rowid": False},
    )

    line_id: str = Field(primary_key=True, sa_type=Text)
    id: str = Field(primary_key=True, sa_type=Text)
    """SHA-256 of the cookie's secret, in hex: what is stored signs nobody in."""
    login: str = Field(sa_type=Text)
    client: str = Field(sa_type=Text)
    """What the browser calls itself."""
    created_at: datetime = Field(sa_type=UtcDateTime)
    seen_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    revoked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class PushSubscriptionRow(SQLModel, table=True):
    """A browser that is told of new messages while the inbox is closed."""

    __tablename__ = "push_subscription"
    __table_args__ = {"sqlite_with_rowid": False}

    line_id: str = Field(primary_key=True, sa_type=Text)
    login: str = Field(primary_key=True, sa_type=Text)
    endpoint: str = Field(primary_key=True, sa_type=Text)
    """The address of the browser's push service."""
    public_key: str = Field(sa_type=Text)
    """The browser's P-256 key, base64url."""
    auth: str = Field(sa_type=Text)
    """Its shared secret, base64url."""
    session_id: str = Field(sa_type=Text)
    """The session it belongs to: revoked with it."""
    created_at: datetime = Field(sa_type=UtcDateTime)


class ServerKeyRow(SQLModel, table=True):
    """A key of this installation, made once: push messages are signed with one."""

    __tablename__ = "server_key"
    __table_args__ = {"sqlite_with_rowid": False}

    line_id: str = Field(primary_key=True, sa_type=Text)
    name: str = Field(primary_key=True, sa_type=Text)
    value: str = Field(sa_type=Text)
    """base64url."""
    created_at: datetime = Field(sa_type=UtcDateTime)


class AgentChatRow(SQLModel, table=True):
    """What one agent has of one chat: how far it is read, what is drafted, until when it is put off."""

    __tablename__ = "agent_chat"
    __table_args__ = {"sqlite_with_rowid": False}

    line_id: str = Field(primary_key=True, sa_type=Text)
    conversation_id: int = own_key()
    login: str = Field(primary_key=True, sa_type=Text)
    read_id: int = Field(default=0, sa_type=BigInteger)
    """The newest message that was looked at; only grows."""
    draft: str | None = Field(default=None, sa_type=Text)
    """As JSON: the text, and the message that it quotes."""
    draft_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    snoozed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    snoozed_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """Until then it is out of the way, unless the contact has written since `snoozed_at`."""


class NoteRow(SQLModel, table=True):
    """What an agent wrote for the others; the contact never sees it."""

    __tablename__ = "note"
    __table_args__ = (
        # A conversation's own, in order: ids rise with time, as those of messages.
        Index("note_conversation", "line_id", "conversation_id", "id"),
        {"sqlite_with_rowid": False},
    )

    line_id: str = Field(primary_key=True, sa_type=Text)
    id: int = own_key()
    """Given out with the form: sent twice it is one."""
    conversation_id: int = Field(sa_type=BigInteger)
    login: str = Field(sa_type=Text)
    text: str = Field(sa_type=Text)
    at: datetime = Field(sa_type=UtcDateTime)


class LabelRow(SQLModel, table=True):
    """A word that chats are sorted by."""

    __tablename__ = "label"
    __table_args__ = {"sqlite_with_rowid": False}

    line_id: str = Field(primary_key=True, sa_type=Text)
    name: str = Field(primary_key=True, sa_type=Text)
    colour: str = Field(sa_type=Text)
    """One of the page's own colours by name."""


class ConversationLabelRow(SQLModel, table=True):
    """A label on a chat."""

    __tablename__ = "conversation_label"
    __table_args__ = (
        # The chats of one label, newest first.
        Index("conversation_label_name", "line_id", "name", "conversation_id"),
        {"sqlite_with_rowid": False},
    )

    line_id: str = Field(primary_key=True, sa_type=Text)
    conversation_id: int = own_key()
    name: str = Field(primary_key=True, sa_type=Text)


class CannedReplyRow(SQLModel, table=True):
    """A text that agents say often, found by its shortcut."""

    __tablename__ = "canned_reply"
    __table_args__ = {"sqlite_with_rowid": False}

    line_id: str = Field(primary_key=True, sa_type=Text)
    shortcut: str = Field(primary_key=True, sa_type=Text)
    """What is typed after `/`."""
    text: str = Field(sa_type=Text)
    """With placeholders such as `{contact.name|there}`."""
