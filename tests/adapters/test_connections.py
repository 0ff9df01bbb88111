"""Kept connections, against a server that writes whatever bytes a test tells it to."""

import asyncio
import gzip
import re
import socket
import zlib
from datetime import timedelta

import aiohttp
import pytest
from multidict import CIMultiDict
from yarl import URL

from adapters.connections import BODY_MOST, REPLY_MOST, Connections, Unreached, head_of
from adapters.http import Answer, build_session, call
from engine.core.errors import AnswerLost, ProviderUnreachable, SendError
from tests.adapters.raw import CLOSE, OK, Bytes, ask, serving
from tests.loops.world import until


async def test_a_request_is_written_whole_and_its_reply_read(
    kept: Connections, server: Bytes
) -> None:
    reply = await ask(kept, f"{server.url}/a b?x=%C3%BC", body=b'{"a": 1}')

    assert (reply.status, reply.body) == (200, b"ok")
    (request,) = server.requests
    head, _, body = request.partition(b"\r\n\r\n")
    lines = head.split(b"\r\n")
    assert lines[0] == b"POST /v1/a%20b?x=%C3%BC HTTP/1.1"
    assert b"Host: 127.0.0.1:%d" % server.port in lines
    assert b"X-Key: k" in lines
    assert b"Content-Length: 8" in lines
    assert body == b'{"a": 1}'


@pytest.mark.parametrize(
    ("method", "body", "length"),
    [("POST", b"", b"0"), ("PUT", b"x", b"1"), ("GET", b"", None), ("DELETE", b"x", b"1")],
)
async def test_a_length_is_said_where_one_is_expected(
    kept: Connections, server: Bytes, method: str, body: bytes, length: bytes | None
) -> None:
    await ask(kept, server.url, method, body)
    said = re.search(rb"Content-Length: (\d+)\r\n", server.requests[0])
    assert (said and said[1]) == length


def test_what_the_caller_says_stands_once() -> None:
    head = head_of("GET", URL("https://a.example/"), CIMultiDict({"user-agent": "mine"}))
    assert head is not None
    assert head.origin == (True, "a.example", 443)
    assert head.start.lower().count(b"user-agent") == 1
    assert b"user-agent: mine\r\n" in head.start
    assert b"Host: a.example\r\n" in head.start


async def test_one_connection_serves_one_call_after_the_other(
    kept: Connections, server: Bytes
) -> None:
    for _ in range(3):
        assert (await ask(kept, server.url)).body == b"ok"
    assert server.connections == 1


async def test_calls_at_once_have_each_a_connection(kept: Connections, server: Bytes) -> None:
    replies = await asyncio.gather(*(ask(kept, server.url) for _ in range(5)))
    assert [reply.body for reply in replies] == [b"ok"] * 5
    assert server.connections == 5


