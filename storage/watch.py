"""PostgreSQL's ear: hears of other processes' commits, counts the replicas that live, and leads where one alone may."""
# ruff: noqa: S608 - every text here is a constant of ours; values always travel as parameters

import asyncio
from contextlib import suppress

from asyncpg import Connection  # type: ignore[import-untyped]  # ships no types

from engine.ports.outside import NOTHING, UNKNOWN, Outside, Replicas
from storage.notices import CHANNEL, read_notice, write_notice
from storage.postgres import (
    DRIVER,
    LEADER_SPACE,
    OWNER_SPACE,
    Connect,
    translate,
)

SHOWS = "parley inbox"
"""What the watch of a replica calls itself while pages are open there: others then tell it which chats change."""

PLAIN = "parley"

_HELD = (
    "locktype = 'advisory' AND objsubid = 2 AND classid = CAST(CAST({} AS bigint) AS oid)"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)

SERVED = f"SELECT EXISTS (SELECT 1 FROM pg_locks WHERE {_HELD.format(':space')})"
"""Whether any owner's lock is held: every serving process holds its own."""

LOOK = (
    f"SELECT ARRAY(SELECT objid::bigint FROM pg_locks WHERE granted AND {_HELD.format('$1')}),"
    " EXISTS (SELECT 1 FROM pg_stat_activity WHERE datname = current_database()"
    f" AND application_name = '{SHOWS}' AND pid <> pg_backend_pid())"
)
"""Who lives, and whether an inbox is open elsewhere: both end with the connections that say so."""


class Watch:
    """A connection of its own, out of every pool.

    Args:
        connect: Opens a connection.
        itself: What this process signs its own notices with, so that it does not hear itself.
    """

    def __init__(self, connect: Connect, *, itself: str) -> None:
        self._connect = connect
        self._itself = itself
        self._connection: Connection | None = None
        self._leads = False
        """Whether this connection has the leader's lock."""
        self._heard = NOTHING
        self._shows = False
        self._shown_as = PLAIN
        self._lock = asyncio.Lock()
        self.told = asyncio.Event()
        """Set while something was heard and not taken."""
        self.others_show = False
        """Whether an inbox is open at another replica, as of the last look."""

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
                except DRIVER as error:
                    raise translate(error) from error
            return self._leads

    async def look(self) -> Replicas:
        """Look who lives; opens the connection again if it broke: what was told meanwhile nobody knows."""
        async with self._lock:
            try:
                connection = self._connection
                if connection is None or connection.is_closed():
                    if connection is not None:
                        self._hear_of(UNKNOWN)
                    connection = await self._open()
                await self._call_itself(connection)
                live, self.others_show = await connection.fetchrow(LOOK, OWNER_SPACE)
            except DRIVER as error:
                raise translate(error) from error
        return Replicas(live=frozenset(live))

    def take(self) -> Outside:
        """Return what was heard since the last call."""
        heard, self._heard = self._heard, NOTHING
        self.told.clear()
        return heard

    def show(self, shows: bool) -> None:
        """Note whether pages are open here; the others see it at their looks."""
        self._shows = shows

    async def close(self) -> None:
        """Close the connection."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(*DRIVER):
                await connection.close(timeout=2)

    async def _open(self) -> Connection:
        connection = await self._connect()
        await connection.add_listener(CHANNEL, self._hear)
        self._connection = connection
        self._leads = False
        self._shown_as = PLAIN
        # They divide the lines' rates anew at once, not at their next look.
        await connection.execute(
            "SELECT pg_notify($1, $2)", CHANNEL, write_notice(self._itself, Outside(replicas=True))
        )
        return connection

    async def _call_itself(self, connection: Connection) -> None:
        name = SHOWS if self._shows else PLAIN
        if name != self._shown_as:
            await connection.execute(f"SET application_name = '{name}'")
            self._shown_as = name

    def _hear(self, connection: object, pid: int, channel: str, payload: object) -> None:
        by, heard = read_notice(str(payload))
        if by != self._itself:
            self._hear_of(heard)

    def _hear_of(self, heard: Outside) -> None:
        self._heard = self._heard.and_(heard)
        self.told.set()
