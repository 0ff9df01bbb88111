"""The contract on what is told to providers: it goes beside the messages, in an order of its own."""

from datetime import timedelta

from engine.core import limits
from engine.core.content import Event
from tests.builders import NOW
from tests.storage.world import ANA, BEN, SHOP, World

GRACE = limits.STATUS_GRACE
SECOND = timedelta(seconds=1)
ORDERED = Event(name="Ordered", traits={"total": 17})


class DeedsContract:
    """Deeds and messages wait for each other in nothing."""

    async def test_a_deed_is_taken_beside_the_messages(self, world: World) -> None:
        ana = await world.conversation(ANA)
        deed = await world.say(ana, ORDERED)
        message = await world.say(ana)
        async with world.store.write() as batch:
            assert await batch.unfinished([(SHOP, ana.id)]) == {ana.id}
        assert await world.taken() == [message]
        assert await world.taken(beside=True) == [deed]
        await world.mark(message, "sent", external_id="out.1")
        async with world.store.write() as batch:
            assert await batch.unfinished([(SHOP, ana.id)]) == set()
            leaving = world.message(ana, ORDERED, status="sending")
            await batch.add_messages([leaving])
            assert await batch.unfinished([(SHOP, ana.id)]) == set()

    async def test_deeds_of_one_contact_go_in_order(self, world: World) -> None:
        ana, ben = await world.conversation(ANA), await world.conversation(BEN)
        first, second = await world.say(ana, ORDERED), await world.say(ana, ORDERED)
        assert await world.taken(beside=True) == [first, second]
        await world.mark(first, "queued", retry_at=NOW + 10 * SECOND, attempts=1)
        await world.mark(second, "queued")
        of_ben = await world.say(ben, ORDERED)
        assert await world.taken(beside=True) == [of_ben]
        assert await world.taken(beside=True, now=NOW + 10 * SECOND) == [first, second]

    async def test_a_takeover_takes_back_no_deed(self, world: World) -> None:
        ana = await world.conversation(ANA)
        deed, message = await world.say(ana, ORDERED), await world.say(ana)
        async with world.store.write() as batch:
            await batch.cancel_unsent([(SHOP, ana.id)], now=NOW)
        assert await world.status(message) == "cancelled"
        assert await world.taken(beside=True) == [deed]

    async def test_a_deed_whose_process_died_is_told_again_and_marked(self, world: World) -> None:
        ana = await world.conversation(ANA)
        deed = await world.say(ana, ORDERED, status="sending")
        async with world.store.write() as batch:
            assert await batch.adopt_orphans(owner=world.owner, now=NOW) == 1
        (again,) = await world.take(beside=True, now=NOW + GRACE)
        assert (again.id, again.content, again.maybe_twice) == (deed, ORDERED, True)

    async def test_a_deed_that_failed_is_shown_and_can_be_put_back(self, world: World) -> None:
        ana = await world.conversation(ANA)
        deed = await world.say(ana, ORDERED)
        await world.mark(deed, "failed", error_code="429")
        assert [(one.id, one.direction) for one in await world.queries.outbox(failed=True)] == [
            (deed, "beside")
        ]
        assert await world.queries.retry(deed, now=NOW)
        assert [one.id for one in await world.queries.outbox()] == [deed]
        assert await world.taken(beside=True) == [deed]
