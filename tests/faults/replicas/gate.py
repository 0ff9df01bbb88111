"""The way from the replicas to their provider, where the system notes when each message came.

When this process gets to read a message says little: it shares its processors with all that it started. When the bytes
were in its socket, on the loopback device the moment at which a replica gave them out, the system itself knows.
"""

import asyncio
import socket
import struct
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress

CHUNK_BYTES = 65_536

SO_TIMESTAMPNS = 35
"""Linux: `recvmsg` tells when the bytes came, as two longs, seconds and nanoseconds. Python has no name for it."""

STAMP = struct.Struct("@ll")


class Gate:
    """Passes on what replicas and provider say to each other, each call in one piece as our HTTP writes it."""

    def __init__(self) -> None:
        self.messages: list[float] = []
        """When each message came, in the system's seconds, in the order read."""
        self._roads: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def before(self, port: int) -> AsyncIterator[int]:
        """Listen while the block runs, before a provider on this port; gives the own one."""
        listener = socket.create_server(("127.0.0.1", 0), backlog=512)
        listener.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)  # those it accepts have it, too
        listener.setblocking(False)
        taking = asyncio.create_task(self._take(listener, port))
        try:
            yield listener.getsockname()[1]
        finally:
            for task in (taking, *self._roads):
                task.cancel()
            await asyncio.gather(taking, *self._roads, return_exceptions=True)
            listener.close()

    async def _take(self, listener: socket.socket, port: int) -> None:
        while True:
            near, _ = await asyncio.get_running_loop().sock_accept(listener)
            road = asyncio.create_task(self._pass_on(near, port))
            self._roads.add(road)
            road.add_done_callback(self._roads.discard)

    async def _pass_on(self, near: socket.socket, port: int) -> None:
        with near, socket.socket() as far, suppress(OSError):
            near.setblocking(False)
            far.setblocking(False)
            await asyncio.get_running_loop().sock_connect(far, ("127.0.0.1", port))
            ways = {
                asyncio.create_task(self._ask(near, far)),
                asyncio.create_task(_answer(far, near)),
            }
            try:
                await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for way in ways:
                    way.cancel()
                await asyncio.gather(*ways, return_exceptions=True)

    async def _ask(self, near: socket.socket, far: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await _readable(near)
            data, told, _, _ = near.recvmsg(CHUNK_BYTES, socket.CMSG_SPACE(STAMP.size))
            if not data:
                return
            if data.startswith(b"POST ") and b'"to"' in data:
                ((_, _, stamp),) = told
                seconds, nanoseconds = STAMP.unpack(stamp)
                self.messages.append(seconds + nanoseconds / 1e9)
            await loop.sock_sendall(far, data)


async def _answer(far: socket.socket, near: socket.socket) -> None:
    loop = asyncio.get_running_loop()
    while data := await loop.sock_recv(far, CHUNK_BYTES):
        await loop.sock_sendall(near, data)


async def _readable(one: socket.socket) -> None:
    loop = asyncio.get_running_loop()
    ready = asyncio.Event()
    loop.add_reader(one, ready.set)
    try:
        await ready.wait()
    finally:
        loop.remove_reader(one)


def most_in_a_second(times: Sequence[float]) -> int:
    """Return how many came within one second at the most, wherever it began."""
    times = sorted(times)
    most = first = 0
    for last, at in enumerate(times):
        while times[first] <= at - 1:
            first += 1
        most = max(most, last - first + 1)
    return most
