"""What comes due: once, in its time, and after a restart where nothing ran meanwhile."""

import asyncio
from datetime import timedelta
from pathlib import Path

from engine.core.ids import RunId, TimerId, VisitId
from engine.core.signals import TimerFired
from tests.loops.world import act, engine_world

BOTS = Path(__file__).parent / "bots"
JOINED = Path(__file__).parent / "joined"
TIMED = Path(__file__).parent / "timed"


async def test_a_run_expires_silently_after_its_time(tmp_path: Path) -> None:
    async with engine_world(tmp_path, BOTS) as world:
        await world.says("hello")
        await world.sees(1)
        world.clock.ahead += timedelta(hours=2, minutes=1)
        world.engine.wake()
        async with asyncio.timeout(10):
            while (await world.rows("SELECT trace FROM turn WHERE trace LIKE '%expired%'")) == []:
                await asyncio.sleep(0.02)
        assert len(world.adapter.tried) == 1


async def test_a_fired_timer_never_takes_its_successor_along(tmp_path: Path) -> None:
    async with engine_world(tmp_path, BOTS) as world:
        await world.says("hello")
        await world.sees(1)
        ((timer, run, visit),) = await world.rows("SELECT id, run, visit FROM timer")
        stale = TimerFired(
            timer=TimerId(int(str(timer)) - 1),
            purpose="run_expires",
            run=RunId(int(str(run))),
            visit=VisitId(int(str(visit))),
        )
        await act(world, stale)
        assert await world.rows("SELECT count(*) FROM timer") == [(1,)]


async def test_timers_and_waiting_signals_survive_a_restart(tmp_path: Path) -> None:
    async with engine_world(tmp_path, BOTS) as world:
        await world.says("hello")
        await world.sees(1)
        await world.stop()
        world.clock.ahead += timedelta(hours=2, minutes=1)
        await world.start()
        async with asyncio.timeout(10):
            while (await world.rows("SELECT trace FROM turn WHERE trace LIKE '%expired%'")) == []:
                await asyncio.sleep(0.02)


async def test_what_came_due_while_nothing_ran_is_said_once(tmp_path: Path) -> None:
    async with engine_world(tmp_path, TIMED) as world:
        await world.says("hello")
        await world.sees(1)
        await world.stop()
        world.clock.ahead += timedelta(hours=4)
        await world.start()
        said = await world.sees(3)
        assert sorted(said) == ["As promised.", "Nobody?", "Which size?"]
        origins = await world.rows("SELECT origin FROM message WHERE direction = 'out' ORDER BY id")
        assert origins == [("flow",), ("timer",), ("timer",)]
        await world.stop()
        await world.start()
        await world.says("Large")
        assert (await world.sees(4))[3] == "Thank you."
        assert await world.rows("SELECT count(*) FROM timer") == [(0,)]


async def test_an_answer_in_several_messages_survives_a_restart(tmp_path: Path) -> None:
    async with engine_world(tmp_path, JOINED) as world:
        await world.says("hello")
        await world.sees(1)
        await world.says("My pizza", "was cold")
        await world.stop()
        world.clock.ahead += timedelta(seconds=30)
        await world.start()
        assert (await world.sees(2))[1] == "You said: My pizza\nwas cold"


async def test_an_answer_in_several_messages_waits_for_no_clock_that_was_set_back_before_it(
    tmp_path: Path,
) -> None:
    async with engine_world(tmp_path, JOINED) as world:
        world.clock.ahead = timedelta(hours=1)
        await world.says("hello")
        await world.sees(1)
        world.clock.ahead = timedelta()
        await world.says("My pizza", "was cold")
        world.clock.ahead = timedelta(seconds=30)
        world.engine.wake()
        assert (await world.sees(2))[1] == "You said: My pizza\nwas cold"


async def test_an_answer_in_several_messages_waits_for_no_clock_that_was_set_back_amid_it(
    tmp_path: Path,
) -> None:
    async with engine_world(tmp_path, JOINED) as world:
        world.clock.ahead = timedelta(hours=1)
        await world.says("hello")
        await world.sees(1)
        await world.says("My pizza", "was cold")
        world.clock.ahead = timedelta()
        world.clock.passed_s = 30
        world.engine.wake()
        assert (await world.sees(2))[1] == "You said: My pizza\nwas cold"
