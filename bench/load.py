"""The load and the mock provider, in one process: contacts that talk, and the provider that gets the replies.

64 contacts at once go through the three turns of `bench.talk`: a text, a tap on a button, a tap on a row, each with
the ids of the reply before. Count, words and order of every reply are compared. Prints one line of JSON.
"""

import asyncio
import hashlib
import hmac
import itertools
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

import click
import orjson
import uvloop

from bench.measure import Usage, read_usage
from bench.talk import GREETING, TALKS_PER_CONTACT, TURNS, expected_talk
from bench.wire import ProviderSide, WebhookSide

PHONE_NUMBER_ID = "100000000000001"
SECRET = b"bench-secret"
CONTACTS = 64
"""How many write at once, where nothing else is said."""

FIRST_CONTACT = 491550000000
"""Contacts are numbered from here, stored ones first."""

REPLY_TIMEOUT_S = 30.0
"""A reply that takes longer is lost; the run ends with that mistake."""


@dataclass(slots=True)
class Plan:
    """What one run of the load does."""

    server: str
    """Host and port of the server under test."""
    provider_port: int
    pid: int
    """The server's process, whose tree is measured."""
    messages: int
    database_pid: int = 0
    """The database server's first process, whose tree's CPU counts too; 0 where there is none."""
    warmup: int = 0
    """Messages before the measured ones."""
    contacts: int = CONTACTS
    """How many write at once."""
    rate: float = 0.0
    """Messages a second; 0 is as fast as the server answers."""
    stored: int = 0
    """How many contacts the database holds already; they come first in the numbering, spread over its whole range."""
    first: int = 0
    """The first contact's place in the numbering: runs against one server take contacts of their own."""
    marks: tuple[int, ...] = ()
    """Counts of messages at which the server's memory is noted."""


@dataclass(slots=True)
class Outcome:
    """What one run measured."""

    messages: int
    elapsed_s: float
    cpu_s: float
    """User and system time of the server's process tree, and of the database's."""
    load_cpu_s: float
    p50_ms: float
    p99_ms: float
    rss_bytes: int
    peak_bytes: int
    database_cpu_s: float = 0.0
    """The database server's part of `cpu_s`."""
    marks: dict[int, int] = field(default_factory=dict)
    mistakes: list[str] = field(default_factory=list)


class Mistake(Exception):
    """A reply that is not the expected one, or a webhook that was not taken."""


class Chat:
    """One contact's side: what it waits for, and when it came."""

    __slots__ = ("arrived_at", "number", "reply", "unasked")

    def __init__(self, number: str) -> None:
        self.number = number
        self.reply: asyncio.Future[dict[str, object]] | None = None
        self.arrived_at = 0.0
        self.unasked = 0


