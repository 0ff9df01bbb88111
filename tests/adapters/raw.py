"""A server that writes whatever bytes a test tells it to, on loopback."""

import asyncio
import re
import ssl
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from multidict import CIMultiDict
from yarl import URL

from adapters.connections import Connections, Reply, head_of
from tests.loops.world import until

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
CLOSE = None
"""Ends a script's answer: the connection is closed."""


class Bytes:
    """Answers each request with the next part of its script, on whatever connection it comes."""

    def __init__(self) -> None:
        self.script: deque[list[bytes | None]] = deque()
        self.requests: list[bytes] = []
        self.connections = 0
        self.open: list[asyncio.StreamWriter] = []
        self.port = 0

    def answers(self, *parts: bytes | None) -> None:
        self.script.append(list(parts))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.open.append(writer)
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
                body = b"" if length is None else await reader.readexactly(int(length[1]))
                self.requests.append(head + body)
                for part in self.script.popleft() if self.script else [OK]:
                    if part is CLOSE:
                        return
                    writer.write(part)
                    await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            return
        finally:
            self.open.remove(writer)
            writer.close()


@asynccontextmanager
async def serving(
    host: str = "127.0.0.1", tls: ssl.SSLContext | None = None
) -> AsyncIterator[Bytes]:
    server = Bytes()
    listening = await asyncio.start_server(server.serve, host, 0, ssl=tls)
    server.port = listening.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listening.close()
        for writer in list(server.open):
            writer.transport.abort()
        await until(lambda: not server.open)


async def ask(
    kept: Connections, url: str, method: str = "POST", body: bytes = b"{}", within_s: float = 10
) -> Reply:
    head = head_of(method, URL(url), CIMultiDict({"X-Key": "k"}))
    assert head is not None
    return await kept.call(head, body, within_s=within_s)
