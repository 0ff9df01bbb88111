"""A statement in the words of both databases, written once.

Two shapes carry a batch. One does a deed for each row: SQLite binds row after row to one prepared statement (half
the price of unpacking the batch from JSON there, measured), and of an insertion many rows at once; PostgreSQL takes the
whole batch as one array a column. The other asks for rows, with a list of keys.

Both name the columns of what they are given, as `name type` with the types `text`, `bigint`, `float`, `bool` and
`time`; in their text `:name` stands for that column. SQLite and PostgreSQL agree on everything else that is used here.
"""
# ruff: noqa: S608 - every text here is a constant of ours; values always travel as parameters

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

Cell = str | int | float | bool | None
"""What a statement is given; times go as text (see `columns.stamp`)."""

Rows = Sequence[Sequence[Any]]
"""What a database answers; `mapping` and the callers unpack it at once."""

AT_ONCE: Final = (16, 8, 4, 2, 1)
"""So many rows of an insertion SQLite is given at once: what it does before the first and after the last costs a third
of a row, and each time its thread lets go of the interpreter and takes it again."""

_NAME = re.compile(r"(?<!:):([a-z_]+)")
_MARK = re.compile(r"\?(\d+)")
_ARRAYS: Final = {
    "text": "text[]",
    "bigint": "bigint[]",
    "float": "float8[]",
    "bool": "bool[]",
    "time": "text[]",
}
_SCALARS: Final = {
    "text": "text",
    "bigint": "bigint",
    "float": "float8",
    "bool": "bool",
    "time": "text",
}


@dataclass(frozen=True, slots=True)
class Statement:
    """What a link runs; an empty text means that this database needs nothing there."""

    sqlite: str
    postgres: str
    each: bool = False
    """Run for every row; else asked once, with the rows as keys."""
    tells: tuple[int, ...] = ()
    """With `each`: these columns come back for the rows that were taken, so that the losers are known."""
    keys: bool = False
    """Without `each`: the keys are its first parameters; else it takes scalars alone."""
    crowd: tuple[tuple[int, str], ...] = ()
    """Of an insertion: how many rows SQLite takes at once with which text, the most first."""

    @property
    def marks(self) -> int:
        """How many parameters the text for SQLite has; it may leave the last scalars out."""
        return max((int(place) for place in _MARK.findall(self.sqlite)), default=0)


