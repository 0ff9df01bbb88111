"""The first schema: lines, contacts, conversations, signals, messages and what the loops keep beside them."""

import sqlalchemy as sa
from alembic import op

from storage.columns import UtcDateTime

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make every table."""
    if op.get_context().dialect.name == "sqlite":
        op.create_table(
            "counter",
            sa.Column("name", sa.Text(), nullable=False),
            sa.Column("value", sa.BigInteger(), nullable=False),
            sa.PrimaryKeyConstraint("name"),
        )
    else:
        op.execute(sa.schema.CreateSequence(sa.Sequence("signal_id")))
    op.create_table(
        "call",
        sa.Column("line_id", sa.Text(), nullable=False),
        sa.Column("conversation_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("arguments_hash", sa.Text(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("line_id", "conversation_id", "key"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "contact",
        sa.Column("line_id", sa.Text(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("user_id", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("locale", sa.Text(), nullable=True),
        sa.Column("opted_out_at", UtcDateTime(), nullable=True),
        sa.Column("joined_id", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("line_id", "id"),
    )
    op.create_index(
        "contact_joined",
        "contact",
        ["line_id", "joined_id"],
        unique=False,
        sqlite_where=sa.text("joined_id IS NOT NULL"),
        postgresql_where=sa.text("joined_id IS NOT NULL"),
    )
    op.create_table(
        "exchange",
        sa.Column("line_id", sa.Text(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("line_id", "message_id", "at"),
    )
    op.create_table(
        "line",
        sa.Column("line_id", sa.Text(), nullable=False),
        sa.Column("clock_offset_s", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("line_id"),
    )
    op.create_table(
        "media",
        sa.Column("line_id", sa.Text(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("conversation_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("retry_at", UtcDateTime(), nullable=True),
        sa.Column("stored", sa.Text(), nullable=True),
        sa.Column("mime_type", sa.Text(), nullable=True),
        sa.Column("size_bytes", sa.BigInteger(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("line_id", "message_id"),
    )
    op.create_index(
        "media_wanted",
        "media",
        ["line_id", "message_id"],
        unique=False,
        sqlite_where=sa.text("state = 'wanted'"),
        postgresql_where=sa.text("state = 'wanted'"),
    )
    op.create_table(
        "message",
        sa.Column("line_id", sa.Text(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("conversation_id", sa.BigInteger(), nullable=False),
        sa.Column("direction", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("status_at", UtcDateTime(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=True),
        sa.Column("turn", sa.BigInteger(), nullable=False),
        sa.Column("question", sa.Boolean(), nullable=False),
        sa.Column("reply_to", sa.Text(), nullable=True),
        sa.Column("extra", sa.Text(), nullable=True),
        sa.Column("owner", sa.Integer(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("retry_at", UtcDateTime(), nullable=True),
        sa.Column("maybe_twice", sa.Boolean(), nullable=False),
        sa.Column("error_code", sa.Text(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("line_id", "id"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "message_conversation", "message", ["line_id", "conversation_id", "id"], unique=False
    )
    op.create_index(
        "message_external",
        "message",
        ["line_id", "external_id"],
        unique=False,
        sqlite_where=sa.text("direction = 'out' AND external_id IS NOT NULL"),
        postgresql_where=sa.text("direction = 'out' AND external_id IS NOT NULL"),
    )
    op.create_index(
        "message_failed",
        "message",
        ["line_id", "id"],
        unique=False,
        sqlite_where=sa.text("status = 'failed'"),
        postgresql_where=sa.text("status = 'failed'"),
    )
    op.create_index(
        "message_held",
        "message",
        ["line_id", "conversation_id", "id"],
        unique=False,
        sqlite_where=sa.text("status = 'held'"),
        postgresql_where=sa.text("status = 'held'"),
    )
    op.create_index(
        "message_unfinished",
        "message",
        ["line_id", "conversation_id", "id"],
        unique=False,
        sqlite_where=sa.text("status IN ('queued', 'sending', 'uncertain')"),
        postgresql_where=sa.text("status IN ('queued', 'sending', 'uncertain')"),
    )
    op.create_table(
        "signal",
        sa.Column("line_id", sa.Text(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("conversation_id", sa.BigInteger(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("sender", sa.Text(), nullable=True),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.Column("handled_at", UtcDateTime(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("interrupts", sa.Boolean(), nullable=False),
        sa.Column("awaits", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("line_id", "id"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "signal_awaits",
        "signal",
        ["line_id", "awaits"],
        unique=False,
        sqlite_where=sa.text("awaits IS NOT NULL"),
        postgresql_where=sa.text("awaits IS NOT NULL"),
    )
    op.create_index("signal_key", "signal", ["line_id", "key"], unique=True)
    op.create_index(
        "signal_waiting",
        "signal",
        ["line_id", "conversation_id", "id"],
        unique=False,
        sqlite_where=sa.text("handled_at IS NULL"),
        postgresql_where=sa.text("handled_at IS NULL"),
    )
    op.create_table(
        "timer",
        sa.Column("line_id", sa.Text(), nullable=False),
        sa.Column("conversation_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("run", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("visit", sa.BigInteger(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("line_id", "conversation_id", "run", "purpose"),
        sqlite_with_rowid=False,
    )
    op.create_index("timer_due", "timer", ["line_id", "due_at"], unique=False)
    op.create_table(
        "turn",
        sa.Column("line_id", sa.Text(), nullable=False),
        sa.Column("signal_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("conversation_id", sa.BigInteger(), nullable=False),
        sa.Column("turn", sa.BigInteger(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("trace", sa.Text(), nullable=False),
        sa.Column("elapsed_ms", sa.Float(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("line_id", "signal_id"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "turn_conversation", "turn", ["line_id", "conversation_id", "signal_id"], unique=False
    )
    op.create_table(
        "address",
        sa.Column("line_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("contact_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["line_id", "contact_id"],
            ["contact.line_id", "contact.id"],
        ),
        sa.PrimaryKeyConstraint("line_id", "kind", "address"),
        sqlite_with_rowid=False,
    )
    op.create_index("address_contact", "address", ["line_id", "contact_id"], unique=False)
    op.create_table(
        "conversation",
        sa.Column("line_id", sa.Text(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("contact_id", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("busy", sa.Boolean(), nullable=False),
        sa.Column("window_closes_at", UtcDateTime(), nullable=True),
        sa.Column("last_inbound_at", UtcDateTime(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["line_id", "contact_id"],
            ["contact.line_id", "contact.id"],
        ),
        sa.PrimaryKeyConstraint("line_id", "id"),
    )
    op.create_index(
        "conversation_busy",
        "conversation",
        ["line_id", "id"],
        unique=False,
        sqlite_where=sa.text("busy"),
        postgresql_where=sa.text("busy"),
    )
    op.create_index("conversation_contact", "conversation", ["line_id", "contact_id"], unique=True)
