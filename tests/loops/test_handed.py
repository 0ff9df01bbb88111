"""The business's own servers hear who has which chat, each change once."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from itertools import count
from pathlib import Path

import pytest
from pydantic import SecretStr

from adapters.http import build_session, call
from engine.core.content import Text
from engine.core.conversation import Conversation, Handoff, Mode
from engine.core.effects import HandoffEnd, RecordHandoff
from engine.core.signals import (
    AgentReleased,
    AgentReplied,
    AgentTookOver,
    ChatAssigned,
    ChatClosed,
    Signal,
)
from engine.core.step import Step
from engine.core.trace import Trace
from engine.loops.handed import told_of
from tests.builders import NOW, make_conversation
from tests.loops.world import World, engine_world, until
from tests.receiver import SECRET, Receiver, receiving
from web.hooks import HttpHook
from web.settings import WebhookSettings

HANDING = Path(__file__).parent / "handing"
_keys = count(1)


@asynccontextmanager
async def desk_world(folder: Path) -> AsyncIterator[tuple[World, Receiver]]:
    """An engine with a server that hears of handoffs alone."""
    async with receiving() as receiver, build_session() as session:
        settings = WebhookSettings(url=receiver.url, secret=SecretStr(SECRET), events=("handoffs",))
        hook = HttpHook("desk", settings, partial(call, session))
        async with engine_world(folder, HANDING, hooks={"desk": hook}) as world:
            yield world, receiver


async def act(world: World, signal: Signal) -> None:
    arrival = world.arrival("").model_copy(update={"key": f"click.{next(_keys)}", "signal": signal})
    await world.engine.accept([arrival])


async def hears(receiver: Receiver, *expected: tuple[str, str | None, str | None]) -> None:
    """Wait until the server was told this, and nothing else: state, team, agent."""
    await until(lambda: len(receiver.of("handoff_changed")) >= len(expected))
    told = [post["handoff"] for post in receiver.of("handoff_changed")]
    assert [(one["state"], one["team"], one["agent"]) for one in told] == list(expected)


async def test_each_change_is_told_once_in_order(tmp_path: Path) -> None:
    async with desk_world(tmp_path) as (world, receiver):
        await world.says("hi", "Kitchen", "Hello?")
        await act(world, AgentTookOver(agent="kim"))
        await act(world, AgentTookOver(agent="kim", seen="kim"))
        await act(world, AgentReplied(agent="kim", content=Text(body="Yes?")))
        await act(world, ChatAssigned(by="kim", agent="leo", seen="kim"))
        await act(world, ChatAssigned(by="leo", team="office", seen="leo"))
        await act(world, AgentReleased(agent="sue"))
        await act(world, AgentTookOver(agent="kim"))
        await act(world, ChatClosed(agent="kim", reason="answered"))
        await hears(
            receiver,
            ("waiting", "kitchen", None),
            ("claimed", "kitchen", "kim"),
            ("claimed", "kitchen", "leo"),
            ("waiting", "office", None),
            ("ended", "office", None),
            ("claimed", None, "kim"),
            ("ended", None, "kim"),
        )
        posts = receiver.of("handoff_changed")
        assert len({post["id"] for post in posts}) == len(posts)
        assert len({post["handoff"]["number"] for post in posts}) == 2
        first, released, closed = (posts[at]["handoff"] for at in (0, 4, 6))
        assert (first["reason"], first["flow"], first["step"]) == ("flow", "handing", "kitchen")
        assert (released["ended"], released["by"]) == ("released", "sue")
        assert (closed["ended"], closed["note"]) == ("closed", "answered")
        assert {post["contact"]["phone"] for post in posts} == {"5215550001"}


async def test_supervisors_hear_once_of_a_chat_that_nobody_claimed_in_time(tmp_path: Path) -> None:
    async with desk_world(tmp_path) as (world, receiver):
        await world.says("hi", "Kitchen")
        await hears(receiver, ("waiting", "kitchen", None))
        for minutes in (16, 40):
            world.clock.ahead = timedelta(minutes=minutes)
            world.engine.wake()
            await world.sees(3)
        await act(world, AgentTookOver(agent="kim"))
        await hears(
            receiver,
            ("waiting", "kitchen", None),
            ("late", "kitchen", None),
            ("claimed", "kitchen", "kim"),
        )
        assert receiver.of("handoff_changed")[1]["handoff"]["late"]


def told(
    before: Handoff | None, after: Handoff, *, mode: Mode, ended: HandoffEnd | None = None
) -> list[object]:
    """Return the states that a turn tells of."""
    stood = make_conversation(handoff=before, mode="waiting" if before else "bot")
    stands: Conversation = stood.model_copy(update={"handoff": after, "mode": mode})
    record = RecordHandoff(after, None, None, ended)
    step = Step(stands, (record,), Trace(signal="timer_fired", matched="timer"))
    return [one["state"] for one in told_of(stood, step) if isinstance(one, dict)]


QUEUED = Handoff(turn=3, reason="flow", since=NOW)
LATE = QUEUED.model_copy(update={"late": True})


@pytest.mark.parametrize(
    ("before", "after", "mode", "expected"),
    [
        pytest.param(QUEUED, LATE, "waiting", ["late"], id="nobody claimed it in time"),
        pytest.param(LATE, LATE, "waiting", [], id="late already"),
        pytest.param(
            None,
            QUEUED.model_copy(update={"place": "helpdesk"}),
            "agent",
            ["claimed"],
            id="people elsewhere have it",
        ),
        pytest.param(
            QUEUED,
            QUEUED.model_copy(update={"place": "phone"}),
            "agent",
            ["claimed"],
            id="answered by phone",
        ),
        pytest.param(
            QUEUED, QUEUED.model_copy(update={"told_at": NOW}), "waiting", [], id="its times alone"
        ),
    ],
)
def test_what_changed_is_told_in_a_word(
    before: Handoff | None, after: Handoff, mode: Mode, expected: list[str]
) -> None:
    assert told(before, after, mode=mode) == expected
