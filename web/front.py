"""Takes each connection of the server: answers plain webhooks by itself, and hands all else to aiohttp, unread.

A webhook as providers send it is one POST with a length, nearly always in one piece. aiohttp builds a request, a task
loop, a match of its routes and a prepared response for each; here is none of it. What is unusual in any way (another
path or method, chunks, an expectation, a long body, a strange byte in the head) makes the connection aiohttp's for
good, beginning with the first byte of that request: how HTTP is read, and what is refused, stays its affair.
docs/decisions/0022 has the figures.
"""

import asyncio
import re
import socket
import time
from collections.abc import Iterator, Sequence
from email.utils import formatdate
from functools import lru_cache
from typing import NamedTuple, cast

from aiohttp import web

from web.webhooks import Webhooks

HEAD_MOST = 8190
"""A longer head is for aiohttp, which refuses it."""

BODY_MOST = 256 * 1024
"""A longer body is for aiohttp, which takes it piece by piece. Nearly all have some 500 bytes."""

SPEAKS_WITHIN_S = 0.5
"""Who was let in last, at a stop, is heard if it says something so soon: nearly all have said it already."""

_BEGIN = b"POST /webhooks/"

_HEAD = re.compile(
    rb"POST /webhooks/([\w-]+)(?:/([\w-]+))? HTTP/1\.1\r\n((?:[\w-]+:[\t\x20-\x7e]*\r\n)+)\r\n",
    re.ASCII,
)
"""What is read here, and nothing else. No part of it can match in two ways, so it takes time in proportion."""

_UNUSUAL = frozenset({"transfer-encoding", "content-encoding", "expect", "upgrade", "trailer"})
"""Headers that ask for more than is done here."""


class Plain(NamedTuple):
    """The head of a plain webhook."""

    line: str
    secret: str | None
    headers: dict[str, str]
    """By names in lower case."""
    begin: int
    """Where the body does."""
    end: int


def read_head(data: bytes) -> Plain | None:
    """Return the head at the start of the data, None where it is not a plain webhook's."""
    found = _HEAD.match(data)
    if found is None or found.end() > HEAD_MOST:
        return None
    headers: dict[str, str] = {}
    lines = found[3].decode().split("\r\n")
    lines.pop()
    for line in lines:
        name, _, value = line.partition(":")
        headers[name.lower()] = value.strip()
    length = headers.get("content-length", "")
    if len(headers) != len(lines) or "host" not in headers or not length.isdecimal():
        return None
    if not _UNUSUAL.isdisjoint(headers) or int(length) > BODY_MOST:
        return None
    if headers.get("connection", "keep-alive").lower() != "keep-alive":
        return None
    secret = None if found[2] is None else found[2].decode()
    return Plain(found[1].decode(), secret, headers, found.end(), found.end() + int(length))


def is_begun(data: bytes) -> bool:
    """Tell whether the data may be the begin of a plain webhook's head, whose end is still to come."""
    if len(data) < len(_BEGIN):
        return _BEGIN.startswith(data)
    return data.startswith(_BEGIN) and len(data) < HEAD_MOST and b"\r\n\r\n" not in data


class Front(asyncio.Protocol):
    """One connection, until it is aiohttp's."""

    def __init__(self, site: "FrontSite") -> None:
        self._site = site
        self._transport: asyncio.Transport
        self._unread = b""
        self._is_stopping = self._is_paused = False
        self.answering: asyncio.Task[None] | None = None
        """The request under way: what comes behind it waits."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way back."""
        # uvloop's transports are no subclasses of asyncio's
        self._transport = cast("asyncio.Transport", transport)
        # As aiohttp does: who is gone without a word is noticed some day.
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        self._site.fronts.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """Let go; a request under way is finished all the same."""
        self._site.fronts.discard(self)

    def data_received(self, data: bytes) -> None:
        """Take what came."""
        self._unread = self._unread + data if self._unread else data
        if self.answering is None:
            self._read()
        elif len(self._unread) > BODY_MOST and not self._is_paused:
            self._is_paused = True
            self._transport.pause_reading()

    @property
    def is_silent(self) -> bool:
        """Whether it has asked nothing that is not answered."""
        return self.answering is None and not self._unread

    def stop(self) -> None:
        """Close the connection, after the answer under way."""
        self._is_stopping = True
        if self.answering is None:
            self._transport.close()

    def abort(self) -> None:
        """Close the connection at once."""
        if self.answering is not None:
            self.answering.cancel()
        self._transport.abort()

    def _read(self) -> None:
        data = self._unread
        plain = read_head(data)
        if plain is None:
            if not is_begun(data):
                self._hand_over()
            return
        if len(data) < plain.end:
            return
        self._unread = data[plain.end :]
        answering = self._answer(plain, data[plain.begin : plain.end])
        self.answering = asyncio.get_running_loop().create_task(answering)

    def _hand_over(self) -> None:
        """Make the connection aiohttp's."""
        self._site.fronts.discard(self)
        handler = self._site.aiohttp()
        handler.connection_made(self._transport)
        self._transport.set_protocol(handler)
        handler.data_received(self._unread)

    async def _answer(self, plain: Plain, body: bytes) -> None:
        refused = await self._site.webhooks.answer(plain.line, plain.secret, plain.headers, body)
        self.answering = None
        if self._transport.is_closing():
            return
        self._transport.write(
            _taken(int(time.time())) if refused is None else _written(refused, int(time.time()))
        )
        if self._is_stopping:
            self._transport.close()
            return
        if self._is_paused:
            self._is_paused = False
            self._transport.resume_reading()
        if self._unread:
            self._read()


