"""A message's second id, at providers that give it one: statuses may come by either."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the column, and an index that costs nothing where no message has one."""
    op.add_column("message", sa.Column("alias", sa.Text(), nullable=True))
    op.create_index(
        "message_alias",
        "message",
        ["line_id", "alias"],
        unique=False,
        sqlite_where=sa.text("alias IS NOT NULL"),
        postgresql_where=sa.text("alias IS NOT NULL"),
    )
