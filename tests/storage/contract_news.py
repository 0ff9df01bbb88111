"""The contract on what others wait for: where messages stand, and news for the business's own servers."""

from datetime import timedelta

from engine.core import limits
from engine.core.ids import ConversationId, ExternalId, LineId, MessageId, NewsId, RunId, VisitId
from engine.core.watch import Watch
from engine.ports import SendMark
from engine.ports.news import News, NewsKind, Posted, Posting
from storage.news import GIVEN_UP_AFTER, LET_FOR, hook_states, retry_given_up
from tests.builders import NOW
from tests.storage.world import ANA, BEN, SHOP, World, report

SECOND = timedelta(seconds=1)
WATCH = Watch(run=RunId(1), visit=VisitId(4), failed="person", until="read")


def name(external_id: str) -> tuple[LineId, ExternalId]:
    return SHOP, ExternalId(external_id)


async def tell(
    world: World,
    conversation: ConversationId,
    *,
    hook: str = "crm",
    kind: NewsKind = "flow_ended",
    message: MessageId | None = None,
    since: timedelta = timedelta(),
) -> NewsId:
    """Store one fact."""
    news = News(NewsId(world.ids()), hook, SHOP, conversation, kind, NOW, message, {"flow": "x"})
    async with world.store.write() as batch:
        batch.news.add([news], now=NOW + since)
    return news.id


async def take(
    world: World, hook: str = "crm", *, later: timedelta = timedelta(), limit: int = 10
) -> list[Posting]:
    async with world.store.write() as batch:
        return await batch.news.take(hook, now=NOW + later, limit=limit)


async def taken(world: World, hook: str = "crm", *, later: timedelta = timedelta()) -> list[NewsId]:
    return [one.news.id for one in await take(world, hook, later=later)]


async def done(world: World, *posted: Posted) -> None:
    async with world.store.write() as batch:
        batch.news.done(posted)


