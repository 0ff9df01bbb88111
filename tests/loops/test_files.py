"""What follows a file leaves when the file has arrived, within five seconds, and in order."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.fake import FakeAdapter
from engine.core.ids import ExternalId
from engine.core.signals import Arrival, DeliveryReported, Status
from tests.loops.world import LINE, World, engine_world, until

FILES = Path(__file__).parent / "files"
AFTER = "Here it is.\n\nBye."


async def report(world: World, external_id: str, status: Status) -> None:
    now = world.clock.now()
    signal = DeliveryReported(external_id=ExternalId(external_id), status=status, at=now)
    key = f"{external_id}:{status}"
    await world.engine.accept([Arrival(line=LINE, key=key, signal=signal, received_at=now)])


async def the_photos_id(world: World) -> str:
    """Wait until the photo is known to be sent; what is behind it is then back in the outbox."""
    found: list[tuple[object, ...]] = []
    asked = "SELECT external_id FROM message WHERE content LIKE '%pizza.jpg%' AND status = 'sent'"
    async with asyncio.timeout(10):
        while not (found := await world.rows(asked)):
            await asyncio.sleep(0.005)
    return str(found[0][0])


@asynccontextmanager
async def at_the_photo(folder: Path) -> AsyncIterator[tuple[World, str]]:
    """A contact who was just sent a photo; the text behind it waits."""
    async with engine_world(folder, FILES) as world:
        world.clock.stands_at = world.clock.now()
        await world.says("hi")
        await world.sees(1)
        await world.says("pizza")
        yield world, await the_photos_id(world)


async def left(world: World) -> list[str]:
    """What left after one more look at the outbox."""
    world.engine.wake()
    found = await world.rows("SELECT count(*) FROM message WHERE status = 'queued'")
    assert found == [(1,)]
    return world.shown()[1:]


@pytest.mark.parametrize("status", ["delivered", "read", "failed"])
async def test_the_text_leaves_when_the_photo_has_arrived(tmp_path: Path, status: Status) -> None:
    async with at_the_photo(tmp_path) as (world, photo):
        await report(world, photo, "sent")
        assert await left(world) == ["image"]
        await report(world, "another's", status)
        assert await left(world) == ["image"]
        await report(world, photo, status)
        assert (await world.sees(3))[1:] == ["image", AFTER]


async def test_a_phone_that_is_off_holds_up_nothing_for_longer_than_five_seconds(
    tmp_path: Path,
) -> None:
    async with at_the_photo(tmp_path) as (world, photo):
        world.clock.ahead += timedelta(seconds=4)
        assert await left(world) == ["image"]
        world.clock.ahead += timedelta(seconds=1)
        world.engine.wake()
        assert (await world.sees(3))[1:] == ["image", AFTER]
        await report(world, photo, "delivered")
        assert len(world.shown()) == 3


async def test_nothing_waits_for_a_photo_by_a_clock_that_was_set_back_since(tmp_path: Path) -> None:
    async with at_the_photo(tmp_path) as (world, _):
        world.clock.ahead -= timedelta(hours=1)
        world.engine.wake()
        assert (await world.sees(3))[1:] == ["image", AFTER]


async def test_the_next_turn_waits_too(tmp_path: Path) -> None:
    async with at_the_photo(tmp_path) as (world, photo):
        await world.says("hi again")
        rows = await world.rows("SELECT count(*) FROM message WHERE status = 'queued'")
        assert (rows, world.shown()[1:]) == ([(2,)], ["image"])
        await report(world, photo, "delivered")
        assert (await world.sees(4))[1:] == ["image", AFTER, "Say a word."]


async def test_a_new_process_waits_for_the_rest_of_the_five_seconds_at_most(tmp_path: Path) -> None:
    async with at_the_photo(tmp_path) as (world, _):
        await world.stop()
        world.clock.ahead += timedelta(seconds=5)
        await world.start()
        assert (await world.sees(3))[1:] == ["image", AFTER]
        assert await world.rows("SELECT count(*) FROM message WHERE maybe_twice") == [(0,)]


async def test_a_status_that_overtakes_the_answer_counts(tmp_path: Path) -> None:
    async with engine_world(tmp_path, FILES) as world:
        await world.says("hi")
        await world.sees(1)
        world.adapter.hold()
        await world.says("pizza")
        await until(lambda: len(world.adapter.tried) == 2)
        await report(world, f"fake:{world.adapter.tried[1].id}:2", "delivered")
        world.adapter.release()
        assert (await world.sees(3))[1:] == ["image", AFTER]


async def test_a_line_that_reports_nothing_is_not_waited_for(tmp_path: Path) -> None:
    world = World(tmp_path, FILES)
    silent = world.adapter.capabilities.model_copy(update={"reports_delivery": False})
    world.adapter = FakeAdapter(LINE, capabilities=silent)
    await world.start()
    await world.says("hi")
    await world.sees(1)
    await world.says("pizza")
    assert (await world.sees(3))[1:] == ["image", AFTER]
    await world.stop()
