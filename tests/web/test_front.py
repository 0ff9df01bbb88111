"""A webhook answered past aiohttp, and everything else: what is sent as bytes gets the same answer by both ways."""

import asyncio
import json
import re
import socket
import struct
from collections.abc import AsyncIterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import pytest
from aiohttp import web

from engine.core.errors import StoreUnavailable
from tests.loops.world import until
from tests.web.support import Bot, line_table, running, signature, text_body
from web.front import BODY_MOST, HEAD_MOST, FrontSite, is_begun, read_head
from web.keys import ENGINE
from web.webhooks import WEBHOOKS

SECOND = line_table("kiosk", "9002", base_url="{base_url}") + 'webhook_secret = "hush-1"\n'

ALIVE = b"GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
"""Ends each case: the connection serves it after whatever came before, and closes."""

HI = json.dumps(text_body("hi")).encode()


class Both(NamedTuple):
    """One application that listens twice."""

    bot: Bot
    site: FrontSite
    front: int
    plain: int


@pytest.fixture
async def both(tmp_path: Path) -> AsyncIterator[Both]:
    async with running(tmp_path, more=SECOND) as bot:
        runner = bot.client.server.runner
        assert isinstance(runner, web.AppRunner)
        listener = socket.create_server(("127.0.0.1", 0))
        site = FrontSite(runner, listener, webhooks=bot.app[WEBHOOKS])
        await site.start()
        port = bot.client.server.port
        assert port is not None
        yield Both(bot, site, listener.getsockname()[1], port)


def request(
    body: bytes = HI,
    *,
    path: str = "/webhooks/shop",
    line: str = "POST {} HTTP/1.1",
    length: str | None = "",
    more: Sequence[str] = (),
    signed: bool = True,
) -> bytes:
    lines = [line.format(path), "Host: 127.0.0.1", "Content-Type: application/json"]
    if signed:
        lines += [f"{name}: {value}" for name, value in signature(body).items()]
    if length is not None:
        lines.append(f"Content-Length: {length or len(body)}")
    return "\r\n".join([*lines, *more]).encode() + b"\r\n\r\n" + body