class Load:
    """Drives the contacts and plays the provider."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._host = plan.server.encode()
        self._chats: dict[str, Chat] = {}
        self._ids = itertools.count(1)
        self._run = f"{time.time_ns():x}"  # a message id of an earlier run would be a duplicate
        self._talks = itertools.count()
        self._numbers = self._mint()
        self._latencies: list[float] = []
        self._left = plan.warmup + plan.messages
        self._finished = 0
        self._permits: deque[asyncio.Future[None]] = deque()
        self._begin: tuple[float, Usage, float, float] | None = None
        self.marks: dict[int, int] = {}
        self.mistakes: list[str] = []

    async def run(self) -> Outcome:
        """Run the plan."""
        loop = asyncio.get_running_loop()
        provider = await loop.create_server(
            lambda: ProviderSide(self._take), "127.0.0.1", self._plan.provider_port
        )
        if not self._plan.warmup:
            self._begin_measuring()
        pacer = asyncio.create_task(self._pace()) if self._plan.rate else None
        slots = [asyncio.create_task(self._slot()) for _ in range(self._plan.contacts)]
        await asyncio.gather(*slots)
        ended_at, usage, database, load_cpu = self._read()
        await asyncio.sleep(0.3)  # a reply too many would come now
        if pacer is not None:
            pacer.cancel()
        provider.close()
        for chat in self._chats.values():
            if chat.unasked:
                self.mistakes.append(f"{chat.unasked} replies too many to {chat.number}")
        assert self._begin is not None, "the warm-up is longer than the run"
        began_at, before, database_before, load_before = self._begin
        ordered = sorted(self._latencies) or [0.0]
        return Outcome(
            messages=len(self._latencies),
            elapsed_s=ended_at - began_at,
            cpu_s=usage.cpu_s - before.cpu_s + database - database_before,
            database_cpu_s=database - database_before,
            load_cpu_s=load_cpu - load_before,
            p50_ms=1000 * ordered[len(ordered) // 2],
            p99_ms=1000 * ordered[int(len(ordered) * 0.99)],
            rss_bytes=usage.rss_bytes,
            peak_bytes=usage.peak_bytes,
            marks=self.marks,
            mistakes=self.mistakes[:10],
        )

    def _begin_measuring(self) -> None:
        self._begin = self._read()

    def _read(self) -> tuple[float, Usage, float, float]:
        """Return the moment, what the server has used, and the CPU of the database and of this process."""
        usage = read_usage(self._plan.pid)
        pid = self._plan.database_pid
        database = read_usage(pid).cpu_s if pid else 0.0
        return time.perf_counter(), usage, database, time.process_time()

    # --- the provider

    def _take(self, body: bytes) -> bytes:
        reply = orjson.loads(body)
        if "to" not in reply:  # a read mark
            return b'{"success":true}'
        number = str(reply["to"]).lstrip("+")
        chat = self._chats.get(number)
        if chat is None or chat.reply is None or chat.reply.done():
            self._chats.setdefault(number, Chat(number)).unasked += 1
        else:
            chat.arrived_at = time.perf_counter()
            chat.reply.set_result(reply)
        return (
            b'{"messaging_product":"whatsapp","contacts":[{"input":"%b","wa_id":"%b"}],"messages":[{"id":"wamid.out%d"}]}'
            % (number.encode(), number.encode(), next(self._ids))
        )

    # --- the contacts

    def _mint(self) -> Iterator[str]:
        """Give numbers: stored contacts first, in strides so that they lie all over the tables, then new ones."""
        stored = self._plan.stored
        stride = 7919  # a prime that divides no round count: every stored contact comes once
        for place in itertools.count(self._plan.first):
            yield str(FIRST_CONTACT + (place * stride % stored if place < stored else place))

    async def _slot(self) -> None:
        loop = asyncio.get_running_loop()
        host, _, port = self._plan.server.partition(":")
        _, line = await loop.create_connection(WebhookSide, host, int(port))
        try:
            while self._left > 0 and not self.mistakes:
                chat = Chat(next(self._numbers))
                self._chats[chat.number] = chat
                for _ in range(TALKS_PER_CONTACT):
                    if self._left <= 0:
                        break
                    self._left -= TURNS
                    await self._talk(chat, line)
                if not chat.unasked:
                    del self._chats[chat.number]
        except (Mistake, ConnectionError) as exc:
            self.mistakes.append(f"{type(exc).__name__}: {exc}")
            self._left = 0
        finally:
            line.close()

    async def _talk(self, chat: Chat, line: WebhookSide) -> None:
        talk = expected_talk(next(self._talks))
        message: dict[str, object] = {"type": "text", "text": {"body": GREETING}}
        taps = ("button_reply", talk.size), ("list_reply", talk.filling), None
        for words, tap in zip(talk.replies, taps, strict=True):
            reply = await self._turn(chat, line, message)
            said, options = read_reply(reply)
            if said != words:
                raise Mistake(f"expected {words!r}, got {said!r}")
            if tap is not None:
                kind, title = tap
                if title not in options:
                    raise Mistake(f"{title!r} is not among {sorted(options)}")
                chosen = {"type": kind, kind: {"id": options[title], "title": title}}
                message = {"type": "interactive", "interactive": chosen}

    async def _turn(
        self, chat: Chat, line: WebhookSide, message: dict[str, object]
    ) -> dict[str, object]:
        if self._plan.rate:
            permit = asyncio.get_running_loop().create_future()
            self._permits.append(permit)
            await permit
        request = self._request(chat.number, message)
        chat.reply = asyncio.get_running_loop().create_future()
        sent_at = time.perf_counter()
        taken = line.post(request)
        try:
            async with asyncio.timeout(REPLY_TIMEOUT_S):
                reply = await chat.reply
                status = await taken
        except TimeoutError as exc:
            told = (
                f"answered {taken.result()}"
                if taken.done() and not taken.cancelled()
                else "not answered"
            )
            raise Mistake(f"no reply to {chat.number} in time; its webhook was {told}") from exc
        if status != 200:
            raise Mistake(f"a webhook was answered {status}")
        if self._begin is not None:
            self._latencies.append(chat.arrived_at - sent_at)
        self._count()
        return reply

    def _count(self) -> None:
        self._finished += 1
        if self._finished == self._plan.warmup:
            self._begin_measuring()
        if self._finished in self._plan.marks:
            self.marks[self._finished] = read_usage(self._plan.pid).rss_bytes

    async def _pace(self) -> None:
        """Let one message go at each tick; a tick nobody waits for is not made up later."""
        loop = asyncio.get_running_loop()
        step, at = 1 / self._plan.rate, loop.time()
        while True:
            at += step
            await asyncio.sleep(max(0.0, at - loop.time()))
            if self._permits:
                self._permits.popleft().set_result(None)

    def _request(self, number: str, message: dict[str, object]) -> bytes:
        common = {
            "from": number,
            "id": f"wamid.{self._run}.{next(self._ids)}",
            "timestamp": str(int(time.time())),
        }
        value = {
            "messaging_product": "whatsapp",
            "metadata": {
                "display_phone_number": "15550001000",
                "phone_number_id": PHONE_NUMBER_ID,
            },
            "contacts": [{"profile": {"name": "Bench"}, "wa_id": number}],
            "messages": [common | message],
        }
        entry = {"id": "1", "changes": [{"value": value, "field": "messages"}]}
        body = orjson.dumps({"object": "whatsapp_business_account", "entry": [entry]})
        mark = hmac.digest(SECRET, body, hashlib.sha256).hex().encode()
        return (
            b"POST /webhooks/bench HTTP/1.1\r\nHost: %b\r\nContent-Type: application/json\r\n"
            b"X-Hub-Signature-256: sha256=%b\r\nContent-Length: %d\r\n\r\n%b"
            % (self._host, mark, len(body), body)
        )


def read_reply(reply: dict[str, object]) -> tuple[str, dict[str, str]]:
    """Return a reply's words and its options, title -> id."""
    match reply:
        case {"type": "text", "text": {"body": str(words)}}:
            return words, {}
        case {
            "interactive": {
                "type": "button",
                "body": {"text": str(words)},
                "action": {"buttons": list(buttons)},
            }
        }:
            return words, {one["reply"]["title"]: one["reply"]["id"] for one in buttons}
        case {
            "interactive": {
                "type": "list",
                "body": {"text": str(words)},
                "action": {"sections": list(sections)},
            }
        }:
            return words, {row["title"]: row["id"] for one in sections for row in one["rows"]}
        case _:
            raise Mistake(f"a reply of no expected kind: {reply}")


@click.command()
@click.argument("plan")
def main(plan: str) -> None:
    """Run a plan, given as JSON; print the outcome as JSON."""
    given = orjson.loads(plan)
    given["marks"] = tuple(given.get("marks", ()))
    outcome = uvloop.run(Load(Plan(**given)).run())
    click.echo(orjson.dumps(outcome, option=orjson.OPT_NON_STR_KEYS))


if __name__ == "__main__":
    main()
