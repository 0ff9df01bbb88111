"""Chats in people's hands on a real database: told that nobody is free, paused by the business's phone, come back."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from engine.core.content import Echo, Text
from engine.core.ids import ExternalId
from engine.core.languages import ENGLISH
from engine.core.signals import BusinessReplied
from tests.loops.world import World, engine_world, eventually

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
