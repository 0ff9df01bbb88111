"""When a message came to each status, who waits for that, and what is posted to the business's own servers."""

import sqlalchemy as sa
from alembic import op

from storage.columns import UtcDateTime

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Add the columns, empty for most messages, and the table, empty where no server is configured."""
    for name in ("sent_at", "delivered_at", "read_at", "played_at", "failed_at"):
        op.add_column("message", sa.Column(name, UtcDateTime(), nullable=True))
    op.add_column("message", sa.Column("watch", sa.Text(), nullable=True))
    op.create_table(
        "outgoing_webhook",
        sa.Column("line_id", sa.Text(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hook", sa.Text(), nullable=False),
        sa.Column("conversation_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("facts", sa.Text(), nullable=True),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("retry_at", UtcDateTime(), nullable=True),
        sa.Column("let_until", UtcDateTime(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("line_id", "id"),
        sqlite_with_rowid=False,
    )
    for name, columns in (
        ("outgoing_webhook_waiting", ["hook", "id"]),
        ("outgoing_webhook_order", ["hook", "line_id", "conversation_id", "id"]),
    ):
        waiting = sa.text("state = 'waiting'")
        op.create_index(
            name,
            "outgoing_webhook",
            columns,
            sqlite_where=waiting,
            postgresql_where=waiting,
        )
