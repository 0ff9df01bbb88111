"""What becomes of a message when its window is closed, and when one that was held was let go."""

import sqlalchemy as sa
from alembic import op

from storage.columns import UtcDateTime

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add the columns; both are empty for nearly every message."""
    op.add_column("message", sa.Column("closed", sa.Text(), nullable=True))
    op.add_column("message", sa.Column("released_at", UtcDateTime(), nullable=True))
