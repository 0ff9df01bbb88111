"""${message}."""

import sqlalchemy as sa
from alembic import op

from storage.columns import UtcDateTime

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}


def upgrade() -> None:
    """${message}."""
    ${upgrades}
