"""One database by its URL: the writer's link, the reading connections, and everything in which the two kinds differ."""

import asyncio
import inspect
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from uuid import uuid4

import aiosqlite
import asyncpg  # type: ignore[import-untyped]  # ships no types
from sqlalchemy import event, make_url, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool

from engine.core.errors import DefinitionError, StorageError, StoreUnavailable
from engine.ports.outside import NOTHING, UNKNOWN, Outside, Replicas
from storage import postgres, sqlite, watch
from storage.link import Link

if TYPE_CHECKING:
    from storage.written import Write

READERS = 4
"""Connections that read; more would only wait for the same disk."""

Dialect = Literal["sqlite", "postgresql"]


class Database:
    """Where Parley keeps everything; nothing is opened before it is used.

    Args:
        url: `sqlite:///file.db` or `postgresql://user:password@host/name`.
        busy_timeout_s: SQLite: how long a write waits for another process's.

    Raises:
        DefinitionError: The URL names no database that Parley knows.
    """

    def __init__(self, url: str, *, busy_timeout_s: float = sqlite.BUSY_TIMEOUT_S) -> None:
        self.url = parsed = _parse(url)
        self.dialect: Dialect = "sqlite" if _is_sqlite(parsed) else "postgresql"
        self.path: Path | None = None
        """SQLite's file."""
        self.itself = uuid4().hex
        """What this process signs its notices to the others with."""
        self._other_errors: Counter[str] = Counter()
        self._write_lock = asyncio.Lock()
        self.waiting: list[Write] = []
        """Short writes that wait for the lock; see `storage/written.py`."""
        self._serving: sqlite.ServingLock | None = None
        self._sqlite: sqlite.SqliteLink | None = None
        self._postgres: postgres.PostgresLink | None = None
        self._watch: watch.Watch | None = None
        self.link: Link
        self.reads: Link | None = None
        """PostgreSQL: a connection for the short questions that are many; SQLite's process knows the answers."""
        if self.dialect == "sqlite":
            self.path = Path(parsed.database or "").absolute()
            self.link = self._sqlite = sqlite.SqliteLink(self.path, busy_timeout_s=busy_timeout_s)
            self.engine = _sqlite_engine(self.path, busy_timeout_s)
        else:
            connect, by_keys = _postgres_connect(parsed), _postgres_connect(parsed, by_keys=True)
            self.link = self._postgres = postgres.PostgresLink(by_keys)
            self.reads = postgres.PostgresLink(by_keys)
            self._watch = watch.Watch(connect, itself=self.itself)
            self.engine = _postgres_engine(parsed)

    @property
    def has_one_writer(self) -> bool:
        """Whether all writes go through this process, so that what it keeps in memory is current."""
        return self.dialect == "sqlite"

    @property
    def write_lock(self) -> asyncio.Lock:
        """Held while a transaction is open on the link."""
        return self._write_lock

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """Open a reading transaction: everything read in it is of one moment.

        Raises:
            StoreUnavailable: The database does not answer.
        """
        try:
            async with self.engine.connect() as connection:
                yield connection
        except (SQLAlchemyError, OSError) as error:
            raise self.translate(error) from error

    @asynccontextmanager
    async def unhurried(self) -> AsyncIterator[AsyncEngine]:
        """Lend an engine whose statements may take as long as they need, as changes of a big table do."""
        if self.dialect == "sqlite":
            yield self.engine
            return
        engine = _postgres_engine(self.url, command_timeout_s=None)
        try:
            yield engine
        finally:
            await engine.dispose()

    def translate(self, error: BaseException) -> StorageError:
        """Return what an error of SQLAlchemy or a driver means to a caller."""
        meant = self._meaning_of(error)
        self._other_errors[meant.code] += 1
        return meant

    def _meaning_of(self, error: BaseException) -> StorageError:
        cause: BaseException = error
        if isinstance(error, DBAPIError) and error.orig is not None:
            cause = error.orig.__cause__ or error.orig
        if isinstance(cause, SQLAlchemyError):
            return StoreUnavailable(f"the database does not answer: {cause}")
        if self.dialect == "sqlite" and isinstance(cause, Exception):
            return sqlite.translate(cause)
        return postgres.translate(cause)

    @property
    def errors(self) -> Counter[str]:
        """How often the database failed so far, by the error's code."""
        return self._other_errors + self.link.errors

    def lock(self) -> None:
        """Become the one process that serves this database; nothing to do on PostgreSQL.

        Raises:
            DefinitionError: Another process serves it; the message names that.
        """
        if self.path is not None and self._serving is None:
            serving = sqlite.ServingLock(self.path)
            serving.acquire()
            self._serving = serving

    async def is_served(self) -> bool:
        """Tell whether a process serves this database now. Raises StoreUnavailable."""
        if self.path is not None:
            return await asyncio.to_thread(sqlite.ServingLock(self.path).is_held)
        async with self.read() as connection:
            asked = text(watch.SERVED)
            found = await connection.execute(asked, {"space": postgres.OWNER_SPACE})
            return bool(found.scalar())

    @property
    def owner(self) -> int | None:
        """The number under which this process owns what lasts longer than a transaction; None where nobody has one."""
        return None if self._postgres is None else self._postgres.owner

    @property
    def is_sure(self) -> bool:
        """Whether this process is known to be taken to live; on SQLite the serving lock says so."""
        return self._postgres is None or self._postgres.is_sure

    @property
    def terms(self) -> int:
        """How many connections the writer has had; what a lost one was to commit may be committed or not."""
        return 0 if self._postgres is None else self._postgres.terms

    @property
    def others_show(self) -> bool:
        """Whether pages of the inbox are open at another replica, as far as is known."""
        return self._watch is not None and self._watch.others_show

    async def claim_owner(self, owner: int) -> bool:
        """Show the other replicas that this owner lives; False if another process has the number.

        On SQLite the serving lock says it already.
        """
        if self._postgres is None:
            return True
        async with self._write_lock:
            return await self._postgres.claim(owner)

    async def leads(self) -> bool:
        """Tell whether this process is the one that does what one alone may do; the first who asks is.

        Raises:
            StoreUnavailable: The database does not answer.
        """
        return self._watch is None or await self._watch.lead()

    async def changed_outside(self) -> Outside:
        """Return what other processes wrote since the last call. Raises StoreUnavailable."""
        if self._watch is not None:
            return self._watch.take()
        assert self._sqlite is not None
        return UNKNOWN if await self._sqlite.changed_outside() else NOTHING

    async def hear(self, within_s: float) -> None:
        """Wait until another process tells something, or so long; SQLite's tell nothing."""
        if self._watch is None:
            await asyncio.sleep(within_s)
            return
        try:
            async with asyncio.timeout(within_s):
                await self._watch.told.wait()
        except TimeoutError:
            pass

    async def replicas(self, *, shows: bool) -> Replicas:
        """Look who lives, and show whether pages are open here. Raises StoreUnavailable."""
        if self._watch is None:
            return Replicas()
        self._watch.show(shows)
        try:
            return await self._watch.look()
        except StorageError as error:
            self._other_errors[error.code] += 1
            raise

    async def pragma_synchronous(self) -> int | None:
        """Return SQLite's `PRAGMA synchronous` as read from the writer (2 is FULL); None on PostgreSQL."""
        return None if self._sqlite is None else await self._sqlite.pragma("synchronous")

    async def close(self) -> None:
        """Close every connection and give the lock back."""
        await self.link.close()
        if self.reads is not None:
            await self.reads.close()
        if self._watch is not None:
            await self._watch.close()
        await self.engine.dispose()
        if self._serving is not None:
            self._serving.release()
            self._serving = None


