"""The one HTTP session of all adapters: its timeouts, what a network failure means, what is kept of a call."""

import re
import time
from collections.abc import Coroutine
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import NamedTuple

import aiohttp
import orjson
from multidict import CIMultiDict
from yarl import URL

from adapters.connections import BODY_MOST, TICK_S, Connections, Head, Unreached, head_of
from adapters.wire import Wire
from engine.core.errors import AnswerLost, ProviderUnreachable, SendError
from engine.ports import Exchange

CONNECT_S = 10
"""To find the host, connect and agree on TLS: nothing of the request has left before that."""

ANSWER_S = 30
"""From the start of a call to the end of its answer; providers answer within a second or two."""

MEDIA_S = 120
"""The same for a file of up to 100 MB."""

KEEPALIVE_S = 15
"""Idle connections are closed by us before the provider does: a request on a closed one is a lost answer."""

EXCHANGE_CHARS = 8192
"""What is kept of a request or an answer."""

SECRET_KEYS = (
    "access_token",
    "api_key",
    "apikey",
    "app_secret",
    "appsecret_proof",
    "authorization",
    "client_secret",
    "password",
    "pin",
    "secret",
    "token",
    "verify_token",
    "x-api-key",
    "x-api-secret",
)
"""JSON keys and query parameters whose values are never kept; headers are not kept at all."""

_FRAGMENTS = ("token", "secret", "password", "key", "authorization", "bearer", 'pin"', "pin=")
"""One of them is in every secret key, and in whatever else is redacted."""

_NAMES = "|".join(map(re.escape, SECRET_KEYS))
_JSON_SECRET = re.compile(
    rf'("(?:{_NAMES})"\s*:\s*)("(?:[^"\\]|\\.)*"?|[^\s,}}\]"]+)', re.IGNORECASE
)
_QUERY_SECRET = re.compile(rf"((?:^|[?&\s\"'])(?:{_NAMES})=)[^&\s\"']+", re.IGNORECASE)
_BEARER = re.compile(r"(bearer\s+)[^\s\"']+", re.IGNORECASE)


class Answer(NamedTuple):
    """What a provider answered; the body is empty where its end never came."""

    status: int
    body: bytes
    retry_after: timedelta | None

    def json_object(self) -> Wire | None:
        """Return the JSON object in the body, whatever content type it came with; None where it is none."""
        try:
            value = orjson.loads(self.body)
        except orjson.JSONDecodeError:
            return None
        return value if isinstance(value, dict) else None


class Connector(aiohttp.TCPConnector):
    """Holds all connections of a session: aiohttp's, and those of short calls, which go past it."""

    def __init__(self, *, answer_s: float) -> None:
        # Pace is the sender's work; a limit here would only hide it.
        super().__init__(limit=0, keepalive_timeout=KEEPALIVE_S)
        self.answer_s = answer_s
        self.kept = Connections(
            connect_s=CONNECT_S, idle_s=KEEPALIVE_S, tick_s=min(TICK_S, answer_s / 4)
        )

    async def close(self, *, abort_ssl: bool = False) -> None:
        """Close them all."""
        self.kept.close()
        await super().close(abort_ssl=abort_ssl)


def build_session(*, answer_s: float = ANSWER_S) -> aiohttp.ClientSession:
    """Return the session that all adapters share; whoever builds it closes it. Call it in the running loop.

    Args:
        answer_s: From the start of a call to the end of its answer.
    """
    return aiohttp.ClientSession(
        connector=Connector(answer_s=answer_s),
        timeout=aiohttp.ClientTimeout(total=answer_s, connect=CONNECT_S, sock_connect=CONNECT_S),
        cookie_jar=aiohttp.DummyCookieJar(),
        auto_decompress=True,
        raise_for_status=False,
    )


class Post:
    """A call that is made again and again: its head is made once, what is kept of it only where that is asked for.

    Args:
        session: From `build_session`.
        url: Where; redirects are not followed.
        headers: All of them; none is kept in the exchange.
    """

    def __init__(
        self, session: aiohttp.ClientSession, url: URL, *, headers: CIMultiDict[str]
    ) -> None:
        self._session = session
        self._url = url
        self._headers = headers
        self._shown_url = show_url(url)
        self._head = head_of("POST", url, headers)

    def ask(self, body: bytes) -> Coroutine[None, None, Answer | SendError]:
        """Return the provider's answer, or what the failure means."""
        connector = self._session.connector
        if self._head is None or len(body) > BODY_MOST or not isinstance(connector, Connector):
            return _by_aiohttp(self._session, "POST", self._url, self._headers, body)
        return _by_kept(connector, self._head, body)

    def exchange(self, body: bytes, result: Answer | SendError, *, begun: float) -> Exchange:
        """Return what is kept of a call that began then, as `time.perf_counter` tells."""
        return _exchange("POST", self._shown_url, _text(body), result, begun)


