"""The store on PostgreSQL, and what only replicas have: locked rows, live owners, cut connections."""

import asyncio

import pytest

from engine.core import limits
from engine.core.content import Media, Template
from engine.core.errors import ConcurrentUpdate, StoreUnavailable
from engine.core.ids import ConversationId, MessageId, NewsId
from engine.core.signals import Sender
from engine.ports import MessageRow
from engine.ports.broadcasts import HandedOut, Running
from engine.ports.news import News
from storage.assigning import SqlAssigning
from storage.broadcasts import Recipient, StoredBroadcasts
from storage.cache import TRUSTED_S
from tests.builders import NOW
from tests.storage.contract import StoreContract
from tests.storage.world import ANA, BEN, SHOP, World, arrival, met, report

WAITS_FOR_A_LOCK = (
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


class TestPostgres(StoreContract):
    @pytest.fixture
    def world(self, postgres_world: World) -> World:
        return postgres_world


async def test_what_another_replica_holds_is_missing_from_a_claim(postgres_world: World) -> None:
    ana, ben = await postgres_world.conversation(ANA), await postgres_world.conversation(BEN)
    other = await postgres_world.another()
    keys = [(SHOP, ana.id), (SHOP, ben.id)]
    async with postgres_world.store.write() as batch:
        assert set(await batch.claim(keys[:1])) == {ana.id}
        async with other.store.write() as theirs:
            assert set(await theirs.claim(keys)) == {ben.id}
    async with other.store.write() as theirs:
        assert set(await theirs.claim(keys)) == {ana.id, ben.id}


async def test_memory_that_led_to_a_joined_contact_is_found_out(postgres_world: World) -> None:
    other = await postgres_world.another()
    phone = await met(other, Sender(phone="491701"))
    user = await met(other, Sender(user_id="DE.1"))
    await postgres_world.conversation(Sender(phone="491701", user_id="DE.1"))

    async with postgres_world.store.write() as batch:
        assert await batch.claim([(SHOP, user), (SHOP, phone)])
        # What is held elsewhere cannot be read: the address is looked up.
        assert await met(other, Sender(user_id="DE.1")) == phone != user
    assert await met(other, Sender(user_id="DE.1")) == phone


async def test_a_redone_batch_goes_to_whom_memory_did_not_know_as_joined(
    postgres_world: World,
) -> None:
    other = await postgres_world.another()
    phone = await met(other, Sender(phone="491701"))
    user = await met(other, Sender(user_id="DE.1"))
    await postgres_world.conversation(Sender(phone="491701", user_id="DE.1"))

    async def claim_as_remembered() -> None:
        async with other.store.write() as batch:
            (found,) = await batch.find_conversations([(SHOP, Sender(user_id="DE.1"))])
            assert found == user, "memory leads to who it was"
            await batch.claim([(SHOP, found)])

    with pytest.raises(ConcurrentUpdate):
        await claim_as_remembered()
    assert await met(other, Sender(user_id="DE.1")) == phone


async def test_what_this_process_committed_is_known_for_a_moment(postgres_world: World) -> None:
    ana = await postgres_world.conversation(ANA)
    assert postgres_world.store.known(SHOP, ana.id) is None, "it was read, not locked"
    changed = await postgres_world.change(ana, turn=3)
    assert postgres_world.store.known(SHOP, ana.id) == changed
    await asyncio.sleep(TRUSTED_S)
    assert postgres_world.store.known(SHOP, ana.id) is None


async def test_accepting_a_signal_does_not_wait_for_who_steps_its_conversation(
    postgres_world: World,
) -> None:
    ana = await postgres_world.conversation(ANA)
    other = await postgres_world.another()
    async with postgres_world.store.write() as batch:
        await batch.claim([(SHOP, ana.id)])
        async with asyncio.timeout(20):
            (entered,) = await other.enter(arrival())
    assert entered.conversation == ana.id


async def test_entries_of_a_conversation_held_elsewhere_are_not_taken(
    postgres_world: World,
) -> None:
    ana = await postgres_world.conversation(ANA)
    message = await postgres_world.say(ana)
    other = await postgres_world.another()
    async with postgres_world.store.write() as batch:
        await batch.claim([(SHOP, ana.id)])
        assert await other.take() == []
    assert [entry.id for entry in await other.take()] == [message]


async def test_two_replicas_taking_entries_never_share_a_conversation(
    postgres_world: World,
) -> None:
    senders = [ANA.model_copy(update={"phone": f"49170{n}"}) for n in range(10)]
    said = []
    for sender in senders:
        conversation = await postgres_world.conversation(sender)
        said += [await postgres_world.say(conversation) for _ in range(3)]
    other = await postgres_world.another()
    rounds = [await asyncio.gather(postgres_world.take(), other.take()) for _ in range(3)]
    taken = [entry.id for both in rounds for one in both for entry in one]
    assert sorted(taken) == sorted(said)
    owners: dict[ConversationId, int] = {}
    for both in rounds:
        for place, one in enumerate(both):
            for entry in one:
                assert owners.setdefault(entry.conversation, place) == place


async def test_sends_of_a_live_replica_are_left_to_it(postgres_world: World) -> None:
    ana = await postgres_world.conversation(ANA)
    other = await postgres_world.another()
    assert await other.database.claim_owner(other.owner)
    message = await other.say(ana, status="sending")
    async with postgres_world.store.write() as batch:
        assert await batch.adopt_orphans(owner=postgres_world.owner, now=NOW) == 0
    await other.database.close()
    async with asyncio.timeout(20):
        while await _adopted(postgres_world) == 0:
            await asyncio.sleep(0.01)
    assert await postgres_world.status(message) == "uncertain"


async def test_a_broadcast_is_handed_out_by_one_live_replica(postgres_world: World) -> None:
    other = await postgres_world.another()
    assert await other.database.claim_owner(other.owner)
    broadcasts = StoredBroadcasts(postgres_world.database)
    template = Template(name="news", language="en")
    to = [Recipient(1, "5215550001", template), Recipient(2, "5215550002", template)]
    said = {"template": "news", "language": "en", "source": "news.csv", "now": NOW}
    running = Running(SHOP, await broadcasts.begin(SHOP, to, **said), 0)  # type: ignore[arg-type]
    theirs = StoredBroadcasts(other.database)
    given = await theirs.hand_out(running, owner=other.owner, limit=1, ids=other.ids)
    assert given is not None

    async def ours() -> HandedOut | None:
        return await broadcasts.hand_out(
            running, owner=postgres_world.owner, limit=1, ids=postgres_world.ids
        )

    assert await ours() is None
    assert await theirs.hand_out(running, owner=other.owner, limit=1, ids=other.ids) == given
    await other.database.close()
    async with asyncio.timeout(20):
        while (taken := await ours()) is None:
            await asyncio.sleep(0.01)
    assert taken == given, "under the ids that the dead one gave"


async def test_files_and_news_of_a_replica_that_is_gone_are_let_go(postgres_world: World) -> None:
    ana = await postgres_world.conversation(ANA)
    other = await postgres_world.another()
    for one in (postgres_world, other):
        assert await one.database.claim_owner(one.owner)
    row = MessageRow(
        id=MessageId(postgres_world.ids()),
        line=SHOP,
        conversation=ana.id,
        direction="in",
        content=Media(kind="image", external_id="media.1", mime_type="image/jpeg"),
        status="received",
        at=NOW,
    )
    news = News(NewsId(postgres_world.ids()), "crm", SHOP, ana.id, "message_received", NOW, row.id)
    async with other.store.write() as theirs:
        await theirs.add_messages([row])
        theirs.news.add([news], now=NOW)
    wanted = await postgres_world.store.wanted_media(now=NOW, limit=9)
    async with other.store.write() as theirs:
        assert await theirs.taken.media(wanted) == {row.id}
        assert len(await theirs.news.take("crm", now=NOW, limit=9)) == 1

    async def ours() -> tuple[int, int]:
        async with postgres_world.store.write() as batch:
            await batch.news.take_over(own=False)
            batch.taken.free_media(own=False)
        async with postgres_world.store.write() as batch:
            taken = await batch.taken.media(wanted)
            return len(taken), len(await batch.news.take("crm", now=NOW, limit=9))

    assert await ours() == (0, 0), "its owner lives"
    assert await postgres_world.store.wanted_media(now=NOW, limit=9) == []
    await other.database.close()
    async with asyncio.timeout(20):
        while await ours() != (1, 1):
            await asyncio.sleep(0.01)


async def test_a_signal_left_unhandled_since_this_one_was_stored_is_seen_before_it_is_stepped(
    postgres_world: World,
) -> None:
    ana = await postgres_world.conversation(ANA)
    other = await postgres_world.another()
    keys = [(SHOP, ana.id)]
    async with postgres_world.store.write() as batch:
        await batch.add_signals([(arrival(), ana.id)], now=NOW)
        (left,) = await other.enter(arrival())
        await other.wait(left)
        await batch.claim(keys)
        assert await batch.blocked(keys) == {ana.id}


async def _adopted(world: World) -> int:
    async with world.store.write() as batch:
        return await batch.adopt_orphans(owner=world.owner, now=NOW)


async def test_an_owner_number_is_held_by_one_replica(postgres_world: World) -> None:
    other = await postgres_world.another()
    assert await postgres_world.database.claim_owner(7)
    assert not await other.database.claim_owner(7)
    assert await other.database.claim_owner(8)


async def test_replicas_that_wait_for_each_other_are_told_to_redo(postgres_world: World) -> None:
    ana, ben = await postgres_world.conversation(ANA), await postgres_world.conversation(BEN)
    other = await postgres_world.another()
    first, second = await postgres_world.say(ana), await postgres_world.say(ben)
    locked = [asyncio.Event(), asyncio.Event()]

    async def cancel(world: World, place: int) -> None:
        order = [ana, ben] if place == 0 else [ben, ana]
        async with world.store.write() as batch:
            await batch.cancel_unsent([(SHOP, order[0].id)], now=NOW)
            await batch.claim([(SHOP, ConversationId(404))])  # a question, so that it is done now
            locked[place].set()
            await locked[1 - place].wait()
            await batch.cancel_unsent([(SHOP, order[1].id)], now=NOW)

    results = await asyncio.gather(
        cancel(postgres_world, 0), cancel(other, 1), return_exceptions=True
    )
    failed = [result for result in results if result is not None]
    assert [type(result) for result in failed] == [ConcurrentUpdate]
    assert [await postgres_world.status(m) for m in (first, second)] == ["cancelled"] * 2


async def test_a_cut_connection_is_unavailable_and_then_replaced(postgres_world: World) -> None:
    ana = await postgres_world.conversation(ANA)
    other = await postgres_world.another()
    with pytest.raises(StoreUnavailable):
        await _cut_within(postgres_world, other, ana.id)
    assert await postgres_world.count("signal") == 0
    (entered,) = await postgres_world.enter(arrival())
    assert entered.conversation == ana.id


async def _cut_within(world: World, other: World, key: ConversationId) -> None:
    async with world.store.write() as batch:
        await batch.add_signals([(arrival(), key)], now=NOW)
        async with other.database.read() as connection:
            await connection.exec_driver_sql(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND state = 'idle in transaction'"
                " AND pid <> pg_backend_pid()"
            )
        await batch.claim([(SHOP, key)])


async def test_a_server_that_is_not_there_is_unavailable() -> None:
    async with World("postgresql://nobody@127.0.0.1:9/parley") as world:
        with pytest.raises(StoreUnavailable):
            await world.enter(arrival())
        with pytest.raises(StoreUnavailable):
            await world.store.oldest_waiting([SHOP], now=NOW)
        with pytest.raises(StoreUnavailable):
            await world.store.replicas(shows=False)


async def test_who_is_met_by_a_new_name_has_still_opted_out_meanwhile(
    postgres_world: World,
) -> None:
    ana = await postgres_world.conversation(ANA)
    other = await postgres_world.another()
    async with postgres_world.store.write() as batch:
        # Its new name is written with the commit, by what was known of the contact until now.
        await batch.find_conversations([(SHOP, ANA.model_copy(update={"name": "Anna"}))])
        await other.change(ana, contact=ana.contact.model_copy(update={"opted_out_at": NOW}))
    contact = (await other.stored(ana.id)).contact
    assert (contact.name, contact.opted_out_at) == ("Anna", NOW)


async def test_what_a_status_says_was_delivered_is_not_taken_up_at_the_same_moment(
    postgres_world: World,
) -> None:
    ana = await postgres_world.conversation(ANA)
    message = await postgres_world.say(ana, status="sending")
    await postgres_world.mark(message, "uncertain", external_id="out.1")
    other = await postgres_world.another()

    async with postgres_world.store.write() as batch:
        told = report("delivered")
        (signal,) = await batch.add_signals([(arrival(told, sender=None), None)], now=NOW)
        assert signal is not None
        await batch.report_deliveries([(SHOP, signal, told)], now=NOW)
        await batch.blocked([(SHOP, ana.id)])  # what was to be written is
        taking = asyncio.create_task(other.take(now=NOW + limits.STATUS_GRACE))
        async with asyncio.timeout(20), other.database.read() as connection:
            while not (await connection.exec_driver_sql(WAITS_FOR_A_LOCK)).scalar():
                await asyncio.sleep(0.01)

    assert await taking == []
    assert await postgres_world.status(message) == "delivered"


async def test_one_process_leads_and_another_once_that_is_gone(postgres_world: World) -> None:
    first = await postgres_world.another()
    second = await postgres_world.another()
    both = [SqlAssigning(one.database) for one in (first, second)]
    assert not await both[0].leads(), "not before it hears of the others"
    for one in (first, second):
        await one.database.replicas(shows=False)
    assert [await one.leads() for one in both for _ in range(2)] == [True, True, False, False]
    await first.database.close()

    async with asyncio.timeout(20):
        while not await both[1].leads():
            await asyncio.sleep(0.01)
