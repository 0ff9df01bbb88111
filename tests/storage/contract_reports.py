"""The contract on reports: which message a status speaks of, before its mark, after it, by either of its ids."""

from datetime import timedelta
from typing import ClassVar

import pytest

from engine.core import limits
from engine.core.content import (
    ProviderError,
)
from engine.core.ids import ExternalId, MessageId
from engine.core.signals import Status
from engine.ports import SendMark
from storage.inbox import Key
from storage.inbox_live import reported_chats
from tests.builders import NOW
from tests.storage.world import ANA, BEN, SHOP, World, report

SECOND = timedelta(seconds=1)


class ReportContract:
    """A status reaches the message it speaks of, whenever it comes, and no other."""

    async def test_statuses_rise_and_never_fall(self, world: World) -> None:
        message = await world.say(await world.conversation(ANA), status="sending")
        await world.mark(message, "sent", external_id="out.1")
        seen = []
        for status in (
            "sent",
            "delivered",
            "sent",
            "read",
            "delivered",
            "failed",
            "played",
            "read",
        ):
            await world.report(report(status))
            seen.append(await world.status(message))
        expected = ["sent", "delivered", "delivered", "read", "read", "read", "played", "played"]
        assert seen == expected

    async def test_shuffled_statuses_of_one_batch_end_at_the_highest(self, world: World) -> None:
        message = await world.say(await world.conversation(ANA), status="sending")
        await world.mark(message, "sent", external_id="out.1")
        at = [NOW + n * SECOND for n in range(3)]
        await world.report(
            report("read", at=at[2]), report("sent", at=at[0]), report("delivered", at=at[1])
        )
        shown = await world.shown(message)
        assert (shown.status, shown.status_at) == ("read", at[2])

    async def test_a_failure_is_kept_with_its_reason(self, world: World) -> None:
        message = await world.say(await world.conversation(ANA), status="sending")
        await world.mark(message, "sent", external_id="out.1")
        error = ProviderError(code="131026", title="Undeliverable", details="not on WhatsApp")
        await world.report(report("failed", errors=(error,)))
        shown = await world.shown(message)
        assert (shown.status, shown.error_code, shown.error) == (
            "failed",
            "131026",
            "not on WhatsApp",
        )

    @pytest.mark.parametrize("status", ["warning", "deleted"])
    async def test_other_reports_change_no_status_and_wait_for_nothing(
        self, world: World, status: Status
    ) -> None:
        message = await world.say(await world.conversation(ANA), status="sending")
        await world.mark(message, "sent", external_id="out.1")
        await world.report(report(status), report(status, external_id="out.unknown"))
        assert await world.status(message) == "sent"
        await world.mark(message, "sent", external_id="out.unknown")
        assert await world.status(message) == "sent"

    async def test_a_status_before_its_mark_waits_for_it(self, world: World) -> None:
        ana = await world.conversation(ANA)
        message = await world.say(ana, status="sending")
        error = ProviderError(code="131049", title="Not delivered")
        await world.report(report("failed", external_id="out.7", errors=(error,)))
        assert await world.status(message) == "sending"
        assert await world.waiting() == []
        assert await world.store.oldest_waiting([SHOP], now=NOW + timedelta(hours=1)) is None
        async with world.store.write() as batch:
            assert await batch.blocked([(SHOP, ana.id)]) == set()
        await world.mark(message, "sent", external_id="out.7")
        shown = await world.shown(message)
        assert (shown.status, shown.error_code) == ("failed", "131049")

    async def test_a_status_that_waited_is_applied_once(self, world: World) -> None:
        ana = await world.conversation(ANA)
        first, second = [await world.say(ana, status="sending") for _ in range(2)]
        await world.report(
            report("delivered", external_id="out.7"), report("sent", external_id="out.7")
        )
        await world.mark(first, "sent", external_id="out.7")
        await world.mark(second, "sent", external_id="out.8")
        assert [await world.status(m) for m in (first, second)] == ["delivered", "sent"]
        async with world.store.write() as batch:
            await batch.sweep(now=NOW + limits.SIGNAL_KEPT + timedelta(days=1))
        assert await world.count("signal") == 0

    async def test_a_status_and_its_mark_may_come_in_one_batch(self, world: World) -> None:
        ana = await world.conversation(ANA)
        message = await world.say(ana, status="sending")
        await world.report(report("delivered", external_id="out.7"))
        async with world.store.write() as batch:
            mark = SendMark(
                message, SHOP, ana.id, "sent", NOW, external_id=report("sent").external_id
            )
            await batch.mark_sends([mark])
            await batch.mark_sends([SendMark(message, SHOP, ana.id, "uncertain", NOW)])
        await world.report(report("read"))
        assert await world.status(message) == "read"

    async def test_a_status_with_our_own_id_needs_no_mark(self, world: World) -> None:
        message = await world.say(await world.conversation(ANA), status="sending")
        await world.mark(message, "uncertain")
        await world.report(report("sent", external_id="out.5", message=message))
        shown = await world.shown(message)
        assert (shown.status, shown.external_id) == ("sent", "out.5")
        assert await world.take(now=NOW + timedelta(days=1)) == []
        await world.report(report("read", external_id="out.5"))
        assert await world.status(message) == "read"

    # --- a message's second id --------------------------------------------------------------------

    ORDERS: ClassVar = {
        "in order": ("mark", "enqueued", "delivered"),
        "before the mark": ("enqueued", "mark", "delivered"),
        "before the other id is known": ("mark", "delivered", "enqueued"),
        "before everything": ("delivered", "enqueued", "mark"),
    }

    @pytest.mark.parametrize("order", ORDERS.values(), ids=ORDERS)
    async def test_a_status_by_the_second_id_reaches_its_message(
        self, world: World, order: tuple[str, ...]
    ) -> None:
        message = await world.say(await world.conversation(ANA), status="sending")
        for deed in order:
            match deed:
                case "mark":
                    await world.mark(message, "sent", external_id="gs.1")
                case "enqueued":
                    await world.report(report("sent", external_id="gs.1", alias="wa.1"))
                case "delivered":
                    await world.report(report("delivered", external_id="wa.1", alias="wa.1"))
        assert await world.status(message) == "delivered"
        assert (await world.shown(message)).external_id == "gs.1"

    async def test_both_ids_may_come_in_one_batch(self, world: World) -> None:
        message = await world.say(await world.conversation(ANA), status="sending")
        await world.mark(message, "sent", external_id="gs.1")
        await world.report(
            report("sent", external_id="gs.1", alias="wa.1"),
            report("read", external_id="wa.1", alias="wa.1"),
        )
        assert await world.status(message) == "read"

    async def test_a_second_id_outlives_its_signal_and_the_process(self, world: World) -> None:
        message = await world.say(await world.conversation(ANA), status="sending")
        await world.mark(message, "sent", external_id="gs.1")
        await world.report(report("sent", external_id="gs.1", alias="wa.1"))
        later = NOW + limits.SIGNAL_KEPT + timedelta(days=1)
        async with world.store.write() as batch:
            await batch.sweep(now=later)
        assert await world.count("signal") == 0
        other = await world.another()
        await other.report(report("read", external_id="wa.1", alias="wa.1"), now=later)
        assert await world.status(message) == "read"

    async def test_a_report_that_names_the_first_id_alone_touches_no_second(
        self, world: World
    ) -> None:
        ana = await world.conversation(ANA)
        first, second = [await world.say(ana, status="sending") for _ in range(2)]
        await world.mark(first, "sent", external_id="gs.1")
        await world.mark(second, "sent", external_id="gs.2")
        await world.report(report("sent", external_id="gs.1", alias="gs.2"))
        await world.report(report("read", external_id="gs.2"))
        assert [await world.status(m) for m in (first, second)] == ["sent", "read"]

    async def test_what_a_tap_was_made_on_is_found_by_either_id(self, world: World) -> None:
        message = await world.say(await world.conversation(ANA), status="sending")
        await world.mark(message, "sent", external_id="gs.1")
        await world.report(report("sent", external_id="gs.1", alias="wa.1"))
        keys = [(SHOP, ExternalId(id)) for id in ("gs.1", "wa.1", "wa.2")]
        async with world.store.write() as batch:
            assert set(await batch.shown(keys)) == set(keys[:2])

    async def test_the_chat_of_a_reported_message_is_found_by_either_id(self, world: World) -> None:
        ana, ben = await world.conversation(ANA), await world.conversation(BEN)
        for name, chat in (("gs.1", ana), ("gs.2", ana), ("gs.3", ben)):
            message = await world.say(chat, status="sending")
            await world.mark(message, "sent", external_id=name)
        await world.report(report("sent", external_id="gs.1", alias="wa.1"))

        async def chats(*names: str) -> list[Key]:
            return await reported_chats(world.database, [(SHOP, ExternalId(one)) for one in names])

        assert await chats("wa.1", "gs.2") == [(SHOP, ana.id)]
        assert await chats("gs.3", "gs.1", "out.foreign") == sorted(
            [(SHOP, ana.id), (SHOP, ben.id)]
        )
        assert await chats("") == []

    async def test_a_status_of_a_message_that_was_never_ours_is_given_up(
        self, world: World
    ) -> None:
        ana = await world.conversation(ANA)
        (signal,) = await world.report(
            report("sent", external_id="out.foreign", message=MessageId(404))
        )
        day = NOW + timedelta(days=1, seconds=1)
        async with world.store.write() as batch:
            await batch.sweep(now=day)
        message = await world.say(ana, status="sending")
        await world.mark(message, "uncertain", external_id="out.foreign")
        assert await world.status(message) == "uncertain"
        assert signal

    async def test_a_status_never_touches_an_inbound_message(self, world: World) -> None:
        ana = await world.conversation(ANA)
        row = world.message(ana)
        inbound = type(row)(
            **{name: getattr(row, name) for name in row._fields}
            | {"direction": "in", "status": "received", "external_id": "wamid.1"}
        )
        async with world.store.write() as batch:
            await batch.add_messages([inbound])
        await world.report(report("read", external_id="wamid.1", message=row.id))
        assert await world.status(row.id) == "received"
