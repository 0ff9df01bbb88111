"""The loops together, on a real database: order, durability, retries, who waits for whom."""

import asyncio
import sqlite3
from collections.abc import Collection
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from engine.core.content import Media
from engine.core.errors import (
    AnswerLost,
    ContentRejected,
    LineRejected,
    ProviderUnreachable,
    RateLimited,
    SendError,
    StoreUnavailable,
    WindowClosed,
)
from engine.core.ids import ConversationId, LineId, RunId, TimerId, VisitId
from engine.core.signals import AgentReleased, AgentTookOver, Arrival, Signal, TimerFired
from engine.loops import batch, sender
from engine.ports import Accepted, FetchedMedia, OutboxEntry, Outgoing, Refused, StoredSignal
from storage.unit_of_work import UnitOfWork
from tests.loops.world import LINE, World, engine_world, until

COUNT = Path(__file__).parents[1] / "faults" / "bot"
BOTS = Path(__file__).parent / "bots"
JOINED = Path(__file__).parent / "joined"
TIMED = Path(__file__).parent / "timed"


async def test_a_message_is_answered_and_marked(tmp_path: Path) -> None:
    async with engine_world(tmp_path, COUNT) as world:
        await world.says("hello")
        assert await world.sees(1) == ["Ready."]
        await world.says("one")
        assert (await world.sees(2))[1].startswith("1: heard one")
        await statuses(world, "sent", 2)
        assert world.changed


async def statuses(world: World, status: str, count: int) -> None:
    """Wait until so many outbound messages have this status."""
    async with asyncio.timeout(10):
        while True:
            found = await world.rows("SELECT status FROM message WHERE direction = 'out'")
            if [one for (one,) in found].count(status) == count:
                return
            await asyncio.sleep(0.01)


async def test_the_same_key_counts_once_in_one_batch_and_across_batches(tmp_path: Path) -> None:
    async with engine_world(tmp_path, COUNT) as world:
        await world.says("hello")
        arrival = world.arrival("one")
        await world.engine.accept([arrival, arrival])
        await world.engine.accept([arrival])
        await world.says("two")
        shown = await world.sees(3)
        assert [text.split("\n")[0] for text in shown] == ["Ready.", "1: heard one", "2: heard two"]


async def test_messages_during_a_code_step_wait_and_keep_their_order(tmp_path: Path) -> None:
    async with engine_world(tmp_path, COUNT) as world:
        await world.says("hello", *(f"m{number}" for number in range(1, 9)))
        shown = await world.sees(9)
        assert [t.split("\n")[0] for t in shown[1:]] == [f"{n}: heard m{n}" for n in range(1, 9)]


async def test_many_contacts_at_once_each_get_their_own(tmp_path: Path) -> None:
    async with engine_world(tmp_path, COUNT) as world:
        phones = [f"52155500{number:03d}" for number in range(60)]
        await asyncio.gather(*(world.says("hello", phone=phone) for phone in phones))
        for phone in phones:
            await world.sees(1, phone)
        await asyncio.gather(*(world.says(phone, phone=phone) for phone in phones))
        for phone in phones:
            assert (await world.sees(2, phone))[1].startswith(f"1: heard {phone}")


@pytest.mark.parametrize(
    "error",
    [
        ProviderUnreachable("down", retry_after=timedelta(seconds=0.05)),
        RateLimited("slow down", retry_after=timedelta(seconds=0.05)),
        LineRejected("who are you", retry_after=timedelta(seconds=0.05)),
    ],
    ids=["unreachable", "rate", "credentials"],
)
async def test_a_retryable_refusal_is_tried_again_in_order(
    tmp_path: Path, error: SendError
) -> None:
    async with engine_world(tmp_path, COUNT) as world:
        await world.says("hello")
        await world.sees(1)
        world.adapter.refuse(error)
        await world.says("one")
        await until(lambda: len(world.adapter.tried) == 2)
        await world.says("two")
        shown = await world.sees(3)
        assert [t.split("\n")[0] for t in shown[1:]] == ["1: heard one", "2: heard two"]


