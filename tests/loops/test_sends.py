"""Sends that go wrong: refused now or for good, unanswered, broken by a fault of ours, or no longer wanted."""

from datetime import timedelta
from pathlib import Path

import pytest

from engine.core.errors import (
    AnswerLost,
    ContentRejected,
    LineRejected,
    ProviderUnreachable,
    RateLimited,
    SendError,
    WindowClosed,
)
from engine.ports import Accepted, Outgoing, Refused
from tests.loops.world import COUNT, engine_world, statuses, until


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
