"""The database is away while a code step runs: the step waits for it, and is neither given up nor done twice."""

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from engine.loops import step_time
from tests.loops.test_clock import thinks
from tests.loops.test_typing import SLOW, go_on
from tests.loops.world import engine_world, until

CALLED = Path(__file__).parent / "called"

MORE_THAN_ATTEMPTS = 5
"""A step that raises is tried three times."""


async def test_a_code_step_waits_for_a_database_that_is_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(step_time, "STORE_RETRY_S", 0.01)
    async with engine_world(tmp_path, CALLED) as world:
        await world.says("hi")
        await world.sees(1)
        code = world.flows["called"].cls.call.function.__globals__  # type: ignore[attr-defined]  # the flow's own
        other = sqlite3.connect(
            tmp_path / "parley.db", isolation_level=None, check_same_thread=False
        )
        code["served"] = lambda: other.execute("BEGIN IMMEDIATE")  # before its result can be stored
        with closing(other), capture_logs() as logged:
            await world.says("ducks")
            await until(
                lambda: sum(one["event"] == "store_failed" for one in logged) >= MORE_THAN_ATTEMPTS
            )
            other.execute("ROLLBACK")
        said = ["Say a word.", "One moment.", "Served 1.\n\nSay a word."]
        await until(lambda: [one for one in world.shown() if one != "read_mark"] == said)
        assert len(code["CALLS"]) == 1


async def test_a_code_step_that_ended_while_the_database_was_away_for_long_is_taken_back(
    tmp_path: Path,
) -> None:
    async with engine_world(tmp_path, SLOW) as world:
        await thinks(world)
        with closing(sqlite3.connect(tmp_path / "parley.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with capture_logs() as logged:
                go_on(world)
                await until(lambda: any(one.get("arrivals") for one in logged))
            world.clock.ahead = timedelta(minutes=1)
            world.clock.passed_s = 60.0
            other.execute("ROLLBACK")
        world.engine.wake()  # its timer is looked at before what it brought back is tried again
        assert (await world.sees(2))[1] == "I heard ducks.\n\nSay a word."