async def test_a_question_that_a_later_one_replaced_is_dropped(tmp_path: Path) -> None:
    async with engine_world(tmp_path, COUNT) as world:
        world.adapter.refuse(ProviderUnreachable("down", retry_after=timedelta(minutes=1)))
        await world.says("hello")
        await statuses(world, "queued", 1)
        await world.says("one")
        world.clock.ahead += timedelta(minutes=1)
        assert (await world.sees(1))[0].startswith("1: heard one")
        await statuses(world, "stale", 1)


async def test_a_refused_message_is_failed_and_steps_aside(tmp_path: Path) -> None:
    async with engine_world(tmp_path, COUNT) as world:
        world.adapter.refuse(ContentRejected("no", provider_code="131009"))
        await world.says("hello")
        await statuses(world, "failed", 1)
        await world.says("one")
        assert (await world.sees(1))[0].startswith("1: heard one")
        assert await world.rows("SELECT error_code FROM message WHERE status = 'failed'") == [
            ("131009",)
        ]


async def test_a_late_refusal_for_the_window_holds_the_message(tmp_path: Path) -> None:
    async with engine_world(tmp_path, COUNT) as world:
        world.adapter.refuse(WindowClosed("late", provider_code="131047"))
        await world.says("hello")
        await statuses(world, "held", 1)


async def test_a_lost_answer_is_sent_again_after_the_grace_and_marked(tmp_path: Path) -> None:
    async with engine_world(tmp_path, COUNT) as world:
        world.adapter.refuse(AnswerLost("no answer"))
        await world.says("hello")
        await statuses(world, "uncertain", 1)
        world.clock.ahead += timedelta(seconds=4)
        assert await world.sees(1) == ["Ready."]
        assert len({outgoing.id for outgoing in world.adapter.tried}) == 1
        await statuses(world, "sent", 1)
        assert await world.rows("SELECT maybe_twice FROM message WHERE direction = 'out'") == [(1,)]


async def test_a_closing_window_is_met_again_at_send_time(tmp_path: Path) -> None:
    async with engine_world(tmp_path, COUNT) as world:
        later = timedelta(hours=23, minutes=59, seconds=30)
        await world.engine.accept([world.arrival("hello", age=later)])
        await statuses(world, "held", 1)
        assert world.adapter.tried == []


async def test_an_agent_silences_the_bot_and_what_it_still_had_to_say(tmp_path: Path) -> None:
    async with engine_world(tmp_path, COUNT) as world:
        await world.says("hello")
        await world.sees(1)
        world.adapter.refuse(ProviderUnreachable(retry_after=timedelta(hours=1)))
        await world.says("one")
        await statuses(world, "queued", 1)
        await act(world, AgentTookOver(agent="kim"))
        await statuses(world, "cancelled", 1)
        await world.says("two")
        await act(world, AgentReleased(agent="kim"))
        assert (await world.sees(2))[1] == "Ready."
        await world.says("three")
        assert (await world.sees(3))[2].startswith("2: heard three")


async def act(world: World, signal: Signal) -> None:
    ((conversation,),) = await world.rows("SELECT id FROM conversation")
    arrival = Arrival(
        line=LINE,
        key=f"click:{signal.kind}",
        signal=signal,
        received_at=world.clock.now(),
        conversation=ConversationId(int(str(conversation))),
    )
    await world.engine.accept([arrival])