def _parse(url: str) -> URL:
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):  # what they say may hold the password
        raise DefinitionError(
            "database.url is no URL; write sqlite:///parley.db or postgresql://user:password@host:5432/name,"
            " in the password %40 for @, %2F for /, %3A for :"
        ) from None
    kind = parsed.get_backend_name()
    if kind not in ("sqlite", "postgresql"):
        raise DefinitionError(
            f"database.url names {kind!r}; Parley knows sqlite:///file.db and postgresql://user@host/name"
        )
    if kind == "sqlite" and parsed.database in (None, "", ":memory:"):
        raise DefinitionError("database.url names no file; write sqlite:///parley.db")
    return parsed if kind == "sqlite" else _for_driver(parsed)


def _for_driver(url: URL) -> URL:
    """Return the URL with what stands behind its `?` as the driver names it."""
    if "sslmode" in url.query:
        url = url.update_query_dict({"ssl": url.query["sslmode"]}).difference_update_query(
            ["sslmode"]
        )
    unknown = url.query.keys() - inspect.signature(asyncpg.connect).parameters.keys()
    if unknown:
        raise DefinitionError(
            f"database.url: {min(unknown)!r} behind the ? is not known; leave it out (sslmode=require is)"
        )
    return url


def _is_sqlite(url: URL) -> bool:
    return url.get_backend_name() == "sqlite"


def _sqlite_engine(path: Path, busy_timeout_s: float) -> AsyncEngine:
    engine = create_async_engine(
        "sqlite+aiosqlite://",
        async_creator=lambda: _open_reader(path),
        poolclass=AsyncAdaptedQueuePool,
        pool_size=READERS,
        max_overflow=0,
    )

    @event.listens_for(engine.sync_engine, "connect")
    def prepare(connection: Any, record: object) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {int(busy_timeout_s * 1000)}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN")

    return engine


async def _open_reader(path: Path) -> aiosqlite.Connection:
    """Open a reading connection; where that fails, its thread has ended before the error leaves here.

    aiosqlite does not wait for it: it would answer to a loop that may be closed by then, with a traceback on stderr.
    """
    opening = aiosqlite.connect(str(path), check_same_thread=False)
    thread = opening._thread  # there is no public way to it; SQLAlchemy makes it a daemon so, too
    thread.daemon = True
    try:
        return await opening
    except BaseException:
        await asyncio.to_thread(thread.join)
        raise


def _postgres_engine(
    url: URL, *, command_timeout_s: float | None = postgres.COMMAND_TIMEOUT_S
) -> AsyncEngine:
    return create_async_engine(
        url.set(drivername="postgresql+asyncpg"),
        pool_size=READERS,
        max_overflow=0,
        pool_pre_ping=True,
        connect_args={
            "server_settings": postgres.SETTINGS,
            "command_timeout": command_timeout_s,
        },
    )


def _postgres_connect(url: URL, *, by_keys: bool = False) -> postgres.Connect:
    dialect = url.set(drivername="postgresql+asyncpg").get_dialect()()
    _, arguments = dialect.create_connect_args(url.set(drivername="postgresql+asyncpg"))
    return postgres.with_settings(dict(arguments), by_keys=by_keys)
