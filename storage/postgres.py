"""PostgreSQL's side: the writer's connection, which also shows that its owner lives, and its errors."""

import asyncio
import socket
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import suppress
from typing import Any, TypeVar

import asyncpg  # type: ignore[import-untyped]  # ships no types
from asyncpg import Connection, exceptions
from asyncpg.protocol import protocol  # type: ignore[import-untyped]

from engine.core.errors import (
    ConcurrentUpdate,
    StorageError,
    StoreUnavailable,
    ValueRefused,
)
from storage.fused import fused
from storage.statement import BEGIN, COMMIT, Call, Rows

COMMAND_TIMEOUT_S = 10.0
"""A statement that takes longer than this found a database in trouble."""

STATEMENTS = 256
"""Prepared statements that a connection keeps; calls that go together are one of their own."""

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
"""A replica that is cut off lets go of its rows, and of its owner's lock, within about ten seconds."""

OWN_SIDE = {
    "TCP_KEEPIDLE": 2,
    "TCP_KEEPINTVL": 1,
    "TCP_KEEPCNT": 2,
    "TCP_USER_TIMEOUT": 4000,
}
"""A replica that is cut off knows it before the server does: it has stopped sending when others take its work over."""

DOUBT_S = 3.0
"""A trip that has waited for its answer for so long: whether this process is still taken to live is not known."""

GHOST_PAUSE_S = 0.05
GHOST_LOOKS = 40
"""How often, and with which pause, is looked whether the server has ended a session that it was told to end."""

BY_KEYS = {
    "join_collapse_limit": "1",
    "enable_seqscan": "off",
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
    "plan_cache_mode": "force_generic_plan",
}
"""For connections that look up what they name: each statement begins with its keys and goes on by an index, in the
order it is written in. PostgreSQL would choose by what it last knew of the tables, which of new ones is nothing, and
keep that plan (docs/decisions/0025)."""


class _Iterables(type):
    """Answers for plain values at once; for all others as the abstract class does."""

    def __instancecheck__(cls, one: object) -> bool:
        return type(one) not in _PLAIN and isinstance(one, Iterable)


_PLAIN = frozenset({str, int, float, bool, type(None)})

protocol.IterableABC = _Iterables("Iterables", (), {})
"""The driver asks of every cell of an array whether it is an array itself, and an abstract class is slow to say no
(docs/decisions/0030). An author's steps may use the driver, too: what else they give it is an array as before."""

Connect = Callable[[], Awaitable[Connection]]
T = TypeVar("T")

_BARE = (BEGIN.postgres, COMMIT.postgres)
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
_NOT_LET_IN = (
    exceptions.InvalidAuthorizationSpecificationError,  # a wrong password is one of its kind
    exceptions.InvalidCatalogNameError,
)
DRIVER = (
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
    if isinstance(error, _NOT_LET_IN):
        return StoreUnavailable(f"the database does not let Parley in: {error}; see database.url")
    if isinstance(error, OSError):
        what = str(error) or type(error).__name__
        return StoreUnavailable(
            f"the database does not answer: {what}; is its server up, and database.url right?"
        )
    if isinstance(error, _BROKEN):
        return StoreUnavailable(f"the database does not answer: {error}")
    return ValueRefused(f"the database refuses a value: {error}")


def with_settings(arguments: dict[str, object], *, by_keys: bool = False) -> Connect:
    """Make the function that connects with the driver's arguments and our settings.

    Args:
        arguments: The driver's.
        by_keys: Whether the connection looks up what it names, as `BY_KEYS` says.
    """
    settings = SETTINGS | BY_KEYS if by_keys else SETTINGS

    async def connect() -> Connection:
        connection = await asyncpg.connect(
            **arguments,
            server_settings=settings,
            command_timeout=COMMAND_TIMEOUT_S,
            timeout=5,
            statement_cache_size=STATEMENTS,
            max_cacheable_statement_size=0,
        )
        _notice_cuts(connection)
        return connection

    return connect


def _notice_cuts(connection: Connection) -> None:
    """Let the system close a connection that is cut off; libpq has settings for it, asyncpg none."""
    own = connection._transport.get_extra_info("socket")
    if own is None or own.family not in (socket.AF_INET, socket.AF_INET6):
        return
    own.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in OWN_SIDE.items():
        if hasattr(socket, name):
            own.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)


