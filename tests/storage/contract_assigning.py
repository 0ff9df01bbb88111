"""What the loop that shares chats out asks: what waits, who is there, what is left unanswered."""

from datetime import timedelta

from engine.core import limits
from engine.core.conversation import Conversation, Handoff
from engine.core.effects import HandoffEnd, RecordHandoff
from engine.ports import HandoffRow
from engine.ports.people import Unclaimed
from storage.assigning import SqlAssigning
from tests.builders import NOW
from tests.loops.agents import add_agent, see_agent
from tests.storage.world import ANA, BEN, SHOP, World

HOUR = timedelta(hours=1)
QUEUE = [(SHOP, "kitchen")]


async def hand_off(
    world: World,
    conversation: Conversation,
    *,
    team: str | None = "kitchen",
    agent: str | None = None,
    ended: HandoffEnd | None = None,
    **changes: object,
) -> Conversation:
    """Put a chat into people's hands, as a turn does."""
    handoff = Handoff(turn=3, reason="flow", since=NOW).model_copy(update=changes)
    row = HandoffRow(SHOP, conversation.id, RecordHandoff(handoff, team, agent, ended))
    async with world.store.write() as batch:
        await batch.record_handoffs([row], moments={SHOP: NOW})
    mode = "bot" if ended else "agent" if agent else "waiting"
    return await world.change(conversation, mode=mode, handoff=None if ended else handoff)