class NewsContract:
    """Nothing is told out of order, and nothing is lost."""

    # --- where messages stand ---------------------------------------------------------------------

    async def test_a_message_stands_where_the_same_batch_brought_it(self, world: World) -> None:
        ana = await world.conversation(ANA)
        row = world.message(ana, status="sending")._replace(watch=WATCH)
        async with world.store.write() as batch:
            await batch.add_messages([row])
        await world.report(report("read", external_id="out.1", at=NOW + SECOND))
        mark = SendMark(row.id, SHOP, ana.id, "sent", NOW, ExternalId("out.1"))
        async with world.store.write() as batch:
            await batch.mark_sends([mark])
            (stands,) = await batch.standings([(SHOP, row.id)], [name("out.1"), name("none")])
            await batch.unwatch([(SHOP, row.id)])
        assert (stands.id, stands.conversation, stands.status) == (row.id, ana.id, "read")
        assert (stands.at, stands.watch) == (NOW + SECOND, WATCH)
        async with world.store.write() as batch:
            (stands,) = await batch.standings([(SHOP, row.id)], [])
        assert stands.watch is None

    async def test_a_message_stands_under_either_of_its_names(self, world: World) -> None:
        message = await world.say(await world.conversation(ANA), status="sending")
        await world.mark(message, "sent", external_id="gs.1")
        await world.report(report("sent", external_id="gs.1", alias="wa.1"))
        async with world.store.write() as batch:
            for known in ("gs.1", "wa.1"):
                (stands,) = await batch.standings([], [name(known)])
                assert (stands.id, stands.external_id, stands.alias) == (message, "gs.1", "wa.1")

    # --- news ---------------------------------------------------------------------------------------

    async def test_news_come_with_the_contact_and_the_message(self, world: World) -> None:
        ana = await world.conversation(ANA)
        message = await world.say(ana, "Which pizza?")
        key = await tell(world, ana.id, kind="message_said", message=message)
        (posting,) = await take(world)
        assert (posting.news.id, posting.news.kind, posting.news.at) == (key, "message_said", NOW)
        assert (posting.phone, posting.name, posting.attempts) == (ANA.phone, ANA.name, 0)
        assert posting.told is not None
        assert (posting.told.id, posting.told.origin) == (message, "flow")
        assert posting.news.facts == {"flow": "x"}

    async def test_the_oldest_of_each_conversation_goes_first_and_alone(self, world: World) -> None:
        ana, ben = await world.conversation(ANA), await world.conversation(BEN)
        first, second = await tell(world, ana.id), await tell(world, ana.id)
        other = await tell(world, ben.id)
        elsewhere = await tell(world, ana.id, hook="erp")
        assert await taken(world) == [first, other]
        assert await taken(world) == []
        assert await taken(world, "erp") == [elsewhere]
        await done(world, Posted(SHOP, first), Posted(SHOP, other))
        assert await taken(world) == [second]

    async def test_what_was_not_taken_is_waited_for_by_what_comes_after_it(
        self, world: World
    ) -> None:
        ana = await world.conversation(ANA)
        first = await tell(world, ana.id)
        await tell(world, ana.id)
        assert await taken(world) == [first]
        await done(world, Posted(SHOP, first, "it answered 500", NOW + 5 * SECOND))
        assert await taken(world, later=4 * SECOND) == []
        (posting,) = await take(world, later=5 * SECOND)
        assert (posting.news.id, posting.attempts) == (first, 1)
        (state,) = await hook_states(world.database)
        assert (state.hook, state.waiting, state.error) == ("crm", 2, "it answered 500")

    async def test_what_a_clock_ahead_put_off_or_let_is_posted_once_that_is_set_back(
        self, world: World
    ) -> None:
        key = await tell(world, (await world.conversation(ANA)).id)
        latest = limits.NEWS_BACKOFF_MOST + limits.CLOCKS_APART
        await done(world, Posted(SHOP, key, "it answered 500", NOW + latest))
        assert await taken(world) == []
        assert await taken(world, later=-SECOND) == [key]
        assert await taken(world, later=-SECOND - limits.CLOCKS_APART) == []
        assert await taken(world, later=-2 * SECOND - limits.CLOCKS_APART) == [key]

    async def test_what_a_dead_process_had_is_posted_again(self, world: World) -> None:
        key = await tell(world, (await world.conversation(ANA)).id)
        assert await taken(world) == [key]
        other = await world.another()
        assert await taken(other, later=LET_FOR - SECOND) == []
        assert await taken(other, later=LET_FOR) == [key]

    async def test_two_processes_share_the_work(self, world: World) -> None:
        keys = [await tell(world, (await world.conversation(who)).id) for who in (ANA, BEN)]
        other = await world.another()
        found = [one.news.id for one in await take(world, limit=1)]
        found += [one.news.id for one in await take(other, limit=1)]
        assert found == keys

    async def test_after_a_day_it_is_given_up_and_after_a_week_forgotten(
        self, world: World
    ) -> None:
        ana = await world.conversation(ANA)
        await tell(world, ana.id)
        kept = await tell(world, ana.id, since=SECOND)
        now = NOW + GIVEN_UP_AFTER + SECOND
        async with world.store.write() as batch:
            await batch.news.sweep(["crm"], now=now, most=100)
        assert await taken(world) == [kept]
        (state,) = await hook_states(world.database)
        assert (state.waiting, state.given_up) == (1, 1)
        async with world.store.write() as batch:
            await batch.news.sweep(["crm"], now=NOW + timedelta(days=7, seconds=1), most=100)
        assert await world.count("outgoing_webhook") == 1

    async def test_what_was_given_up_can_be_posted_after_all(self, world: World) -> None:
        ana = await world.conversation(ANA)
        first = await tell(world, ana.id)
        later = NOW + GIVEN_UP_AFTER + SECOND
        async with world.store.write() as batch:
            await batch.news.sweep([], now=later, most=100)
        assert await taken(world) == []
        assert await retry_given_up(world.database, "crm", now=later) == 1
        async with world.store.write() as batch:
            await batch.news.sweep([], now=later, most=100)
        assert await taken(world) == [first]

    async def test_what_waits_is_bounded_and_the_oldest_go(self, world: World) -> None:
        ana = await world.conversation(ANA)
        keys = [await tell(world, ana.id) for _ in range(4)]
        other = await tell(world, ana.id, hook="erp")
        async with world.store.write() as batch:
            await batch.news.sweep(["crm"], now=NOW, most=2)
        assert await taken(world) == [keys[2]]
        assert await taken(world, "erp") == [other]
