"""Fills a database with stored conversations, fast: the rows of one real conversation, over and over.

The first conversation is talked by the load itself, so that what is copied is what Parley writes. Of its rows only the
last turn's are copied (one signal, two messages, one turn): a million whole talks would only make the disk slower.
"""

import sqlite3
from dataclasses import dataclass
from pathlib import Path

from bench.load import FIRST_CONTACT

MESSAGES_EACH = 8
"""Room for so many message ids per conversation; a turn has two."""

COPIED = ("contact", "address", "conversation", "signal", "message", "exchange", "turn")


@dataclass(frozen=True, slots=True)
class _First:
    """The conversation that is copied."""

    phone: str
    contact: int
    conversation: int
    signal: int
    messages: tuple[int, ...]


def seed(database: Path, count: int) -> None:
    """Copy the one conversation in the database until there are `count`, of contacts numbered from the first.

    Raises:
        ValueError: The database does not hold exactly one conversation.
    """
    connection = sqlite3.connect(database, isolation_level=None)
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("PRAGMA cache_size = -1000000")
    connection.execute("BEGIN IMMEDIATE")
    first = _read_first(connection)
    for table in COPIED:
        _copy(connection, table, first, count)
    connection.execute(
        "UPDATE counter SET value = (SELECT max(id) FROM signal) WHERE value < (SELECT max(id) FROM signal)"
    )
    connection.execute("COMMIT")
    connection.execute("ANALYZE")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def _read_first(connection: sqlite3.Connection) -> _First:
    rows = connection.execute("SELECT id, contact_id FROM conversation").fetchall()
    if len(rows) != 1:
        raise ValueError(f"one conversation is wanted to copy, there are {len(rows)}")
    conversation, contact = rows[0]
    (signal,) = connection.execute("SELECT max(id) FROM signal").fetchone()
    messages = connection.execute("SELECT id FROM message ORDER BY id DESC LIMIT 2").fetchall()
    return _First(
        str(FIRST_CONTACT), contact, conversation, signal, tuple(sorted(id_ for (id_,) in messages))
    )


def _copy(connection: sqlite3.Connection, table: str, first: _First, count: int) -> None:
    columns = [name for _, name, *_ in connection.execute(f"PRAGMA table_info({table})")]
    source = " AND ".join(_chosen(table, first)) or "1"
    values = ", ".join(_copied(table, column, first) for column in columns)
    # CROSS JOIN keeps this order: rows are appended to the tables in the order of their keys.
    connection.execute(
        f"""
        WITH RECURSIVE k(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM k WHERE n < {count - 1})
        INSERT INTO "{table}" ({", ".join(columns)})
        SELECT {values} FROM k CROSS JOIN "{table}" WHERE {source}
        """
    )


def _chosen(table: str, first: _First) -> list[str]:
    ids = ", ".join(map(str, first.messages))
    match table:
        case "contact":
            return [f"id = {first.contact}"]
        case "address":
            return [f"contact_id = {first.contact}", "kind = 'phone'"]
        case "conversation":
            return [f"id = {first.conversation}"]
        case "signal":
            return [f"id = {first.signal}"]
        case "message":
            return [f"id IN ({ids})"]
        case "exchange":
            return [f"message_id IN ({ids})"]
        case _:
            return [f"conversation_id = {first.conversation}", f"signal_id = {first.signal}"]


def _copied(table: str, column: str, first: _First) -> str:
    """Return the SQL of a column of the n-th copy."""
    number = f"CAST({FIRST_CONTACT} + n AS TEXT)"
    match table, column:
        case ("contact" | "conversation", "id") | (_, "contact_id" | "conversation_id"):
            return "n"
        case ("message", "id") | ("exchange", "message_id"):
            column_ = "id" if table == "message" else "message_id"
            return f"n * {MESSAGES_EACH} + ({column_} <> {first.messages[0]})"
        case ("signal", "id") | (_, "signal_id"):
            return f"{first.signal} + n"
        case ("address", "address"):
            return number
        case (_, "key" | "external_id" | "reply_to"):
            return f"{column} || printf('.%07d', n)"
        case (_, "phone" | "sender" | "state" | "content" | "extra"):
            return f"replace({column}, '{first.phone}', {number})"
        case _:
            return column
