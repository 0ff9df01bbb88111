"""The contract on signals: each counts once, in order of arrival, and waits until it is handled."""

from contextlib import suppress
from datetime import timedelta

import pytest

from engine.core import limits
from engine.core.content import FormReply, Text
from engine.core.conversation import Busy
from engine.core.errors import ValueRefused
from engine.core.ids import ExternalId, LineId, RunId, SignalId, TimerId, VisitId
from engine.core.signals import (
    AgentTookOver,
    LineReported,
    MessageReceived,
    Signal,
    StepReturned,
    TimerFired,
)
from engine.core.value import Json
from storage.sweeping import SWEEP_MOST
from tests.builders import NOW
from tests.storage.world import ANA, BEN, SHOP, Entered, World, arrival


class SignalContract:
    """A signal counts once."""

    async def test_ids_rise_in_the_order_given(self, world: World) -> None:
        entered = await world.enter(
            *(arrival(sender=s, key=k) for s, k in [(BEN, "z"), (ANA, "a")])
        )
        entered += await world.enter(arrival(key="m"))
        ids = [one.signal for one in entered]
        assert None not in ids
        assert ids == sorted(ids, key=lambda one: one or 0)
        assert len(set(ids)) == 3

    async def test_a_second_batch_with_the_same_key_adds_nothing(self, world: World) -> None:
        (first,) = await world.enter(arrival(key="wamid.1"))
        second, fresh = await world.enter(arrival(key="wamid.1"), arrival(key="wamid.2"))
        assert first.signal is not None
        assert second.signal is None
        assert fresh.signal is not None
        assert await world.count("signal") == 2

    async def test_of_equal_keys_in_one_batch_the_first_counts(self, world: World) -> None:
        entered = await world.enter(
            *(arrival(said, key="k") for said in ("one", "two", "three")), waits=True
        )
        assert [one.signal is not None for one in entered] == [True, False, False]
        (waiting,) = await world.store.waiting_signals([SHOP], limit=9)
        signal = waiting.arrival.signal
        assert isinstance(signal, MessageReceived)
        assert signal.content == Text(body="one")

    async def test_equal_keys_on_two_lines_are_two_signals(self, world: World) -> None:
        async with world.store.write() as batch:
            ids = await batch.add_signals(
                [
                    (arrival(sender=None, key="k"), None),
                    (arrival(sender=None, key="k").model_copy(update={"line": "kitchen"}), None),
                ],
                now=NOW,
            )
        assert None not in ids

    async def test_another_process_finds_the_key_taken(self, world: World) -> None:
        other = await world.another()
        (here,) = await world.enter(arrival(key="wamid.1"))
        (there,) = await other.enter(arrival(key="wamid.1"))
        assert here.signal is not None
        assert there == Entered(here.conversation, None)

    async def test_a_rolled_back_signal_may_come_again(self, world: World) -> None:
        with suppress(RuntimeError):
            async with world.store.write() as batch:
                await batch.add_signals([(arrival(sender=None, key="k"), None)], now=NOW)
                raise RuntimeError
        async with world.store.write() as batch:
            assert await batch.add_signals([(arrival(sender=None, key="k"), None)], now=NOW) != [
                None
            ]

    # --- waiting ------------------------------------------------------------------------------------------

    async def test_stored_signals_are_handled_unless_said_otherwise(self, world: World) -> None:
        (handled,) = await world.enter(arrival())
        (waits,) = await world.enter(arrival(), waits=True)
        assert await world.waiting() == [waits.signal]
        assert handled.signal not in await world.waiting()

    async def test_an_attempt_is_counted_of_what_waits_and_of_nothing_else(
        self, world: World
    ) -> None:
        (waits,) = await world.enter(arrival(), waits=True)
        (stepped,) = await world.enter(arrival(sender=BEN))
        assert waits.signal is not None
        assert stepped.signal is not None
        async with world.store.write() as batch:
            await batch.count_attempts([(SHOP, waits.signal, 1), (SHOP, stepped.signal, 1)])
        (stored,) = await world.store.waiting_signals(limit=9, lines=[SHOP])
        assert (stored.id, stored.attempts) == (waits.signal, 1)

    async def test_a_waiting_signal_comes_back_whole(self, world: World) -> None:
        came = arrival("à bientôt 👋", sender=ANA.model_copy(update={"user_id": "MX.1"}))
        ana = await world.conversation(ANA)
        async with world.store.write() as batch:
            (signal,) = await batch.add_signals([(came, ana.id)], now=NOW)
            assert signal is not None
            await batch.set_waiting([(SHOP, signal, 0)])
        await world.wait(Entered(ana.id, signal), attempts=2)
        (stored,) = await world.store.waiting_signals([SHOP], limit=9)
        assert stored.id == signal
        assert stored.attempts == 2
        assert stored.arrival == came.model_copy(update={"conversation": ana.id})

    async def test_waiting_signals_come_in_order_of_arrival_and_bounded(self, world: World) -> None:
        entered = await world.enter(*(arrival(sender=s) for s in (ANA, BEN, ANA, BEN)), waits=True)
        for one in reversed(entered):
            await world.wait(one)
        ids = [one.signal for one in entered]
        assert await world.waiting() == ids
        assert [s.id for s in await world.store.waiting_signals([SHOP], limit=2)] == ids[:2]

    async def test_what_waits_on_lines_of_another_deployment_does_not_fill_the_look(
        self, world: World
    ) -> None:
        theirs, ours = LineId("kiosk"), arrival(sender=BEN)
        await world.wait((await world.enter(arrival(line=theirs), waits=True))[0], line=theirs)
        (entered,) = await world.enter(ours, waits=True)
        await world.wait(entered)
        found = await world.store.waiting_signals([SHOP, LineId("bar")], limit=1)
        assert [one.id for one in found] == [entered.signal]

    async def test_what_waits_on_lines_of_another_deployment_is_not_ours_to_measure(
        self, world: World
    ) -> None:
        theirs = LineId("kiosk")
        (entered,) = await world.enter(arrival(line=theirs), waits=True)
        await world.wait(entered, line=theirs)
        later = NOW + timedelta(hours=1)
        assert await world.store.oldest_waiting([SHOP], now=later) is None
        assert await world.store.oldest_waiting([SHOP, theirs], now=later) == timedelta(hours=1)

    async def test_which_of_several_still_wait(self, world: World) -> None:
        one, two = await world.enter(arrival(), arrival(sender=BEN))
        await world.wait(one)
        assert one.signal is not None
        assert two.signal is not None
        async with world.store.write() as batch:
            asked = [(SHOP, one.signal), (SHOP, two.signal), (SHOP, SignalId(1))]
            assert await batch.still_waiting(asked) == {one.signal}

    async def test_a_handled_signal_waits_no_more(self, world: World) -> None:
        (entered,) = await world.enter(arrival())
        await world.wait(entered)
        assert entered.signal is not None
        async with world.store.write() as batch:
            await batch.set_handled([(SHOP, entered.signal)], now=NOW)
        assert await world.waiting() == []
        assert await world.store.oldest_waiting([SHOP], now=NOW) is None

    async def test_of_a_busy_conversation_only_what_may_interrupt_is_stepped(
        self, world: World
    ) -> None:
        ana = await world.conversation(ANA)
        timeout = TimerFired(
            timer=TimerId(1), purpose="step_timeout", run=RunId(1), visit=VisitId(1)
        )
        expiry = timeout.model_copy(update={"purpose": "run_expires"})
        returned = StepReturned(run=RunId(1), visit=VisitId(1))
        takeover = AgentTookOver(agent="eva")
        signals: list[Signal | str] = ["hello", timeout, expiry, returned, takeover, "cancel"]
        arrivals = [arrival(signal, sender=None) for signal in signals]
        async with world.store.write() as batch:
            ids = await batch.add_signals([(a, ana.id) for a in arrivals], now=NOW)
            await batch.set_waiting([(SHOP, s, 0) for s in ids if s is not None])
        busy = Busy(visit=VisitId(1), run=RunId(1), flow="f", step="s", since=NOW)
        changed = await world.change(ana, busy=busy)
        assert await world.waiting() == [ids[n] for n in (1, 3, 4, 5)]
        await world.change(changed, busy=None)
        assert await world.waiting() == ids

    async def test_the_oldest_waiting_is_measured_from_its_receipt(self, world: World) -> None:
        old, _, new = await world.enter(
            *(arrival(at=NOW - timedelta(seconds=s)) for s in (90, 60, 30))
        )
        await world.wait(new)
        assert await world.store.oldest_waiting([SHOP], now=NOW) == timedelta(seconds=30)
        await world.wait(old)
        assert await world.store.oldest_waiting([SHOP], now=NOW) == timedelta(seconds=90)

    async def test_what_a_busy_conversation_holds_back_is_not_counted_as_waiting(
        self, world: World
    ) -> None:
        (entered,) = await world.enter(arrival())
        await world.wait(entered)
        busy = Busy(visit=VisitId(1), run=RunId(1), flow="f", step="s", since=NOW)
        await world.change(await world.stored(entered.conversation), busy=busy)
        assert await world.store.oldest_waiting([SHOP], now=NOW) is None

    async def test_a_conversation_with_something_waiting_is_blocked(self, world: World) -> None:
        ana, ben = await world.enter(arrival(sender=ANA), arrival(sender=BEN))
        await world.wait(ana)
        keys = [(SHOP, ana.conversation), (SHOP, ben.conversation)]
        async with world.store.write() as batch:
            assert await batch.blocked(keys) == {ana.conversation}
            await batch.add_signals([(arrival(), key) for _, key in keys], now=NOW)
            assert await batch.blocked(keys) == {ana.conversation}

    async def test_a_batch_is_not_blocked_by_its_own_signals(self, world: World) -> None:
        ana = await world.conversation(ANA)
        async with world.store.write() as batch:
            (signal,) = await batch.add_signals([(arrival(), ana.id)], now=NOW)
            assert signal is not None
            await batch.set_waiting([(SHOP, signal, 0)])
            (ben,) = await batch.find_conversations([(SHOP, BEN)])
            assert await batch.blocked([(SHOP, ana.id), (SHOP, ben)]) == set()
        async with world.store.write() as batch:
            assert await batch.blocked([(SHOP, ana.id)]) == {ana.id}

    # --- values --------------------------------------------------------------------------------------------

    async def test_unicode_of_every_kind_is_stored(self, world: World) -> None:
        body = "a\x00b \ud800 \U0001f468‍👩 ‮ ￿ " + "x" * 100_000
        await world.enter(
            arrival(
                MessageReceived(
                    external_id=ExternalId("wamid.\x00"), content=Text(body=body), sent_at=NOW
                ),
                key="wamid.\x00",
            ),
            waits=True,
        )
        (again,) = await world.enter(arrival(key="wamid.\x00"))
        assert again.signal is None
        (stored,) = await world.store.waiting_signals([SHOP], limit=1)
        signal = stored.arrival.signal
        assert isinstance(signal, MessageReceived)
        assert signal.content == Text(body=body.replace("\x00", "�").replace("\ud800", "�"))

    async def test_json_is_stored_or_refused_at_any_depth(self, world: World) -> None:
        def nested(depth: int) -> Json:
            value: Json = 1
            for _ in range(depth):
                value = {"a": [value]}
            return value

        for depth in (10, 50, 100):
            report = LineReported(field="deep", data=nested(depth))
            async with world.store.write() as batch:
                ids = await batch.add_signals([(arrival(report, sender=None), None)], now=NOW)
            assert ids != [None]
        too_deep = FormReply.trusted(kind="form_reply", name=None, body=None, response=nested(5000))
        broken = MessageReceived(external_id=ExternalId("x"), content=too_deep, sent_at=NOW)
        with pytest.raises(ValueRefused):
            await world.enter(arrival().model_copy(update={"signal": broken}), waits=True)
        assert await world.count("signal") == 3

    async def test_a_number_beyond_64_bits_is_refused_where_a_column_holds_it(
        self, world: World
    ) -> None:
        row = world.message(await world.conversation(ANA))
        huge = type(row)(**{name: getattr(row, name) for name in row._fields} | {"turn": 2**63})
        with pytest.raises(ValueRefused):
            async with world.store.write() as batch:
                await batch.add_messages([huge])
        assert await world.count("message") == 0

    # --- housekeeping ------------------------------------------------------------------------------------------

    async def test_a_sweep_forgets_old_handled_signals_and_no_others(self, world: World) -> None:
        old, _ = await world.enter(arrival(key="a"), arrival(key="c"))
        (waits,) = await world.enter(arrival(key="b"), waits=True)
        late = NOW + limits.SIGNAL_KEPT - timedelta(seconds=1)
        async with world.store.write() as batch:
            await batch.sweep(now=late)
        assert await world.count("signal") == 3
        async with world.store.write() as batch:
            await batch.sweep(now=NOW + limits.SIGNAL_KEPT + timedelta(seconds=1))
        assert await world.waiting() == [waits.signal]
        assert await world.count("signal") == 1
        assert old.signal is not None

    async def test_a_sweep_does_a_bounded_piece_and_says_if_more_is_left(
        self, world: World
    ) -> None:
        count = SWEEP_MOST + 3
        async with world.store.write() as batch:
            signals = [(arrival(sender=None), None) for _ in range(count)]
            await batch.add_signals(signals, now=NOW)
        late = NOW + limits.SIGNAL_KEPT + timedelta(days=1)
        swept = []
        for _ in range(2):
            async with world.store.write() as batch:
                swept.append(await batch.sweep(now=late))
        assert swept == [True, False]
        assert await world.count("signal") == 0

    async def test_ids_are_not_used_again_after_a_sweep(self, world: World) -> None:
        before = await world.enter(arrival(key="a"), arrival(key="b"))
        async with world.store.write() as batch:
            await batch.sweep(now=NOW + limits.SIGNAL_KEPT + timedelta(days=1))
        assert await world.count("signal") == 0
        other = await world.another()
        (after,) = await other.enter(arrival(key="c"))
        assert _number(after) > max(_number(one) for one in before)


def _number(entered: Entered) -> SignalId:
    assert entered.signal is not None
    return entered.signal
