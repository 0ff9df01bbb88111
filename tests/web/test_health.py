"""Whether the process lives, and whether it does its work."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from storage import Database
from storage.columns import stamp
from tests.web.support import Bot, running, text_body
from web.keys import ENGINE


@pytest.fixture
async def bot(tmp_path: Path) -> AsyncIterator[Bot]:
    async with running(tmp_path) as bot:
        yield bot


async def ready(bot: Bot) -> tuple[int, dict[str, object]]:
    async with bot.client.get("/readyz") as answer:
        return answer.status, await answer.json()


async def test_a_living_process_says_so(bot: Bot) -> None:
    async with bot.client.get("/healthz") as answer:
        assert (answer.status, await answer.json()) == (200, {"ok": True})


async def test_a_working_process_is_ready(bot: Bot) -> None:
    status, told = await ready(bot)
    lag = told.pop("loop_lag_s")

    assert isinstance(lag, float)
    assert (status, told) == (
        200,
        {
            "ok": True,
            "database": True,
            "loops": True,
            "oldest_waiting_s": 0,
            "oldest_unsent_s": 0,
            "spooled": 0,
        },
    )


async def test_stopped_loops_are_not_ready(bot: Bot) -> None:
    await bot.app[ENGINE].stop()

    status, told = await ready(bot)

    assert (status, told["ok"], told["loops"]) == (503, False, False)


async def test_a_signal_that_waits_is_told_and_takes_no_replica_out_of_service(bot: Bot) -> None:
    await bot.post(text_body("hi"))
    # As where a version of the flows was taken back: who has an older one leaves these chats alone.
    await bot.writes("UPDATE conversation SET state = json_set(state, '$.serial', 99)")
    await _unhandle(bot, age=timedelta(hours=1))

    status, told = await ready(bot)

    assert (status, told["ok"]) == (200, True)
    assert isinstance(told["oldest_waiting_s"], float)
    assert 3600 <= told["oldest_waiting_s"] < 3660


async def test_a_process_that_others_may_take_for_dead_is_not_ready(
    bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Database, "is_sure", property(lambda _: False))

    status, told = await ready(bot)

    assert (status, told["ok"], told["database"]) == (503, False, False)


async def test_a_database_that_does_not_answer_is_not_ready(bot: Bot) -> None:
    await bot.writes("ALTER TABLE signal RENAME TO gone")

    status, told = await ready(bot)

    assert (status, told["ok"], told["database"]) == (503, False, False)


async def _unhandle(bot: Bot, *, age: timedelta) -> None:
    """Make the signal look as if it had come long ago and never been stepped."""
    since = stamp(datetime.now(UTC) - age)
    await bot.writes("UPDATE signal SET handled_at = NULL, received_at = ?", since)
