"""The contract on contacts, conversations and their versions."""

import asyncio
from datetime import timedelta

import pytest

from engine.core.content import Text
from engine.core.conversation import Busy, Offer, OfferedOption, Run, Waits
from engine.core.errors import ValueRefused
from engine.core.ids import ConversationId, LineId, RunId, VisitId
from engine.core.scheduled import Scheduled
from engine.core.signals import Sender
from engine.core.value import Json
from tests.builders import NOW
from tests.storage.world import ANA, BEN, SHOP, World, arrival, met


class ConversationContract:
    """Who is who, and one step at a time."""

    async def test_a_new_sender_gets_a_contact_and_a_conversation(self, world: World) -> None:
        conversation = await world.conversation(ANA)
        assert conversation.version == 0
        assert conversation.contact.phone == "5215550001111"
        assert conversation.contact.name == "Ana"

    async def test_the_same_sender_is_found_again_whoever_asks(self, world: World) -> None:
        first = await world.conversation(ANA)
        other = await world.another()
        assert (await other.conversation(ANA)).id == first.id
        assert (await world.conversation(ANA)).id == first.id

    async def test_one_batch_answers_in_the_order_asked(self, world: World) -> None:
        async with world.store.write() as batch:
            found = await batch.find_conversations([(SHOP, s) for s in (ANA, BEN, ANA, BEN)])
        assert found[0] == found[2]
        assert found[1] == found[3]
        assert found[0] != found[1]
        assert await world.count("contact") == 2

    async def test_a_person_has_one_conversation_on_each_line(self, world: World) -> None:
        shop = await world.conversation(ANA)
        kitchen = await world.conversation(ANA, line=LineId("kitchen"))
        assert shop.id != kitchen.id

    @pytest.mark.parametrize(
        ("first", "second"),
        [
            pytest.param("5215550001111", "525550001111", id="mexico"),
            pytest.param("5491123456789", "541123456789", id="argentina"),
            pytest.param("551187654321", "5511987654321", id="brazil"),
            pytest.param("491701234567", "+49 170 1234567", id="punctuation"),
        ],
    )
    async def test_two_spellings_of_one_number_are_one_contact(
        self, world: World, first: str, second: str
    ) -> None:
        known = await world.conversation(Sender(phone=first))
        again = await world.conversation(Sender(phone=second))
        assert again.id == known.id
        assert (await world.queries.conversations_of(second))[0].id == known.id

    @pytest.mark.parametrize("is_elsewhere", [False, True], ids=["here", "in another process"])
    async def test_the_providers_spelling_of_a_number_counts_more_than_the_businesss(
        self, world: World, is_elsewhere: bool
    ) -> None:
        other = await world.another() if is_elsewhere else world
        typed = Sender(phone="525550001111", is_typed=True)
        new = await world.conversation(typed)
        assert new.contact.phone == "525550001111", "nobody knows better yet"
        written = await other.conversation(Sender(phone="5215550001111"))
        assert (written.id, written.contact.phone) == (new.id, "5215550001111")
        again = await world.conversation(typed)
        assert (again.id, again.contact.phone) == (new.id, "5215550001111")
        assert (await other.stored(new.id)).contact.phone == "5215550001111"

    async def test_a_new_profile_name_is_taken_over(self, world: World) -> None:
        before = await world.conversation(ANA)
        after = await world.conversation(ANA.model_copy(update={"name": "Ana María"}))
        assert after.contact.name == "Ana María"
        assert after.contact.id == before.contact.id
        assert (await world.conversation(Sender(phone=ANA.phone))).contact.name == "Ana María"

    async def test_a_sender_with_both_ids_is_found_by_either(self, world: World) -> None:
        both = await world.conversation(Sender(phone="491701", user_id="DE.1"))
        assert (await world.conversation(Sender(user_id="DE.1"))).id == both.id
        assert (await world.conversation(Sender(phone="491701"))).id == both.id

    async def test_a_second_id_joins_the_contact_that_has_the_first(self, world: World) -> None:
        before = await world.conversation(Sender(phone="491701"))
        both = await world.conversation(Sender(phone="491701", user_id="DE.1"))
        by_user_id = await world.conversation(Sender(user_id="DE.1"))
        assert before.id == both.id == by_user_id.id
        assert by_user_id.contact.user_id == "DE.1"
        assert await world.count("contact") == 1

    async def test_senders_of_one_batch_that_share_an_id_are_one_contact(
        self, world: World
    ) -> None:
        senders = [
            Sender(phone="491701"),
            Sender(user_id="DE.1"),
            Sender(phone="491701", user_id="DE.1"),
        ]
        async with world.store.write() as batch:
            found = await batch.find_conversations([(SHOP, sender) for sender in senders])
        assert len(set(found)) == 1
        assert await world.count("contact") == 1

    async def test_two_contacts_that_are_one_person_go_on_in_the_livelier_conversation(
        self, world: World
    ) -> None:
        older = await world.conversation(Sender(phone="491701"))
        newer = await world.conversation(Sender(user_id="DE.1"))
        await world.change(older, last_inbound_at=NOW - timedelta(hours=2))
        await world.change(newer, last_inbound_at=NOW - timedelta(hours=1))
        both = await world.conversation(Sender(phone="491701", user_id="DE.1"))
        assert both.id == newer.id
        assert (both.contact.phone, both.contact.user_id) == ("491701", "DE.1")
        assert (await world.conversation(Sender(phone="491701"))).id == newer.id
        assert (await world.conversation(Sender(user_id="DE.1"))).id == newer.id

    async def test_joining_keeps_the_other_conversation_and_its_history(self, world: World) -> None:
        silent = await world.conversation(Sender(user_id="DE.1"))
        await world.say(silent, "still there")
        lively = await world.conversation(Sender(phone="491701"))
        await world.change(lively, last_inbound_at=NOW)
        await world.conversation(Sender(phone="491701", user_id="DE.1"))
        told = await world.queries.story(SHOP, silent.id)
        assert told is not None
        assert told.joined == lively.contact.id
        assert len(told.messages) == 1
        found = await world.queries.conversations_of("DE.1")
        assert [one.id for one in found] == [lively.id, silent.id]

    async def test_another_process_sees_a_joining(self, world: World) -> None:
        other = await world.another()
        phone = await other.conversation(Sender(phone="491701"))
        user = await other.conversation(Sender(user_id="DE.1"))
        assert not await other.store.changed_outside()
        joined = await world.conversation(Sender(phone="491701", user_id="DE.1"))
        await other.store.changed_outside()
        assert joined.id == phone.id != user.id
        assert await met(other, Sender(user_id="DE.1")) == phone.id

    async def test_a_sender_without_any_id_is_refused(self, world: World) -> None:
        with pytest.raises(ValueRefused):
            await world.conversation(Sender(name="Nobody"))
        assert await world.count("contact") == 0

    async def test_two_processes_meeting_a_new_contact_make_one(self, world: World) -> None:
        other = await world.another()
        senders = [Sender(phone=f"49170{n}", user_id=f"DE.{n}") for n in range(20)]

        async def meet(one: World, order: list[Sender]) -> dict[str, ConversationId]:
            async with one.store.write() as batch:
                found = await batch.find_conversations([(SHOP, s) for s in order])
            return {str(s.phone): key for s, key in zip(order, found, strict=True)}

        here, there = await asyncio.gather(meet(world, senders), meet(other, senders[::-1]))
        assert here == there
        assert await world.count("contact") == 20
        assert await world.count("conversation") == 20

    # --- versions -----------------------------------------------------------------------------------

    async def test_a_whole_conversation_comes_back_as_it_was_saved(self, world: World) -> None:
        option = OfferedOption(key="m", title="Margherita 🍕", value={"sku": 1}, says=("the one",))
        run = Run(
            id=RunId(1),
            flow="order",
            step="size",
            visit=VisitId(4),
            answers={"pizza": "m", "note": None, "list": [1, 2.5, True, None, {"a": "b"}]},
            shown={"pizza": "Margherita"},
            aside={"gone": 1},
            offers={"pizza": Offer(step="pizza", turn=2, options=(option,))},
            asked="size",
            retries=1,
            waits=Waits(since=NOW, said=(0,), due_at=NOW + timedelta(hours=2)),
            returning="confirm",
        )
        before = await world.conversation(ANA)
        saved = await world.change(
            before,
            mode="agent",
            turn=9,
            visits=4,
            serial=3,
            runs=(run, run.model_copy(update={"then": "more"})),
            busy=Busy(visit=VisitId(4), run=RunId(1), flow="order", step="place", since=NOW),
            window_closes_at=NOW + timedelta(hours=24),
            free_until=NOW,
            scheduled=(
                Scheduled(name="a", due_at=NOW, says=Text(body="Hello!"), silent_since=NOW),
            ),
            last_inbound_at=NOW,
            last_inbound_id="wamid.1",
            team="kitchen",
            assignee="eva",
            resume="confirm",
        )
        assert await world.stored(before.id) == saved
        other = await world.another()
        assert await other.store.conversations([(SHOP, before.id)]) == {before.id: saved}

    async def test_a_contact_changed_by_a_step_is_stored(self, world: World) -> None:
        before = await world.conversation(ANA)
        contact = before.contact.model_copy(update={"locale": "pt-BR", "opted_out_at": NOW})
        await world.change(before, contact=contact)
        assert (await world.stored(before.id)).contact == contact
        assert (await world.conversation(ANA)).contact == contact

    async def test_save_tells_winners_from_losers(self, world: World) -> None:
        ana, ben = await world.conversation(ANA), await world.conversation(BEN)
        keys = [(SHOP, ana.id), (SHOP, ben.id)]
        async with world.store.write() as batch:
            held = await batch.claim(keys)
            one = held[ana.id].model_copy(update={"version": 1})
            stale = held[ben.id].model_copy(update={"version": 8, "turn": 99})
            assert await batch.save([(stale, 7), (one, 0)]) == {ana.id}
        assert (await world.stored(ana.id)).version == 1
        assert (await world.stored(ben.id)) == ben

    async def test_a_save_that_loses_takes_nothing_from_one_that_won_before(
        self, world: World
    ) -> None:
        ana = await world.conversation(ANA)
        async with world.store.write() as batch:
            held = (await batch.claim([(SHOP, ana.id)]))[ana.id]
            won = held.model_copy(update={"version": 1, "turn": 1})
            assert await batch.save([(won, 0)]) == {ana.id}
            assert await batch.save([(held.model_copy(update={"version": 1}), 0)]) == set()
        assert (await world.stored(ana.id)) == won

    async def test_a_loser_is_read_anew(self, world: World) -> None:
        mine = await world.conversation(ANA)
        other = await world.another()
        await other.conversation(ANA)
        theirs = await other.change(mine, turn=5)
        async with world.store.write() as batch:
            held = (await batch.claim([(SHOP, mine.id)]))[mine.id]
            changed = held.model_copy(update={"version": held.version + 1, "turn": 77})
            won = await batch.save([(changed, held.version)]) if held != theirs else None
            assert not won
        async with world.store.write() as batch:
            assert (await batch.claim([(SHOP, mine.id)]))[mine.id] == theirs

    async def test_racing_batches_lose_no_change(self, world: World) -> None:
        conversation = await world.conversation(ANA)
        other = await world.another()

        async def count_one(one: World) -> None:
            while True:
                async with one.store.write() as batch:
                    held = (await batch.claim([(SHOP, conversation.id)])).get(conversation.id)
                    if held is not None:
                        changed = held.model_copy(
                            update={"version": held.version + 1, "turn": held.turn + 1}
                        )
                        if await batch.save([(changed, held.version)]):
                            return

        await asyncio.gather(*(count_one(one) for one in (world, other) * 10))
        stored = await world.stored(conversation.id)
        assert (stored.version, stored.turn) == (20, 20)

    async def test_a_batch_that_raises_leaves_nothing(self, world: World) -> None:
        known = await world.conversation(ANA)
        with pytest.raises(RuntimeError, match="step"):
            await self._break_off(world, known.id)
        assert await world.stored(known.id) == known
        assert [await world.count(t) for t in ("contact", "signal", "message")] == [1, 0, 0]
        async with world.store.write() as batch:
            assert (await batch.claim([(SHOP, known.id)]))[known.id] == known
        assert (await world.conversation(BEN)).version == 0

    async def _break_off(self, world: World, known: ConversationId) -> None:
        async with world.store.write() as batch:
            (ben,) = await batch.find_conversations([(SHOP, BEN)])
            await batch.add_signals([(arrival(), known), (arrival(sender=BEN), ben)], now=NOW)
            held = (await batch.claim([(SHOP, known)]))[known]
            changed = held.model_copy(update={"version": 1, "turn": 44})
            assert await batch.save([(changed, 0)]) == {known}
            await batch.add_messages([world.message(changed)])
            raise RuntimeError("the step raised")

    async def test_a_cancelled_batch_leaves_nothing_and_the_next_one_works(
        self, world: World
    ) -> None:
        known = await world.conversation(ANA)
        reached = asyncio.Event()

        async def hang() -> None:
            async with world.store.write() as batch:
                await batch.add_signals([(arrival(), known.id)], now=NOW)
                reached.set()
                await asyncio.Event().wait()

        task = asyncio.create_task(hang())
        await reached.wait()
        task.cancel()
        await asyncio.wait({task})
        assert task.cancelled()
        assert await world.count("signal") == 0
        await world.enter(arrival())
        assert await world.count("signal") == 1

    async def test_an_unused_batch_costs_no_transaction(self, world: World) -> None:
        async with world.store.write() as batch:
            assert await batch.find_conversations([]) == []
            assert await batch.add_signals([], now=NOW) == []
            assert await batch.claim([]) == {}
            assert await batch.blocked([]) == set()
            assert await batch.unfinished([]) == set()
            assert await batch.save([]) == set()
            await batch.add_messages([])
            await batch.add_turns([])
            await batch.change_timers([])
            await batch.cancel_unsent([], now=NOW)
            await batch.set_handled([], now=NOW)
            await batch.set_waiting([])
            await batch.report_deliveries([], now=NOW)
            await batch.mark_sends([])
            assert not batch.has_begun

    # --- reads -----------------------------------------------------------------------------------------

    async def test_busy_conversations_are_found(self, world: World) -> None:
        ana = await world.conversation(ANA)
        await world.conversation(BEN)
        busy = Busy(visit=VisitId(1), run=RunId(1), flow="order", step="place", since=NOW)
        changed = await world.change(ana, busy=busy)
        assert await world.store.busy_conversations() == [changed]
        await world.change(changed, busy=None)
        assert await world.store.busy_conversations() == []

    async def test_conversations_are_read_without_a_lock(self, world: World) -> None:
        ana = await world.conversation(ANA)
        async with world.store.write() as batch:
            held = (await batch.claim([(SHOP, ana.id)]))[ana.id]
            await batch.save([(held.model_copy(update={"version": 1}), 0)])
            other = await world.another()
            assert await other.store.conversations([(SHOP, ana.id)]) == {ana.id: ana}
            assert await world.store.conversations([(SHOP, ana.id)]) == {ana.id: ana}

    async def test_an_unknown_conversation_is_missing_from_every_answer(self, world: World) -> None:
        nobody = ConversationId(404)
        assert await world.store.conversations([(SHOP, nobody)]) == {}
        assert await world.queries.story(SHOP, nobody) is None
        async with world.store.write() as batch:
            assert await batch.claim([(SHOP, nobody)]) == {}

    @pytest.mark.parametrize(
        "value",
        [
            pytest.param("", id="empty"),
            pytest.param("👩‍👩‍👧‍👦 á̷̛̹ ‮left‬ ﷽", id="combining"),
            pytest.param("'; DROP TABLE message; --", id="sql"),
            pytest.param("\\u0000 is not a NUL", id="escape-lookalike"),
            pytest.param(2**63 - 1, id="largest"),
            pytest.param(-(2**63), id="smallest"),
            pytest.param(2**53 + 1, id="beyond-doubles"),
            pytest.param(0.1, id="float"),
            pytest.param([[[[{"a": [None, True, ""]}]]]], id="nested"),
        ],
    )
    async def test_answers_survive_any_value(self, world: World, value: Json) -> None:
        run = Run(id=RunId(1), flow="f", step="s", visit=VisitId(1), answers={"a": value})
        saved = await world.change(await world.conversation(ANA), runs=(run,))
        assert await world.stored(saved.id) == saved

    async def test_what_no_database_takes_is_replaced(self, world: World) -> None:
        sender = Sender(phone="491701", user_id="DE\x00.1", name="A\x00na \ud800")
        conversation = await world.conversation(sender)
        assert conversation.contact.name == "A\ufffdna \ufffd"
        assert (await world.conversation(sender)).id == conversation.id
        run = Run(
            id=RunId(1),
            flow="f",
            step="s",
            visit=VisitId(1),
            answers={"k\x00": ["\udfff", 2**64], "free": "a\x00b"},
        )
        saved = await world.change(conversation, runs=(run,))
        answers = (await world.stored(saved.id)).runs[0].answers
        assert answers["free"] == "a\ufffdb"
        assert answers["k\ufffd"] == ["\ufffd", str(2**64)]
