"""Who runs a code step, posts news and fetches a file: so that another replica goes on where that one is gone."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Add the columns."""
    for table in ("conversation", "outgoing_webhook", "media"):
        op.add_column(table, sa.Column("owner", sa.BigInteger(), nullable=True))
