"""The contract on broadcasts: handed out in order, each contact under one id, by one process at a time."""

from datetime import timedelta

import pytest

from engine.core.content import Template
from engine.core.errors import DefinitionError
from engine.core.ids import BroadcastId, LineId
from engine.ports import MessageRow
from engine.ports.broadcasts import Running
from storage.broadcasts import (
    Recipient,
    StoredBroadcast,
    StoredBroadcasts,
    fingerprint,
)
from tests.builders import NOW
from tests.storage.world import ANA, SHOP, World

NEWS = Template(name="news", language="en", body=("a\x00",))
TO = [
    Recipient(2, "5215550001", NEWS),
    Recipient(3, "x", None, "no number"),
    Recipient(5, "5215550002", NEWS.model_copy(update={"body": ("b",)})),
    Recipient(6, "5215550003", NEWS),
]
SECOND = timedelta(seconds=1)


async def begun(world: World, *, line: LineId = SHOP) -> StoredBroadcast:
    broadcasts = StoredBroadcasts(world.database)
    id = await broadcasts.begin(
        line, TO, template="news", language="en", source="news.csv", now=NOW
    )
    return await broadcasts.find(id)


class BroadcastContract:
    """What the loop that hands them out and those who watch may rely on."""

    async def test_contacts_are_handed_out_in_order_each_under_one_id(self, world: World) -> None:
        broadcasts = StoredBroadcasts(world.database)
        broadcast = await begun(world)
        (running,) = await broadcasts.running([SHOP])
        assert running == Running(SHOP, broadcast.id, 0)

        async def hand_out(handed: int, limit: int = 3) -> tuple[list[tuple[int, int]], int]:
            given = await broadcasts.hand_out(
                running._replace(handed=handed),
                owner=1,
                limit=limit,
                ids=world.ids,
            )
            assert given is not None
            return [(one.number, one.message) for one in given.messages], given.last

        first, last = await hand_out(0)
        assert [number for number, _ in first] == [2, 5]
        assert last == 5
        assert await hand_out(0) == (first, 5), "until told otherwise they come again as they were"
        rest, last = await hand_out(5)
        assert [number for number, _ in rest] == [6]
        assert (await broadcasts.running([SHOP])) == [running._replace(handed=5)]
        assert await hand_out(6) == ([], 6)
        await broadcasts.finish(running, now=NOW + SECOND)
        assert await broadcasts.running([SHOP]) == []
        done = await broadcasts.find(broadcast.id)
        assert (done.state, done.finished_at) == ("done", NOW + SECOND)

    async def test_what_is_in_the_outbox_already_is_left_out(self, world: World) -> None:
        broadcasts = StoredBroadcasts(world.database)
        broadcast = await begun(world)
        running = Running(SHOP, broadcast.id, 0)
        given = await broadcasts.hand_out(running, owner=1, limit=9, ids=world.ids)
        assert given is not None
        ana = await world.conversation(ANA)
        row = MessageRow(
            given.messages[0].message, SHOP, ana.id, "out", NEWS, "queued", NOW, origin="broadcast"
        )
        async with world.store.write() as batch:
            await batch.add_messages([row])
        again = await broadcasts.hand_out(running, owner=1, limit=9, ids=world.ids)
        assert again is not None
        assert again.messages == given.messages[1:]
        assert await broadcasts.under_way(SHOP) == 1
        assert await broadcasts.under_way(LineId("desk")) == 0
        assert await broadcasts.counts(broadcast) == {"queued": 1, "waiting": 2, "invalid": 1}
        await world.mark(row.id, "uncertain")
        assert await broadcasts.under_way(SHOP) == 0
        told = [one async for one in broadcasts.results(broadcast)]
        assert [(one.number, one.status, one.problem) for one in told] == [
            (2, "uncertain", None),
            (3, None, "no number"),
            (5, None, None),
            (6, None, None),
        ]

    async def test_one_goes_on_whose_process_died(self, world: World) -> None:
        broadcasts = StoredBroadcasts(world.database)
        running = Running(SHOP, (await begun(world)).id, 0)
        first = await broadcasts.hand_out(running, owner=90, limit=1, ids=world.ids)
        again = await broadcasts.hand_out(running, owner=91, limit=1, ids=world.ids)
        assert first == again, "under the ids that were given"

    async def test_a_process_lets_go_of_what_one_of_its_number_left(self, world: World) -> None:
        broadcasts = StoredBroadcasts(world.database)
        running = Running(SHOP, (await begun(world)).id, 0)
        assert await broadcasts.hand_out(running, owner=90, limit=1, ids=world.ids)
        await broadcasts.let_go(91)
        assert await self._owners(world) == [90]
        await broadcasts.let_go(90)
        assert await self._owners(world) == [None]

    async def _owners(self, world: World) -> list[int | None]:
        async with world.database.engine.connect() as connection:
            found = await connection.exec_driver_sql("SELECT owner FROM broadcast")
            return [row[0] for row in found]

    async def test_a_stopped_one_is_handed_out_no_more_until_it_is_resumed(
        self, world: World
    ) -> None:
        broadcasts = StoredBroadcasts(world.database)
        broadcast = await begun(world)
        running = Running(SHOP, broadcast.id, 0)
        assert await broadcasts.stop(broadcast)
        assert await broadcasts.running([SHOP]) == []
        assert await broadcasts.hand_out(running, owner=1, limit=1, ids=world.ids) is None
        await broadcasts.finish(running, now=NOW)
        assert (await broadcasts.find(broadcast.id)).state == "stopped"
        assert await broadcasts.resume(broadcast)
        assert await broadcasts.running([SHOP]) == [running]
        await broadcasts.finish(running, now=NOW)
        assert not await broadcasts.stop(broadcast)
        assert not await broadcasts.resume(broadcast)

    async def test_broadcasts_are_found_by_their_number_and_by_what_they_say(
        self, world: World
    ) -> None:
        broadcasts = StoredBroadcasts(world.database)
        first, second = await begun(world), await begun(world, line=LineId("desk"))
        assert second.id == first.id + 1, "numbers count over all lines"
        assert await broadcasts.newest(limit=1) == [second]
        assert (first.template, first.source, first.created_at) == ("news", "news.csv", NOW)
        mark = fingerprint("news", "en", TO)
        assert await broadcasts.same(SHOP, mark, since=NOW) == first
        assert await broadcasts.same(SHOP, mark, since=NOW + SECOND) is None
        assert await broadcasts.same(SHOP, fingerprint("news", "en", TO[1:]), since=NOW) is None
        assert await broadcasts.running([LineId("other")]) == []
        with pytest.raises(DefinitionError, match="there is no broadcast 99"):
            await broadcasts.find(BroadcastId(99))

    async def test_one_that_was_never_stored_to_its_end_is_not_there(self, world: World) -> None:
        broadcasts = StoredBroadcasts(world.database)
        broadcast = await begun(world)
        async with world.database.engine.begin() as connection:  # as a killed command leaves it
            await connection.exec_driver_sql("UPDATE broadcast SET state = 'loading'")
        assert await broadcasts.running([SHOP]) == []
        assert await broadcasts.newest(limit=9) == []
        assert await broadcasts.same(SHOP, fingerprint("news", "en", TO), since=NOW) is None
        with pytest.raises(DefinitionError):
            await broadcasts.find(broadcast.id)

    async def test_one_with_a_number_of_its_own_is_stored_once(self, world: World) -> None:
        broadcasts = StoredBroadcasts(world.database)
        await begun(world)
        id = BroadcastId(2**60)
        for to in (TO[:2], TO):  # the first time it broke off
            given = await broadcasts.begin(
                SHOP, to, template="news", language="en", source="api:till", now=NOW, id_=id
            )
            assert given == id
        asked = await broadcasts.find(id)
        assert await broadcasts.counts(asked) == {"waiting": 3, "invalid": 1}
        await broadcasts.stop(asked)
        await broadcasts.begin(
            SHOP, TO, template="news", language="en", source="api:till", now=NOW, id_=id
        )
        assert (await broadcasts.find(id)).state == "stopped"
        assert (await begun(world)).id == BroadcastId(2), "the next small number is not far above"

    async def test_it_is_known_whether_a_process_serves(self, world: World) -> None:
        other = await world.another()
        assert not await world.database.is_served()
        other.database.lock()
        assert await other.database.claim_owner(7)
        assert await world.database.is_served()
