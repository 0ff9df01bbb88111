"""SQLite's side: the writer in a thread of its own, the lock of the serving process, what its errors mean.

Everything a transaction has to say between two answers travels to the thread in one trip: a trip costs about as much
as writing three rows.
"""

import asyncio
import os
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from pathlib import Path
from typing import TypeVar

import orjson
from filelock import FileLock, Timeout

from engine.core.errors import DefinitionError, StorageError, StoreUnavailable, ValueRefused
from storage.statement import Call, Cell, Rows, Statement

BUSY_TIMEOUT_S = 5.0
"""How long a write waits for another process's: a webhook's provider waits longer than this."""

LOOKED_AT_S = 0.2
"""How long the lock of the serving process may be held by one that merely looks."""

OPEN_PAUSE_S = 0.01
"""Between two tries to open a file that another process opens for the first time."""

CACHE_KIB = 32 * 1024
"""The writer's page cache: the inner pages of a database of some million messages."""

CHECKPOINT_PAGES = 4_000
"""The log is written back at this length (16 MB). A page that many batches changed is then written once; beyond it the
gain is less than what a longer log costs the file system: 3 % of the CPU of a message at four times the length."""

STATEMENTS = 256
"""Prepared statements the writer keeps; it has about sixty."""

_REFUSED = frozenset(
    {
        sqlite3.SQLITE_CONSTRAINT,
        sqlite3.SQLITE_MISMATCH,
        sqlite3.SQLITE_TOOBIG,
        sqlite3.SQLITE_RANGE,
    }
)

T = TypeVar("T")

# For a value that is no plain int, float or text, Python's driver asks two classes for methods that they lack: half the
# price of writing a row. What a registered adapter returns is taken at once; these two return what they are given.
sqlite3.register_adapter(bool, int)
sqlite3.register_adapter(type(None), {None: None}.__getitem__)


def translate(error: Exception) -> StorageError:
    """Return what an error of the driver means to a caller."""
    if isinstance(error, sqlite3.Error):
        code = getattr(error, "sqlite_errorcode", None)
        refused = (
            code & 0xFF in _REFUSED
            if isinstance(code, int)
            else not isinstance(error, sqlite3.OperationalError)
        )
        if refused:
            return ValueRefused(f"the database refuses a value: {error}")
        return StoreUnavailable(f"the database does not answer: {error}")
    if isinstance(error, OSError):
        return StoreUnavailable(f"the database does not answer: {error}")
    return ValueRefused(f"the database refuses a value: {error}")


def prepare_connection(connection: sqlite3.Connection, busy_timeout_s: float) -> None:
    """Set what every connection needs; transactions are opened by us alone."""
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout = {int(busy_timeout_s * 1000)}")


class SqliteLink:
    """The one connection that writes.

    Args:
        path: The database file.
        busy_timeout_s: How long a write waits for another process's.
        cache_kib: The page cache.
    """

    def __init__(
        self, path: Path, *, busy_timeout_s: float = BUSY_TIMEOUT_S, cache_kib: int = CACHE_KIB
    ) -> None:
        self._path = path
        self._busy_timeout_s = busy_timeout_s
        self._cache_kib = cache_kib
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="parley-sqlite")
        self._connection: sqlite3.Connection | None = None
        self._data_version: int | None = None
        self.errors: Counter[str] = Counter()

    async def run(self, calls: Sequence[Call]) -> list[Rows]:
        """Run the calls in one trip to the thread."""
        return await self._trip(lambda connection: [_perform(connection, call) for call in calls])

    async def rollback(self) -> None:
        """Undo the open transaction; it is behind whatever the thread still does for it."""
        try:
            await self._trip(_roll_back)
        except StorageError:
            await self._in_thread(self._drop)

    async def pragma(self, name: str) -> int:
        """Return a pragma's value as the writer sees it."""
        return await self._trip(lambda connection: _pragma(connection, name))

    async def changed_outside(self) -> bool:
        """Tell whether another connection committed since the last call."""
        before = self._data_version
        self._data_version = await self.pragma("data_version")
        return before is not None and before != self._data_version

    async def close(self) -> None:
        """Close the connection and end the thread."""
        await self._in_thread(self._drop)
        self._thread.shutdown(wait=False)

    async def _trip(self, deed: Callable[[sqlite3.Connection], T]) -> T:
        try:
            return await self._in_thread(lambda: deed(self._connection or self._open()))
        except (sqlite3.Error, OSError, ValueError, OverflowError, TypeError) as error:
            meant = translate(error)
            self.errors[meant.code] += 1
            raise meant from error

    async def _in_thread(self, deed: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, deed)

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, cached_statements=STATEMENTS)
        prepare_connection(connection, self._busy_timeout_s)
        mode = _write_ahead(connection, self._busy_timeout_s)
        if mode != "wal":  # SQLite says so instead of raising
            connection.close()
            raise sqlite3.OperationalError(
                f"the file stays in journal mode {mode!r}; WAL is needed"
            )
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
        connection.execute(f"PRAGMA cache_size = -{self._cache_kib}")
        self._connection = connection
        return connection

    def _drop(self) -> None:
        connection, self._connection, self._data_version = self._connection, None, None
        if connection is not None:
            connection.close()