@dataclass(frozen=True, slots=True)
class Call:
    """A statement with what it is given."""

    statement: Statement
    rows: Sequence[tuple[Cell, ...]] = ()
    scalars: tuple[Cell, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether it asks for no rows at all, and so needs no database."""
        return not self.rows and (self.statement.each or self.statement.keys)


def plain(sqlite: str, postgres: str | None = None) -> Statement:
    """Make a statement without parameters."""
    return Statement(sqlite, postgres or sqlite)


BEGIN = plain("BEGIN IMMEDIATE", "BEGIN")
"""On SQLite the write lock comes first: a transaction that read before it wrote could not wait for it."""
COMMIT = plain("COMMIT")


def insert(table: str, columns: str, *, fixed: str = "", conflict: str = "") -> Statement:
    """Make an insertion of rows.

    Args:
        table: Where they go.
        columns: The columns that each row brings, with types, in the order of its cells.
        fixed: What is the same in every row, as `name = value, ...`; a value may be another column's `:name`.
        conflict: The `ON CONFLICT` clause, where one is expected.
    """
    fields = _fields(columns)
    same = dict(part.strip().split(" = ") for part in fixed.split(",") if part)
    into = f"INSERT INTO {table} ({', '.join([*fields, *same])})"
    row = ", ".join([*(f":{name}" for name in fields), *same.values()])

    def sqlite(rows: int) -> str:
        values = (
            f"({_numbered(row, dict.fromkeys(fields), 1 + place * len(fields))})"
            for place in range(rows)
        )
        return f"{into} VALUES {', '.join(values)} {conflict}"

    return Statement(
        sqlite(1),
        f"{into} SELECT {_joined(row)} FROM {_batch(fields)} AS b {conflict}",
        each=True,
        crowd=crowd(sqlite),
    )


def crowd(sqlite: Callable[[int], str]) -> tuple[tuple[int, str], ...]:
    """Write an insertion for the numbers of rows that SQLite is given at once."""
    return tuple((rows, sqlite(rows)) for rows in AT_ONCE)


def update(table: str, columns: str, *, set_: str, where: str, tells: str = "") -> Statement:
    """Make an update by rows.

    Args:
        table: What is changed; in the clauses its columns are written `table.column`.
        columns: What each row brings, with types.
        set_: The `SET` clause.
        where: The `WHERE` clause.
        tells: The row columns that come back for rows that changed something.
    """
    fields = _fields(columns)
    told = [name.strip() for name in tells.split(",") if name.strip()]
    returning = f" RETURNING {', '.join(f'{table}.{name}' for name in told)}" if told else ""
    bound = dict.fromkeys(fields)
    return Statement(
        _numbered(f"UPDATE {table} SET {set_} WHERE {where}", bound),
        _joined(f"UPDATE {table} SET {set_} FROM {_batch(fields)} AS b WHERE {where}") + returning,
        each=True,
        tells=tuple(list(fields).index(name) for name in told),
    )


def delete(table: str, columns: str, *, where: str) -> Statement:
    """Make a deletion by rows; the clauses are written as in `update`."""
    fields = _fields(columns)
    return Statement(
        _numbered(f"DELETE FROM {table} WHERE {where}", dict.fromkeys(fields)),
        _joined(f"DELETE FROM {table} USING {_batch(fields)} AS b WHERE {where}"),
        each=True,
    )


def ask(text: str, *, keys: str = "", scalars: str = "", postgres: str | None = None) -> Statement:
    """Make a question.

    Args:
        text: The statement; `{keys}` stands where the keys are read from, as a table named `k`.
        keys: The keys' columns, with types.
        scalars: Single values, with types; `:name` in the text.
        postgres: The text for PostgreSQL, where it differs.
    """
    fields, singles = _fields(keys), _fields(scalars)
    first = 2 if fields else 1
    cells = ", ".join(
        f"json_extract(value, '$[{place}]') AS {name}" for place, name in enumerate(fields)
    )
    sqlite = text.replace("{keys}", f"(SELECT {cells} FROM json_each(?1)) AS k")
    own = (text if postgres is None else postgres).replace(
        "{keys}", f"{_batch(fields)} AS k" if fields else ""
    )
    casts = {
        name: f"${len(fields) + place}::{_SCALARS[kind]}"
        + ("::timestamptz" if kind == "time" else "")
        for place, (name, kind) in enumerate(singles.items(), start=1)
    }
    return Statement(
        _numbered(sqlite, dict.fromkeys(singles), first),
        _NAME.sub(lambda found: casts[found[1]], own),
        keys=bool(fields),
    )


def _fields(columns: str) -> dict[str, str]:
    """Read `name type, name type`."""
    pairs = (part.split() for part in columns.split(",") if part.strip())
    return {name: kind for name, kind in pairs}  # noqa: C416 - dict() would not see two items


def _numbered(text: str, names: dict[str, None], first: int = 1) -> str:
    """Put SQLite's `?n` where `:name` stands."""
    places = {name: f"?{place}" for place, name in enumerate(names, start=first)}
    return _NAME.sub(lambda found: places[found[1]], text)


def _joined(text: str) -> str:
    """Put the batch's columns where `:name` stands, for PostgreSQL."""
    return _NAME.sub(r"b.\1", text)


def _batch(fields: dict[str, str]) -> str:
    """Write the batch as PostgreSQL reads it: one array a column, times cast from their text."""
    arrays = ", ".join(
        f"unnest(${place}::{_ARRAYS[kind]}) AS {name}"
        for place, (name, kind) in enumerate(fields.items(), 1)
    )
    cast = ", ".join(
        f"{name}::timestamptz AS {name}" if kind == "time" else name
        for name, kind in fields.items()
    )
    return f"(SELECT {cast} FROM (SELECT {arrays}) AS u)"