class AssigningContract:
    """Questions about people."""

    async def test_what_ends_first_waits_first(self, world: World) -> None:
        assigning = SqlAssigning(world.database)
        ana, ben = await world.conversation(ANA), await world.conversation(BEN)
        ana = await world.change(ana, window_closes_at=NOW + 2 * HOUR)
        ana = await hand_off(world, ana)
        ben = await hand_off(world, ben, since=NOW - HOUR)
        first = Unclaimed((SHOP, ana.id, 3), ana.version, "kitchen")
        second = Unclaimed((SHOP, ben.id, 3), ben.version, "kitchen")
        assert await assigning.unclaimed(QUEUE, limit=9) == [first, second], "ben's never ends"
        assert await assigning.unclaimed(QUEUE, limit=1) == [first]
        await hand_off(world, ben, due_at=NOW + HOUR)
        assert [one.handoff for one in await assigning.unclaimed(QUEUE, limit=9)] == [
            (SHOP, ben.id, 3),
            (SHOP, ana.id, 3),
        ]

    async def test_what_is_held_elsewhere_or_over_does_not_wait(self, world: World) -> None:
        assigning = SqlAssigning(world.database)
        ana = await world.conversation(ANA)
        for changes in ({"team": "office"}, {"place": "helpdesk"}, {"agent": "ada"}):
            ana = await hand_off(world, ana, **changes)  # type: ignore[arg-type]  # named above
            assert await assigning.unclaimed(QUEUE, limit=9) == []
        ana = await hand_off(world, ana)
        key = (SHOP, ana.id, 3)
        assert await assigning.is_any_open([SHOP])
        assert await assigning.still_unclaimed([key, (SHOP, ana.id, 4)]) == {key}
        await hand_off(world, ana, ended="released")
        assert await assigning.unclaimed(QUEUE, limit=9) == []
        assert await assigning.still_unclaimed([key]) == set()
        assert not await assigning.is_any_open([SHOP])

    async def test_agents_are_told_with_what_they_have(self, world: World) -> None:
        assigning = SqlAssigning(world.database)
        await add_agent(
            world.database, "ada", teams=["kitchen"], lines=["shop"], capacity=2, seen_at=NOW
        )
        (ada,) = await assigning.on_duty([SHOP], now=NOW, seen_since=NOW - HOUR)
        assert (ada.login, ada.capacity, ada.held, ada.given_at) == ("ada", 2, 0, None)
        assert ada.serves(SHOP, "kitchen")
        assert not ada.serves(SHOP, "office")
        ana, ben = await world.conversation(ANA), await world.conversation(BEN)
        await hand_off(world, ana, agent="ada", claimed_at=NOW, ended="closed")
        await hand_off(world, ben, agent="ada", claimed_at=NOW - HOUR)
        (ada,) = await assigning.on_duty([SHOP], now=NOW, seen_since=NOW - HOUR)
        assert (ada.held, ada.given_at) == (1, NOW)

    async def test_who_was_not_seen_since_the_clock_was_set_back_gets_nothing(
        self, world: World
    ) -> None:
        assigning = SqlAssigning(world.database)
        await add_agent(world.database, "ada", seen_at=NOW + limits.CLOCKS_APART)
        (ada,) = await assigning.on_duty([SHOP], now=NOW, seen_since=NOW - HOUR)
        assert ada.login == "ada"
        before = NOW - timedelta(seconds=1)
        assert await assigning.on_duty([SHOP], now=before, seen_since=before - HOUR) == []

    async def test_who_is_away_and_did_not_answer_is_told(self, world: World) -> None:
        assigning = SqlAssigning(world.database)
        await add_agent(world.database, "ada", seen_at=NOW - HOUR)
        await add_agent(world.database, "ben", seen_at=NOW, available=False)
        ana, ben = await world.conversation(ANA), await world.conversation(BEN)
        for chat, who in ((ana, ANA), (ben, BEN)):
            async with world.store.write() as batch:
                said = world.message(chat, "Anybody?")._replace(
                    direction="in", origin="contact", status="delivered"
                )
                await batch.add_messages([said])
            await hand_off(world, chat, agent="ada" if who is ANA else "ben")

        async def left(minutes: int) -> list[tuple[str, bool]]:
            before = NOW - timedelta(minutes=minutes)
            found = await assigning.unanswered([SHOP], seen_before=before, limit=9)
            assert not any(one.is_shut_out for one in found)
            return sorted((one.agent, one.is_available) for one in found)

        assert await left(10) == [("ada", True), ("ben", False)]
        assert await left(70) == [("ben", False)]
        await world.say(ben, "The bot's own words")
        assert await left(70) == [("ben", False)]
        await world.say(ben, "Here I am", origin="agent")
        assert await left(70) == []

    async def test_who_never_was_there_is_waited_for_from_the_claim(self, world: World) -> None:
        assigning = SqlAssigning(world.database)
        await add_agent(world.database, "ada")
        await see_agent(world.database, "ada", None)
        ana = await world.conversation(ANA)
        async with world.store.write() as batch:
            said = world.message(ana, "Anybody?")._replace(
                direction="in", origin="contact", status="delivered"
            )
            await batch.add_messages([said])
        await hand_off(world, ana, agent="ada", claimed_at=NOW)

        assert await assigning.unanswered([SHOP], seen_before=NOW - HOUR, limit=9) == []
        (left,) = await assigning.unanswered([SHOP], seen_before=NOW + HOUR, limit=9)
        assert (left.agent, left.seen_at) == ("ada", NOW)

    async def test_who_may_not_see_the_line_any_more_is_shut_out(self, world: World) -> None:
        assigning = SqlAssigning(world.database)
        await add_agent(world.database, "ada", lines=["shop", "bar"])
        await add_agent(world.database, "ben", lines=["shop2", "sho_"])
        ana, ben = await world.conversation(ANA), await world.conversation(BEN)
        for chat, who in ((ana, "ada"), (ben, "ben")):
            async with world.store.write() as batch:
                said = world.message(chat, "Anybody?")._replace(
                    direction="in", origin="contact", status="delivered"
                )
                await batch.add_messages([said])
            await hand_off(world, chat, agent=who)

        (left,) = await assigning.unanswered([SHOP], seen_before=NOW - HOUR, limit=9)

        assert (left.agent, left.is_shut_out, left.is_available) == ("ben", True, False)
