"""The contract on closed windows: the plan is kept, what is held is let go in order, a template takes a place."""

from datetime import timedelta

import pytest

from engine.core.closed import Closed
from engine.core.content import ProviderError, Template, Text
from engine.core.effects import Origin
from engine.ports import SendMark
from tests.builders import NOW
from tests.storage.world import ANA, BEN, SHOP, World, report

NEWS = Template(name="news", language="en", body=("Ana \\ \" ' 👋",))
LATER = NOW + timedelta(hours=5)
LONG_AGO = NOW - timedelta(days=9)


class ClosedContract:
    """Nothing that met a closed window is lost, and nothing of it leaves twice."""

    @pytest.mark.parametrize("closed", ["hold", "fail", NEWS], ids=["hold", "fail", "template"])
    async def test_an_entry_keeps_its_plan(self, world: World, closed: Closed) -> None:
        row = world.message(await world.conversation(ANA))._replace(closed=closed)
        async with world.store.write() as batch:
            await batch.add_messages([row])
        (entry,) = await world.take()
        assert entry.closed == closed

    async def test_what_is_held_is_queued_in_order_and_counts_from_then(self, world: World) -> None:
        ana, ben = await world.conversation(ANA), await world.conversation(BEN)
        first, second = [await world.say(ana, status="held") for _ in range(2)]
        to_ben = await world.say(ben, status="held")
        async with world.store.write() as batch:
            await batch.release_held({(SHOP, ana.id): LONG_AGO}, now=LATER)
            assert await batch.unfinished([(SHOP, ana.id), (SHOP, ben.id)]) == {ana.id}
            reply = world.message(ana)
            await batch.add_messages([reply])
        entries = await world.take(now=LATER)
        assert [entry.id for entry in entries] == [first, second, reply.id]
        assert [entry.created_at for entry in entries] == [LATER, LATER, NOW]
        assert await world.status(to_ben) == "held"
        for id_ in (first, second):
            await world.mark(id_, "sent", external_id=f"out.{id_}")
        async with world.store.write() as batch:
            await batch.release_held({(SHOP, ana.id): LONG_AGO}, now=LATER)
        assert [await world.status(id_) for id_ in (first, second)] == ["sent", "sent"]

    async def test_what_was_held_too_long_is_stale(self, world: World) -> None:
        ana = await world.conversation(ANA)
        old = await world.say(ana, status="held", at=NOW - timedelta(days=3, seconds=1))
        young = await world.say(ana, status="held", at=NOW - timedelta(days=3))
        since = NOW - timedelta(days=3)
        async with world.store.write() as batch:
            await batch.release_held({(SHOP, ana.id): since}, now=NOW)
        assert await world.status(old) == "stale"
        assert await world.taken() == [young]

    @pytest.mark.parametrize(
        ("origin", "status"),
        [("timer", "cancelled"), ("flow", "cancelled"), ("agent", "held"), ("api", "held")],
    )
    async def test_a_takeover_takes_back_what_flows_said_alone(
        self, world: World, origin: Origin, status: str
    ) -> None:
        ana = await world.conversation(ANA)
        message = await world.say(ana, status="held", origin=origin)
        async with world.store.write() as batch:
            await batch.cancel_unsent([(SHOP, ana.id)], now=NOW)
        assert await world.status(message) == status

    @pytest.mark.parametrize("named", ["ours", "theirs"])
    async def test_what_failed_for_the_window_is_found_and_put_back_for_good(
        self, world: World, named: str
    ) -> None:
        ana = await world.conversation(ANA)
        message, other = await world.say(ana), await world.say(ana)
        for id_ in (message, other):
            await world.mark(id_, "sent", external_id=f"out.{id_}")
        error = ProviderError(code="131047", window_closed=True)
        failed = report(
            "failed",
            external_id=f"out.{message}",
            message=message if named == "ours" else None,
            errors=(error,),
        )
        await world.report(failed)
        async with world.store.write() as batch:
            (found,) = await batch.refused([(SHOP, failed)])
            assert (found.id, found.conversation, found.left_at) == (message, ana.id, NOW)
            assert (found.external_id, found.closed) == (f"out.{message}", "hold")
            await batch.put_back([SendMark(message, SHOP, ana.id, "held", NOW)])
        late = report("sent", external_id=f"out.{message}", message=message)
        await world.report(late)
        await world.mark(message, "sent", external_id=f"out.{message}")
        assert await world.status(message) == "held"
        async with world.store.write() as batch:
            assert await batch.refused([(SHOP, failed)]) == []
            await batch.release_held({(SHOP, ana.id): LONG_AGO}, now=LATER)
        assert await world.taken(now=LATER) == [message]
        await world.mark(message, "sent", external_id="out.again")
        assert await world.status(message) == "sent"
        assert await world.status(other) == "sent"

    async def test_a_template_takes_a_messages_place_and_leaves_before_what_is_behind(
        self, world: World
    ) -> None:
        ana = await world.conversation(ANA)
        said = Text(body='Your "order" is ready 👋')
        row = world.message(ana, said, status="sending")._replace(closed=NEWS)
        async with world.store.write() as batch:
            await batch.add_messages([row])
        second = await world.say(ana)
        await world.mark(row.id, "queued", instead=NEWS)
        entries = await world.take()
        assert [entry.id for entry in entries] == [row.id, second]
        assert (entries[0].content, entries[0].closed) == (NEWS, "hold")
        extra = (await world.shown(row.id)).extra
        assert isinstance(extra, dict)
        instead_of = extra["instead_of"]
        assert isinstance(instead_of, dict)
        assert instead_of["body"] == said.body

    async def test_the_second_message_of_a_turn_with_the_same_template_is_held(
        self, world: World
    ) -> None:
        ana = await world.conversation(ANA)
        rows = [
            world.message(ana, Text(body=body), status="sending")._replace(closed=NEWS, turn=turn)
            for body, turn in (("One", 3), ("Two", 3), ("Three", 4))
        ]
        async with world.store.write() as batch:
            await batch.add_messages(rows)
        await world.mark(rows[0].id, "queued", instead=NEWS)
        for row in rows[1:]:
            await world.mark(row.id, "queued")
        assert [entry.closed for entry in await world.take()] == ["hold", "hold", NEWS]
        error = ProviderError(code="131047", window_closed=True)
        failed = [report("failed", external_id=f"out.{row.id}", errors=(error,)) for row in rows]
        for row, told in zip(rows, failed, strict=True):
            await world.mark(row.id, "sent", external_id=f"out.{row.id}")
            await world.report(told)
        async with world.store.write() as batch:
            found = await batch.refused([(SHOP, told) for told in failed])
        assert {one.id: one.closed for one in found}[rows[1].id] == "hold"
        assert {one.id: one.closed for one in found}[rows[2].id] == NEWS

    async def test_what_a_conversation_has_coming_is_what_is_queued_or_held(
        self, world: World
    ) -> None:
        ana, ben = await world.conversation(ANA), await world.conversation(BEN)
        held = await world.say(ana, status="held")
        queued = await world.say(ana)
        sent = await world.say(ana)
        await world.mark(sent, "sent", external_id="out.1")
        await world.say(ben)
        async with world.store.write() as batch:
            assert set(await batch.waiting_messages([(SHOP, ana.id)])) == {
                (SHOP, held),
                (SHOP, queued),
            }
