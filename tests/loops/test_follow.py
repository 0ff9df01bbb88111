"""Flows that wait for their own messages, with real statuses, refusals and a real database."""

import asyncio
from datetime import timedelta
from itertools import count
from pathlib import Path

from engine.core.content import ProviderError
from engine.core.errors import ContentRejected
from engine.core.ids import ExternalId, LineId
from engine.core.signals import Arrival, DeliveryReported, Status
from engine.loops.follow import Follower
from tests.core.small import make_book
from tests.loops.world import LINE, World, engine_world, until

WATCHED = Path(__file__).parent / "watched"
_keys = count(1)


def report(world: World, status: Status, external_id: str) -> Arrival:
    errors = (ProviderError(code="131026", title="Undeliverable"),) if status == "failed" else ()
    now = world.clock.now()
    told = DeliveryReported(
        external_id=ExternalId(external_id), status=status, at=now, errors=errors
    )
    return Arrival(line=LINE, key=f"status.{next(_keys)}", signal=told, received_at=now)


async def external_id(world: World, place: int) -> str:
    """Return the provider's id of a message once it is marked as sent."""
    async with asyncio.timeout(30):
        while True:
            rows = await world.rows(
                "SELECT external_id FROM message WHERE direction = 'out' ORDER BY id"
            )
            if len(rows) > place and rows[place][0] is not None:
                return str(rows[place][0])
            await asyncio.sleep(0.005)


async def notes(world: World) -> list[object]:
    """Return the traces of the signals that told a flow of its messages."""
    rows = await world.rows("SELECT content FROM signal WHERE kind = 'message_settled' ORDER BY id")
    return [row[0] for row in rows]


async def at_notice(world: World) -> str:
    await world.says("hello")
    await world.sees(1)
    await world.says("Ana")
    await world.sees(2)
    return await external_id(world, 1)


async def test_the_flow_goes_on_once_the_provider_says_delivered(tmp_path: Path) -> None:
    async with engine_world(tmp_path, WATCHED) as world:
        message = await at_notice(world)
        assert len(world.shown()) == 2
        await world.engine.accept([report(world, "sent", message)])
        assert await notes(world) == []
        await world.engine.accept([report(world, "delivered", message)])
        assert (await world.sees(3))[2] == "How many stars?"
        late = [report(world, status, message) for status in ("read", "failed")]
        await world.engine.accept(late)
        assert len(await notes(world)) == 1
        asked = "SELECT id FROM message WHERE watch IS NOT NULL AND content LIKE '%on its way%'"
        assert await world.rows(asked) == []


async def test_statuses_of_one_batch_in_the_wrong_order_are_told_once(tmp_path: Path) -> None:
    async with engine_world(tmp_path, WATCHED) as world:
        message = await at_notice(world)
        shuffled = [report(world, status, message) for status in ("read", "delivered", "sent")]
        await world.engine.accept(shuffled)
        assert (await world.sees(3))[2] == "How many stars?"
        assert len(await notes(world)) == 1


async def test_a_status_before_the_send_was_recorded_is_told_too(tmp_path: Path) -> None:
    async with engine_world(tmp_path, WATCHED) as world:
        await world.says("hello")
        await world.sees(1)
        world.adapter.hold()
        await world.says("Ana")
        await until(lambda: len(world.adapter.tried) == 2, timeout_s=30)
        early = f"fake:{world.adapter.tried[1].id}:2"
        await world.engine.accept([report(world, "delivered", early)])
        assert await notes(world) == []
        world.adapter.release()
        assert (await world.sees(3))[2] == "How many stars?"


async def test_a_refused_message_leads_where_its_step_says_and_once(tmp_path: Path) -> None:
    async with engine_world(tmp_path, WATCHED) as world:
        await world.says("hello")
        await world.sees(1)
        world.adapter.refuse(ContentRejected("no", provider_code="131009"))
        await world.says("Ana")
        assert (await world.sees(2))[1] == "We tried."
        (told,) = await notes(world)
        assert "131009" in str(told)


async def test_a_failure_that_the_provider_reports_leads_there_as_well(tmp_path: Path) -> None:
    async with engine_world(tmp_path, WATCHED) as world:
        message = await at_notice(world)
        await world.engine.accept([report(world, "failed", message)])
        assert (await world.sees(3))[2] == "We tried."
        (told,) = await notes(world)
        assert "131026" in str(told)


async def test_what_fails_as_it_is_said_leads_there_in_the_next_turn(tmp_path: Path) -> None:
    async with engine_world(tmp_path, WATCHED, closed="fail") as world:
        await world.says("hello")
        await world.sees(1)
        late = world.arrival("Ana", age=timedelta(hours=25))
        world.clock.ahead += timedelta(hours=25)
        await world.engine.accept([late])
        async with asyncio.timeout(30):
            while not await notes(world):
                await asyncio.sleep(0.005)
        assert len(await notes(world)) == 1
        found = await world.rows("SELECT status FROM message WHERE content LIKE '%on its way%'")
        assert found == [("failed",)]


def test_where_no_flow_waits_and_nobody_is_told_nothing_is_asked() -> None:
    line = LineId("shop")
    idle = Follower(books={line: make_book()}, hooks={}, ids=count(1).__next__)
    assert not idle.follows
    assert not idle.tells
