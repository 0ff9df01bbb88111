"""The machine's clock is set while work is under way: nothing of it ends too soon, and nothing waits for ever."""

from datetime import timedelta
from pathlib import Path

from tests.loops.test_typing import SLOW, go_on
from tests.loops.world import World, engine_world


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