def _write_ahead(connection: sqlite3.Connection, busy_timeout_s: float) -> str:
    """Return the file's journal mode after asking for WAL.

    Where two open a new file at once, SQLite answers one of them "locked" without the wait of `busy_timeout`.
    """
    ends = time.monotonic() + busy_timeout_s
    while True:
        try:
            (mode,) = connection.execute("PRAGMA journal_mode = WAL").fetchone()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() >= ends:
                connection.close()
                raise
            time.sleep(OPEN_PAUSE_S)
        else:
            return str(mode)


def _roll_back(connection: sqlite3.Connection) -> None:
    if connection.in_transaction:
        connection.execute("ROLLBACK")


def _pragma(connection: sqlite3.Connection, name: str) -> int:
    return int(connection.execute(f"PRAGMA {name}").fetchone()[0])


def _perform(connection: sqlite3.Connection, call: Call) -> Rows:
    statement = call.statement
    if not statement.sqlite or call.is_empty:
        return []
    if not statement.each:
        return connection.execute(statement.sqlite, _parameters(statement, call)).fetchall()
    if statement.tells:
        cursor = connection.cursor()
        return [
            [row[place] for place in statement.tells]
            for row in call.rows
            if cursor.execute(statement.sqlite, row).rowcount
        ]
    if statement.crowd:
        return _insert(connection, statement, call.rows)
    connection.executemany(statement.sqlite, call.rows)
    return []


def _insert(
    connection: sqlite3.Connection, statement: Statement, rows: Sequence[tuple[Cell, ...]]
) -> Rows:
    answers: list[Sequence[object]] = []
    done = 0
    for count, text in statement.crowd:
        while len(rows) - done >= count:
            cells = list(chain.from_iterable(rows[done : done + count]))
            answers += connection.execute(text, cells).fetchall()
            done += count
    return answers


def _parameters(statement: Statement, call: Call) -> tuple[object, ...]:
    keys = (orjson.dumps(call.rows).decode(),) if statement.keys else ()
    return (*keys, *call.scalars)[: statement.marks]


class ServingLock:
    """Held by the one process that serves a SQLite database; the operating system frees it when that ends."""

    def __init__(self, path: Path) -> None:
        self._file = path.with_name(path.name + ".lock")
        self._lock = FileLock(self._file)

    def acquire(self) -> None:
        """Take the lock.

        Raises:
            DefinitionError: Another process serves this database; the message names it; or nothing can be written.
        """
        try:
            # A command that looks whether anybody serves holds it for a moment.
            self._lock.acquire(timeout=LOOKED_AT_S, poll_interval=0.02)
        except Timeout as error:
            holder = self._file.read_text().strip() or "unknown"
            raise DefinitionError(
                f"the database is already served by process {holder} (lock {str(self._file)!r});"
                " stop that process, or use PostgreSQL for more than one"
            ) from error
        except OSError as error:
            raise DefinitionError(
                f"database.url: {str(self._file.parent)!r} is no folder that this user may write in: {error.strerror}"
            ) from error
        self._file.write_text(f"{os.getpid()}\n")

    def release(self) -> None:
        """Give the lock back."""
        self._lock.release()

    def is_held(self) -> bool:
        """Tell whether a process serves the database."""
        try:
            with FileLock(self._file, timeout=0):
                return False
        except Timeout:
            return True
