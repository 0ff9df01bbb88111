"""Full text search, and the closed chats in order."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TSVECTOR

from storage.columns import UtcDateTime

revision = "0011"
down_revision = "0010"

_FTS5 = "tokenize=\"ascii tokenchars '_'\", detail=none"


def upgrade() -> None:
    """Make the tables of words, each database its own; the server fills them by and by."""
    op.create_index(
        "handoff_ended",
        "handoff",
        ["line_id", "ended_at", "conversation_id"],
        sqlite_where=sa.text("ended_at IS NOT NULL"),
        postgresql_where=sa.text("ended_at IS NOT NULL"),
    )
    op.create_table(
        "search_progress",
        sa.Column("line_id", sa.Text(), nullable=False),
        sa.Column("newest", sa.BigInteger(), nullable=False),
        sa.Column("oldest", sa.BigInteger(), nullable=False),
        sa.Column("contact", sa.BigInteger(), nullable=False),
        sa.Column("held_by", sa.Text(), nullable=True),
        sa.Column("held_until", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("line_id"),
        sqlite_with_rowid=False,
    )
    if op.get_context().dialect.name == "sqlite":
        op.execute(f"CREATE VIRTUAL TABLE message_fts USING fts5(words, content='', {_FTS5})")
        op.execute(f"CREATE VIRTUAL TABLE contact_fts USING fts5(words, {_FTS5})")
        return
    for name in ("contact_vector", "message_vector"):
        op.create_table(
            name,
            sa.Column("line_id", sa.Text(), nullable=False),
            sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
            sa.Column("words", TSVECTOR(), nullable=False),
            sa.PrimaryKeyConstraint("line_id", "id"),
        )
        op.create_index(f"{name}_words", name, ["words"], postgresql_using="gin")
