"""The durable state: SQLModel tables, one transaction a batch, migrations."""

from storage.database import Database
from storage.ids import TimeIds
from storage.media import MediaFolder
from storage.migrate import prepare, upgrade
from storage.queries import Queries
from storage.store import SqlStore

__all__ = ["Database", "MediaFolder", "Queries", "SqlStore", "TimeIds", "prepare", "upgrade"]
