"""A provider that sends each webhook once meets a database in trouble: all are answered 200, none is lost."""

import asyncio
import resource
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import aiohttp

from adapters.sandbox.cloud import CloudSettings
from tests.faults.harness import Bench, eventually, running
from tests.faults.test_outages import ready

ADDRESSES = [f"5215570{number:05d}" for number in range(4)]
TEXTS = 5


@contextmanager
def locked(database: Path) -> Iterator[None]:
    """Let another program hold the database."""
    with closing(sqlite3.connect(database, isolation_level=None)) as locker:
        locker.execute("BEGIN IMMEDIATE")
        yield
        locker.execute("ROLLBACK")


async def write(bench: Bench, address: str, about: str) -> list[int | None]:
    """Write some texts, each once the one before was answered; the answers' statuses, one each."""
    deliveries = [
        await bench.sandbox.contact(address).says(f"{address}-{about}-{number}")
        for number in range(TEXTS)
    ]
    assert all(len(delivery.attempts) == 1 for delivery in deliveries)
    return [delivery.attempts[0].status for delivery in deliveries]


async def write_all(bench: Bench, about: str) -> set[int | None]:
    answered = await asyncio.gather(*(write(bench, address, about) for address in ADDRESSES))
    return {status for statuses in answered for status in statuses}


async def spooled(bench: Bench) -> int:
    url = f"http://127.0.0.1:{bench.server.port}/readyz"
    async with aiohttp.ClientSession() as session, session.get(url) as answer:
        return int((await answer.json())["spooled"])


async def all_answered(bench: Bench) -> None:
    await eventually(
        lambda: not bench.ledger.unanswered(),
        timeout_s=30,
        what=f"replies to {bench.ledger.unanswered()[:5]}; {bench.server.log()}",
    )
    bench.ledger.check(bench.server.database)


async def test_webhooks_during_a_locked_database_are_all_stepped_once_in_order(
    tmp_path: Path,
) -> None:
    settings = CloudSettings(webhook_timeout_s=30)
    async with running(tmp_path, settings=settings, once=True) as bench:
        await ready(bench, *ADDRESSES)
        with locked(bench.server.database):
            during = await write_all(bench, "during")
            waiting = await spooled(bench)
        after = await write_all(bench, "after")
        assert (during, after) == ({200}, {200})
        assert waiting >= len(ADDRESSES) * TEXTS
        await all_answered(bench)
        assert await spooled(bench) == 0


async def test_a_kill_while_webhooks_wait_on_disk_loses_none(tmp_path: Path) -> None:
    settings = CloudSettings(webhook_timeout_s=30)
    async with running(tmp_path, settings=settings, once=True) as bench:
        await ready(bench, *ADDRESSES)
        with locked(bench.server.database):
            assert await write_all(bench, "before") == {200}
            bench.server.kill()
        await bench.server.start()
        assert await write_all(bench, "after") == {200}
        await all_answered(bench)


async def test_a_kill_while_spooled_webhooks_enter_steps_each_once(tmp_path: Path) -> None:
    settings = CloudSettings(webhook_timeout_s=30)
    async with running(tmp_path, settings=settings, once=True) as bench:
        await ready(bench, *ADDRESSES)
        with locked(bench.server.database):
            assert await write_all(bench, "before") == {200}
        replied = len(bench.ledger.sends)
        await eventually(
            lambda: len(bench.ledger.sends) > replied, timeout_s=30, what="the first reply"
        )
        bench.server.kill()
        await bench.server.start()
        await all_answered(bench)


async def test_a_full_disk_of_the_database_keeps_them_in_the_reserve(tmp_path: Path) -> None:
    async with running(tmp_path, once=True) as bench:
        await ready(bench, *ADDRESSES)
        # The log of the database may not grow, and is beyond this size already; the spool's reserve is within it.
        size = 64 * 1024
        wal = bench.server.database.with_name("parley.db-wal")
        for round_ in range(100):
            if wal.stat().st_size > 2 * size:
                break
            assert await write_all(bench, f"filling{round_}") == {200}
        soft, hard = resource.prlimit(bench.server.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(bench.server.pid, resource.RLIMIT_FSIZE, (size, hard))
        during = await write_all(bench, "during")
        waiting = await spooled(bench)
        resource.prlimit(bench.server.pid, resource.RLIMIT_FSIZE, (soft, hard))
        assert during == {200}
        assert waiting >= len(ADDRESSES) * TEXTS
        await all_answered(bench)
