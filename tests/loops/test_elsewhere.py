"""What another replica holds this moment is left to it, and nothing else waits for that."""

from pathlib import Path

import asyncpg  # type: ignore[import-untyped]  # ships no types

from tests.loops.world import World, engine_world

FLOWS = Path(__file__).parents[1] / "faults" / "bot_first"


async def waiting(world: World) -> list[object]:
    """Return the ids of the signals that wait to be stepped."""
    return [id_ for (id_,) in await world.rows("SELECT id FROM signal WHERE handled_at IS NULL")]


async def test_what_another_replica_steps_this_moment_stays_stepped_and_holds_nobody_up(
    tmp_path: Path, empty_postgres: str
) -> None:
    async with engine_world(tmp_path, FLOWS, url=empty_postgres) as world:
        await world.says("hello")
        await world.sees(1)
        other = await asyncpg.connect(empty_postgres)
        try:
            async with other.transaction():
                await other.execute("SELECT 1 FROM conversation FOR UPDATE")
                await world.says("Ana")  # stored, and left to wait
                (signal,) = await waiting(world)
                await other.execute("UPDATE signal SET handled_at = now() WHERE id = $1", signal)
                world.engine.wake()
                for number in range(3):  # meanwhile it tries again and again
                    await world.says("hello", phone=f"521555100{number}")
                    await world.sees(1, phone=f"521555100{number}")
        finally:
            await other.close()
        world.engine.wake()
        await world.says("hello", phone="5215552000")
        await world.sees(1, phone="5215552000")

        assert await waiting(world) == []
