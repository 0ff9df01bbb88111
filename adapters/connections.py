"""HTTP/1.1 over kept connections, for calls whose body and answer are short: a sixth of what aiohttp's client costs.

Every message that leaves is one such call. Files, forms and whatever is rare go through aiohttp: `adapters.http`
decides. docs/decisions/0022 has the figures.
"""

import asyncio
import socket
import ssl
import zlib
from collections.abc import Mapping
from typing import NamedTuple, cast

import aiohappyeyeballs
from httptools import HttpParserError, HttpParserUpgrade, HttpResponseParser
from multidict import CIMultiDict
from yarl import URL

BODY_MOST = 64 * 1024
"""A longer body is for aiohttp, which writes it piece by piece."""

REPLY_MOST = 16 * 1024 * 1024
"""A longer answer counts as broken off: the longest known, a page of templates, has some 100 KiB."""

TICK_S = 1.0
"""How often what is late or idle is looked for: one timer for all calls, which so end up to this late."""

LULL_S = 1.0
"""A connection unused for so long may have been closed meanwhile: the loop shall hear of it before it is used."""

REPEATABLE = frozenset({"GET", "PUT", "DELETE", "OPTIONS"})
"""What may be asked a second time where the connection was closed under it. Source: RFC 9110, section 9.2.2."""

BODILESS = frozenset({"GET", "DELETE", "OPTIONS"})
"""What says no length where it has no body."""

DEFAULTS = {"Accept": "*/*", "Accept-Encoding": "identity", "User-Agent": "parley"}
"""What a request says where its caller does not; an answer of some 200 bytes is not worth packing."""

_READ = frozenset({b"retry-after", b"content-encoding", b"content-length", b"transfer-encoding"})
"""The only headers of an answer that are looked at."""


class Unreached(OSError):
    """No connection was to be had: nothing of the request has left."""


class Origin(NamedTuple):
    """Where a connection leads."""

    secure: bool
    host: str
    port: int


class Head(NamedTuple):
    """All of a request before its body; made once for what is asked again and again."""

    origin: Origin
    method: str
    start: bytes
    """All lines but that of the body's length."""


class Reply(NamedTuple):
    """What came back; the body is empty where its end never came."""

    status: int
    headers: Mapping[bytes, bytes]
    body: bytes


def head_of(method: str, url: URL, headers: CIMultiDict[str]) -> Head | None:
    """Return a request's head, None for what only aiohttp can do.

    Raises:
        ValueError: A header holds a line break.
    """
    if url.scheme not in {"http", "https"} or not url.raw_host or url.raw_user is not None:
        return None
    if method == "HEAD" or url.port is None:
        return None
    named = [
        *headers.items(),
        *((name, DEFAULTS[name]) for name in DEFAULTS if name not in headers),
    ]
    lines = [
        f"{method} {url.raw_path_qs} HTTP/1.1",
        f"Host: {url.host_port_subcomponent}",
        *(f"{name}: {value}" for name, value in named),
    ]
    if any(sign in line for line in lines for sign in "\r\n\0"):
        raise ValueError("a header of a call holds a line break")
    start = "".join(f"{line}\r\n" for line in lines).encode()
    return Head(Origin(url.scheme == "https", url.raw_host, url.port), method, start)


