"""The load: it talks the whole talk with a right server, and names what a wrong one does."""

import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aiohttp
import orjson
import pytest
from aiohttp import web

from bench.floor import content_of
from bench.load import Load, Outcome, Plan
from bench.wire import Framer
from tests.ports import free_port

Object = dict[str, object]


@dataclass
class Served:
    """A server of the test's own, which sends what the test makes of each reply."""

    port: int
    provider_port: int


Change = Callable[[Object, int], list[Object]]
"""What really leaves, given the right reply and its number from 1."""


@asynccontextmanager
async def serving(change: Change, *, status: int = 200) -> AsyncIterator[Served]:
    provider_port = free_port()
    url = f"http://127.0.0.1:{provider_port}/v23.0/1/messages"
    count = 0

    async with aiohttp.ClientSession() as session:

        async def handle(request: web.Request) -> web.Response:
            nonlocal count
            body = orjson.loads(await request.read())
            (message,) = body["entry"][0]["changes"][0]["value"]["messages"]
            count += 1
            right: Object = {"to": message["from"]} | content_of(message)
            for reply in change(right, count):
                async with session.post(url, data=orjson.dumps(reply)) as answer:
                    assert (await answer.json())["messages"]
            return web.Response(status=status)

        app = web.Application()
        app.router.add_post("/webhooks/bench", handle)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield Served(runner.addresses[0][1], provider_port)
        await runner.cleanup()


def plan(served: Served, messages: int, *, rate: float = 0, contacts: int = 4) -> Plan:
    return Plan(
        server=f"127.0.0.1:{served.port}",
        provider_port=served.provider_port,
        pid=os.getpid(),
        messages=messages,
        contacts=contacts,
        rate=rate,
    )


def right(reply: Object, _: int) -> list[Object]:
    return [reply]


async def outcome_of(change: Change, *, status: int = 200) -> Outcome:
    async with serving(change, status=status) as served:
        return await Load(plan(served, 60)).run()


async def test_a_right_server_makes_no_mistakes_and_every_message_is_measured() -> None:
    outcome = await outcome_of(right)

    assert outcome.mistakes == []
    assert outcome.messages == 60
    assert 0 < outcome.p50_ms <= outcome.p99_ms
    assert outcome.peak_bytes >= outcome.rss_bytes > 0


async def test_a_rate_is_kept() -> None:
    async with serving(right) as served:
        outcome = await Load(plan(served, 30, rate=100)).run()

    assert outcome.messages == 30
    assert outcome.elapsed_s >= 0.29


async def test_warm_up_messages_are_not_measured() -> None:
    async with serving(right) as served:
        made = plan(served, 60)
        made.warmup = 30
        outcome = await Load(made).run()

    assert outcome.mistakes == []
    assert 60 - 3 * made.contacts <= outcome.messages <= 60


async def test_memory_is_noted_at_the_marks() -> None:
    async with serving(right) as served:
        made = plan(served, 60)
        made.marks = (6, 60)
        outcome = await Load(made).run()

    assert sorted(outcome.marks) == [6, 60]


def misspelt(reply: Object, number: int) -> list[Object]:
    return [reply if number < 20 else {**reply, "type": "text", "text": {"body": "What?"}}]


def twice(reply: Object, number: int) -> list[Object]:
    return [reply, reply] if number == 20 else [reply]


def without_options(reply: Object, number: int) -> list[Object]:
    match reply:
        case {"interactive": {"type": "list", "action": {"sections": [{"rows": list(rows)}]}}}:
            del rows[:]
    return [reply]


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        pytest.param(misspelt, "expected", id="wrong words"),
        pytest.param(twice, "", id="one reply too many"),
        pytest.param(without_options, "is not among", id="no options"),
    ],
)
async def test_a_wrong_reply_is_named(change: Change, complaint: str) -> None:
    outcome = await outcome_of(change)

    assert any(complaint in mistake for mistake in outcome.mistakes)


async def test_a_webhook_that_is_not_taken_is_named() -> None:
    outcome = await outcome_of(right, status=503)

    assert "answered 503" in outcome.mistakes[0]


async def test_a_reply_that_never_comes_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bench.load.REPLY_TIMEOUT_S", 0.1)

    outcome = await outcome_of(lambda reply, number: [] if number == 20 else [reply])

    assert "no reply" in outcome.mistakes[0]


@pytest.mark.parametrize("size", [1, 2, 7, 40, 1000])
def test_messages_are_framed_however_the_stream_is_cut(size: int) -> None:
    one = b"POST / HTTP/1.1\r\nHost: a\r\ncontent-length: 5\r\n\r\nhello"
    two = b"HTTP/1.1 204 No Content\r\nDate: x\r\n\r\n"
    stream = one + two + one
    framer = Framer()

    bodies = [
        body
        for start in range(0, len(stream), size)
        for _, body in framer.feed(stream[start : start + size])
    ]

    assert bodies == [b"hello", b"", b"hello"]


def test_a_message_without_a_length_is_an_error() -> None:
    with pytest.raises(ValueError, match="Content-Length"):
        list(Framer().feed(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"))
