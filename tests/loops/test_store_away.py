"""The database is away while a code step runs: the step waits for it, and is neither given up nor done twice."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from engine.loops import code_steps
from tests.loops.world import engine_world, until

CALLED = Path(__file__).parent / "called"

MORE_THAN_ATTEMPTS = 5
"""A step that raises is tried three times."""


async def test_a_code_step_waits_for_a_database_that_is_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(code_steps, "STORE_RETRY_S", 0.01)
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