class Connection(asyncio.Protocol):
    """One connection: one call at a time, as many as the other side likes."""

    def __init__(self, kept: "Connections", origin: Origin) -> None:
        self._kept = kept
        self._loop = asyncio.get_running_loop()
        self.origin = origin
        self.deadline = 0.0
        """When the call is over, or while it rests, the connection."""
        self.rested_at = 0.0
        """Since when nothing is asked."""
        self.reusable = False
        """Whether it may be asked again."""
        self._transport: asyncio.Transport
        self._parser = HttpResponseParser(self)
        self._reply: asyncio.Future[Reply] | None = None
        self._begun = self._has_head = False
        self._status = self._length = 0
        self._headers: dict[bytes, bytes] = {}
        self._body: list[bytes] = []

    # --- the call ---------------------------------------------------------------------------------

    def ask(self, request: bytes, deadline: float) -> asyncio.Future[Reply]:
        """Write a request; the future brings the reply, TimeoutError, or ConnectionResetError where none came."""
        self.deadline = deadline
        self.reusable = self._begun = self._has_head = False
        self._length = 0
        self._headers = {}
        self._body = []
        self._reply = reply = self._loop.create_future()
        self._transport.write(request)
        return reply

    @property
    def is_usable(self) -> bool:
        """Whether it is open as far as is known."""
        return not self._transport.is_closing()

    def expire(self) -> None:
        """End the call: its time is over."""
        self._break(TimeoutError("the answer took too long"))

    def abort(self) -> None:
        """Close it at once, whatever is under way."""
        self._break(ConnectionResetError("the session was closed"))

    def _break(self, error: OSError) -> None:
        """Give it up; of an answer whose head came, the status is known."""
        self.reusable = False
        self._transport.abort()
        reply = self._reply
        if reply is None or reply.done():
            return
        if self._has_head:
            reply.set_result(Reply(self._status, self._headers, b""))
        else:
            reply.set_exception(error)

    # --- told by the transport --------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way out."""
        # uvloop's transports are no subclasses of asyncio's
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Read on; what nobody asked for ends the connection."""
        self._length += len(data)
        if self._reply is None or self._reply.done() or self._length > REPLY_MOST:
            self._break(ConnectionResetError("more came than was asked for"))
            return
        try:
            self._parser.feed_data(data)
        except (HttpParserError, HttpParserUpgrade) as error:
            self._break(ConnectionResetError(f"the answer is no HTTP: {error}"))

    def connection_lost(self, exc: Exception | None) -> None:
        """End the call, with the answer where its end is the connection's."""
        self._kept.forget(self)
        until_closed = not {b"content-length", b"transfer-encoding"} & self._headers.keys()
        if exc is None and self._has_head and until_closed and not self.reusable:
            self._finish()
        self._break(ConnectionResetError("the provider closed the connection"))

    # --- told by the parser -----------------------------------------------------------------------

    def on_message_begin(self) -> None:
        """Notice an answer too many."""
        if self._begun:
            raise ValueError("a second answer")
        self._begun = True

    def on_header(self, name: bytes, value: bytes) -> None:
        """Keep what is looked at."""
        name = name.lower()
        if name in _READ and not self._has_head:
            self._headers[name] = value

    def on_headers_complete(self) -> None:
        """Know the status."""
        self._status = self._parser.get_status_code()
        self._has_head = self._status >= 200

    def on_body(self, data: bytes) -> None:
        """Collect."""
        self._body.append(data)

    def on_message_complete(self) -> None:
        """Hand the answer over."""
        if not self._has_head:  # 100 Continue and the like: the answer itself is still to come
            self._begun = False
            self._headers = {}
            return
        self.reusable = self._parser.should_keep_alive()
        self._finish()

    def _finish(self) -> None:
        reply, body = self._reply, self._body
        if reply is None or reply.done():
            return
        whole = body[0] if len(body) == 1 else b"".join(body)
        coding = self._headers.get(b"content-encoding")
        if coding is not None:
            whole = _decoded(whole, coding)
        reply.set_result(Reply(self._status, self._headers, whole))


