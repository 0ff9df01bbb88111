"""Column types that mean the same on both databases, and the text form in which times travel to them."""

from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import orjson
from sqlalchemy import BigInteger, String
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine
from sqlmodel import Field

STAMP_LENGTH = 32
"""Characters of a stamp: `2026-08-01T12:00:00.000000+00:00`."""


@lru_cache(maxsize=1024)  # one time is written into many rows of a batch
def stamp(at: datetime) -> str:
    """Write an aware time as fixed-width UTC text, which sorts as the times do.

    Raises:
        ValueError: The time knows no zone.
    """
    if at.tzinfo is not UTC:
        if at.tzinfo is None:
            raise ValueError(f"{at!r} has no time zone; times in the database are aware")
        at = at.astimezone(UTC)
    text = orjson.dumps(at)[1:-1].decode()  # a third of the time of isoformat
    return text if len(text) == STAMP_LENGTH else at.isoformat(timespec="microseconds")


def maybe_stamp(at: datetime | None) -> str | None:
    """Write a time that may be missing."""
    return None if at is None else stamp(at)


def read_time(stored: str | datetime) -> datetime:
    """Read a time as either database gives it back: aware, in UTC."""
    at = datetime.fromisoformat(stored) if isinstance(stored, str) else stored
    return at.astimezone(UTC)


def maybe_time(stored: str | datetime | None) -> datetime | None:
    """Read a time that may be missing."""
    return None if stored is None else read_time(stored)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC time: text on SQLite, which knows no zones, `timestamptz` on PostgreSQL."""

    impl = String
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[datetime] | TypeEngine[str]:
        """Choose the column's own type."""
        if dialect.name == "postgresql":
            return dialect.type_descriptor(TIMESTAMP(timezone=True))
        return dialect.type_descriptor(String(STAMP_LENGTH))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | datetime | None:
        """Refuse naive times, whatever the database."""
        if value is None:
            return None
        text = stamp(value)
        return value.astimezone(UTC) if dialect.name == "postgresql" else text

    def process_result_value(
        self, value: str | datetime | None, dialect: Dialect
    ) -> datetime | None:
        """Give back what was stored, with its zone."""
        return maybe_time(value)


def own_key() -> Any:
    """Make a column of a primary key whose numbers come from us."""
    return Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