async def call(
    session: aiohttp.ClientSession,
    method: str,
    url: URL,
    *,
    headers: CIMultiDict[str],
    body: bytes | aiohttp.FormData | None = None,
    shown: str | None = None,
    shown_url: str | None = None,
    timeout_s: float | None = None,
) -> tuple[Answer | SendError, Exchange]:
    """Call a provider; return its answer or what the failure means, and what is kept of the call.

    Args:
        session: The shared session.
        method: The HTTP method.
        url: Where; redirects are not followed.
        headers: All of them; none is kept in the exchange.
        body: The body as bytes, or a form.
        shown: What the exchange shows as the request instead of the body, such as a file's size.
        shown_url: What the exchange shows as the address, where the caller has it ready and no secret is in it.
        timeout_s: For the whole call; None is the session's own.
    """
    begun = time.perf_counter()
    is_short = body is None or (isinstance(body, bytes) and len(body) <= BODY_MOST)
    head = head_of(method, url, headers) if is_short else None
    connector = session.connector
    if head is None or isinstance(body, aiohttp.FormData) or not isinstance(connector, Connector):
        result = await _by_aiohttp(session, method, url, headers, body, timeout_s)
    else:
        result = await _by_kept(connector, head, body or b"", timeout_s)
    if shown is None:
        shown = _text(body) if isinstance(body, bytes) else ""
    url_shown = show_url(url) if shown_url is None else shown_url
    return result, _exchange(method, url_shown, shown, result, begun)


async def _by_kept(
    connector: Connector, head: Head, body: bytes, timeout_s: float | None = None
) -> Answer | SendError:
    """Make a short call on one of the kept connections."""
    try:
        reply = await connector.kept.call(head, body, within_s=timeout_s or connector.answer_s)
    except OSError as error:
        return send_error(error)
    wait = reply.headers.get(b"retry-after")
    retry_after = None if wait is None else retry_after_of(wait.decode("latin-1"))
    return Answer(reply.status, reply.body, retry_after)


async def _by_aiohttp(
    session: aiohttp.ClientSession,
    method: str,
    url: URL,
    headers: CIMultiDict[str],
    body: bytes | aiohttp.FormData | None,
    timeout_s: float | None = None,
) -> Answer | SendError:
    """Make a call that is rare, or that only aiohttp can make."""
    if session.closed:
        # At the very end of a stop; the session itself would raise a RuntimeError.
        return send_error(ConnectionAbortedError())
    try:
        async with session.request(
            method,
            url,
            data=body,
            headers=headers,
            allow_redirects=False,
            timeout=session.timeout if timeout_s is None else _timeout(timeout_s),
        ) as response:
            wait = retry_after_of(response.headers.get("Retry-After"))
            return Answer(response.status, await _read(response), wait)
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        return send_error(error)


def _exchange(
    method: str, url: str, shown: str, result: Answer | SendError, begun: float
) -> Exchange:
    if isinstance(result, Answer):
        status, said = result.status, _text(result.body)
    else:
        status, said = None, str(result)
    if may_hold_secret(shown + said):  # both at once: nearly every call has none
        shown, said = redact(shown), redact(said)
    return Exchange(
        method=method,
        url=url,
        request=shown,
        status=status,
        response=said,
        elapsed_ms=(time.perf_counter() - begun) * 1000,
    )


def show_url(url: URL) -> str:
    """Return the address as an exchange shows it."""
    return redact(str(url)) if url.raw_query_string else str(url)


def _timeout(timeout_s: float) -> aiohttp.ClientTimeout:
    return aiohttp.ClientTimeout(total=timeout_s, connect=CONNECT_S, sock_connect=CONNECT_S)


def _text(body: bytes) -> str:
    return body[:EXCHANGE_CHARS].decode(errors="replace")


async def _read(response: aiohttp.ClientResponse) -> bytes:
    """Return the body; nothing where it breaks off: the status then says what is known."""
    try:
        return await response.read()
    except (aiohttp.ClientError, TimeoutError, OSError):
        return b""


def send_error(error: aiohttp.ClientError | TimeoutError | OSError) -> SendError:
    """Return what a network failure means: nothing was sent, or nobody knows."""
    match error:
        case ConnectionAbortedError():
            meaning: SendError = ProviderUnreachable("the session is closed")
        case Unreached():
            meaning = ProviderUnreachable(f"no connection: {error}")
        case aiohttp.ClientConnectorError() | aiohttp.ConnectionTimeoutError():
            # Refused, unknown host, failed TLS, too slow to connect: all before the first byte of the request.
            meaning = ProviderUnreachable(f"no connection: {type(error).__name__}")
        case aiohttp.InvalidURL() | aiohttp.NonHttpUrlClientError():
            meaning = ProviderUnreachable("the address is no http or https URL; check base_url")
        case _:
            # A kept-alive connection that closes under the request lands here too: the body may have left.
            meaning = AnswerLost(f"no answer came: {type(error).__name__}")
    meaning.__cause__ = error
    return meaning


def retry_after_of(value: str | None) -> timedelta | None:
    """Return the wait named by a Retry-After header, None if it names none."""
    if value is None:
        return None
    if value.isascii() and value.isdigit():
        return timedelta(seconds=min(int(value), 86_400))
    try:
        until = parsedate_to_datetime(value)
    except ValueError:
        return None
    aware = until if until.tzinfo else until.replace(tzinfo=UTC)
    return max(aware - datetime.now(UTC), timedelta(0))


def may_hold_secret(text: str) -> bool:
    """Tell whether `redact` could change the text; its patterns cost more than all else that is kept."""
    lowered = text.lower()
    return any(map(lowered.__contains__, _FRAGMENTS))


def redact(text: str) -> str:
    """Return the text without secrets, cut to what is kept."""
    kept = _JSON_SECRET.sub(r'\1"***"', text[:EXCHANGE_CHARS])
    kept = _QUERY_SECRET.sub(r"\1***", kept)
    return _BEARER.sub(r"\1***", kept)
