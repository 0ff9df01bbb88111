"""Later versions of Parley, as far as their migrations go: published, gone back from, published again."""

import shutil
from pathlib import Path

import pytest

from storage import migrate

LATER = """\"\"\"Later.\"\"\"
import sqlalchemy as sa
from alembic import op

revision = {revision!r}
down_revision = {before!r}
{more}

def upgrade():
    {does}
"""

GROWS = "op.add_column('line', sa.Column('motto', sa.Text())); op.create_table('mottos', sa.Column('id', sa.Text()))"


class Releases:
    """What this process takes for its own migrations.

    Args:
        folder: Where a later version's stand; made when one is published.
        monkeypatch: What undoes it all.
    """

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self._folder = folder
        self._today = migrate.MIGRATIONS
        self._monkeypatch = monkeypatch

    def publish(self, does: str = GROWS, *, revision: str = "9000", more: str = "") -> str:
        """Become a version with one more migration; returns the revision before it.

        Args:
            does: The statement in the migration's `upgrade`.
            revision: What it is called.
            more: Further lines of the file.
        """
        if not self._folder.exists():
            shutil.copytree(self._today, self._folder)
        self._become(self._folder)
        before = migrate.head_revision()
        later = LATER.format(revision=revision, before=before, more=more, does=does)
        (self._folder / "versions" / f"later_{revision}.py").write_text(later)
        self._become(self._folder)
        return before

    def go_back(self) -> None:
        """Become today's version again."""
        self._become(self._today)

    def _become(self, migrations: Path) -> None:
        self._monkeypatch.setattr(migrate, "MIGRATIONS", migrations)
        migrate._scripts.cache_clear()
