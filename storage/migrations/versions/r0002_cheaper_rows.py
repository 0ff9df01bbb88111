"""Rows that cost less to write on SQLite."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Ask of a message's status without a list, for which SQLite fills a temporary table at every row."""
    if op.get_context().dialect.name == "sqlite":
        op.drop_index("message_unfinished", "message")
        op.create_index(
            "message_unfinished",
            "message",
            ["line_id", "conversation_id", "id"],
            unique=False,
            sqlite_where=sa.text("status = 'queued' OR status = 'sending' OR status = 'uncertain'"),
        )
