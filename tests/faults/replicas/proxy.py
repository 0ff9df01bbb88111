"""The road from one replica to the database: a TCP proxy that cuts, delays, goes silent and refuses."""

import asyncio
import socket
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

CHUNK_BYTES = 65_536

NO_LINGER = struct.pack("ii", 1, 0)
"""Closing sends RST instead of an orderly end."""


class _Connection:
    """One connection of the replica, and its other half to the database."""

    def __init__(self, near: asyncio.StreamWriter, far: asyncio.StreamWriter) -> None:
        self.near = near
        self.far = far

    def cut(self) -> None:
        _reset(self.near)
        _reset(self.far)


class Proxy:
    """Passes on what one replica and the database say to each other, as well as it is told to.

    Args:
        database: The socket of the server.
    """

    def __init__(self, database: Path) -> None:
        self._database = database
        self._connections: set[_Connection] = set()
        self._pumps: set[asyncio.Task[None]] = set()
        self._passing = asyncio.Event()
        self._passing.set()
        self._refusing = False
        self._delay_s = 0.0

    def cut(self) -> None:
        """Reset every connection; new ones are let through."""
        for connection in list(self._connections):
            connection.cut()

    def refuse(self) -> None:
        """Reset every connection, and each new one too, until healed."""
        self._refusing = True
        self.cut()

    def silence(self) -> None:
        """Let nothing through, either way, and tell nobody: what is said meanwhile arrives when this is healed."""
        self._passing.clear()

    def forget(self) -> None:
        """Let the database give up its half of each connection, as its keepalives do; the replica hears nothing."""
        for connection in self._connections:
            _reset(connection.far)

    def delay(self, seconds: float) -> None:
        """Hold up each piece that passes."""
        self._delay_s = seconds

    def heal(self) -> None:
        """Let everything pass again; a connection that the database gave up is reset now."""
        self._refusing = False
        self._delay_s = 0.0
        for connection in list(self._connections):
            if connection.far.transport.is_closing():
                connection.cut()
        self._passing.set()

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[int]:
        """Listen while the block runs; gives the port."""
        server = await asyncio.start_server(self._take, "127.0.0.1", 0)
        try:
            yield server.sockets[0].getsockname()[1]
        finally:
            server.close()
            self.cut()
            for pump in self._pumps:
                pump.cancel()
            await asyncio.gather(*self._pumps, return_exceptions=True)
            await server.wait_closed()

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            if self._refusing:
                raise ConnectionRefusedError
            await self._passing.wait()
            far_reader, far = await asyncio.open_unix_connection(str(self._database))
        except OSError:  # the server is away
            _reset(writer)
            return
        connection = _Connection(writer, far)
        self._connections.add(connection)
        pumps = {
            asyncio.create_task(self._pump(reader, far)),
            asyncio.create_task(self._pump(far_reader, writer)),
        }
        self._pumps |= pumps
        await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
        await (
            self._passing.wait()
        )  # the other half hears of the end only where something is let through
        connection.cut()
        await asyncio.wait(pumps)
        self._pumps -= pumps
        self._connections.discard(connection)

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await reader.read(CHUNK_BYTES):
                if self._delay_s:
                    await asyncio.sleep(self._delay_s)
                await self._passing.wait()
                writer.write(data)
                await writer.drain()


def _reset(writer: asyncio.StreamWriter) -> None:
    """Close at once; over TCP the other end meets a reset."""
    sock: socket.socket = writer.get_extra_info("socket")
    if sock.family != socket.AF_UNIX:
        with suppress(OSError):
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, NO_LINGER)
    writer.transport.abort()
