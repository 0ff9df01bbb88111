"""A provider that sends each webhook once meets a database in trouble: all are answered 200, none is lost."""

import asyncio
import resource
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest

from adapters.sandbox.providers import SANDBOXES
from adapters.sandbox.sandbox import Sandbox
from adapters.sandbox.server import served
from tests.faults.harness import BOT, HEARD, Server, eventually
from tests.ports import free_port

ONCE = ("interakt", "sobot")
ADDRESSES = [f"919876500{number:03d}" for number in range(4)]
TEXTS = 5


@dataclass
class Bench:
    """A server and a provider that sends each webhook once."""

    server: Server
    sandbox: Sandbox

    async def write(self, about: str) -> set[int | None]:
        """Let every contact write some texts, each once the one before was answered; return what was answered."""
        answered = await asyncio.gather(*(self._write(one, about) for one in ADDRESSES))
        return {status for statuses in answered for status in statuses}

    async def _write(self, address: str, about: str) -> list[int | None]:
        contact = self.sandbox.contact(address)
        deliveries = [await contact.says(f"{about}-{number}") for number in range(TEXTS)]
        assert all(len(delivery.attempts) == 1 for delivery in deliveries)
        return [delivery.attempts[0].status for delivery in deliveries]

    async def ready(self) -> None:
        """Let every contact begin a talk, so that each later text gets its number back."""
        for address in ADDRESSES:
            contact = self.sandbox.contact(address)
            await contact.says("hello")
            await contact.receives()

    async def spooled(self) -> int:
        url = f"http://127.0.0.1:{self.server.port}/readyz"
        async with aiohttp.ClientSession() as session, session.get(url) as answer:
            return int((await answer.json())["spooled"])

    async def all_let_in(self) -> None:
        """Wait until nothing is left on disk: a note goes some time after what it noted was committed."""
        async with asyncio.timeout(30):
            while await self.spooled():
                await asyncio.sleep(0.05)

    def heard(self, address: str) -> list[tuple[int, str]]:
        """Return what a contact was told: number and text, each once (a repeated send is no repeated step)."""
        found = [HEARD.search(text) for text in self.sandbox.contact(address).shown]
        return list(dict.fromkeys((int(one[1]), one[2]) for one in found if one))

    async def all_stepped(self, *abouts: str) -> None:
        """Wait until every text was answered, and assert that each was stepped once, in order."""
        texts = [f"{about}-{number}" for about in abouts for number in range(TEXTS)]
        await eventually(
            lambda: all(len(self.heard(address)) >= len(texts) for address in ADDRESSES),
            timeout_s=30,
            what=f"replies; {self.server.log()}",
        )
        for address in ADDRESSES:
            assert self.heard(address) == list(enumerate(texts, start=1))


@asynccontextmanager
async def running(folder: Path, provider: str) -> AsyncIterator[Bench]:
    """Start a sandbox and a server that speak with each other; both end with the block."""
    kind, port = SANDBOXES[provider], free_port()
    webhook = f"http://127.0.0.1:{port}/webhooks/shop"
    sandbox = kind(
        kind.settings_type.model_validate(
            {
                "webhook_url": webhook,
                "messages_per_second": 0,
                # A server that is slow for want of a processor is no fault of this kind; see tests/web/test_lanes.py.
                "webhook_timeout_s": 20,
            }
        )
    )
    async with served(sandbox) as address:
        server = Server(folder, port=port, line=sandbox.line(address), flows=BOT)
        await server.start()
        try:
            bench = Bench(server, sandbox)
            await bench.ready()
            yield bench
        finally:
            server.close()


@contextmanager
def locked(database: Path) -> Iterator[None]:
    """Let another program hold the database."""
    with closing(sqlite3.connect(database, isolation_level=None)) as locker:
        locker.execute("BEGIN IMMEDIATE")
        yield
        locker.execute("ROLLBACK")


@pytest.mark.parametrize("provider", ONCE)
async def test_webhooks_during_a_locked_database_are_all_stepped_once_in_order(
    tmp_path: Path, provider: str
) -> None:
    async with running(tmp_path, provider) as bench:
        with locked(bench.server.database):
            during = await bench.write("during")
            waiting = await bench.spooled()
        after = await bench.write("after")

        assert (during, after) == ({200}, {200})
        assert waiting >= len(ADDRESSES) * TEXTS
        await bench.all_stepped("during", "after")
        await bench.all_let_in()


@pytest.mark.parametrize("provider", ONCE)
async def test_a_kill_while_webhooks_wait_on_disk_loses_none(tmp_path: Path, provider: str) -> None:
    async with running(tmp_path, provider) as bench:
        with locked(bench.server.database):
            assert await bench.write("before") == {200}
            bench.server.kill()
        await bench.server.start()

        assert await bench.write("after") == {200}
        await bench.all_stepped("before", "after")


async def test_a_kill_while_spooled_webhooks_enter_steps_each_once(tmp_path: Path) -> None:
    async with running(tmp_path, "sobot") as bench:
        with locked(bench.server.database):
            assert await bench.write("before") == {200}
        await eventually(
            lambda: any(map(bench.heard, ADDRESSES)), timeout_s=30, what="the first reply"
        )
        bench.server.kill()
        await bench.server.start()

        await bench.all_stepped("before")


async def test_a_full_disk_of_the_database_keeps_them_in_the_reserve(tmp_path: Path) -> None:
    async with running(tmp_path, "sobot") as bench:
        # The log of the database may not grow, and is beyond this size already; the spool's reserve is within it.
        size = 64 * 1024
        wal = bench.server.database.with_name("parley.db-wal")
        fillings: list[str] = []
        while wal.stat().st_size <= 2 * size:
            fillings.append(f"filling-{len(fillings)}")
            assert await bench.write(fillings[-1]) == {200}
        pid = bench.server.pid
        soft, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, hard))
        during = await bench.write("during")
        waiting = await bench.spooled()
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (soft, hard))

        assert during == {200}
        assert waiting >= len(ADDRESSES) * TEXTS
        await bench.all_stepped(*fillings, "during")