class Connections:
    """All connections of a session. Make it in the running loop.

    Args:
        connect_s: To find the host, connect and agree on TLS.
        idle_s: How long an unused connection is kept: less than the other side keeps it, which else closes it just
            when it is used again.
        tick_s: How often what is late or idle is looked for.
    """

    def __init__(self, *, connect_s: float, idle_s: float, tick_s: float = TICK_S) -> None:
        self._connect_s = connect_s
        self._idle_s = idle_s
        self._tick_s = tick_s
        self._loop = asyncio.get_running_loop()
        self._idle: dict[Origin, list[Connection]] = {}
        self._open: set[Connection] = set()
        self._tick: asyncio.TimerHandle | None = None
        self._tls: ssl.SSLContext | None = None
        self._closed = False

    async def call(self, head: Head, body: bytes, *, within_s: float) -> Reply:
        """Return the reply to a request.

        Raises:
            Unreached: Nothing of it has left.
            TimeoutError: No answer came in time; it may have been taken.
            ConnectionError: The connection broke; it may have been taken.
        """
        now = self._loop.time()
        deadline = now + within_s
        if body or head.method not in BODILESS:
            request = b"%bContent-Length: %d\r\n\r\n%b" % (head.start, len(body), body)
        else:
            request = head.start + b"\r\n"
        while True:
            connection = self._take(head.origin, now)
            is_fresh = connection is None
            if connection is None:
                connection = await self._connect(head.origin, within_s)
            elif now > connection.rested_at + LULL_S:
                # Twice: asyncio's own loop first goes on here, and then hears of what came meanwhile.
                await asyncio.sleep(0)
                await asyncio.sleep(0)
                if not connection.is_usable:
                    continue
            try:
                reply = await connection.ask(request, deadline)
            except ConnectionResetError:
                connection.abort()
                if is_fresh or head.method not in REPEATABLE:
                    raise
                continue
            except BaseException:
                connection.abort()
                raise
            self._rest(connection)
            return reply

    def close(self) -> None:
        """Close all connections; what is under way fails."""
        self._closed = True
        if self._tick is not None:
            self._tick.cancel()
        for connection in list(self._open):
            connection.abort()

    def forget(self, connection: Connection) -> None:
        """Let go of a connection that is closed."""
        self._open.discard(connection)
        idle = self._idle.get(connection.origin)
        if idle is not None and connection in idle:
            idle.remove(connection)

    # --- one call ---------------------------------------------------------------------------------

    def _take(self, origin: Origin, now: float) -> Connection | None:
        """Return the unused connection that was used last, so that what is too many grows old and is closed."""
        idle = self._idle.get(origin)
        while idle:
            connection = idle.pop()
            if connection.deadline > now and connection.is_usable:
                return connection
            connection.abort()
        return None

    def _rest(self, connection: Connection) -> None:
        """Keep a connection whose call is over, where the other side does."""
        if not connection.reusable or self._closed:
            connection.abort()
            return
        connection.rested_at = now = self._loop.time()
        connection.deadline = now + self._idle_s
        self._idle.setdefault(connection.origin, []).append(connection)

    async def _connect(self, origin: Origin, within_s: float) -> Connection:
        """Open a connection. Raises Unreached."""
        if self._closed:
            raise Unreached("the session is closed")
        try:
            async with asyncio.timeout(min(self._connect_s, within_s)):
                found = await self._loop.getaddrinfo(
                    origin.host, origin.port, type=socket.SOCK_STREAM
                )
                # Who has two ways, IPv6 and IPv4, is reached by the one that works, without waiting for the other.
                tried = await aiohappyeyeballs.start_connection(
                    found, happy_eyeballs_delay=0.25, interleave=1
                )
                _, connection = await self._loop.create_connection(
                    lambda: Connection(self, origin),
                    sock=tried,
                    ssl=self._context() if origin.secure else None,
                    server_hostname=origin.host if origin.secure else None,
                )
        except (OSError, UnicodeError) as error:  # refused, unknown host, failed TLS, too slow
            raise Unreached(type(error).__name__) from error
        if self._closed:
            connection.abort()
            raise Unreached("the session is closed")
        self._open.add(connection)
        if self._tick is None:
            self._tick = self._loop.call_later(self._tick_s, self._look)
        return connection

    def _context(self) -> ssl.SSLContext:
        if self._tls is None:
            self._tls = ssl.create_default_context()
            self._tls.set_alpn_protocols(["http/1.1"])
        return self._tls

    # --- what is late or idle ---------------------------------------------------------------------

    def _look(self) -> None:
        now = self._loop.time()
        for connection in [one for one in self._open if one.deadline <= now]:
            connection.expire()
        self._tick = self._loop.call_later(self._tick_s, self._look) if self._open else None


def _decoded(body: bytes, coding: bytes) -> bytes:
    """Return a body that was packed though we asked for none such; nothing where it cannot be read."""
    if coding.lower() == b"identity":
        return body
    unpacking = zlib.decompressobj(zlib.MAX_WBITS | 32)  # gzip and deflate alike
    try:
        whole = unpacking.decompress(body, REPLY_MOST)
    except zlib.error:
        return b""
    return whole if unpacking.eof else b""