async def answers(port: int, *pieces: bytes) -> list[tuple[int, bytes]]:
    """Return the status and the body of each answer on one connection, until it is closed."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for piece in pieces:
        writer.write(piece)
        await writer.drain()
    async with asyncio.timeout(10):
        read = await reader.read()
    writer.close()
    await writer.wait_closed()
    return list(split(read))


def split(read: bytes) -> list[tuple[int, bytes]]:
    found = []
    while read:
        head, _, read = read.partition(b"\r\n\r\n")
        length = re.search(rb"Content-Length: (\d+)", head)
        size = int(length[1]) if length else 0
        found.append((int(head[9:12]), read[:size]))
        read = read[size:]
    return found


CHUNKED = request(b"%x\r\n%b\r\n0\r\n\r\n" % (len(HI), HI), length=None, signed=False).replace(
    b"\r\n\r\n",
    b"\r\nTransfer-Encoding: chunked\r\n"
    + "".join(f"{name}: {value}\r\n" for name, value in signature(HI).items()).encode()
    + b"\r\n",
    1,
)

CASES: dict[str, bytes] = {
    "plain": request(),
    "nothing in it": request(b"{}"),
    "no JSON": request(b"{"),
    "empty": request(b"", length="0"),
    "no signature": request(signed=False),
    "another's signature": request(more=["X-Hub-Signature-256: sha256=00"], signed=False),
    "signed twice": request(more=["X-Hub-Signature-256: sha256=00"]),
    "unknown line": request(path="/webhooks/nowhere"),
    "secret": request(path="/webhooks/kiosk/hush-1"),
    "wrong secret": request(path="/webhooks/kiosk/hush-2"),
    "secret missing": request(path="/webhooks/kiosk"),
    "secret in a header": request(path="/webhooks/kiosk", more=["x-webhook-SECRET:hush-1"]),
    "secret on a line without": request(path="/webhooks/shop/hush-1"),
    "escaped path": request(path="/webhooks/sh%6fp"),
    "query": request(path="/webhooks/shop?x=1"),
    "deeper path": request(path="/webhooks/shop/a/b"),
    "with a slash": request(path="/webhooks/shop/"),
    "no line": request(path="/webhooks/"),
    "put": request(line="PUT {} HTTP/1.1"),
    "challenge": b"GET /webhooks/shop?hub.mode=subscribe&hub.challenge=77&hub.verify_token=x HTTP/1.1\r\n"
    b"Host: a\r\n\r\n",
    "chunked": CHUNKED,
    "kept alive": request(more=["Connection: Keep-Alive"]),
    "many headers": request(more=[f"X-Header-{n}: {n} \t" for n in range(30)]),
    "long body": request(b" " * BODY_MOST + HI),
    "two in one piece": request() + request(b"{}"),
    "one, and another thing": request()
    + ALIVE.replace(b"Connection: close\r\n", b"")
    + request(path="/webhooks/kiosk/hush-1"),
}


async def test_what_is_sent_gets_the_same_answer_by_both_ways(both: Both) -> None:
    for case, data in CASES.items():
        told = await answers(both.front, data + ALIVE)
        assert told == await answers(both.plain, data + ALIVE), case
        assert told[-1][0] == 200, f"{case}: the connection goes on"


BAD = {
    "another HTTP": request(line="POST {} HTTP/1.0"),
    "no HTTP": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    "closing": request(more=["Connection: close"]),
    "no host": request().replace(b"Host: 127.0.0.1\r\n", b""),
    "two lengths": request(more=["Content-Length: 1"]),
    "length and chunks": request(more=["Transfer-Encoding: chunked"]),
    "a length that is none": request(length="-1"),
    "a folded header": request(more=["X-A: 1", " 2"]),
    "a space before the colon": request(more=["X-A : 1"]),
    "NUL in a header": request(more=["X-A: \0"]),
    "long head": request(more=["X-A: " + "a" * 2 * HEAD_MOST]),
    "no end": b"POST /webhooks/shop HTTP/1.1\r\nX-A: " + b"a" * 2 * HEAD_MOST + b"\r\n\r\n",
}


async def test_what_is_odd_is_aiohttps_to_refuse(both: Both) -> None:
    for case, data in BAD.items():
        told, plain = await answers(both.front, data), await answers(both.plain, data)
        assert [status for status, _ in told] == [status for status, _ in plain], case
        assert not both.site.fronts, case


async def test_a_webhook_in_pieces_is_put_together(both: Both) -> None:
    data = request() + request(b"{}")
    pieces = [data[n : n + 7] for n in range(0, len(data), 7)]
    reader, writer = await asyncio.open_connection("127.0.0.1", both.front)
    for piece in pieces:
        writer.write(piece)
        await asyncio.sleep(0)
    writer.write(ALIVE)
    assert [status for status, _ in split(await reader.read())] == [200, 200, 200]
    writer.close()
    await writer.wait_closed()


async def test_one_connection_takes_one_webhook_after_the_other(both: Both) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", both.front)
    for _ in range(3):
        writer.write(request())
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nDate: ")
    assert len(both.site.fronts) == 1, "aiohttp never had it"
    writer.close()
    await writer.wait_closed()
    await until(lambda: not both.site.fronts)


async def test_a_flood_behind_a_webhook_waits_its_turn(
    both: Both, monkeypatch: pytest.MonkeyPatch
) -> None:
    goes = asyncio.Event()

    async def accept(_: object) -> None:
        await goes.wait()

    monkeypatch.setattr(both.bot.app[ENGINE], "accept", accept)
    flood = [request(b"{}" + b" " * 10_000)] * 50
    asked = asyncio.ensure_future(answers(both.front, request(), *flood, ALIVE))
    await until(lambda: any(front._is_paused for front in both.site.fronts))
    goes.set()
    assert [status for status, _ in await asked] == [200] * 52


async def test_what_cannot_be_stored_is_503_and_what_breaks_500(
    both: Both, monkeypatch: pytest.MonkeyPatch
) -> None:
    errors = [StoreUnavailable(), ZeroDivisionError()]

    async def accept(_: object) -> None:
        raise errors.pop(0)

    monkeypatch.setattr(both.bot.app[ENGINE], "accept", accept)
    told = await answers(both.front, request() + request() + ALIVE)
    assert [status for status, _ in told] == [503, 500, 200]
    assert json.loads(told[0][1])["code"] == "store_unavailable"


async def test_a_stop_answers_what_is_under_way_and_closes_the_rest(
    both: Both, monkeypatch: pytest.MonkeyPatch
) -> None:
    goes = asyncio.Event()
    asked = asyncio.Event()

    async def accept(_: object) -> None:
        asked.set()
        await goes.wait()

    monkeypatch.setattr(both.bot.app[ENGINE], "accept", accept)
    idle, idle_writer = await asyncio.open_connection("127.0.0.1", both.front)
    busy = asyncio.ensure_future(answers(both.front, request()))
    await asked.wait()
    stopping = asyncio.ensure_future(both.site.stop())
    assert await idle.read() == b""
    goes.set()
    assert await busy == [(200, b"")]
    await stopping
    idle_writer.close()
    await idle_writer.wait_closed()


async def test_who_waits_to_be_let_in_at_a_stop_is_answered(both: Both) -> None:
    bodies = [json.dumps(text_body("hi", id=f"wamid.{number}")).encode() for number in range(5)]
    with ExitStack() as stack:
        # Nothing is awaited until they have asked: they are where the system keeps who is not accepted yet.
        asking = [
            stack.enter_context(socket.create_connection(("127.0.0.1", both.front))) for _ in bodies
        ]
        for one, body in zip(asking, bodies, strict=True):
            one.sendall(request(body))
        silent = stack.enter_context(socket.create_connection(("127.0.0.1", both.front)))

        await both.site.stop()

        loop = asyncio.get_running_loop()
        for one in (*asking, silent):
            one.setblocking(False)
        answered = [await loop.sock_recv(one, 15) for one in asking]
        assert answered == [b"HTTP/1.1 200 OK"] * len(bodies)
        assert await loop.sock_recv(silent, 1) == b""
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", both.front))


async def test_who_went_while_waiting_to_be_let_in_keeps_nobody_else_from_an_answer(
    both: Both,
) -> None:
    gone = [socket.create_connection(("127.0.0.1", both.front)) for _ in range(3)]
    stays = socket.create_connection(("127.0.0.1", both.front))
    for one in gone:  # reset, before anybody has let them in
        one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        one.close()
    stays.sendall(request(HI))

    await both.site.stop()

    stays.settimeout(10)
    answered = await asyncio.to_thread(stays.recv, 100)
    stays.close()
    assert answered.startswith(b"HTTP/1.1 ")


async def test_a_stop_does_not_wait_for_ever(both: Both, monkeypatch: pytest.MonkeyPatch) -> None:
    async def accept(_: object) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(both.bot.app[ENGINE], "accept", accept)
    monkeypatch.setattr(both.site, "_within_s", 0.05)
    busy = asyncio.ensure_future(answers(both.front, request()))
    await until(lambda: any(front.answering for front in both.site.fronts))
    await both.site.stop()
    assert await busy == []


@pytest.mark.parametrize(
    ("data", "begun"),
    [
        (b"", True),
        (b"POST /webh", True),
        (b"GET /", False),
        (b"POST /webhooks/shop HTTP/1.1\r\nHost:", True),
        (b"POST /webhooks/shop HTTP/1.1\r\n\r\n", False),
        (b"POST /webhooks/" + b"a" * HEAD_MOST, False),
        (request(length=str(BODY_MOST + 1)), False),
    ],
)
def test_the_begin_of_a_head_is_waited_for_and_nothing_else(data: bytes, begun: bool) -> None:
    assert read_head(data) is None
    assert is_begun(data) is begun