WHOLE: dict[str, list[bytes | None]] = {
    "piece by piece": [bytes([sign]) for sign in OK],
    "chunked": [
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"1\r\no\r\n",
        b"1;x=y\r\nk\r\n0\r\nContent-Encoding: gzip\r\n\r\n",
    ],
    "until the end": [b"HTTP/1.1 200 OK\r\n\r\no", b"k", CLOSE],
    "HTTP/1.0": [b"HTTP/1.0 200 OK\r\n\r\nok", CLOSE],
    "HTTP/1.0 with a length": [b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok"],
    "after a 100 and a 103": [
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nRetry-After: 9\r\n\r\n",
        OK,
    ],
    "gzip that nobody asked for": [
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n%b"
        % (len(gzip.compress(b"ok")), gzip.compress(b"ok"))
    ],
    "deflate that nobody asked for": [
        b"HTTP/1.1 200 OK\r\ncontent-encoding: deflate\r\ncontent-length: %d\r\n\r\n%b"
        % (len(zlib.compress(b"ok")), zlib.compress(b"ok"))
    ],
    "a coding that is none": [
        b"HTTP/1.1 200 OK\r\nContent-Encoding: identity\r\nContent-Length: 2\r\n\r\nok"
    ],
}


@pytest.mark.parametrize("case", WHOLE)
async def test_an_answer_is_read_however_it_is_framed(
    kept: Connections, server: Bytes, case: str
) -> None:
    server.answers(*WHOLE[case])
    reply = await ask(kept, server.url)
    assert (reply.status, reply.body, reply.headers.get(b"retry-after")) == (200, b"ok", None)
    assert (await ask(kept, server.url)).body == b"ok", "the next call finds a connection too"


async def test_an_answer_without_a_body_ends_with_its_head(
    kept: Connections, server: Bytes
) -> None:
    server.answers(b"HTTP/1.1 204 No Content\r\n\r\n")
    assert (await ask(kept, server.url)).status == 204
    assert (await ask(kept, server.url)).status == 200
    assert server.connections == 1


@pytest.mark.parametrize(
    "last",
    [
        pytest.param(
            [b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok"], id="close"
        ),
        pytest.param([OK + b"HTTP/1.1 200"], id="the begin of an answer too many"),
        pytest.param([OK + OK], id="an answer too many"),
    ],
)
async def test_a_connection_that_is_over_serves_no_other_call(
    kept: Connections, server: Bytes, last: list[bytes | None]
) -> None:
    server.answers(*last)
    assert (await ask(kept, server.url)).body == b"ok"
    await until(lambda: not server.open)
    assert (await ask(kept, server.url)).body == b"ok"
    assert server.connections == 2


async def test_what_comes_unasked_ends_the_connection(kept: Connections, server: Bytes) -> None:
    await ask(kept, server.url)
    server.open[0].write(b"HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n")
    await until(lambda: not server.open)
    assert (await ask(kept, server.url)).status == 200


async def test_a_connection_closed_while_unused_costs_no_message(
    kept: Connections, server: Bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The end has come, and the loop has not yet looked: every connection counts as unused for long here."""
    monkeypatch.setattr("adapters.connections.LULL_S", -1.0)
    for _ in range(20):
        server.answers(OK, CLOSE)
        assert (await ask(kept, server.url)).body == b"ok"
        while server.open:
            await asyncio.sleep(0)
    assert server.connections == 20


async def test_an_unused_connection_is_closed_by_us(server: Bytes) -> None:
    kept = Connections(connect_s=10, idle_s=0.05, tick_s=0.01)
    await ask(kept, server.url)
    await until(lambda: not server.open)
    assert (await ask(kept, server.url)).body == b"ok"
    kept.close()


async def test_an_unused_connection_too_old_is_not_used(server: Bytes) -> None:
    kept = Connections(connect_s=10, idle_s=-1)
    await ask(kept, server.url)
    await ask(kept, server.url)
    assert server.connections == 2
    kept.close()


# --- what breaks -------------------------------------------------------------------------------------

BROKEN: dict[str, list[bytes | None]] = {
    "nothing": [CLOSE],
    "half a head": [b"HTTP/1.1 200 OK\r\nContent-Len", CLOSE],
    "no HTTP": [b"SSH-2.0-OpenSSH_9.6\r\n"],
    "HTTP/2": [b"HTTP/2 200\r\n\r\n"],
    "two lengths": [b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok"],
    "length and chunks": [
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\nok"
    ],
    "only a 100": [b"HTTP/1.1 100 Continue\r\n\r\n", CLOSE],
}


@pytest.mark.parametrize("case", BROKEN)
async def test_a_broken_answer_is_lost_and_not_asked_for_again(
    kept: Connections, server: Bytes, case: str
) -> None:
    await ask(kept, server.url)
    server.answers(*BROKEN[case])
    with pytest.raises(ConnectionResetError):
        await ask(kept, server.url)
    assert len(server.requests) == 2
    await until(lambda: not server.open)


HALF: dict[str, list[bytes | None]] = {
    "length": [b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nhalf", CLOSE],
    "chunks": [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n", CLOSE],
    "broken chunk": [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n"],
    "silence": [b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nhalf"],
    "no gzip": [b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nhalf"],
    "half a gzip": [
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 15\r\n\r\n"
        + gzip.compress(b"half")[:15]
    ],
    "another coding": [b"HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Length: 4\r\n\r\nhalf"],
}


@pytest.mark.parametrize("case", HALF)
async def test_of_a_body_that_breaks_off_the_status_is_known(server: Bytes, case: str) -> None:
    kept = Connections(connect_s=10, idle_s=15, tick_s=0.01)
    server.answers(*HALF[case])
    reply = await ask(kept, server.url, within_s=0.1 if case == "silence" else 10)
    assert (reply.status, reply.body) == (200, b"")
    kept.close()


async def test_a_body_without_end_is_given_up(kept: Connections, server: Bytes) -> None:
    server.answers(b"HTTP/1.1 200 OK\r\n\r\n", *[bytes(REPLY_MOST // 4)] * 5)
    reply = await ask(kept, server.url)
    assert (reply.status, reply.body) == (200, b"")


async def test_a_small_body_that_unpacks_without_end_is_given_up(
    kept: Connections, server: Bytes
) -> None:
    bomb = gzip.compress(bytes(REPLY_MOST + 1), compresslevel=1)
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(bomb)
    server.answers(head + bomb)
    assert (await ask(kept, server.url)).body == b""


async def test_silence_ends_the_call(server: Bytes) -> None:
    kept = Connections(connect_s=10, idle_s=15, tick_s=0.01)
    server.answers()
    with pytest.raises(TimeoutError):
        await ask(kept, server.url, within_s=0.05)
    await until(lambda: not server.open)
    kept.close()


async def test_a_question_is_asked_again_where_its_connection_was_closed_under_it(
    kept: Connections, server: Bytes
) -> None:
    await asyncio.gather(*(ask(kept, server.url) for _ in range(2)))
    server.answers(CLOSE)
    server.answers(CLOSE)
    assert (await ask(kept, server.url, "GET", b"")).body == b"ok"
    assert server.connections == 3


async def test_a_question_is_not_asked_again_on_a_new_connection(
    kept: Connections, server: Bytes
) -> None:
    server.answers(CLOSE)
    with pytest.raises(ConnectionResetError):
        await ask(kept, server.url, "GET", b"")
    assert len(server.requests) == 1


async def test_a_call_given_up_leaves_no_connection(kept: Connections, server: Bytes) -> None:
    server.answers()
    asked = asyncio.ensure_future(ask(kept, server.url))
    await until(lambda: bool(server.requests))
    asked.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asked
    await until(lambda: not server.open)


async def test_what_is_under_way_when_all_is_closed_is_lost(
    kept: Connections, server: Bytes
) -> None:
    server.answers()
    asked = asyncio.ensure_future(ask(kept, server.url))
    await until(lambda: bool(server.requests))
    kept.close()
    with pytest.raises(ConnectionResetError):
        await asked
    with pytest.raises(Unreached):
        await ask(kept, server.url)


# --- where it leads ----------------------------------------------------------------------------------


async def test_nobody_listens_there(kept: Connections, server: Bytes) -> None:
    async with serving() as gone:
        url = gone.url
    with pytest.raises(Unreached, match="ConnectionRefusedError"):
        await ask(kept, url)


@pytest.mark.parametrize("host", ["nowhere.invalid", f"{'x' * 64}.example"], ids=["no", "long"])
async def test_a_name_that_leads_nowhere(kept: Connections, host: str) -> None:
    with pytest.raises(Unreached):
        await ask(kept, f"http://{host}:1/")


async def test_a_connection_that_takes_too_long_has_sent_nothing() -> None:
    kept = Connections(connect_s=0.05, idle_s=15)
    with (
        socket.create_server(("127.0.0.1", 0)) as silent,
        pytest.raises(Unreached, match="TimeoutError"),
    ):
        await ask(kept, f"https://127.0.0.1:{silent.getsockname()[1]}/")
    kept.close()


async def test_a_host_of_ipv6_is_reached(kept: Connections) -> None:
    async with serving("::1") as server:
        assert (await ask(kept, f"http://[::1]:{server.port}/")).body == b"ok"
        assert f"Host: [::1]:{server.port}\r\n".encode() in server.requests[0]


@pytest.mark.parametrize(
    "url",
    ["ftp://a.example/", "http://user:pass@a.example/", "/path", "unix:/run/x"],
    ids=repr,
)
def test_what_only_aiohttp_can_do_is_left_to_it(url: str) -> None:
    assert head_of("POST", URL(url), CIMultiDict()) is None
    assert head_of("HEAD", URL("http://a.example/"), CIMultiDict()) is None


@pytest.mark.parametrize("value", ["a\r\nX-Evil: 1", "a\nb", "a\0b"], ids=repr)
def test_a_header_cannot_bring_others(value: str) -> None:
    with pytest.raises(ValueError, match="line break"):
        head_of("POST", URL("http://a.example/"), CIMultiDict({"X-Key": value}))


# --- what it means to an adapter ---------------------------------------------------------------------


async def _called(session: aiohttp.ClientSession, url: str) -> Answer | SendError:
    result, _ = await call(session, "POST", URL(url), headers=CIMultiDict(), body=b"{}")
    return result


async def test_a_lost_answer_and_a_missed_connection_mean_different_things(server: Bytes) -> None:
    async with build_session() as session:
        server.answers(b"HTTP/1.1 429 Slow Down\r\nRetry-After: 7\r\nContent-Length: 1\r\n\r\n!")
        slow = await _called(session, server.url)
        assert slow == Answer(429, b"!", timedelta(seconds=7))
        server.answers(CLOSE)
        assert type(await _called(session, server.url)) is AnswerLost
        server.answers()
        under_way = asyncio.ensure_future(_called(session, server.url))
        await until(lambda: len(server.requests) == 3)
    assert type(await under_way) is AnswerLost, (
        "it may have been taken before the session was closed"
    )
    assert type(await _called(session, server.url)) is ProviderUnreachable
    assert len(server.requests) == 3


async def test_short_calls_go_past_aiohttp_and_long_ones_do_not(server: Bytes) -> None:
    async with build_session() as session:
        for body in (b"{}", bytes(BODY_MOST + 1)):
            await call(session, "POST", URL(server.url), headers=CIMultiDict(), body=body)
    short, long = server.requests
    assert b"aiohttp" not in short
    assert b"aiohttp" in long
