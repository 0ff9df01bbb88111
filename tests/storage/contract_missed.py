"""The contract on what was not understood: counted from the traces, with the contacts' latest words."""

from datetime import datetime, timedelta

import pytest

import storage.missed
from engine.core.content import Text
from engine.core.conversation import Conversation
from engine.core.ids import LineId, MessageId, SignalId
from engine.core.trace import NOT_UNDERSTOOD, NOTHING_NEAR, Trace
from engine.ports import MessageRow, TurnRow
from storage.missed import Missed, missed
from tests.builders import NOW
from tests.storage.world import ANA, BEN, SHOP, World, arrival

DAY = timedelta(days=1)
RETRY = Trace("message_received", "retry", "order.size", note=f"{NOT_UNDERSTOOD}one of: S, L")
GIVEN_UP = Trace(
    "message_received",
    "retry",
    "order.size",
    effects=("hand_off not_understood",),
    note=f"{NOT_UNDERSTOOD}one of: S, L",
)
OTHER = Trace("message_received", "retry", "order.many", note=f"{NOT_UNDERSTOOD}a number")
UNKNOWN = Trace("message_received", "start", note=NOTHING_NEAR)
FINE = Trace("message_received", "typed", "order.many")
FAILED = Trace("message_received", "retry", "order.many", note="KeyError: 'price'")


async def hear(
    world: World, who: Conversation, turn: int, body: str, trace: Trace, *, at: datetime = NOW
) -> SignalId:
    """Store a message with its turn."""
    (entered,) = await world.enter(
        arrival(body, sender=ANA if who.contact.phone == ANA.phone else BEN, line=who.line, at=at)
    )
    assert entered.signal is not None
    message = MessageRow(
        MessageId(world.ids()), who.line, who.id, "in", Text(body=body), "received", at, turn=turn
    )
    async with world.store.write() as batch:
        await batch.add_messages([message])
        await batch.add_turns([TurnRow(who.line, who.id, entered.signal, turn, at, trace, 1.0, 1)])
    return entered.signal


class MissedContract:
    """What `parley missed` counts."""

    async def test_misses_are_counted_by_step_with_the_latest_texts(self, world: World) -> None:
        ana, ben = await world.conversation(ANA), await world.conversation(BEN)
        await hear(world, ana, 1, "purple", RETRY)
        await hear(world, ben, 1, "how much is it?", UNKNOWN)
        await hear(world, ana, 2, "2", FINE)
        await hear(world, ana, 3, "some", OTHER)
        await hear(world, ana, 4, "oops", FAILED)
        await hear(world, ben, 2, "green", RETRY)
        await hear(world, ana, 5, "purple, I said", GIVEN_UP)
        assert await missed(world.database, since=NOW - DAY, shown=2) == [
            Missed("order.size", 3, 1, [Text(body="purple, I said"), Text(body="green")]),
            Missed(None, 1, 0, [Text(body="how much is it?")]),
            Missed("order.many", 1, 0, [Text(body="some")]),
        ]

    async def test_older_turns_and_other_lines_do_not_count(self, world: World) -> None:
        ana = await world.conversation(ANA)
        away = await world.conversation(ANA, line=LineId("other"))
        for turn in range(1, 6):
            await hear(world, ana, turn, f"old {turn}", RETRY, at=NOW - 3 * DAY)
        await hear(world, ana, 6, "new", RETRY)
        await hear(world, away, 1, "elsewhere", RETRY)
        (found,) = await missed(world.database, since=NOW - DAY, lines=[SHOP])
        assert (found.count, found.latest) == (1, [Text(body="new")])
        (found,) = await missed(world.database, since=NOW - DAY)
        assert found.count == 2
        assert await missed(world.database, since=NOW + DAY) == []
        assert await missed(world.database, since=NOW - DAY, lines=["nobody"]) == []

    async def test_many_misses_are_read_bit_by_bit(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(storage.missed, "AT_ONCE", 2)
        ana = await world.conversation(ANA)
        for turn in range(1, 6):
            await hear(world, ana, turn, str(turn), RETRY)
        (found,) = await missed(world.database, since=NOW - DAY, shown=3)
        assert found.count == 5
        assert found.latest == [Text(body="5"), Text(body="4"), Text(body="3")]

    async def test_a_miss_without_a_message_counts_too(self, world: World) -> None:
        ana = await world.conversation(ANA)
        (entered,) = await world.enter(arrival("x"))
        assert entered.signal is not None
        async with world.store.write() as batch:
            await batch.add_turns([TurnRow(SHOP, ana.id, entered.signal, 1, NOW, RETRY, 1.0, 1)])
        assert await missed(world.database, since=NOW - DAY) == [Missed("order.size", 1)]
