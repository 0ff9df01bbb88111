"""The tables of the search: how far it has come, and the words of messages and contacts as each database finds them.

SQLite has FTS5 tables of row ids alone (of messages; what was said stands in `message`), PostgreSQL has vectors under a
GIN index. Both hold words that were folded before; neither breaks text up by itself.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Column, Index, Table, Text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.schema import CreateTable
from sqlmodel import Field, SQLModel

from storage.columns import UtcDateTime, own_key

FTS5 = "tokenize=\"ascii tokenchars '_'\", detail=none"
"""Words end at ASCII's signs alone: what is beyond ASCII belongs to one. Where in a text a word stands is not kept."""


class SearchProgressRow(SQLModel, table=True):
    """How far a line has been read for the search; the row of no line says who reads."""

    __tablename__ = "search_progress"
    __table_args__ = {"sqlite_with_rowid": False}

    line_id: str = Field(primary_key=True, sa_type=Text)
    newest: int = Field(default=0, sa_type=BigInteger)
    """Messages up to here have been read, down to `oldest`."""
    oldest: int = Field(default=0, sa_type=BigInteger)
    """Those below are still to be read; 0: none is."""
    contact: int = Field(default=0, sa_type=BigInteger)
    """The newest contact that has been read."""
    held_by: str | None = Field(default=None, sa_type=Text)
    """The process that reads, where several serve one database."""
    held_until: datetime | None = Field(default=None, sa_type=UtcDateTime)


class MessageVectorRow(SQLModel, table=True):
    """PostgreSQL alone: the words of a message."""

    __tablename__ = "message_vector"
    __table_args__ = (
        # From a word to its messages.
        Index("message_vector_words", "words", postgresql_using="gin"),
        {"info": {"only": "postgresql"}},
    )

    line_id: str = Field(primary_key=True, sa_type=Text)
    id: int = own_key()
    words: str = Field(sa_column=Column(TSVECTOR, nullable=False))


class ContactVectorRow(SQLModel, table=True):
    """PostgreSQL alone: the words of a contact."""

    __tablename__ = "contact_vector"
    __table_args__ = (
        # From a word to its contacts.
        Index("contact_vector_words", "words", postgresql_using="gin"),
        {"info": {"only": "postgresql"}},
    )

    line_id: str = Field(primary_key=True, sa_type=Text)
    id: int = own_key()
    words: str = Field(sa_column=Column(TSVECTOR, nullable=False))


MESSAGE_FTS = Table(
    "message_fts",
    SQLModel.metadata,
    Column("words", Text),
    info={"only": "sqlite", "fts5": f"words, content='', {FTS5}"},
)
"""SQLite alone: the words of messages, by row ids that are the messages' own."""

CONTACT_FTS = Table(
    "contact_fts",
    SQLModel.metadata,
    Column("words", Text),
    info={"only": "sqlite", "fts5": f"words, {FTS5}"},
)
"""SQLite alone: the words of contacts, by row ids that are the contacts' own."""


@compiles(CreateTable, "sqlite")
def _create(created: CreateTable, compiler: Any, **options: Any) -> str:
    """Write a table of words as SQLite wants it."""
    table = created.element
    if "fts5" in table.info:
        return f"CREATE VIRTUAL TABLE {table.name} USING fts5({table.info['fts5']})"
    written: str = compiler.visit_create_table(created, **options)
    return written
