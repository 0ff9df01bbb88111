"""A database that goes away while a code step runs is waited for: no chat goes to people for that."""

import sqlite3
from contextlib import closing
from pathlib import Path

from structlog.testing import capture_logs

from tests.loops.world import engine_world, until

TRIES = 4
"""More than the tries that a step has where its own code raises; they take longer than its time."""


async def test_a_code_step_outlives_an_outage_of_the_database(tmp_path: Path) -> None:
    async with engine_world(tmp_path, Path(__file__).parent / "outage") as world:
        step = world.flows["outage"].cls.look_up  # type: ignore[attr-defined]  # the flow's own
        await world.says("hello")
        await world.sees(1)
        await world.says("Bread")
        with closing(sqlite3.connect(tmp_path / "parley.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with capture_logs() as logs:
                step.function.__globals__["GOES_ON"].set()
                await until(lambda: [one["event"] for one in logs].count("store_failed") >= TRIES)
            other.execute("ROLLBACK")

        assert (await world.sees(4))[-2:] == ["Looking.", "Bread costs 7.\n\nSay a word."]
