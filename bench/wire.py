"""Just enough HTTP/1.1 for the load's own side: keep-alive, Content-Length, nothing else.

The load must stay far below the server's cost, so it speaks over asyncio protocols and frames bytes by hand.
"""

import asyncio
import re
from collections.abc import Callable, Iterator
from typing import cast

LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


class Framer:
    """Cuts a stream into messages of head and body."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> Iterator[tuple[bytes, bytes]]:
        """Take bytes and return what became whole.

        Raises:
            ValueError: A message has no Content-Length.
        """
        self._rest = self._rest + data if self._rest else data
        while (end := self._rest.find(b"\r\n\r\n")) >= 0:
            head = self._rest[:end]
            length = LENGTH.search(head)
            if length is None and not head.startswith(b"HTTP/1.1 204"):
                raise ValueError(f"a message without Content-Length: {head[:200]!r}")
            whole = end + 4 + (int(length[1]) if length else 0)
            if len(self._rest) < whole:
                return
            body = self._rest[end + 4 : whole]
            self._rest = self._rest[whole:]
            yield head, body


class ProviderSide(asyncio.Protocol):
    """One connection of the server to the mock provider.

    Args:
        take: Gets each request's body and returns the answer's.
    """

    def __init__(self, take: Callable[[bytes], bytes]) -> None:
        self._take = take
        self._framer = Framer()
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way back."""
        # uvloop's transports are no subclasses of asyncio's
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Answer each whole request at once."""
        assert self._transport is not None
        for _, body in self._framer.feed(data):
            answer = self._take(body)
            self._transport.write(
                b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b"
                % (len(answer), answer)
            )


class WebhookSide(asyncio.Protocol):
    """One kept-alive connection that webhooks are posted over, one at a time."""

    def __init__(self) -> None:
        self._framer = Framer()
        self._transport: asyncio.Transport | None = None
        self._answer: asyncio.Future[int] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way out."""
        # uvloop's transports are no subclasses of asyncio's
        self._transport = cast("asyncio.Transport", transport)

    def post(self, request: bytes) -> "asyncio.Future[int]":
        """Send a whole request; the future brings the status of its answer."""
        assert self._transport is not None
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return self._answer

    def data_received(self, data: bytes) -> None:
        """Hand the status to whoever posted."""
        for head, _ in self._framer.feed(data):
            if self._answer is not None and not self._answer.done():
                self._answer.set_result(int(head[9:12]))

    def connection_lost(self, exc: Exception | None) -> None:
        """Fail who waits: a server of this benchmark never closes a connection by itself."""
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(ConnectionError("the server closed the connection"))

    def close(self) -> None:
        """Close the connection."""
        if self._transport is not None:
            self._transport.close()
