"""PostgreSQL's side: the writer's connection, the watch that marks a live owner and hears of changes, its errors."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import TypeVar

import asyncpg  # type: ignore[import-untyped]  # ships no types
from asyncpg import Connection, exceptions

from engine.core.errors import (
    ConcurrentUpdate,
    StorageError,
    StoreUnavailable,
    ValueRefused,
)
from storage.statement import BEGIN, COMMIT, Call, Rows

COMMAND_TIMEOUT_S = 10.0
"""A statement that takes longer than this found a database in trouble."""

CHANNEL = "parley"
"""Where commits of other processes are told."""

OWNER_SPACE = 0x50617231
"""The first half of an owner's advisory lock, so that no other program's locks are met."""

LEADER_SPACE = 0x50617232
"""The same of the lock that one process alone has."""

SETTINGS = {
    "application_name": "parley",
    "jit": "off",  # compiling costs more than any of our statements
    "idle_in_transaction_session_timeout": "10000",
    "tcp_keepalives_idle": "5",
    "tcp_keepalives_interval": "2",
    "tcp_keepalives_count": "3",
    "tcp_user_timeout": "10000",
}
"""A replica that is cut off lets go of its rows within seconds."""

Connect = Callable[[], Awaitable[Connection]]
T = TypeVar("T")

_AGAIN = (exceptions.SerializationError, exceptions.DeadlockDetectedError)
_REFUSED = (
    exceptions.DataError,
    exceptions.IntegrityConstraintViolationError,
    exceptions.StatementTooComplexError,
    exceptions.ProgramLimitExceededError,
)
_BROKEN = (
    exceptions.PostgresError,
    exceptions.InterfaceError,
    exceptions.InternalClientError,  # a connection that was cut in the middle of an answer
    OSError,
)
_DRIVER = (
    *_BROKEN,
    TimeoutError,
    ValueError,
    OverflowError,
    TypeError,
)


def translate(error: BaseException) -> StorageError:
    """Return what an error of the driver means to a caller."""
    if isinstance(error, _AGAIN):
        return ConcurrentUpdate(f"another writer was faster: {error}")
    if isinstance(error, _REFUSED):
        return ValueRefused(f"the database refuses a value: {error}")
    if isinstance(error, _BROKEN):
        return StoreUnavailable(f"the database does not answer: {error}")
    return ValueRefused(f"the database refuses a value: {error}")


def with_settings(arguments: dict[str, object]) -> Connect:
    """Make the function that connects with the driver's arguments and our settings."""

    async def connect() -> Connection:
        return await asyncpg.connect(
            **arguments, server_settings=SETTINGS, command_timeout=COMMAND_TIMEOUT_S, timeout=5
        )

    return connect


class PostgresLink:
    """One connection that writes; replaced when it broke."""

    def __init__(self, connect: Connect) -> None:
        self._connect = connect
        self._connection: Connection | None = None
        self.errors: Counter[str] = Counter()

    async def run(self, calls: Sequence[Call]) -> list[Rows]:
        """Run the calls one after the other."""
        try:
            connection = self._connection or await self._open()
            return [await _perform(connection, call) for call in calls]
        except _DRIVER as error:
            meant = translate(error)
            self.errors[meant.code] += 1
            raise meant from error

    async def rollback(self) -> None:
        """Undo the open transaction; a connection that cannot is thrown away."""
        connection = self._connection
        if connection is None:
            return
        try:
            if connection.is_in_transaction():
                await connection.execute("ROLLBACK")
        except _DRIVER:
            self._connection = None
            connection.terminate()
        if connection.is_closed():
            self._connection = None

    async def close(self) -> None:
        """Close the connection."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(*_DRIVER):
                await connection.close(timeout=2)

    async def _open(self) -> Connection:
        self._connection = await self._connect()
        return self._connection


async def _perform(connection: Connection, call: Call) -> Rows:
    statement = call.statement
    if not statement.postgres or call.is_empty:
        return []
    columns = [list(column) for column in zip(*call.rows, strict=True)]
    if statement in (BEGIN, COMMIT):  # the simple protocol: one round trip, nothing to prepare
        await connection.execute(statement.postgres)
        return []
    rows: Rows = await connection.fetch(statement.postgres, *columns, *call.scalars)
    return rows


SERVED = (
    "SELECT EXISTS (SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 2"
    " AND classid = CAST(CAST(:space AS bigint) AS oid)"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))"
)
"""Whether any owner's lock is held: every serving process holds its own."""


class Watch:
    """A connection of its own, out of every pool: it shows that this owner lives, and hears of others' commits."""

    def __init__(self, connect: Connect, *, itself: str) -> None:
        """Prepare it; nothing is opened before `look`.

        Args:
            connect: Opens a connection.
            itself: What this process signs its own notices with, so that it does not hear itself.
        """
        self._connect = connect
        self._itself = itself
        self._connection: Connection | None = None
        self._owner: int | None = None
        self._leads = False
        """Whether this connection has the leader's lock."""
        self._heard = False
        self._lock = asyncio.Lock()
        self.errors: Counter[str] = Counter()

    async def claim(self, owner: int) -> bool:
        """Take the owner's lock for as long as this process lives; False if another process has it."""
        self._owner = owner
        try:
            connection = self._connection or await self._open()
            return bool(
                await connection.fetchval("SELECT pg_try_advisory_lock($1, $2)", OWNER_SPACE, owner)
            )
        except _DRIVER as error:
            raise translate(error) from error

    async def lead(self) -> bool:
        """Take the leader's lock for as long as the connection lives; False while another process has it."""
        async with self._lock:
            connection = self._connection
            if connection is None or connection.is_closed():
                return False  # until `look` has opened it again
            if not self._leads:
                try:
                    self._leads = await connection.fetchval(
                        "SELECT pg_try_advisory_lock($1, 0)", LEADER_SPACE
                    )
                except _DRIVER as error:
                    raise translate(error) from error
            return self._leads

    async def look(self) -> bool:
        """Tell whether another process told of a change since the last call; opens the connection again if it broke."""
        async with self._lock:
            try:
                if self._connection is None or self._connection.is_closed():
                    again = self._connection is not None
                    await self._open()
                    if self._owner is not None:
                        await self.claim(self._owner)
                    self._heard = self._heard or again
            except _DRIVER as error:
                meant = translate(error)
                self.errors[meant.code] += 1
                raise meant from error
        heard, self._heard = self._heard, False
        return heard

    async def close(self) -> None:
        """Close the connection, and with it the owner's lock."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(*_DRIVER):
                await connection.close(timeout=2)

    async def _open(self) -> Connection:
        connection = await self._connect()
        await connection.add_listener(CHANNEL, self._hear)
        self._connection = connection
        self._leads = False
        return connection

    def _hear(self, connection: object, pid: int, channel: str, payload: object) -> None:
        self._heard = self._heard or payload != self._itself
