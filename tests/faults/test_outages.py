"""The provider or the database is away for a while: nothing accepted is lost, what cannot be stored gets 503."""

import asyncio
import resource
import sqlite3
from pathlib import Path

import pytest

from adapters.sandbox.cloud import CloudSettings, Fault
from tests.faults.harness import Bench, eventually, running
from tests.faults.test_kill import one_contact


async def ready(bench: Bench, *addresses: str) -> None:
    for address in addresses:
        contact = bench.sandbox.contact(address)
        await contact.says("hello")
        await contact.receives()


@pytest.mark.parametrize(
    "fault",
    [
        Fault(kind="error", code=131000, times=None, for_s=3),
        Fault(kind="error", code=130429, times=None, for_s=3),
        Fault(kind="html", times=None, for_s=3),
        Fault(kind="close", times=5),
        Fault(kind="half", times=5),
    ],
    ids=["down", "too fast", "gateway page", "cut after accepting", "half an answer"],
)
async def test_a_provider_in_trouble_gets_every_reply_in_the_end(
    tmp_path: Path, fault: Fault
) -> None:
    async with running(tmp_path) as bench:
        bench.sandbox.faults.arm(fault, bench.sandbox.monotonic())
        addresses = [f"5215560{number:05d}" for number in range(6)]
        await asyncio.gather(*(one_contact(bench, address, []) for address in addresses))
        await eventually(
            lambda: not bench.ledger.unanswered(),
            timeout_s=60,
            what=f"replies; {bench.server.log()}",
        )
        await bench.sandbox.courier.settled()
        bench.ledger.check(bench.server.database)


async def test_a_locked_database_answers_503_and_loses_nothing(tmp_path: Path) -> None:
    settings = CloudSettings(webhook_timeout_s=30)
    async with running(tmp_path, settings=settings) as bench:
        await ready(bench, "5215550000001")
        contact = bench.sandbox.contact("5215550000001")
        locker = sqlite3.connect(bench.server.database, isolation_level=None)
        locker.execute("BEGIN IMMEDIATE")
        refused = await contact.says("one")
        assert [tried.status for tried in refused.attempts] == [503]
        locker.execute("ROLLBACK")
        locker.close()
        await eventually(lambda: refused.accepted, timeout_s=30, what="redelivery")
        await contact.says("two")
        await eventually(lambda: not bench.ledger.unanswered(), timeout_s=30, what="replies")
        bench.ledger.check(bench.server.database)


async def test_a_full_disk_answers_503_and_loses_nothing(tmp_path: Path) -> None:
    async with running(tmp_path) as bench:
        await ready(bench, "5215550000002")
        contact = bench.sandbox.contact("5215550000002")
        await contact.says("before")
        await contact.receives()
        # No file of the server may grow beyond one byte: every write to the log of the database fails.
        soft, hard = resource.prlimit(bench.server.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(bench.server.pid, resource.RLIMIT_FSIZE, (1, hard))
        refused = await contact.says("during")
        assert [tried.status for tried in refused.attempts] == [503]
        resource.prlimit(bench.server.pid, resource.RLIMIT_FSIZE, (soft, hard))
        await eventually(lambda: refused.accepted, timeout_s=30, what="redelivery")
        await contact.says("after")
        await eventually(lambda: not bench.ledger.unanswered(), timeout_s=30, what="replies")
        bench.ledger.check(bench.server.database)


async def test_a_graceful_stop_under_load_hands_everything_back(tmp_path: Path) -> None:
    async with running(tmp_path) as bench:
        addresses = [f"5215561{number:05d}" for number in range(6)]
        load = asyncio.gather(*(one_contact(bench, address, []) for address in addresses))
        await eventually(lambda: len(bench.ledger.sends) > 10, timeout_s=20, what="load")
        assert await bench.server.stop() == 0
        await bench.server.start()
        await load
        await eventually(lambda: not bench.ledger.unanswered(), timeout_s=30, what="replies")
        await bench.sandbox.courier.settled()
        bench.ledger.check(bench.server.database)
        assert not bench.ledger.repeats()
