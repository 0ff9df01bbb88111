"""Who waits for whom on the way out: each contact for their own sends alone, and none for the next sweep."""

import asyncio
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from engine.core.errors import ProviderUnreachable
from engine.loops import sender
from engine.ports import OutboxEntry
from storage.unit_of_work import UnitOfWork
from tests.loops.world import COUNT, engine_world, statuses, until


async def test_a_slow_provider_holds_up_its_own_contact_alone(tmp_path: Path) -> None:
    async with engine_world(tmp_path, COUNT) as world:
        world.adapter.hold()
        await world.says("hello", phone="1")
        await until(lambda: len(world.adapter.tried) == 1)
        await world.says("one", phone="1")
        await world.says("hello", phone="2")
        await until(lambda: len(world.adapter.tried) == 2)
        assert [outgoing.contact.phone for outgoing in world.adapter.tried] == ["1", "2"]
        world.adapter.release()
        assert len(await world.sees(2, "1")) == 2


async def test_what_a_line_left_behind_never_holds_up_the_others(tmp_path: Path) -> None:
    async with engine_world(tmp_path, COUNT) as world:
        world.adapter.refuse(ProviderUnreachable(retry_after=timedelta(hours=1)))
        await world.says("hello", phone="5215550009")
        await statuses(world, "queued", 1)
        await world.stop()
        with closing(sqlite3.connect(tmp_path / "parley.db")) as database, database:
            database.execute("PRAGMA foreign_keys = OFF")
            for table in ("contact", "address", "conversation", "message", "signal"):
                database.execute(f"UPDATE {table} SET line_id = 'gone'")
            database.execute("UPDATE message SET retry_at = NULL WHERE status = 'queued'")
            database.execute("UPDATE signal SET handled_at = NULL")
        await world.start()
        await world.says("hello")
        assert await world.sees(1) == ["Ready."]
        await world.says("one")
        assert (await world.sees(2))[1].startswith("1: heard one")
        left = "SELECT status FROM message WHERE line_id = 'gone' AND retry_at IS NOT NULL"
        async with asyncio.timeout(10):
            while await world.rows(left) != [("queued",)]:
                await asyncio.sleep(0.02)


async def test_what_waits_behind_a_send_goes_at_its_end_not_at_the_next_sweep(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sender, "SWEEP_S", 60.0)
    async with engine_world(tmp_path, COUNT) as world:
        world.adapter.hold()
        await world.says("hello")
        await until(lambda: len(world.adapter.tried) == 1)
        await world.says("one")
        await world.says("two")
        await statuses(world, "queued", 2)
        assert len(world.adapter.tried) == 1
        world.adapter.release()
        shown = await world.sees(3)
        assert [text.split("\n")[0] for text in shown] == ["Ready.", "1: heard one", "2: heard two"]


async def test_what_found_no_lane_goes_when_one_ends_not_at_the_next_sweep(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sender, "SWEEP_S", 60.0)
    monkeypatch.setattr(sender, "LANES_MOST", 1)
    async with engine_world(tmp_path, COUNT) as world:
        world.adapter.hold()
        for phone in ("1", "2", "3"):
            await world.says("hello", phone=phone)
        await statuses(world, "queued", 2)
        world.adapter.release()
        for phone in ("1", "2", "3"):
            assert await world.sees(1, phone) == ["Ready."]


async def test_sends_with_nothing_behind_them_ask_the_database_for_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sender, "SWEEP_S", 60.0)
    async with engine_world(tmp_path, COUNT) as world:
        await world.says("hello")
        await world.sees(1)
        await statuses(world, "sent", 1)
        looks: list[int] = []
        take = UnitOfWork.take_entries

        async def counted(batch: UnitOfWork, **asked: Any) -> list[OutboxEntry]:
            looks.append(1)
            return await take(batch, **asked)

        monkeypatch.setattr(UnitOfWork, "take_entries", counted)
        for phone in ("1", "2", "3", "4"):
            await world.says("hello", phone=phone)
            await world.sees(1, phone)
        await statuses(world, "sent", 5)
        assert looks == []
