"""The closed chats in order, and full text search."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Make the index of ended handoffs."""
    op.create_index(
        "handoff_ended",
        "handoff",
        ["line_id", "ended_at", "conversation_id"],
        sqlite_where=sa.text("ended_at IS NOT NULL"),
        postgresql_where=sa.text("ended_at IS NOT NULL"),
    )
