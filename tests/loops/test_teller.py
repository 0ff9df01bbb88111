"""What flows tell providers beside the talk holds up no message, and ends visibly."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.cloud.capabilities import CAPABILITIES
from engine.core import limits
from engine.core.content import DEEDS, Assignment, ContactUpdate, Event
from engine.core.errors import (
    AnswerLost,
    ContentRejected,
    LineRejected,
    ProviderUnreachable,
    RateLimited,
    SendError,
    WindowClosed,
)
from engine.core.signals import AgentTookOver, Arrival
from engine.loops import teller
from engine.ports import Accepted, Outgoing, Refused
from tests.loops.world import LINE, World, engine_world, until

TELLING = Path(__file__).parent / "telling"
TELLS = CAPABILITIES.model_copy(update={"kinds": CAPABILITIES.kinds | DEEDS})
SOON = timedelta(seconds=0.05)

ADDED = Event(name="Product added", traits={"product": "tea"})
LIKES = ContactUpdate(traits={"likes": "tea"}, tags=("buyer",))


class Desk:
    """Answers what is told, and lets messages by; `answers` are given in order, then all is accepted."""

    def __init__(self, world: World) -> None:
        self.told: list[Outgoing] = []
        self.answers: list[SendError | Exception] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self._send = world.adapter.send
        world.adapter.send = self.send  # type: ignore[method-assign]  # a provider that answers deeds and messages apart

    async def send(self, outgoing: Outgoing) -> Accepted | Refused:
        if outgoing.content.kind not in DEEDS:
            return await self._send(outgoing)
        self.told.append(outgoing)
        await self.gate.wait()
        match self.answers.pop(0) if self.answers else None:
            case None:
                return Accepted(None)
            case SendError() as error:
                return Refused(error)
            case fault:
                raise fault


@asynccontextmanager
async def telling(folder: Path) -> AsyncIterator[tuple[World, Desk]]:
    async with engine_world(folder, TELLING, capabilities=TELLS) as world:
        await world.says("hello")
        await world.sees(1)
        yield world, Desk(world)


async def deeds(world: World) -> list[tuple[object, ...]]:
    return await world.rows("SELECT status, attempts FROM message WHERE direction = 'beside'")


async def states(world: World, *expected: str) -> None:
    """Wait until the deeds have these states, in order."""
    async with asyncio.timeout(10):
        while [status for status, _ in await deeds(world)] != list(expected):
            await asyncio.sleep(0.01)


async def test_a_step_tells_the_provider_in_order(tmp_path: Path) -> None:
    async with telling(tmp_path) as (world, desk):
        await world.says("tea")
        assert (await world.sees(2))[1] == "Added tea.\n\nWhat else?"
        await states(world, "sent", "sent")
        assert [one.content for one in desk.told] == [ADDED, LIKES]
        await world.says("no")
        await states(world, "sent", "sent", "sent")
        assert desk.told[-1].content == Assignment(agent="kim@shop.example")
        assert desk.told[-1].contact.phone == "5215550001"


async def test_a_provider_that_takes_its_time_holds_up_no_message(tmp_path: Path) -> None:
    async with telling(tmp_path) as (world, desk):
        desk.gate.clear()
        await world.says("tea")
        await until(lambda: bool(desk.told))
        await world.sees(2)
        assert await deeds(world) == [("sending", 0), ("sending", 0)]
        desk.gate.set()
        await states(world, "sent", "sent")


@pytest.mark.parametrize(
    "error",
    [
        ProviderUnreachable("down", retry_after=SOON),
        RateLimited("slow down", retry_after=SOON),
        LineRejected("who are you", retry_after=SOON),
        AnswerLost("no answer", retry_after=SOON),
    ],
    ids=["unreachable", "rate", "credentials", "lost"],
)
async def test_what_may_be_mended_is_tried_again_while_messages_go(
    tmp_path: Path, error: SendError
) -> None:
    async with telling(tmp_path) as (world, desk):
        desk.answers = [error, error]
        await world.says("tea")
        await world.sees(2)
        async with asyncio.timeout(10):
            while (await deeds(world))[0] != ("sent", 2):
                world.engine.wake()
                await asyncio.sleep(0.02)
        await states(world, "sent", "sent")
        assert [one.content for one in desk.told] == [ADDED, ADDED, ADDED, LIKES]
        twice = await world.rows("SELECT maybe_twice FROM message WHERE direction = 'beside'")
        assert twice == [(int(isinstance(error, AnswerLost)),), (0,)]


async def test_what_is_tried_again_waits_in_real_time_on_a_line_ahead_of_it(tmp_path: Path) -> None:
    async with telling(tmp_path) as (world, desk):
        world.clock.line_ahead = timedelta(hours=1)
        desk.answers = [ProviderUnreachable("down", retry_after=timedelta(minutes=1))]
        await world.says("tea")
        await states(world, "queued", "queued")
        world.engine.wake()
        await world.says("hello", phone="5215550002")
        await world.sees(1, phone="5215550002")
        world.engine.wake()
        await world.says("tea", phone="5215550002")
        await states(world, "queued", "queued", "sent", "sent")
        assert (await deeds(world))[0] == ("queued", 1)


@pytest.mark.parametrize(
    "error",
    [ContentRejected("no such event", provider_code="400"), WindowClosed("closed")],
    ids=["rejected", "window"],
)
async def test_what_is_refused_fails_visibly_and_steps_aside(
    tmp_path: Path, error: SendError
) -> None:
    async with telling(tmp_path) as (world, desk):
        desk.answers = [error]
        await world.says("tea")
        await states(world, "failed", "sent")
        assert await world.rows("SELECT error FROM message WHERE status = 'failed'") == [
            (str(error),)
        ]


async def test_no_deed_is_tried_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "DEED_ATTEMPTS", 3)
    monkeypatch.setattr(limits, "SEND_BACKOFF_FIRST", timedelta(0))
    async with telling(tmp_path) as (world, desk):
        desk.answers = [ProviderUnreachable("down"), RuntimeError("ours"), AnswerLost("lost")]
        await world.says("tea")
        await states(world, "failed", "sent")
        assert (await deeds(world))[0] == ("failed", 3)


async def test_a_takeover_and_a_closed_window_keep_no_deed_back(tmp_path: Path) -> None:
    async with telling(tmp_path) as (world, desk):
        desk.answers = [ProviderUnreachable("down", retry_after=SOON)]
        await world.says("tea")
        await until(lambda: bool(desk.told))
        (key,) = {one for one in world.changed if one is not None}
        took = AgentTookOver(agent="kim")
        await world.engine.accept(
            [
                Arrival(
                    line=LINE,
                    key="click-1",
                    signal=took,
                    received_at=world.clock.now(),
                    conversation=key,  # type: ignore[arg-type]  # what the listener is told
                )
            ]
        )
        world.clock.ahead += timedelta(hours=23, minutes=59)
        world.engine.wake()
        await states(world, "sent", "sent")


async def test_what_was_not_told_within_a_day_is_dropped_visibly(tmp_path: Path) -> None:
    async with telling(tmp_path) as (world, desk):
        desk.answers = [ProviderUnreachable("down", retry_after=SOON)]
        await world.says("tea")
        await until(lambda: bool(desk.told))
        world.clock.ahead += timedelta(hours=25)
        world.engine.wake()
        await states(world, "stale", "stale")


async def test_a_provider_without_a_place_for_it_leaves_it_noted(tmp_path: Path) -> None:
    async with engine_world(tmp_path, TELLING) as world:
        await world.says("hello")
        await world.sees(1)
        await world.says("tea")
        await world.sees(2)
        await states(world, "noted", "noted")
        assert all(one.content.kind not in DEEDS for one in world.adapter.tried)


async def test_what_a_stop_interrupts_is_told_by_the_next_process(tmp_path: Path) -> None:
    async with telling(tmp_path) as (world, desk):
        desk.gate.clear()
        await world.says("tea")
        await until(lambda: bool(desk.told))
        stopping = asyncio.create_task(world.stop())
        await asyncio.sleep(0)
        desk.gate.set()
        await stopping
        await world.start()
        await states(world, "sent", "sent")
        assert [one.content for one in desk.told] == [ADDED, LIKES]


async def test_more_contacts_than_are_served_at_once_are_all_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(teller, "CONTACTS_MOST", 2)
    async with telling(tmp_path) as (world, desk):
        phones = [f"52155510{number:02d}" for number in range(7)]
        for phone in phones:
            await world.says("hello", "tea", phone=phone)
        await until(lambda: len(desk.told) == 2 * len(phones))
        assert {one.contact.phone for one in desk.told} == set(phones)
