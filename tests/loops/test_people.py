"""Chats in people's hands on a real database: how they get there, what is silent meanwhile, and how they come back."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from engine.core.content import Echo, Text
from engine.core.errors import ProviderUnreachable
from engine.core.ids import ExternalId
from engine.core.languages import ENGLISH
from engine.core.signals import AgentReleased, AgentTookOver, BusinessReplied
from tests.loops.world import COUNT, World, act, engine_world, eventually, statuses

BOTS = Path(__file__).parent / "bots"
HANDING = Path(__file__).parent / "handing"
HANDOFFS = "SELECT turn, place, late, ended FROM handoff ORDER BY turn"


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with engine_world(tmp_path, HANDING) as world:
        yield world


async def become(world: World, *expected: tuple[object, ...]) -> None:
    """Wait until the handoffs stand so, oldest first."""

    async def stand() -> bool:
        return await world.rows(HANDOFFS) == list(expected)

    await eventually(stand)


async def test_a_chat_that_nobody_claims_is_told_once_through_a_restart(world: World) -> None:
    await world.says("hi", "Kitchen")
    await become(world, (2, "inbox", 0, None))
    await world.stop()
    await world.start()
    world.clock.ahead = timedelta(minutes=16)
    assert (await world.sees(3))[-1] == ENGLISH.texts["unclaimed"]
    await become(world, (2, "inbox", 1, None))
    world.clock.ahead = timedelta(minutes=50)
    await world.says("hello?")
    assert (await world.sees(4))[-1] == ENGLISH.texts["still_waiting"]


async def test_the_business_on_its_phone_is_not_interrupted_and_the_flow_goes_on_after(
    world: World,
) -> None:
    await world.says("hi")
    await world.sees(1)
    echo = Echo(
        external_id=ExternalId("wamid.echo"),
        content=Text(body="It is Marco. What can I do?"),
        sent_at=world.clock.now(),
    )
    written = world.arrival("").model_copy(
        update={"key": "echo:1", "signal": BusinessReplied(echo=echo)}
    )
    await world.engine.accept([written])
    await world.engine.accept([written])
    await world.says("Kitchen")
    await become(world, (2, "phone", 0, None))
    world.clock.ahead = timedelta(minutes=31)
    await become(world, (2, "phone", 0, "quiet"))
    await world.says("Kitchen")
    assert (await world.sees(2))[1:] == ["The kitchen will answer."]


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


async def test_a_flow_that_raises_goes_to_people_and_the_reason_is_kept(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with engine_world(tmp_path, BOTS) as world:
        await world.says("hello", "boom")
        await statuses(world, "sent", 2)
        assert await world.rows("SELECT mode FROM conversation") == [("waiting",)]
        notes = await world.rows("SELECT trace FROM turn WHERE trace LIKE '%KeyError%'")
        assert len(notes) == 1
