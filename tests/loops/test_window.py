"""Closed windows, met when a flow speaks and when its message was to leave: what is held, fails, or is replaced."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from engine.core.content import ProviderError, Template, Text
from engine.core.conversation import Conversation
from engine.core.errors import ProviderUnreachable, WindowClosed
from engine.core.ids import ExternalId
from engine.core.signals import (
    AgentReplied,
    AgentTookOver,
    Arrival,
    DeliveryReported,
    Signal,
)
from engine.ports import Outgoing
from storage.queries import Queries, Story
from tests.loops.world import COUNT, LINE, World, engine_world, statuses, until

BOT = Path(__file__).parent / "late"
REFUSED = WindowClosed("late", provider_code="131047")
NEWS = Template(name="news", language="en", body=("you",))
DAY = timedelta(hours=25)


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with engine_world(tmp_path, BOT) as world:
        yield world


async def story(world: World) -> Story:
    """Return the only conversation as it is stored."""
    queries = Queries(world.database)
    ((key,),) = await world.rows("SELECT id FROM conversation")
    found = await queries.story(LINE, key)  # type: ignore[arg-type]  # an id as the database has it
    assert found is not None
    return found


async def conversation(world: World) -> Conversation:
    return (await story(world)).conversation


async def become(world: World, *expected: str) -> list[str]:
    """Wait until the outbound messages stand so, oldest first; return their words."""
    async with asyncio.timeout(30):
        while True:
            messages = [one for one in (await story(world)).messages if one.direction == "out"]
            if [one.status for one in messages] == list(expected):
                return [getattr(one.content, "body", one.content.kind) for one in messages]
            await asyncio.sleep(0.01)


def let_go_on(world: World) -> None:
    """Let the code step return."""
    step = world.flows["held"].cls.think  # type: ignore[attr-defined]  # the flow's own
    step.function.__globals__["GOES_ON"].set()


async def held(world: World) -> None:
    """Let the bot say all it has to say a day late."""
    await world.says("hello")
    await world.sees(1)
    await world.says("fish")
    await until(lambda: world.shown() == ["Say a word."])
    world.clock.ahead = DAY
    let_go_on(world)
    await become(world, "sent", "held", "held", "held")


async def test_what_was_held_leaves_before_the_reply_in_order_and_once(world: World) -> None:
    await held(world)
    assert len(world.adapter.tried) == 1
    assert (await conversation(world)).held
    await world.says("hello?")
    await become(world, "sent", "sent", "sent", "stale", "sent")
    again = ["Say a word.", "First.", "Second.\n\nI heard fish.", "Say a word."]
    assert world.shown() == again
    await world.says("bird")
    await until(lambda: len(world.shown()) == 6)
    assert world.shown()[:4] == again
    assert not (await conversation(world)).held


async def test_what_was_held_too_long_is_stale(world: World) -> None:
    await held(world)
    world.clock.ahead += timedelta(days=3)
    await world.says("hello?")
    await become(world, "sent", "stale", "stale", "stale", "sent")


async def test_what_an_agent_said_is_held_through_a_restart_and_leaves(world: World) -> None:
    await world.says("hello")
    await world.sees(1)
    world.clock.ahead = DAY
    words = AgentReplied(agent="kim", content=Text(body="Sorry for the wait."))
    clicks: tuple[Signal, ...] = (AgentTookOver(agent="kim"), words)
    for number, signal in enumerate(clicks):
        click = Arrival(
            line=LINE,
            key=f"click:{number}",
            signal=signal,
            received_at=world.clock.now(),
            conversation=(await conversation(world)).id,
        )
        await world.engine.accept([click])
    await become(world, "sent", "held")
    await world.stop()
    await world.start()
    await world.says("fish")
    await until(lambda: len(world.shown()) == 2)
    assert world.shown()[1] == "Sorry for the wait."


@pytest.mark.parametrize("refused", [False, True], ids=["closes meanwhile", "late refusal"])
@pytest.mark.parametrize(
    ("word", "status", "sent"),
    [("held", "held", []), ("failing", "failed", []), ("filled", "sent", [NEWS])],
)
async def test_a_window_that_is_closed_as_a_message_leaves_is_met_as_planned(
    world: World, word: str, status: str, sent: list[Template], refused: bool
) -> None:
    if refused:
        world.adapter.refuse(REFUSED)
    else:
        world.adapter.refuse(ProviderUnreachable("down", retry_after=timedelta(seconds=0.3)))
    begun = world.arrival(word, age=timedelta(hours=23, minutes=30))
    await world.engine.accept([begun])
    await until(lambda: len(world.adapter.tried) >= 1)
    if not refused:
        world.clock.ahead = timedelta(minutes=45)
    await become(world, status)
    assert [outgoing.content for outgoing in world.adapter.sent] == sent
    (message,) = [one for one in (await story(world)).messages if one.direction == "out"]
    if sent:
        assert message.content == NEWS
        assert message.instead_of == Text(body="There is news.")
    else:
        assert message.error_code == ("131047" if refused else "window_closed")
    stored = await conversation(world)
    if refused:
        assert stored.window_closes_at is not None
        assert stored.window_closes_at <= world.clock.now()
    assert stored.held == (status == "held")
    assert stored.unseen == (stored.turn if status == "held" else 0)


@pytest.mark.parametrize("marked", [True, False], ids=["after its mark", "before its mark"])
@pytest.mark.parametrize(
    ("word", "status", "sent"),
    [("held", "held", []), ("failing", "failed", []), ("filled", "sent", [NEWS])],
)
async def test_a_status_that_tells_of_a_closed_window_is_one(
    world: World, word: str, status: str, sent: list[Template], marked: bool
) -> None:
    if not marked:
        world.adapter.hold()
    await world.says(word)
    await until(lambda: len(world.adapter.tried) == 1)
    (outgoing,) = world.adapter.tried
    external_id = ExternalId(f"fake:{outgoing.id}:1")
    if marked:
        await become(world, "sent")
    report = DeliveryReported(
        external_id=external_id,
        message=outgoing.id,
        status="failed",
        at=world.clock.now(),
        errors=(ProviderError(code="131047", title="Re-engagement", window_closed=True),),
    )
    told = Arrival(
        line=LINE, key=f"{external_id}:failed", signal=report, received_at=world.clock.now()
    )
    await world.engine.accept([told, told])
    world.adapter.release()
    await until(lambda: len(world.adapter.sent) == 1 + len(sent))
    await become(world, status)
    stale = report.model_copy(update={"status": "sent", "errors": ()})
    await world.engine.accept(
        [told.model_copy(update={"key": f"{external_id}:sent", "signal": stale})]
    )
    await become(world, status)
    assert [one.content for one in world.adapter.sent[1:]] == sent
    stored = await conversation(world)
    assert stored.window_closes_at is not None
    assert stored.window_closes_at <= world.clock.now()
    assert (stored.held, stored.unseen > 0) == ((True, True) if word == "held" else (False, False))


def refusals(world: World, *outgoing: Outgoing) -> list[Arrival]:
    """Return the statuses that say of these messages that the window was closed."""
    now = world.clock.now()
    error = ProviderError(code="131047", title="Re-engagement", window_closed=True)
    return [
        Arrival(
            line=LINE,
            key=f"fake:{one.id}:failed",
            signal=DeliveryReported(
                external_id=ExternalId(f"fake:{one.id}:{world.adapter.sent.index(one) + 1}"),
                message=one.id,
                status="failed",
                at=now,
                errors=(error,),
            ),
            received_at=now,
        )
        for one in outgoing
    ]


@pytest.mark.parametrize(
    ("word", "status", "sent"),
    [("held", "held", []), ("failing", "failed", []), ("filled", "sent", [NEWS])],
)
async def test_a_refusal_before_its_mark_from_a_provider_that_does_not_know_our_id_is_one(
    world: World, word: str, status: str, sent: list[Template]
) -> None:
    world.adapter.hold()
    await world.says(word)
    await until(lambda: len(world.adapter.tried) == 1)
    (outgoing,) = world.adapter.tried
    report = DeliveryReported(
        external_id=ExternalId(f"fake:{outgoing.id}:1"),
        status="failed",
        at=world.clock.now(),
        errors=(ProviderError(code="131047", title="Re-engagement", window_closed=True),),
    )
    told = Arrival(line=LINE, key="late", signal=report, received_at=world.clock.now())
    await world.engine.accept([told])
    world.adapter.release()
    await until(lambda: len(world.adapter.sent) == 1 + len(sent))
    if word == "failing":
        await become(world, "failed")
    else:
        async with asyncio.timeout(30):
            while not await world.rows("SELECT 1 FROM signal WHERE kind = 'window_missed'"):
                await asyncio.sleep(0.01)
        await become(world, status)
    assert [one.content for one in world.adapter.sent[1:]] == sent
    stored = await conversation(world)
    assert stored.held == (word == "held")
    assert await world.rows("SELECT 1 FROM signal WHERE handled_at IS NULL") == []


@pytest.mark.parametrize("told", ["by the answer", "by a status each", "by statuses at once"])
async def test_a_template_that_stands_in_late_stands_for_all_that_its_turn_said(
    world: World, told: str
) -> None:
    if told == "by the answer":
        world.adapter.refuse(REFUSED)
        await world.says("twice")
    else:
        await world.says("twice")
        await become(world, "sent", "sent")
        first, second = refusals(world, *world.adapter.sent)
        if told == "by statuses at once":
            await world.engine.accept([second, first])
        else:
            await world.engine.accept([first])
            await world.engine.accept([second])
    assert (await become(world, "sent", "held"))[1] == "Two."
    assert [one.content for one in world.adapter.sent].count(NEWS) == 1
    await world.says("hello")
    await become(world, "sent", "sent", "sent")
    assert world.shown()[-2:] == ["Two.", "Say a word."]


async def test_a_refusal_that_comes_after_the_contact_opted_out_leaves_nothing_to_come(
    world: World,
) -> None:
    await world.says("hello")
    await become(world, "sent")
    await world.says("stop")
    await become(world, "sent", "sent")
    await world.engine.accept(refusals(world, world.adapter.sent[0]))
    await become(world, "cancelled", "sent")
    assert not (await conversation(world)).held
    await world.says("start")
    await become(world, "cancelled", "sent", "sent")


async def test_a_template_for_a_message_that_was_refused_hours_later_still_goes_out(
    world: World,
) -> None:
    await world.says("filled")
    await become(world, "sent")
    world.clock.ahead = timedelta(hours=5)
    await world.engine.accept(refusals(world, *world.adapter.sent))
    await until(lambda: len(world.adapter.sent) == 2)
    await become(world, "sent")
    assert world.adapter.sent[1].content == NEWS


@pytest.mark.parametrize("told", ["before it left", "by the answer", "by a status"])
@pytest.mark.parametrize(
    ("word", "answer"), [("asking", "Which day?"), ("replied", "Fine: Monday.")]
)
async def test_a_question_that_a_template_took_the_place_of_late_was_seen_where_it_asks_the_same(
    world: World, word: str, answer: str, told: str
) -> None:
    if told == "by the answer":
        world.adapter.refuse(REFUSED)
    if told == "before it left":
        world.adapter.refuse(ProviderUnreachable("down", retry_after=timedelta(seconds=0.3)))
    await world.engine.accept([world.arrival(word, age=timedelta(hours=23, minutes=30))])
    await until(lambda: len(world.adapter.tried) >= 1)
    if told == "before it left":
        world.clock.ahead = timedelta(minutes=45)
    if told == "by a status":
        await become(world, "sent")
        await world.engine.accept(refusals(world, *world.adapter.sent))
    await until(lambda: NEWS in [one.content for one in world.adapter.sent])
    await become(world, "sent")
    await world.says("Monday")
    await become(world, "sent", "sent")
    assert world.shown()[-1] == answer


async def test_a_refusal_that_comes_after_the_contact_wrote_lets_the_message_go_at_once(
    world: World,
) -> None:
    world.adapter.hold()
    world.adapter.refuse(REFUSED)
    await world.says("failing")
    await until(lambda: len(world.adapter.tried) == 1)
    await world.says("hello")
    world.adapter.release()
    await become(world, "failed", "sent")
    assert world.shown() == ["Say a word."]
    closes = (await conversation(world)).window_closes_at
    assert closes is not None
    assert closes > world.clock.now()


async def test_a_closing_window_is_met_again_at_send_time(tmp_path: Path) -> None:
    async with engine_world(tmp_path, COUNT) as world:
        later = timedelta(hours=23, minutes=59, seconds=30)
        await world.engine.accept([world.arrival("hello", age=later)])
        await statuses(world, "held", 1)
        assert world.adapter.tried == []