class PostgresLink:
    """One connection that writes; replaced when it broke.

    It holds its owner's lock: what is committed under an owner's number was committed while the lock was held, so
    nobody can have taken that owner for dead.
    """

    def __init__(self, connect: Connect) -> None:
        self._connect = connect
        self._connection: Connection | None = None
        self.errors: Counter[str] = Counter()
        self.owner: int | None = None
        """Whose lock each of its connections takes; None where this process owns nothing: a command."""
        self.terms = 0
        """How many connections it has had."""
        self._pid: int | None = None
        """The server's process behind the last connection."""
        self._asked_at: float | None = None
        """When the trip under way began."""

    @property
    def is_sure(self) -> bool:
        """Whether this owner is known to hold its lock; until it is again, others may take over what it had."""
        connection, asked_at = self._connection, self._asked_at
        if connection is None or connection.is_closed():
            return False
        return asked_at is None or time.monotonic() - asked_at < DOUBT_S

    async def claim(self, owner: int) -> bool:
        """Take an owner's lock for as long as this process lives; False if another process has it."""
        try:
            connection = self._connection or await self._open()
            if not await _lock(connection, owner):
                return False
        except DRIVER as error:
            raise translate(error) from error
        self.owner = owner
        return True

    async def run(self, calls: Sequence[Call]) -> list[Rows]:
        """Run the calls one after the other."""
        self._asked_at = time.monotonic()
        try:
            connection = self._connection or await self._open()
            return await _perform(connection, calls)
        except DRIVER as error:
            meant = translate(error)
            self.errors[meant.code] += 1
            raise meant from error
        finally:
            self._asked_at = None

    async def rollback(self) -> None:
        """Undo the open transaction; a connection that cannot is thrown away."""
        connection = self._connection
        if connection is None:
            return
        try:
            if connection.is_in_transaction():
                await connection.execute("ROLLBACK")
        except DRIVER:
            self._connection = None
            connection.terminate()
        if connection.is_closed():
            self._connection = None

    async def close(self) -> None:
        """Close the connection, and with it the owner's lock."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(*DRIVER):
                await connection.close(timeout=2)

    async def _open(self) -> Connection:
        connection = await self._connect()
        if self.owner is not None:
            try:
                await self._lock_again(connection, self.owner)
            except BaseException:
                connection.terminate()
                raise
        self.terms += 1
        self._pid = connection.get_server_pid()
        self._connection = connection
        return connection

    async def _lock_again(self, connection: Connection, owner: int) -> None:
        """Take the lock on a new connection.

        The server may not have noticed yet that the last one is gone: it is ended, with the rows that it holds.
        """
        if await _lock(connection, owner):
            return
        await connection.execute(END_GHOST, OWNER_SPACE, owner, self._pid)
        for _ in range(GHOST_LOOKS):
            await asyncio.sleep(GHOST_PAUSE_S)
            if await _lock(connection, owner):
                return
        raise exceptions.LockNotAvailableError(f"another process has the owner's number {owner}")


END_GHOST = (
    "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 2"
    " AND classid = $1::bigint::oid AND objid = $2::bigint::oid AND pid = $3"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)
"""Ends our own last session, where that holds our lock: nobody else's."""


async def _lock(connection: Connection, owner: int) -> bool:
    return bool(
        await connection.fetchval("SELECT pg_try_advisory_lock($1, $2)", OWNER_SPACE, owner)
    )


async def _perform(connection: Connection, calls: Sequence[Call]) -> list[Rows]:
    answers: list[Rows] = [[] for _ in calls]
    places = [
        place for place, call in enumerate(calls) if call.statement.postgres and not call.is_empty
    ]
    for one in fused(tuple(calls[place].statement for place in places)):
        if one.text in _BARE:  # the simple protocol: nothing to prepare
            await connection.execute(one.text)
            continue
        given: list[Any] = []
        for call in (calls[places[number]] for number in one.calls):
            given += (list(column) for column in zip(*call.rows, strict=True))
            given += call.scalars
        answers[places[one.answers]] = await connection.fetch(one.text, *given)
    return answers
