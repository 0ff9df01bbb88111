"""What contacts want of us: whether they stopped marketing, and every change of it."""

import sqlalchemy as sa
from alembic import op

from storage.columns import UtcDateTime

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Add the column and make the table."""
    op.add_column("contact", sa.Column("marketing_stopped_at", UtcDateTime(), nullable=True))
    op.create_table(
        "consent",
        sa.Column("line_id", sa.Text(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("contact_id", sa.BigInteger(), nullable=False),
        sa.Column("conversation_id", sa.BigInteger(), nullable=False),
        sa.Column("change", sa.Text(), nullable=False),
        sa.Column("told_by", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("line_id", "id"),
        sqlite_with_rowid=False,
    )
    op.create_index("consent_contact", "consent", ["line_id", "contact_id", "id"])
