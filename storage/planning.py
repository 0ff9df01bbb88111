"""What SQLite's planner cannot know by itself: that a line has nearly all rows of a table.

Without statistics it takes any first column for a good key, and `line_id` is the first column of every key: it would
search a line's whole table where an index leads to the row. `ANALYZE` on a small database would tell it as much that
is wrong, so it is told what is true of a large one. PostgreSQL gathers its own.
"""

from sqlalchemy import Connection, text

ROWS = 1_000_000
"""Of a table, as the planner shall see it."""

PARTIAL_ROWS = 1_000
"""Of a partial index: work that is left to do."""

FEW = 10
"""Rows that share the leading columns of a key beyond the line."""


def advise(connection: Connection) -> None:
    """Write the statistics of every index, as they are in a large database; a new connection reads them."""
    connection.execute(text("ANALYZE counter"))  # makes the table of statistics
    connection.execute(text("DELETE FROM sqlite_stat1"))
    connection.execute(
        text("INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (:tbl, :idx, :stat)"),
        [
            {"tbl": table, "idx": name, "stat": stat}
            for table in connection.execute(text(_TABLES)).scalars().all()
            for name, stat in _indexes(connection, table)
        ],
    )


_TABLES = (
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
    " AND name NOT LIKE 'alembic%' AND name NOT LIKE '%fts%'"  # FTS5 knows its own tables
)


def _indexes(connection: Connection, table: str) -> list[tuple[str, str]]:
    """Return each index of a table with its statistics."""
    found = connection.execute(
        text('SELECT name, "unique", origin, partial FROM pragma_index_list(:table)'),
        {"table": table},
    ).all()
    is_clustered = "WITHOUT ROWID" in str(
        connection.execute(
            text("SELECT sql FROM sqlite_master WHERE name = :table"), {"table": table}
        ).scalar()
    )
    return [
        # The primary key of a table without row ids goes under the table's own name.
        (
            table if is_clustered and index.origin == "pk" else index.name,
            _stat(_columns(connection, index.name), is_unique=index.unique, partial=index.partial),
        )
        for index in found
    ]


def _columns(connection: Connection, index: str) -> list[str]:
    asked = text("SELECT name FROM pragma_index_info(:index)")
    return list(connection.execute(asked, {"index": index}).scalars())


def _stat(columns: list[str], *, is_unique: bool, partial: bool) -> str:
    """Write how many rows there are, and how many share the first column, the first two, and so on."""
    rows = PARTIAL_ROWS if partial else ROWS
    share = [rows if name == "line_id" else FEW for name in columns]
    if is_unique or columns[-1].endswith("id"):
        share[-1] = 1
    return " ".join(str(count) for count in (rows, *share))
