"""What a replica had under way when it died, or was cut off, goes on elsewhere; and it does nothing twice unmarked."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from engine.core import limits
from engine.core.errors import StoreUnavailable
from engine.core.ids import MessageId
from engine.ports import SendMark
from storage.statement import COMMIT, Call, Rows
from storage.unit_of_work import UnitOfWork
from tests.builders import NOW
from tests.loops.world import LINE
from tests.replicas.world import (
    HELLO,
    QUICK,
    SLOW,
    World,
    die,
    eventually,
    link_of,
    live,
    replicas,
    until,
)

GRACE = timedelta(milliseconds=300)


@pytest.fixture
def short_grace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "STATUS_GRACE", GRACE)


async def sends(world: World) -> list[tuple[object, ...]]:
    return await world.rows(
        "SELECT status, maybe_twice FROM message WHERE direction = 'out' ORDER BY id"
    )


async def kill_sessions(world: World, which: str) -> None:
    """End another replica's sessions at the server."""
    await world.rows(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {which}")


def writers_of(world: World) -> str:
    connection = link_of(world.database)._connection
    assert connection is not None
    return f"pid = {connection.get_server_pid()}"


async def test_what_a_dead_replica_was_sending_is_sent_by_another_and_marked(
    tmp_path: Path, database_url: str, short_grace: None
) -> None:
    async with replicas(tmp_path, database_url, flows=HELLO) as (first, second):
        first.adapter.hold()
        await first.says("hello")
        await until(lambda: len(first.adapter.tried) == 1)
        await die(first)
        await second.sees(1)
        await eventually(lambda: _are(second, [("sent", True)]))
    assert len(second.adapter.tried) == 1


async def _are(world: World, wanted: list[tuple[object, ...]]) -> bool:
    return await sends(world) == wanted


def goes_on(world: World) -> None:
    """Let the flow's code step end."""
    world.flows["slow"].cls.think.function.__globals__["GOES_ON"].set()  # type: ignore[attr-defined]  # the flow's own


async def test_a_dead_replicas_code_step_runs_at_another(tmp_path: Path, database_url: str) -> None:
    async with replicas(tmp_path, database_url, flows=SLOW) as (first, second):
        await first.says("hello")
        await first.sees(1)
        await first.says("word")
        await until(lambda: len(first.engine._code_steps._tasks) == 1)
        await asyncio.sleep(0)
        assert not second.engine._code_steps._tasks
        await die(first)
        await until(lambda: len(second.engine._code_steps._tasks) == 1)
        goes_on(second)
        assert (await second.sees(2))[1].startswith("I heard word.")
        owners = await second.rows("SELECT owner FROM conversation")
    assert owners == [(2,)]


async def test_a_live_replicas_code_step_is_left_to_it_by_one_that_starts(
    tmp_path: Path, database_url: str
) -> None:
    async with replicas(tmp_path, database_url, flows=SLOW, count=1) as (first,):
        await first.says("hello")
        await first.sees(1)
        await first.says("word")
        await until(lambda: len(first.engine._code_steps._tasks) == 1)
        async with replicas(tmp_path, database_url, flows=SLOW, count=1, first=2) as (second,):
            assert not second.engine._code_steps._tasks
            goes_on(first)
            assert len(await first.sees(2)) == 2


async def test_a_replica_that_lost_its_connections_has_its_number_again_and_loses_nothing(
    tmp_path: Path, database_url: str, short_grace: None
) -> None:
    async with replicas(tmp_path, database_url, flows=HELLO) as (first, second):
        first.adapter.hold()
        await first.says("hello")
        await until(lambda: len(first.adapter.tried) == 1)
        await kill_sessions(second, writers_of(first))
        await eventually(lambda: _is_held_by(second, first, 1))
        first.adapter.release()
        await eventually(lambda: _are_sent(second))
        told = [maybe_twice for _, maybe_twice in await sends(second)]
        # Where the other was quick enough to take it over it left twice, and is marked.
        assert len(first.adapter.sent) == 1 + told.count(True)


async def _is_held_by(asked: World, world: World, owner: int) -> bool:
    connection = link_of(world.database)._connection
    if connection is None or connection.is_closed():
        return False
    rows = await asked.rows(
        f"SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 2 AND objid = {owner}"
    )
    return (connection.get_server_pid(),) in rows


async def _are_sent(world: World) -> bool:
    return {status for status, _ in await sends(world)} == {"sent"}


async def test_a_session_that_the_server_believes_alive_is_ended_by_its_own_process(
    tmp_path: Path, database_url: str
) -> None:
    async with replicas(tmp_path, database_url, flows=HELLO) as (first, second):
        link = link_of(first.database)
        ghost = link._connection
        async with first.database.write_lock:
            link._connection = None  # as when the network between them is cut
        await first.says("hello")
        assert len(await first.sees(1)) == 1
        assert await _is_held_by(second, first, 1)
        assert ghost is not None
        await until(ghost.is_closed)


async def test_nothing_is_sent_while_this_process_may_be_taken_for_dead(
    tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with replicas(tmp_path, database_url, flows=HELLO) as (first, second):
        is_sure = [False]
        monkeypatch.setattr(
            type(link_of(first.database)), "is_sure", property(lambda _: is_sure[0])
        )
        await until(
            lambda: not first.engine._sender.leaves_at_once(LINE, 1)  # type: ignore[arg-type]
        )
        await first.says("hello")
        assert await sends(second) in ([("queued", False)], [("sending", False)], [("sent", False)])
        assert not first.adapter.tried
        is_sure[0] = True
        assert len(await first.sees(1)) == 1


async def test_what_a_commit_left_that_nobody_was_told_of_goes_out_once(
    tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with replicas(tmp_path, database_url, flows=HELLO) as (first, second):
        link, cut = link_of(first.database), asyncio.Event()
        run = link.run

        async def cut_after_the_commit(calls: list[Call]) -> list[Rows]:
            answers = await run(calls)
            if not cut.is_set() and first.engine._writer._arrivals is not None and _is_last(calls):
                cut.set()
                raise StoreUnavailable("the connection broke before the answer came")
            return answers

        arrival = first.arrival("hello")
        armed = asyncio.Event()

        def _is_last(calls: list[Call]) -> bool:
            return armed.is_set() and any(call.statement is COMMIT for call in calls)

        monkeypatch.setattr(link, "run", cut_after_the_commit)
        async with first.database.write_lock:  # nothing else is under way
            accepting = asyncio.ensure_future(first.engine.accept([arrival]))
            await asyncio.sleep(0)
            armed.set()
        with pytest.raises(StoreUnavailable):
            await accepting
        await second.engine.accept([arrival])  # the provider delivers it again
        await eventually(lambda: _are(second, [("sent", False)]))
        assert len(first.adapter.sent) == 1


async def test_who_goes_is_missed_within_a_look(tmp_path: Path, database_url: str) -> None:
    line = QUICK.model_copy(update={"messages_per_second": 60})
    async with replicas(tmp_path, database_url, capabilities=line, count=3) as worlds:
        first, second, third = worlds
        paces = [one.engine._sender._lines[LINE].pace for one in worlds]
        assert [round(1 / pace.interval_s) for pace in paces] == [18, 18, 18]
        await die(third)
        await until(lambda: live(first) == live(second) == {1, 2})
        await until(lambda: [round(1 / pace.interval_s) for pace in paces[:2]] == [27, 27])


async def test_one_that_lost_an_entry_may_only_say_that_it_left(
    tmp_path: Path, database_url: str
) -> None:
    async with replicas(tmp_path, database_url, flows=HELLO) as (first, second):
        second.adapter.hold()
        await second.says("hello")
        await until(lambda: len(second.adapter.tried) == 1)
        ((message, conversation),) = await second.rows(
            "SELECT id, conversation_id FROM message WHERE direction = 'out'"
        )

        async def marked(status: str) -> list[tuple[object, ...]]:
            mark = SendMark(MessageId(message), LINE, conversation, status, NOW)  # type: ignore[arg-type]

            async def put(batch: UnitOfWork) -> None:
                await batch.mark_sends([mark])

            await first.engine._writer.write(put)  # type: ignore[arg-type]  # the store's own batch
            return await sends(first)

        for status in ("queued", "failed", "uncertain"):
            assert await marked(status) == [("sending", False)], status
        assert await marked("sent") == [("sent", False)]
        second.adapter.release()
        await second.sees(1)


async def a_clock_leaps(first: World, second: World) -> None:
    """Let a code step run at one replica while another one's clock leaps over its end."""
    await first.says("hi")
    await first.sees(1)
    await first.says("ducks")
    assert await first.rows("SELECT purpose FROM timer") == [("step_timeout",)]
    second.clock.ahead = timedelta(minutes=14)
    second.engine.wake()
    await second.says("hello", phone="5215550002")  # a turn later than the timer's, did it fire
    await second.sees(1, phone="5215550002")


async def test_a_code_step_is_not_ended_by_a_replica_whose_clock_leaps_over_its_end(
    tmp_path: Path, database_url: str
) -> None:
    async with replicas(tmp_path, database_url, flows=SLOW) as (first, second):
        await a_clock_leaps(first, second)
        goes_on(first)
        assert (await first.sees(2))[1] == "I heard ducks.\n\nSay a word."


async def test_a_code_step_of_a_replica_that_stands_still_is_ended_by_another(
    tmp_path: Path, database_url: str
) -> None:
    async with replicas(tmp_path, database_url, flows=SLOW) as (first, second):
        await a_clock_leaps(first, second)
        second.clock.passed_s = limits.STEP_TIMEOUT.total_seconds()
        second.engine.wake()
        waiting = "SELECT count(*) FROM conversation WHERE mode = 'waiting'"
        await eventually(lambda: _counts(second, waiting, 1))


async def _counts(world: World, question: str, count: int) -> bool:
    return await world.rows(question) == [(count,)]