class FrontSite(web.BaseSite):
    """Where the server listens.

    Args:
        runner: Of the application.
        listener: A bound socket.
        webhooks: Of the application.
        backlog: Connections that may wait to be taken.
        within_s: How long requests under way may take to finish at a stop.
    """

    def __init__(
        self,
        runner: web.AppRunner,
        listener: socket.socket,
        *,
        webhooks: Webhooks,
        backlog: int = 128,
        within_s: float = 3.0,
    ) -> None:
        super().__init__(runner, backlog=backlog)
        self._listener = listener
        self._within_s = within_s
        self.webhooks = webhooks
        self.fronts: set[Front] = set()
        """The connections that are not aiohttp's."""

    @property
    def name(self) -> str:
        """Where it is reached."""
        return "http://{}:{}".format(*self._listener.getsockname()[:2])

    def aiohttp(self) -> asyncio.Protocol:
        """Return what takes a connection of aiohttp's."""
        server = self._runner.server
        assert server is not None
        return server()

    async def start(self) -> None:
        """Listen."""
        await super().start()
        self._server = await asyncio.get_running_loop().create_server(
            lambda: Front(self), sock=self._listener, backlog=self._backlog
        )

    async def stop(self) -> None:
        """Take no more, and let what is under way be answered.

        Who has connected and waits to be let in is: closing the socket resets them. From the last of them to its end
        nothing is waited for, so nobody comes between but by chance, within microseconds.
        """
        waiting = list(_waiting(self._listener))
        await super().stop()
        await self._let_in(waiting)
        for front in list(self.fronts):
            front.stop()
        under_way = [front.answering for front in self.fronts if front.answering is not None]
        if under_way:
            await asyncio.wait(under_way, timeout=self._within_s)
        for front in list(self.fronts):
            front.abort()

    async def _let_in(self, waiting: Sequence[socket.socket]) -> None:
        """Take those who waited, and listen to them for a moment."""
        loop = asyncio.get_running_loop()
        let_in: list[Front] = []
        for one in waiting:
            _, front = await loop.connect_accepted_socket(lambda: Front(self), one)
            let_in.append(front)
        silent_until = loop.time() + SPEAKS_WITHIN_S
        while loop.time() < silent_until:
            if not any(front in self.fronts and front.is_silent for front in let_in):
                break
            await asyncio.sleep(0.01)


def _waiting(listener: socket.socket) -> Iterator[socket.socket]:
    """Accept all whose connection stands; none where the socket is closed."""
    while True:
        try:
            one, _ = listener.accept()
        except OSError:  # nobody waits, or the socket is gone
            return
        one.setblocking(False)
        yield one


@lru_cache(1)
def _date(second: int) -> str:
    return formatdate(second, usegmt=True)


@lru_cache(1)
def _taken(second: int) -> bytes:
    return f"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nDate: {_date(second)}\r\n\r\n".encode()


def _written(response: web.Response, second: int) -> bytes:
    body = response.body
    assert isinstance(body, bytes)
    headers = {**response.headers, "Content-Length": str(len(body)), "Date": _date(second)}
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"HTTP/1.1 {response.status} {response.reason}\r\n{lines}\r\n".encode() + body
