"""What arrives is stored once, stepped in its order and answered; what cannot be stored is not accepted."""

import asyncio
import sqlite3
from collections.abc import Collection
from pathlib import Path

import pytest

from engine.core.content import Media
from engine.core.errors import StoreUnavailable
from engine.core.ids import LineId
from engine.loops import batch
from engine.ports import FetchedMedia, StoredSignal
from tests.loops.world import COUNT, World, engine_world, statuses


async def test_a_message_is_answered_and_marked(tmp_path: Path) -> None:
    async with engine_world(tmp_path, COUNT) as world:
        await world.says("hello")
        assert await world.sees(1) == ["Ready."]
        await world.says("one")
        assert (await world.sees(2))[1].startswith("1: heard one")
        await statuses(world, "sent", 2)
        assert world.changed


async def test_the_same_key_counts_once_in_one_batch_and_across_batches(tmp_path: Path) -> None:
    async with engine_world(tmp_path, COUNT) as world:
        await world.says("hello")
        arrival = world.arrival("one")
        await world.engine.accept([arrival, arrival])
        await world.engine.accept([arrival])
        await world.says("two")
        shown = await world.sees(3)
        assert [text.split("\n")[0] for text in shown] == ["Ready.", "1: heard one", "2: heard two"]


async def test_messages_during_a_code_step_wait_and_keep_their_order(tmp_path: Path) -> None:
    async with engine_world(tmp_path, COUNT) as world:
        await world.says("hello", *(f"m{number}" for number in range(1, 9)))
        shown = await world.sees(9)
        assert [t.split("\n")[0] for t in shown[1:]] == [f"{n}: heard m{n}" for n in range(1, 9)]


async def test_many_contacts_at_once_each_get_their_own(tmp_path: Path) -> None:
    async with engine_world(tmp_path, COUNT) as world:
        phones = [f"52155500{number:03d}" for number in range(60)]
        await asyncio.gather(*(world.says("hello", phone=phone) for phone in phones))
        for phone in phones:
            await world.sees(1, phone)
        await asyncio.gather(*(world.says(phone, phone=phone) for phone in phones))
        for phone in phones:
            assert (await world.sees(2, phone))[1].startswith(f"1: heard {phone}")


async def test_what_was_stepped_since_it_was_read_is_not_stepped_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The runner reads beside the writer: what it finds may be stepped, and committed, before it hands it over."""
    async with engine_world(tmp_path, COUNT) as world:
        await world.says("hello")
        await world.sees(1)
        now_waiting = world.store.waiting_signals
        found: list[list[StoredSignal]] = []

        async def as_it_was(lines: Collection[LineId], *, limit: int) -> list[StoredSignal]:
            found.append(await now_waiting(lines, limit=limit) or next((f for f in found if f), []))
            return found[-1]

        monkeypatch.setattr(world.store, "waiting_signals", as_it_was)
        monkeypatch.setattr(
            batch, "BATCH_TIME_S", -1.0
        )  # every new signal is stored to be stepped later
        await world.engine.accept([world.arrival("1"), world.arrival("2")])
        monkeypatch.setattr(batch, "BATCH_TIME_S", 5.0)
        await world.sees(3)
        async with asyncio.timeout(20):
            while sum(map(bool, found)) < 4:
                world.engine.wake()
                await asyncio.sleep(0.02)
        assert await world.rows("SELECT count(*) FROM turn") == [
            (5,)
        ]  # two of them of its code step
        assert await world.rows("SELECT count(*) FROM signal WHERE handled_at IS NULL") == [(0,)]
        assert len(world.shown()) == 3


async def test_inbound_files_are_fetched_and_kept(tmp_path: Path) -> None:
    async with engine_world(tmp_path, COUNT) as world:
        world.adapter.files["f1"] = FetchedMedia(b"picture", "image/png")
        await world.engine.accept([world.arrival(Media(kind="image", external_id="f1"))])
        async with asyncio.timeout(10):
            while await world.rows("SELECT 1 FROM media WHERE stored IS NULL"):
                await asyncio.sleep(0.01)
        ((stored, size),) = await world.rows("SELECT stored, size_bytes FROM media")
        assert size == 7
        assert (tmp_path / "media").is_dir()
        assert stored


async def test_a_locked_database_refuses_what_it_cannot_store(tmp_path: Path) -> None:
    async with engine_world(tmp_path, COUNT) as world:
        await world.says("hello")
        await world.sees(1)
        locker = sqlite3.connect(tmp_path / "parley.db", isolation_level=None)
        locker.execute("BEGIN IMMEDIATE")
        arrival = world.arrival("one")
        with pytest.raises(StoreUnavailable):
            await world.engine.accept([arrival])
        locker.execute("ROLLBACK")
        locker.close()
        await world.engine.accept([arrival])
        assert (await world.sees(2))[1].startswith("1: heard one")
        await statuses(world, "sent", 2)


async def test_after_a_stop_nothing_is_accepted_and_everything_is_written(tmp_path: Path) -> None:
    world = World(tmp_path, COUNT)
    await world.start()
    await world.says("hello")
    await world.engine.stop()
    with pytest.raises(StoreUnavailable):
        await world.says("late")
    assert await world.rows("SELECT count(*) FROM message WHERE status = 'sending'") == [(0,)]
    await world.database.close()
