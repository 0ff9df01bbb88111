"""News for the business's own servers, posted to a real one."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from itertools import groupby
from pathlib import Path

import pytest
from pydantic import SecretStr

from adapters.http import build_session, call
from engine.core.content import ProviderError
from engine.core.ids import ConversationId, ExternalId
from engine.core.signals import AgentTookOver, Arrival, DeliveryReported
from engine.loops import poster
from engine.loops.poster import RETRY_FIRST
from storage.news import hook_states
from tests.loops.test_follow import WATCHED, at_notice, report
from tests.loops.world import LINE, World, engine_world, until
from tests.receiver import SECRET, Receiver, receiving
from web.hooks import HttpHook
from web.settings import EVERY_NEWS, News, WebhookSettings


@asynccontextmanager
async def told_world(
    folder: Path, *, events: tuple[News, ...] = EVERY_NEWS, lines: tuple[str, ...] = ()
) -> AsyncIterator[tuple[World, Receiver]]:
    """An engine with one server to tell."""
    async with receiving() as receiver, build_session() as session:
        settings = WebhookSettings(
            url=receiver.url, secret=SecretStr(SECRET), events=events, lines=lines
        )
        hook = HttpHook("crm", settings, partial(call, session))
        async with engine_world(folder, WATCHED, hooks={"crm": hook}) as world:
            yield world, receiver


async def takes(receiver: Receiver, count: int) -> None:
    await until(lambda: len(receiver.taken) >= count, timeout_s=30)


async def test_messages_statuses_and_results_are_told_in_order(tmp_path: Path) -> None:
    async with told_world(tmp_path) as (world, receiver):
        message = await at_notice(world)
        await world.engine.accept([report(world, "delivered", message)])
        await world.sees(3)
        await world.says("5")
        await world.sees(4)
        await until(lambda: len(receiver.of("message_status")) == 5, timeout_s=30)
        await until(lambda: len(receiver.of("flow_ended")) == 1, timeout_s=30)
        spoken = [p for p in receiver.taken if p["event"].startswith("message_")]
        said = [p["message"]["content"]["body"] for p in spoken if p["event"] != "message_status"]
        assert said == [
            *("hello", "Your name?", "Ana", "It is on its way, Ana."),
            *("How many stars?", "5", "Thank you!"),
        ]
        statuses = [
            p["status"]["status"]
            for p in receiver.of("message_status")
            if p["message"]["external_id"] == message
        ]
        assert statuses == ["sent", "delivered"]
        (result,) = receiver.of("flow_ended")
        assert result["result"]["flow"] == "watched"
        assert result["result"]["complete"]
        assert result["result"]["answers"] == {"name": "Ana", "rate": 5}
        assert {p["contact"]["phone"] for p in receiver.taken} == {"5215550001"}
        assert {p["line"] for p in receiver.taken} == {"shop"}
        ids = [p["id"] for p in receiver.taken if p["event"] != "message_status"]
        assert len(set(ids)) == len(ids)
        assert await world.rows("SELECT count(*) FROM outgoing_webhook WHERE attempts > 0") == [
            (0,)
        ]


async def test_what_is_said_while_a_step_runs_is_told_too(tmp_path: Path) -> None:
    async with told_world(tmp_path, events=("messages",)) as (world, receiver):
        message = await at_notice(world)
        await world.engine.accept([report(world, "failed", message)])
        await world.sees(3)
        await takes(receiver, 5)
        assert receiver.taken[-1]["message"]["content"]["body"] == "We tried."
        assert {p["event"] for p in receiver.taken} == {"message_received", "message_said"}


async def test_a_failure_is_told_with_its_reason(tmp_path: Path) -> None:
    async with told_world(tmp_path, events=("statuses",)) as (world, receiver):
        message = await at_notice(world)
        await world.engine.accept([report(world, "failed", message)])
        await until(
            lambda: any(p["status"]["status"] == "failed" for p in receiver.taken), timeout_s=30
        )
        failed = next(p for p in receiver.taken if p["status"]["status"] == "failed")
        assert failed["status"]["error"] == {"code": "131026", "text": "Undeliverable"}
        assert failed["message"]["external_id"] == message
        assert "content" not in failed["message"]


async def test_what_meets_a_closed_window_is_told_after_its_words(tmp_path: Path) -> None:
    async with told_world(tmp_path) as (world, receiver):
        await world.says("hello")
        await world.sees(1)
        late = world.arrival("Ana", age=timedelta(hours=25))
        world.clock.ahead += timedelta(hours=25)
        await world.engine.accept([late])
        await until(
            lambda: "held" in {p["status"]["status"] for p in receiver.of("message_status")},
            timeout_s=30,
        )
        *_, said, held = receiver.taken
        assert said["message"]["content"]["body"] == "It is on its way, Ana."
        assert (held["status"]["status"], held["message"]["id"]) == ("held", said["message"]["id"])


async def late(world: World) -> None:
    """Let the bot say something a day late, which is held."""
    await world.says("hello")
    await world.sees(1)
    arrival = world.arrival("Ana", age=timedelta(hours=25))
    world.clock.ahead += timedelta(hours=25)
    await world.engine.accept([arrival])


def fates(receiver: Receiver) -> list[str]:
    """Return what the server was told of statuses, in order."""
    return [p["status"]["status"] for p in receiver.of("message_status")]


@pytest.mark.parametrize("how", ["takeover", "opt-out", "age"])
async def test_what_is_taken_back_or_dropped_is_told(tmp_path: Path, how: str) -> None:
    async with told_world(tmp_path, events=("statuses",)) as (world, receiver):
        await late(world)
        await until(lambda: fates(receiver) == ["sent", "held"], timeout_s=30)
        match how:
            case "takeover":
                ((key,),) = await world.rows("SELECT id FROM conversation")
                taken = Arrival(
                    line=LINE,
                    key="click:1",
                    signal=AgentTookOver(agent="kim"),
                    received_at=world.clock.now(),
                    conversation=ConversationId(int(str(key))),
                )
                await world.engine.accept([taken])
            case "opt-out":
                await world.says("stop")
            case _:
                world.clock.ahead += timedelta(days=4)
                await world.says("hello")
        await until(lambda: len(fates(receiver)) >= 3, timeout_s=30)
        told = receiver.of("message_status")
        assert fates(receiver)[2] == ("stale" if how == "age" else "cancelled")
        assert told[2]["message"]["id"] == told[1]["message"]["id"]


async def test_a_refusal_for_the_window_that_comes_late_is_told_as_held(tmp_path: Path) -> None:
    async with told_world(tmp_path, events=("statuses",)) as (world, receiver):
        message = await at_notice(world)
        told = DeliveryReported(
            external_id=ExternalId(message),
            status="failed",
            at=world.clock.now(),
            errors=(ProviderError(code="131047", title="Re-engagement", window_closed=True),),
        )
        await world.engine.accept(
            [Arrival(line=LINE, key="late", signal=told, received_at=world.clock.now())]
        )
        await until(lambda: fates(receiver) == ["sent", "sent", "held"], timeout_s=30)


async def test_a_server_is_told_of_its_own_lines_alone(tmp_path: Path) -> None:
    async with told_world(tmp_path, lines=("another",)) as (world, receiver):
        await at_notice(world)
        assert receiver.tried == []
        assert await world.rows("SELECT count(*) FROM outgoing_webhook") == [(0,)]


async def test_what_was_refused_comes_again_before_what_is_newer(tmp_path: Path) -> None:
    async with told_world(tmp_path, events=("messages",)) as (world, receiver):
        receiver.answers.extend((500, 404, 302))
        await world.says("hello")
        await world.sees(1)
        for tries in (1, 2, 3):
            await until(lambda: len(receiver.tried) == tries, timeout_s=30)  # noqa: B023
            async with asyncio.timeout(30):
                while not await world.rows(
                    f"SELECT id FROM outgoing_webhook WHERE attempts = {tries}"
                ):
                    await asyncio.sleep(0.005)
            (state,) = await hook_states(world.database)
            assert state.error is not None
            assert state.error.startswith("it answered ")
            world.clock.ahead += RETRY_FIRST * 2**tries
            world.engine.wake()
        await takes(receiver, 2)
        assert [p["message"]["content"]["body"] for p in receiver.taken] == ["hello", "Your name?"]
        assert len({p["id"] for p in receiver.tried[:4]}) == 1


async def test_a_server_that_is_down_is_left_alone_and_holds_up_no_talk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(poster, "PAUSE_FIRST_S", 0.2)
    async with told_world(tmp_path, events=("messages",)) as (world, receiver):
        receiver.down = True
        phones = [f"52155500{number:03d}" for number in range(20)]
        await asyncio.gather(*(world.says("hello", phone=phone) for phone in phones))
        for phone in phones:
            await world.sees(1, phone)
        await until(lambda: len(receiver.tried) > 16, timeout_s=30)
        assert len(receiver.tried) <= 22  # the first round, then one at a time
        receiver.down = False
        world.clock.ahead += timedelta(hours=1)
        world.engine.wake()
        await takes(receiver, 40)
        by_contact = sorted(receiver.taken, key=lambda p: str(p["contact"]["phone"]))
        for _, posts in groupby(by_contact, key=lambda p: p["contact"]["phone"]):
            assert [p["event"] for p in posts] == ["message_received", "message_said"]


async def test_what_waits_at_a_stop_is_posted_after_the_next_start(tmp_path: Path) -> None:
    async with told_world(tmp_path, events=("messages",)) as (world, receiver):
        receiver.answers.append(500)
        await world.says("hello")
        await world.sees(1)
        await until(lambda: len(receiver.tried) == 1, timeout_s=30)
        await world.stop()
        world.clock.ahead += timedelta(hours=1)
        await world.start()
        await takes(receiver, 2)
        assert [p["event"] for p in receiver.taken] == ["message_received", "message_said"]
        assert receiver.taken[0]["line"] == LINE
