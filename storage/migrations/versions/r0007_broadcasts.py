"""Broadcasts and their contacts."""

import sqlalchemy as sa
from alembic import op

from storage.columns import UtcDateTime

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "broadcast",
        sa.Column("line_id", sa.Text(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("template", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("handed", sa.BigInteger(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.Column("owner", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("line_id", "id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "broadcast_contact",
        sa.Column("line_id", sa.Text(), nullable=False),
        sa.Column("broadcast_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=True),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("line_id", "broadcast_id", "number"),
        sqlite_with_rowid=False,
    )
