"""`python -m bench.inbox`: fifty agents with the inbox open while contacts write, and how soon each list is right.

The server runs as it ships, on its own core. Everything else is in this process on the other: the contacts' webhooks,
the provider that answers, and fifty pages that read their streams. A list is right when the stream has brought the row
of a message; the time counts from the moment that the server answered the message's webhook, which is after its commit.
"""

import asyncio
import hmac
import os
import sqlite3
import sys
import tempfile
import time
from array import array
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
import click
import orjson
from aiohttp import web

from bench.load import PHONE_NUMBER_ID, SECRET
from bench.measure import Usage, read_usage
from bench.servers import Server, running_parley, two_cores
from storage import Database, Queries, TimeIds, prepare
from storage.agents import Agent, add_agent
from storage.audit import NO_LINE, Act
from storage.ids import OWNERS
from storage.sessions import begin_session
from web.inbox.people.signing import PLAIN_COOKIE

LATEST_S = 1.0
"""The list is right within this: the promise."""

FLAT_BYTES = 8 * 1024 * 1024
"""Memory that grows less than this, once the databases' page caches are full, counts as flat."""

SETTLE_S = 3.0
"""What was sent last has so long to arrive before the count."""

Committed = dict[str, list[float]]
"""By a contact's number: when each of their messages was committed, the first one first."""


@dataclass
class Seen:
    """What the pages heard."""

    newest: list[dict[str, int]] = field(default_factory=list)
    """By page and a contact's number: how many of their messages the list shows."""
    waits: "array[float]" = field(default_factory=lambda: array("d"))
    """How long each page's list was not right after each message, in seconds. No objects: millions of them would be
    looked through by this process's garbage collector, and the pause counted as the server's."""
    reloads: int = 0
    bytes: int = 0


@dataclass(frozen=True)
class Outcome:
    """What was measured."""

    agents: int
    messages: int
    seconds: float
    p50_s: float
    p99_s: float
    most_s: float
    missed: int
    reloads: int
    cpu: float
    """Of one core, in hundredths."""
    warm: int
    """Seconds until `early` was read."""
    early: Usage
    late: Usage
    bytes: int

    @property
    def mistakes(self) -> list[str]:
        """Return what the promise does not hold of."""
        grown = self.late.rss_bytes - self.early.rss_bytes
        return [
            *([f"{self.missed} rows never came"] if self.missed else []),
            *([f"{self.reloads} lists had to be loaded again"] if self.reloads else []),
            *([f"a list was {self.most_s:.2f} s late"] if self.most_s > LATEST_S else []),
            *([f"memory grew by {grown / 2**20:.0f} MB"] if grown > FLAT_BYTES else []),
        ]


