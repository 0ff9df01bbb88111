"""When a batch begins: at once in quiet times, and under load once as many have come as the last time."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.core.content import Text
from engine.core.ids import ExternalId, LineId
from engine.core.signals import Arrival, MessageReceived
from engine.loops import writer
from engine.loops.batch import BatchSteps
from engine.loops.performer import Outcome
from engine.loops.writer import CROWD, Writer
from engine.ports import Batch, SendMark, StoredSignal
from storage import Database, SqlStore, TimeIds
from tests.ready import ready

NOW = datetime(2026, 3, 10, 10, tzinfo=UTC)
LONG_S = 3600.0
"""A wait that no test sees the end of."""


class Storing(BatchSteps):
    """Stores what arrives, and steps nothing: nobody is answered."""

    def __init__(self) -> None:
        """Need nothing."""

    async def run(
        self,
        batch: Batch,
        arrivals: Sequence[Arrival],
        stored: Sequence[StoredSignal],
        marks: Sequence[SendMark] = (),
    ) -> Outcome:
        await batch.add_signals([(arrival, None) for arrival in arrivals], now=NOW)
        return Outcome()


class Door:
    """Where arrivals come in, each with a key of its own."""

    def __init__(self, store: SqlStore) -> None:
        self.sends = False
        self.writer = Writer(
            store=store, steps=Storing(), committed=lambda _: None, sends=lambda: self.sends
        )
        self._keys = 0

    async def takes(self, count: int) -> None:
        """Take so many at once, until they are committed."""
        await self.writer.accept([self._arrival() for _ in range(count)])

    def _arrival(self) -> Arrival:
        self._keys += 1
        key = f"m{self._keys}"
        signal = MessageReceived(
            external_id=ExternalId(key), content=Text(body="hello"), sent_at=NOW
        )
        return Arrival(line=LineId("shop"), key=key, signal=signal, received_at=NOW)


@asynccontextmanager
async def door(folder: Path) -> AsyncIterator[Door]:
    """Run a writer on a database of its own."""
    database = Database(f"sqlite:///{ready(folder / 'parley.db')}")
    it = Door(SqlStore(database, ids=TimeIds(1)))
    running = asyncio.create_task(it.writer.run())
    try:
        yield it
        await it.writer.close()
        await running
    finally:
        running.cancel()
        await database.close()


async def test_few_wait_for_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer, "GATHER_STEP_S", LONG_S)
    async with door(tmp_path) as it, asyncio.timeout(10):
        await it.takes(CROWD - 1)
        await it.takes(1)


async def test_as_many_as_the_last_time_wait_for_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "GATHER_STEP_S", LONG_S)
    async with door(tmp_path) as it, asyncio.timeout(10):
        await it.takes(CROWD)
        await it.takes(CROWD)


@pytest.mark.parametrize(("count", "sends"), [(CROWD - 1, False), (CROWD, True)])
async def test_while_some_may_still_come_a_crowd_waits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, count: int, sends: bool
) -> None:
    step_s = 0.3
    monkeypatch.setattr(writer, "GATHER_STEP_S", step_s)
    async with door(tmp_path) as it:
        await it.takes(CROWD)
        it.sends = sends
        begun = time.monotonic()
        await it.takes(count)
        assert time.monotonic() - begun >= step_s