async def test_a_flow_that_raises_goes_to_people_and_the_reason_is_kept(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with engine_world(tmp_path, BOTS) as world:
        await world.says("hello", "boom")
        await statuses(world, "sent", 2)
        assert await world.rows("SELECT mode FROM conversation") == [("waiting",)]
        notes = await world.rows("SELECT trace FROM turn WHERE trace LIKE '%KeyError%'")
        assert len(notes) == 1


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


async def test_what_was_stepped_since_it_was_read_is_not_stepped_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The runner reads beside the writer: what it finds may be stepped, and committed, before it hands it over."""
    async with engine_world(tmp_path, COUNT) as world:
        await world.says("hello")
        await world.sees(1)
        now_waiting = world.store.waiting_signals
        found: list[list[StoredSignal]] = []

        async def as_it_was(lines: Collection[LineId], *, limit: int) -> list[StoredSignal]:
            found.append(await now_waiting(lines, limit=limit) or next((f for f in found if f), []))
            return found[-1]

        monkeypatch.setattr(world.store, "waiting_signals", as_it_was)
        monkeypatch.setattr(
            batch, "BATCH_TIME_S", -1.0
        )  # every new signal is stored to be stepped later
        await world.engine.accept([world.arrival("1"), world.arrival("2")])
        monkeypatch.setattr(batch, "BATCH_TIME_S", 5.0)
        await world.sees(3)
        async with asyncio.timeout(20):
            while sum(map(bool, found)) < 4:
                world.engine.wake()
                await asyncio.sleep(0.02)
        assert await world.rows("SELECT count(*) FROM turn") == [
            (5,)
        ]  # two of them of its code step
        assert await world.rows("SELECT count(*) FROM signal WHERE handled_at IS NULL") == [(0,)]
        assert len(world.shown()) == 3


async def test_an_answer_in_several_messages_survives_a_restart(tmp_path: Path) -> None:
    async with engine_world(tmp_path, JOINED) as world:
        await world.says("hello")
        await world.sees(1)
        await world.says("My pizza", "was cold")
        await world.stop()
        world.clock.ahead += timedelta(seconds=30)
        await world.start()
        assert (await world.sees(2))[1] == "You said: My pizza\nwas cold"


async def test_inbound_files_are_fetched_and_kept(tmp_path: Path) -> None:
    async with engine_world(tmp_path, COUNT) as world:
        world.adapter.files["f1"] = FetchedMedia(b"picture", "image/png")
        await world.engine.accept([world.arrival(Media(kind="image", external_id="f1"))])
        async with asyncio.timeout(10):
            while await world.rows("SELECT 1 FROM media WHERE stored IS NULL"):
                await asyncio.sleep(0.01)
        ((stored, size),) = await world.rows("SELECT stored, size_bytes FROM media")
        assert size == 7
        assert (tmp_path / "media").is_dir()
        assert stored


async def test_a_locked_database_refuses_what_it_cannot_store(tmp_path: Path) -> None:
    async with engine_world(tmp_path, COUNT) as world:
        await world.says("hello")
        await world.sees(1)
        locker = sqlite3.connect(tmp_path / "parley.db", isolation_level=None)
        locker.execute("BEGIN IMMEDIATE")
        arrival = world.arrival("one")
        with pytest.raises(StoreUnavailable):
            await world.engine.accept([arrival])
        locker.execute("ROLLBACK")
        locker.close()
        await world.engine.accept([arrival])
        assert (await world.sees(2))[1].startswith("1: heard one")
        await statuses(world, "sent", 2)


async def test_after_a_stop_nothing_is_accepted_and_everything_is_written(tmp_path: Path) -> None:
    world = World(tmp_path, COUNT)
    await world.start()
    await world.says("hello")
    await world.engine.stop()
    with pytest.raises(StoreUnavailable):
        await world.says("late")
    assert await world.rows("SELECT count(*) FROM message WHERE status = 'sending'") == [(0,)]
    await world.database.close()


async def test_a_slow_provider_holds_up_its_own_contact_alone(tmp_path: Path) -> None:
    async with engine_world(tmp_path, COUNT) as world:
        world.adapter.hold()
        await world.says("hello", phone="1")
        await until(lambda: len(world.adapter.tried) == 1)
        await world.says("one", phone="1")
        await world.says("hello", phone="2")
        await until(lambda: len(world.adapter.tried) == 2)
        assert [outgoing.contact.phone for outgoing in world.adapter.tried] == ["1", "2"]
        world.adapter.release()
        assert len(await world.sees(2, "1")) == 2


async def test_a_send_that_raises_is_tried_again_and_the_contact_is_not_stuck(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with engine_world(tmp_path, COUNT) as world:
        send, broken = world.adapter.send, [True]

        async def breaks_once(outgoing: Outgoing) -> Accepted | Refused:
            if broken.pop() if broken else False:
                raise KeyError("a fault of ours")
            return await send(outgoing)

        monkeypatch.setattr(world.adapter, "send", breaks_once)
        await world.says("hello")
        await statuses(world, "uncertain", 1)
        world.clock.ahead += timedelta(seconds=4)
        assert await world.sees(1) == ["Ready."]


async def test_what_a_line_left_behind_never_holds_up_the_others(tmp_path: Path) -> None:
    async with engine_world(tmp_path, COUNT) as world:
        world.adapter.refuse(ProviderUnreachable(retry_after=timedelta(hours=1)))
        await world.says("hello", phone="5215550009")
        await statuses(world, "queued", 1)
        await world.stop()
        with closing(sqlite3.connect(tmp_path / "parley.db")) as database, database:
            database.execute("PRAGMA foreign_keys = OFF")
            for table in ("contact", "address", "conversation", "message", "signal"):
                database.execute(f"UPDATE {table} SET line_id = 'gone'")
            database.execute("UPDATE message SET retry_at = NULL WHERE status = 'queued'")
            database.execute("UPDATE signal SET handled_at = NULL")
        await world.start()
        await world.says("hello")
        assert await world.sees(1) == ["Ready."]
        await world.says("one")
        assert (await world.sees(2))[1].startswith("1: heard one")
        left = "SELECT status FROM message WHERE line_id = 'gone' AND retry_at IS NOT NULL"
        async with asyncio.timeout(10):
            while await world.rows(left) != [("queued",)]:
                await asyncio.sleep(0.02)


async def test_what_waits_behind_a_send_goes_at_its_end_not_at_the_next_sweep(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sender, "SWEEP_S", 60.0)
    async with engine_world(tmp_path, COUNT) as world:
        world.adapter.hold()
        await world.says("hello")
        await until(lambda: len(world.adapter.tried) == 1)
        await world.says("one")
        await world.says("two")
        await statuses(world, "queued", 2)
        assert len(world.adapter.tried) == 1
        world.adapter.release()
        shown = await world.sees(3)
        assert [text.split("\n")[0] for text in shown] == ["Ready.", "1: heard one", "2: heard two"]


async def test_what_found_no_lane_goes_when_one_ends_not_at_the_next_sweep(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sender, "SWEEP_S", 60.0)
    monkeypatch.setattr(sender, "LANES_MOST", 1)
    async with engine_world(tmp_path, COUNT) as world:
        world.adapter.hold()
        for phone in ("1", "2", "3"):
            await world.says("hello", phone=phone)
        await statuses(world, "queued", 2)
        world.adapter.release()
        for phone in ("1", "2", "3"):
            assert await world.sees(1, phone) == ["Ready."]


async def test_sends_with_nothing_behind_them_ask_the_database_for_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sender, "SWEEP_S", 60.0)
    async with engine_world(tmp_path, COUNT) as world:
        await world.says("hello")
        await world.sees(1)
        await statuses(world, "sent", 1)
        looks: list[int] = []
        take = UnitOfWork.take_entries

        async def counted(batch: UnitOfWork, **asked: Any) -> list[OutboxEntry]:
            looks.append(1)
            return await take(batch, **asked)

        monkeypatch.setattr(UnitOfWork, "take_entries", counted)
        for phone in ("1", "2", "3", "4"):
            await world.says("hello", phone=phone)
            await world.sees(1, phone)
        await statuses(world, "sent", 5)
        assert looks == []
