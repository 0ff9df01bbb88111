"""While a code step runs long the contact sees typing: once, never stored, only where the line can."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from adapters.fake import FakeAdapter
from engine.core.content import ReadMark
from engine.core.errors import ContentRejected
from engine.core.ids import ExternalId
from engine.core.signals import AgentTookOver
from engine.loops import typing
from engine.ports import Accepted, Outgoing, Refused
from tests.loops.world import COUNT, LINE, World, act, engine_world, until

SLOW = Path(__file__).parent / "slow"


def marks(world: World) -> list[ReadMark]:
    return [o.content for o in world.adapter.tried if isinstance(o.content, ReadMark)]


@asynccontextmanager
async def thinking(folder: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    """A contact whose answer a code step is thinking about, already for longer than is nice."""
    monkeypatch.setattr(typing, "SLOW_S", 0.0)
    async with engine_world(folder, SLOW) as world:
        await world.says("hi")
        await world.sees(1)
        yield world


def go_on(world: World) -> None:
    """Let the code step end."""
    world.flows["slow"].cls.think.function.__globals__["GOES_ON"].set()  # type: ignore[attr-defined]  # the flow's own


async def test_typing_is_shown_once_with_the_contacts_message(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with thinking(tmp_path, monkeypatch) as world:
        await world.engine.accept([world.arrival("ducks", key="wamid.ducks")])
        await until(lambda: len(marks(world)) == 1)
        go_on(world)
        assert (await world.sees(3))[2] == "I heard ducks.\n\nSay a word."
        assert marks(world) == [ReadMark(message=ExternalId("wamid.ducks"), typing=True)]
        rows = await world.rows("SELECT count(*) FROM message WHERE content LIKE '%read_mark%'")
        assert rows == [(0,)]


async def test_a_step_that_runs_again_after_a_restart_shows_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with thinking(tmp_path, monkeypatch) as world:
        await world.says("ducks")
        await until(lambda: len(marks(world)) == 1)
        await world.engine.stop(within_s=0.1)
        await world.database.close()
        await world.start()
        go_on(world)
        assert (await world.sees(3))[2] == "I heard ducks.\n\nSay a word."
        assert len(marks(world)) == 1


async def test_a_typing_mark_that_is_refused_is_not_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with thinking(tmp_path, monkeypatch) as world:
        world.adapter.refuse(ContentRejected("no"))
        await world.says("ducks")
        await until(lambda: len(marks(world)) == 1)
        go_on(world)
        assert (await world.sees(2))[1] == "I heard ducks.\n\nSay a word."
        assert len(marks(world)) == 1


async def test_a_mark_that_hangs_holds_the_answer_up_for_a_moment_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(typing, "END_WITHIN_S", 0.0)
    async with thinking(tmp_path, monkeypatch) as world:
        world.adapter.hold()
        await world.says("ducks")
        await until(lambda: len(marks(world)) == 1)
        go_on(world)
        await until(lambda: len(world.adapter.tried) == 3)
        world.adapter.release()
        assert (await world.sees(2))[1] == "I heard ducks.\n\nSay a word."


async def test_a_mark_that_raises_harms_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with thinking(tmp_path, monkeypatch) as world:
        send = world.adapter.send

        async def broken(outgoing: Outgoing) -> Accepted | Refused:
            if isinstance(outgoing.content, ReadMark):
                world.adapter.tried.append(outgoing)
                raise KeyError("a fault of ours")
            return await send(outgoing)

        monkeypatch.setattr(world.adapter, "send", broken)
        await world.says("ducks")
        await until(lambda: len(marks(world)) == 1)
        go_on(world)
        assert (await world.sees(2))[1] == "I heard ducks.\n\nSay a word."


async def test_an_agent_who_took_over_is_not_shown_typing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with thinking(tmp_path, monkeypatch) as world:
        monkeypatch.setattr(typing, "SLOW_S", 0.2)
        await world.says("ducks")
        await act(world, AgentTookOver(agent="kim"))
        loop = asyncio.get_running_loop()
        passed = asyncio.Event()
        loop.call_later(0.25, passed.set)
        await passed.wait()
        assert marks(world) == []
        go_on(world)


async def test_a_quick_step_shows_nothing(tmp_path: Path) -> None:
    async with engine_world(tmp_path, COUNT) as world:
        await world.says("hello", "one")
        await world.sees(2)
        assert marks(world) == []


async def test_a_line_that_cannot_shows_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(typing, "SLOW_S", 0.0)
    world = World(tmp_path, SLOW)
    mute = world.adapter.capabilities.model_copy(update={"typing": False})
    world.adapter = FakeAdapter(LINE, capabilities=mute)
    await world.start()
    await world.says("hi")
    await world.sees(1)
    await world.says("ducks")
    go_on(world)
    assert (await world.sees(2))[1] == "I heard ducks.\n\nSay a word."
    assert marks(world) == []
    await world.stop()