@click.command()
@click.option("--agents", default=50, show_default=True)
@click.option("--chats", default=200, show_default=True, help="Contacts who write in turn.")
@click.option("--rate", default=200, show_default=True, help="Messages a second.")
@click.option("--seconds", default=240, show_default=True)
@click.option(
    "--warm",
    default=120,
    show_default=True,
    help="Seconds before memory is read first: until then page caches fill.",
)
@click.option(
    "--view",
    default="queue",
    show_default=True,
    type=click.Choice(["queue", "all"]),
    help="The list.",
)
def main(agents: int, chats: int, rate: int, seconds: int, warm: int, view: str) -> None:
    """Measure, print the lines, and end with 1 where the promise does not hold."""
    server_core, load_core = two_cores()
    if load_core is not None:
        os.sched_setaffinity(0, {load_core})
    root = Path("/var/tmp") if Path("/var/tmp").is_dir() else None
    with tempfile.TemporaryDirectory(prefix="parley-bench-", dir=root) as work:
        folder = Path(work)
        database = folder / "inbox.db"
        cookies = asyncio.run(_agents(database, agents))
        with running_parley(server_core, folder, database) as server:
            run = Run(server, database, cookies, chats=chats, rate=rate, view=view)
            outcome = asyncio.run(run.measure(seconds=seconds, warm=min(warm, seconds // 2)))
    for line in lines(outcome):
        click.echo(line)
    for mistake in outcome.mistakes:
        click.echo(mistake, err=True)
    sys.exit(1 if outcome.mistakes else 0)


def lines(outcome: Outcome) -> list[str]:
    """Return the figures as they are printed."""
    early, late = outcome.early.rss_bytes / 2**20, outcome.late.rss_bytes / 2**20
    return [
        f"{outcome.agents} agents, {outcome.messages:,} messages in {outcome.seconds:.0f} s"
        f" ({outcome.messages / outcome.seconds:.0f} a second)",
        f"commit to list: p50 {outcome.p50_s * 1000:.0f} ms, p99 {outcome.p99_s * 1000:.0f} ms,"
        f" most {outcome.most_s * 1000:.0f} ms; {outcome.missed} missed, {outcome.reloads} reloads",
        f"server: {outcome.cpu:.0f} % of a core,"
        f" memory {early:.0f} MB after {outcome.warm} s, {late:.0f} MB at the end",
        f"streams: {outcome.bytes / outcome.seconds / 2**20:.1f} MB a second to all pages",
    ]


async def _agents(database: Path, count: int) -> list[str]:
    """Add the agents and sign each in; returns what their cookies hold."""
    opened = Database(f"sqlite:///{database}")
    await prepare(opened)
    ids = TimeIds(OWNERS - 1, after=await Queries(opened).newest_id())
    now = datetime.now(UTC)
    secrets: list[str] = []
    for number in range(count):
        login = f"agent{number}"
        agent = Agent(login, f"Agent {number}", "agent", available=True)
        note = Act(ids(), NO_LINE, now, "command", "agent_added", login)
        await add_agent(opened, agent, password_hash="!", now=now, note=note)
        note = Act(ids(), NO_LINE, now, agent.actor, "signed_in", login)
        ends = now + timedelta(hours=12)
        secrets.append(
            await begin_session(opened, login, client="bench", expires_at=ends, now=now, note=note)
        )
    await opened.close()
    return secrets


class Run:
    """One measurement.

    Args:
        server: The server under test.
        database: Its file.
        cookies: One page each.
        chats: Contacts who write in turn.
        rate: Messages a second, of all of them.
        view: The list that the pages show.
    """

    def __init__(
        self,
        server: Server,
        database: Path,
        cookies: list[str],
        *,
        chats: int,
        rate: int,
        view: str,
    ) -> None:
        self._server = server
        self._database = database
        self._cookies = cookies
        self._phones = [f"52155500{number:05d}" for number in range(chats)]
        self._rate = rate
        self._view = view
        self._origin = f"http://127.0.0.1:{server.port}"
        self._committed: Committed = {phone: [] for phone in self._phones}
        self._seen = Seen()

    async def measure(self, *, seconds: int, warm: int) -> Outcome:
        """Let the contacts write, and read what the pages hear."""
        connector = aiohttp.TCPConnector(limit=0)
        async with (
            _provider(self._server.provider_port),
            aiohttp.ClientSession(connector=connector) as session,
        ):
            await self._into_the_queue(session)
            pages = [asyncio.create_task(self._page(session, one)) for one in self._cookies]
            async with asyncio.timeout(60):
                while len(self._seen.newest) < len(self._cookies):
                    await asyncio.sleep(0.05)
            await asyncio.sleep(1)
            self._seen.bytes, self._seen.reloads = 0, 0
            began, used = time.monotonic(), read_usage(self._server.pid)
            writing = asyncio.create_task(self._write(session, seconds))
            await asyncio.sleep(warm)
            early = read_usage(self._server.pid)
            await writing
            took = time.monotonic() - began
            late = read_usage(self._server.pid)
            await asyncio.sleep(SETTLE_S)
            for page in pages:
                page.cancel()
            await asyncio.gather(*pages, return_exceptions=True)
        return self._outcome(took, late.cpu_s - used.cpu_s, warm, early, late)

    def _outcome(self, took: float, cpu_s: float, warm: int, early: Usage, late: Usage) -> Outcome:
        waits = sorted(self._seen.waits)
        return Outcome(
            agents=len(self._cookies),
            messages=sum(map(len, self._committed.values())),
            seconds=took,
            p50_s=waits[len(waits) // 2],
            p99_s=waits[int(len(waits) * 0.99)],
            most_s=waits[-1],
            missed=sum(
                max(0, len(times) - newest.get(phone, 0))
                for newest in self._seen.newest
                for phone, times in self._committed.items()
            ),
            reloads=self._seen.reloads,
            cpu=100 * cpu_s / took,
            warm=warm,
            early=early,
            late=late,
            bytes=self._seen.bytes,
        )

    async def _into_the_queue(self, session: aiohttp.ClientSession) -> None:
        """Let every contact write once; their chats wait for an agent, unless the list is of all chats."""
        for phone in self._phones:
            await self._say(session, phone, 0)
        if self._view == "all":
            return
        with closing(sqlite3.connect(self._database, timeout=30)) as connection:
            (waiting,) = connection.execute(
                "SELECT count(*) FROM handoff WHERE ended_at IS NULL"
            ).fetchone()
        if waiting != len(self._phones):
            raise click.ClickException(f"{waiting} of {len(self._phones)} chats wait")

    async def _write(self, session: aiohttp.ClientSession, seconds: int) -> None:
        """Write at the rate, whatever the answers take."""
        began = time.monotonic()
        said: set[asyncio.Task[None]] = set()
        for count in range(self._rate * seconds):
            ahead = began + count / self._rate - time.monotonic()
            if ahead > 0:
                await asyncio.sleep(ahead)
            phone = self._phones[count % len(self._phones)]
            number = 1 + count // len(self._phones)
            task = asyncio.create_task(self._note(session, phone, number))
            said.add(task)
            task.add_done_callback(said.discard)
        await asyncio.gather(*said)

    async def _note(self, session: aiohttp.ClientSession, phone: str, number: int) -> None:
        await self._say(session, phone, number)
        self._committed[phone].append(time.monotonic())

    async def _say(self, session: aiohttp.ClientSession, phone: str, number: int) -> None:
        words = "agent" if number == 0 and self._view == "queue" else f"m:{phone}:{number}."
        body = orjson.dumps(_webhook(phone, f"wamid.{phone}.{number}", words))
        signed = {"X-Hub-Signature-256": f"sha256={hmac.digest(SECRET, body, 'sha256').hex()}"}
        async with session.post(
            f"{self._origin}/webhooks/bench", data=body, headers=signed
        ) as answer:
            answer.raise_for_status()

    async def _page(self, session: aiohttp.ClientSession, secret: str) -> None:
        """Read one page's stream."""
        newest: dict[str, int] = {}
        cookie = {"Cookie": f"{PLAIN_COOKIE}={secret}"}
        url = f"{self._origin}/inbox/events?view={self._view}"
        timeout = aiohttp.ClientTimeout(total=None)
        async with session.get(url, headers=cookie, timeout=timeout) as stream:
            stream.raise_for_status()
            self._seen.newest.append(newest)
            rest = b""
            async for chunk in stream.content.iter_any():
                self._seen.bytes += len(chunk)
                *events, rest = (rest + chunk).split(b"\n\n")
                now = time.monotonic()
                for event in events:
                    self._hear(event, newest, now)

    def _hear(self, event: bytes, newest: dict[str, int], now: float) -> None:
        if event.startswith(b"event: reload"):
            self._seen.reloads += 1
        elif event.startswith(b"event: row"):
            # Words of the newest message stand in the row, once for the eye; not parsed as a page would.
            at = event.find(b"m:5215")
            if at >= 0:
                _, phone, number = event[at : event.index(b".", at)].decode().split(":")
                self._comes(newest, phone, int(number), now)

    def _comes(self, newest: dict[str, int], phone: str, number: int, now: float) -> None:
        """Count a row with a contact's so manieth message: with it the list is right after those before it, too."""
        times = self._committed[phone]
        for one in range(newest.get(phone, 0), number):
            # A row may be quicker than the webhook's answer.
            self._seen.waits.append(max(0.0, now - times[one]) if one < len(times) else 0.0)
        newest[phone] = max(number, newest.get(phone, 0))


@asynccontextmanager
async def _provider(port: int) -> AsyncIterator[None]:
    """Answer as Meta does, and nothing more."""
    sent = iter(range(1, 1 << 62))

    async def answer(request: web.Request) -> web.Response:
        await request.read()
        told = {"messaging_product": "whatsapp", "messages": [{"id": f"wamid.out.{next(sent)}"}]}
        return web.json_response(told)

    app = web.Application()
    app.router.add_post("/{path:.*}", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    yield
    await runner.cleanup()


def _webhook(phone: str, id_: str, text: str) -> dict[str, object]:
    message = {"from": phone, "id": id_, "timestamp": str(int(time.time())), "type": "text"}
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "15550001000", "phone_number_id": PHONE_NUMBER_ID},
        "contacts": [{"profile": {"name": f"Contact {phone[-5:]}"}, "wa_id": phone}],
        "messages": [{**message, "text": {"body": text}}],
    }
    change = {"field": "messages", "value": value}
    return {"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": [change]}]}


if __name__ == "__main__":
    main()
