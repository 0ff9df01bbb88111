"""The machine's clock is set while work is under way: nothing of it ends too soon, and nothing waits for ever."""

from datetime import timedelta
from pathlib import Path

import pytest

from engine.core.content import Media
from engine.core.errors import ProviderUnreachable
from engine.ports import FetchedMedia
from tests.loops.test_typing import SLOW, go_on
from tests.loops.world import COUNT, World, engine_world, eventually


async def thinks(world: World) -> None:
    """Let a code step of a contact's talk run until `go_on`."""
    await world.says("hi")
    await world.sees(1)
    await world.says("ducks")
    busy = "SELECT count(*) FROM timer WHERE purpose = 'step_timeout'"
    assert await world.rows(busy) == [(1,)]


async def test_a_code_step_goes_on_where_the_clock_leaps_over_its_end(tmp_path: Path) -> None:
    async with engine_world(tmp_path, SLOW) as world:
        await thinks(world)
        world.clock.ahead = timedelta(minutes=14)
        world.engine.wake()
        await world.says("hello", phone="5215550002")  # a turn later than the timer's, did it fire
        await world.sees(1, phone="5215550002")
        go_on(world)
        assert (await world.sees(2))[1] == "I heard ducks.\n\nSay a word."


async def test_a_code_step_runs_again_after_its_process_was_down_for_long(tmp_path: Path) -> None:
    async with engine_world(tmp_path, SLOW) as world:
        await thinks(world)
        await world.engine.stop(within_s=0.1)
        await world.database.close()
        world.clock.ahead = timedelta(hours=1)
        await world.start()
        await world.says("hello", phone="5215550002")
        await world.sees(1, phone="5215550002")
        go_on(world)
        assert (await world.sees(2))[1] == "I heard ducks.\n\nSay a word."


async def put_back(world: World) -> None:
    """Let a contact's reply be put back by a clock that is an hour ahead, which is then set right."""
    await world.says("hi")
    await world.sees(1)
    world.clock.ahead = timedelta(hours=1)
    world.adapter.refuse(ProviderUnreachable("down", retry_after=timedelta(seconds=30)))
    await world.says("ducks")
    waits = "SELECT count(*) FROM message WHERE retry_at IS NOT NULL"
    await eventually(lambda: _is(world, waits, 1))
    world.clock.ahead = timedelta()


async def test_a_reply_that_was_put_back_goes_once_the_clock_is_set_back(tmp_path: Path) -> None:
    async with engine_world(tmp_path, COUNT) as world:
        await put_back(world)
        assert "ducks" in (await world.sees(2))[1]


async def test_a_reply_that_was_put_back_goes_at_a_start_with_the_clock_set_back(
    tmp_path: Path,
) -> None:
    async with engine_world(tmp_path, COUNT) as world:
        await put_back(world)
        await world.engine.stop()
        await world.database.close()
        await world.start()
        assert "ducks" in (await world.sees(2))[1]


async def test_a_reply_that_was_put_back_waits_in_real_time_on_a_line_ahead_of_it(
    tmp_path: Path,
) -> None:
    async with engine_world(tmp_path, COUNT) as world:
        world.clock.line_ahead = timedelta(hours=1)
        await world.says("hi")
        await world.sees(1)
        world.adapter.refuse(ProviderUnreachable("down", retry_after=timedelta(seconds=30)))
        await world.says("ducks")
        waits = "SELECT count(*) FROM message WHERE retry_at IS NOT NULL"
        await eventually(lambda: _is(world, waits, 1))
        world.engine.wake()
        await world.says("hello", phone="5215550002")
        await world.sees(1, phone="5215550002")
        world.engine.wake()
        await world.says("geese", phone="5215550002")
        await world.sees(2, phone="5215550002")
        assert await world.rows(waits) == [(1,)]
        assert len(world.shown()) == 1


async def test_a_file_that_could_not_be_fetched_is_tried_again_once_the_clock_is_set_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def is_away(_: Media) -> FetchedMedia:
        raise ProviderUnreachable("down")

    async with engine_world(tmp_path, COUNT) as world:
        world.adapter.files["f1"] = FetchedMedia(b"picture", "image/png")
        world.clock.ahead = timedelta(hours=1)
        with monkeypatch.context() as patch:
            patch.setattr(world.adapter, "fetch", is_away)
            await world.engine.accept([world.arrival(Media(kind="image", external_id="f1"))])
            waits = "SELECT count(*) FROM media WHERE retry_at IS NOT NULL"
            await eventually(lambda: _is(world, waits, 1))
        world.clock.ahead = timedelta()
        world.engine.wake()
        stored = "SELECT count(*) FROM media WHERE state = 'stored'"
        await eventually(lambda: _is(world, stored, 1))


async def _is(world: World, question: str, count: int) -> bool:
    return await world.rows(question) == [(count,)]
