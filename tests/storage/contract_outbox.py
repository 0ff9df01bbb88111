"""The contract on the outbox: what may go, in which order, and what becomes of it."""

from datetime import timedelta

import pytest

from engine.core import limits
from engine.core.content import (
    Button,
    Buttons,
    List,
    Location,
    Media,
    Outbound,
    Row,
    Section,
    Template,
    Text,
)
from engine.core.effects import Origin
from engine.core.ids import ConversationId, MessageId
from engine.core.signals import Status
from engine.ports import MessageStatus, SendMark
from tests.adapters.samples import EVERY_OUTBOUND
from tests.builders import NOW
from tests.storage.world import ANA, BEN, SHOP, World, report

GRACE = limits.STATUS_GRACE
SECOND = timedelta(seconds=1)


class OutboxContract:
    """Nothing is sent outside the outbox, and nothing out of order."""

    # --- taking -------------------------------------------------------------------------------------

    @pytest.mark.parametrize(
        "content",
        [
            pytest.param(Text(body="hi 👋 \\ \" '", preview_url=True), id="text"),
            *(
                pytest.param(EVERY_OUTBOUND[kind], id=kind)
                for kind in ("product", "products", "actions", "carousel")
            ),
            pytest.param(Media(kind="image", url="https://x.test/a.png", caption="a"), id="media"),
            pytest.param(Location(latitude=52.5, longitude=-0.1, name="Here"), id="location"),
            pytest.param(Buttons(body="?", buttons=(Button(id="a", title="A"),)), id="buttons"),
            pytest.param(
                List(body="?", label="l", sections=(Section(rows=(Row(id="a", title="A"),)),)),
                id="list",
            ),
            pytest.param(Template(name="t", language="en_US", body=("1", "2")), id="template"),
        ],
    )
    async def test_an_entry_comes_out_as_it_went_in(self, world: World, content: Outbound) -> None:
        row = world.message(await world.conversation(ANA), content)
        async with world.store.write() as batch:
            await batch.add_messages([row])
        (entry,) = await world.take()
        assert (entry.id, entry.line, entry.conversation) == (row.id, SHOP, row.conversation)
        assert entry.content == content
        assert (entry.origin, entry.created_at, entry.attempts) == ("flow", NOW, 0)
        assert not entry.maybe_twice
        assert await world.status(row.id) == "sending"

    async def test_an_entry_is_taken_once(self, world: World) -> None:
        await world.say(await world.conversation(ANA))
        other = await world.another()
        assert len(await other.take()) == 1
        assert await world.take() == []

    async def test_entries_come_oldest_first_and_together_per_conversation(
        self, world: World
    ) -> None:
        ana, ben = await world.conversation(ANA), await world.conversation(BEN)
        order = [await world.say(c) for c in (ana, ben, ana, ben, ana)]
        assert await world.taken() == order

    async def test_the_limit_never_parts_a_conversation(self, world: World) -> None:
        ana, ben = await world.conversation(ANA), await world.conversation(BEN)
        first, second, third = [await world.say(c) for c in (ana, ana, ben)]
        assert await world.taken(limit=1) == [first, second]
        assert await world.taken(limit=1) == [third]

    async def test_a_busy_conversation_is_passed_over(self, world: World) -> None:
        ana, ben = await world.conversation(ANA), await world.conversation(BEN)
        await world.say(ana)
        to_ben = await world.say(ben)
        assert [e.id for e in await world.take(busy=[ana.id])] == [to_ben]

    async def test_a_retry_is_waited_for_with_all_behind_it(self, world: World) -> None:
        ana, ben = await world.conversation(ANA), await world.conversation(BEN)
        first, second = await world.say(ana), await world.say(ana)
        assert await world.taken() == [first, second]
        await world.mark(first, "queued", retry_at=NOW + 10 * SECOND, attempts=1)
        await world.mark(second, "queued")
        to_ben = await world.say(ben)
        assert await world.taken(now=NOW + 9 * SECOND) == [to_ben]
        later = await world.take(now=NOW + 10 * SECOND)
        assert [(e.id, e.attempts) for e in later] == [(first, 1), (second, 0)]

    @pytest.mark.parametrize("status", ["held", "failed", "cancelled", "stale"])
    async def test_what_will_not_go_is_stepped_over(
        self, world: World, status: MessageStatus
    ) -> None:
        ana = await world.conversation(ANA)
        await world.say(ana, status=status)
        second = await world.say(ana)
        assert await world.taken() == [second]

    async def test_a_send_under_way_is_waited_for(self, world: World) -> None:
        ana = await world.conversation(ANA)
        first = await world.say(ana, status="sending")
        second = await world.say(ana)
        assert await world.take() == []
        await world.mark(first, "sent", external_id="out.1")
        assert await world.taken() == [second]

    async def test_an_uncertain_reply_is_sent_again_after_the_grace(self, world: World) -> None:
        ana = await world.conversation(ANA)
        first = await world.say(ana, status="sending")
        second = await world.say(ana)
        await world.mark(first, "uncertain", attempts=1)
        assert await world.take(now=NOW + GRACE - SECOND) == []
        again = await world.take(now=NOW + GRACE)
        assert [(e.id, e.maybe_twice) for e in again] == [(first, True), (second, False)]
        assert (await world.shown(first)).maybe_twice

    async def test_what_a_clock_ahead_put_off_goes_once_it_is_set_back(self, world: World) -> None:
        ana, ben = await world.conversation(ANA), await world.conversation(BEN)
        put_back, unsure = await world.say(ana), await world.say(ben)
        await world.take(now=NOW)
        ahead = NOW + timedelta(hours=1)
        await world.mark(put_back, "queued", at=ahead, retry_at=ahead + SECOND, attempts=1)
        await world.mark(unsure, "uncertain", at=ahead)
        assert await world.taken(now=NOW) == [put_back, unsure]

    async def test_a_clock_that_is_a_little_ahead_puts_off_all_the_same(self, world: World) -> None:
        ana, ben = await world.conversation(ANA), await world.conversation(BEN)
        put_back, unsure = await world.say(ana), await world.say(ben)
        await world.take(now=NOW)
        ahead = NOW + limits.CLOCKS_APART
        await world.mark(put_back, "queued", at=ahead, retry_at=ahead + SECOND, attempts=1)
        await world.mark(unsure, "uncertain", at=ahead)
        assert await world.taken(now=NOW) == []
        assert await world.taken(now=ahead + SECOND) == [put_back]
        assert await world.taken(now=ahead + GRACE) == [unsure]

    async def test_what_waits_for_a_status_by_a_clock_ahead_is_waited_for_no_longer(
        self, world: World
    ) -> None:
        ana = await world.conversation(ANA)
        first = await world.say(ana, Template(name="t", language="en_US", body=("1",)))
        second = await world.say(ana)
        await world.take(now=NOW)
        await world.mark(first, "uncertain", at=NOW + timedelta(hours=1))
        await world.mark(second, "queued")
        assert await world.taken(now=NOW) == [second]

    async def test_unfinished_names_the_conversations_that_must_wait(self, world: World) -> None:
        ana, ben = await world.conversation(ANA), await world.conversation(BEN)
        keys = [(SHOP, ana.id), (SHOP, ben.id)]
        message = await world.say(ana, status="sending")
        await world.say(ben, status="held")
        async with world.store.write() as batch:
            assert await batch.unfinished(keys) == {ana.id}
            mark = SendMark(message, SHOP, ana.id, "sent", NOW)
            await batch.mark_sends([mark])
            assert await batch.unfinished(keys) == set()
            await batch.add_messages([world.message(ben)])
            assert await batch.unfinished(keys) == {ben.id}
            await batch.cancel_unsent([(SHOP, ben.id)], now=NOW)
            assert await batch.unfinished(keys) == set()

    async def test_unfinished_is_right_after_a_save_in_the_same_batch(self, world: World) -> None:
        ana, ben = await world.conversation(ANA), await world.conversation(BEN)
        await world.say(ana)
        async with world.store.write() as batch:
            held = await batch.claim([(SHOP, ana.id), (SHOP, ben.id)])
            await batch.save([(c.model_copy(update={"version": 1}), 0) for c in held.values()])
            assert await batch.unfinished([(SHOP, ana.id), (SHOP, ben.id)]) == {ana.id}
            assert await batch.unfinished([(SHOP, ben.id)]) == set()

    # --- cancelling -----------------------------------------------------------------------------------

    @pytest.mark.parametrize(
        ("origin", "status", "after"),
        [
            pytest.param("flow", "queued", "cancelled", id="queued"),
            pytest.param("flow", "held", "cancelled", id="held"),
            pytest.param("engine", "queued", "cancelled", id="the engine's own"),
            pytest.param("agent", "queued", "queued", id="an agent's"),
            pytest.param("flow", "sending", "sending", id="under way"),
            pytest.param("flow", "sent", "sent", id="sent"),
            pytest.param("flow", "failed", "failed", id="failed"),
        ],
    )
    async def test_a_takeover_cancels_what_the_bot_has_not_sent(
        self, world: World, origin: Origin, status: MessageStatus, after: MessageStatus
    ) -> None:
        ana, ben = await world.conversation(ANA), await world.conversation(BEN)
        message = await world.say(ana, origin=origin, status=status)
        elsewhere = await world.say(ben)
        async with world.store.write() as batch:
            await batch.cancel_unsent([(SHOP, ana.id)], now=NOW)
        assert await world.status(message) == after
        assert await world.status(elsewhere) == "queued"

    # --- marks -------------------------------------------------------------------------------------------

    async def test_a_mark_is_kept_with_everything_it_says(self, world: World) -> None:
        message = await world.say(await world.conversation(ANA), status="sending")
        await world.mark(
            message,
            "failed",
            at=NOW + SECOND,
            external_id="out.9",
            attempts=3,
            error_code="content_rejected",
            error="too\x00 long",
            exchange={"request": "a", "response": None},
            maybe_twice=True,
        )
        shown = await world.shown(message)
        assert (shown.status, shown.status_at) == ("failed", NOW + SECOND)
        assert (shown.external_id, shown.attempts) == ("out.9", 3)
        assert (shown.error_code, shown.error) == ("content_rejected", "too� long")
        assert shown.maybe_twice
        assert await world.queries.exchanges(SHOP, message) == [{"request": "a", "response": None}]

    async def test_every_exchange_of_a_message_is_kept(self, world: World) -> None:
        message = await world.say(await world.conversation(ANA), status="sending")
        for n in range(3):
            await world.mark(message, "queued", at=NOW + n * SECOND, exchange={"try": n})
        exchanges = await world.queries.exchanges(SHOP, message)
        assert exchanges == [{"try": 0}, {"try": 1}, {"try": 2}]

    @pytest.mark.parametrize("known", ["sent", "delivered", "read", "played", "failed"])
    @pytest.mark.parametrize("late", ["sent", "uncertain", "queued"])
    async def test_a_late_mark_lowers_nothing(
        self, world: World, known: Status, late: MessageStatus
    ) -> None:
        message = await world.say(await world.conversation(ANA), status="sending")
        await world.report(report(known, message=message))
        await world.mark(message, late, retry_at=NOW if late == "queued" else None)
        assert await world.status(message) == known
        assert await world.take(now=NOW + timedelta(days=1)) == []

    async def test_of_two_marks_in_one_batch_the_later_counts(self, world: World) -> None:
        ana = await world.conversation(ANA)
        message = await world.say(ana, status="sending")
        marks = [
            SendMark(message, SHOP, ana.id, "uncertain", NOW),
            SendMark(message, SHOP, ana.id, "failed", NOW, error_code="x"),
        ]
        async with world.store.write() as batch:
            await batch.mark_sends(marks)
        assert await world.status(message) == "failed"

    async def test_what_waits_until_a_time_is_let_go_before_it(self, world: World) -> None:
        ana, ben = await world.conversation(ANA), await world.conversation(BEN)
        until, other = NOW + 5 * SECOND, NOW + 6 * SECOND
        first, second, third, bens = [await world.say(who) for who in (ana, ana, ana, ben)]
        for message, at in ((first, until), (second, until), (third, other), (bens, until)):
            await world.mark(message, "queued", retry_at=at)
        async with world.store.write() as batch:
            await batch.let_go([(SHOP, ana.id, until)])
        assert await world.taken() == [first, second]
        async with world.store.write() as batch:
            await batch.let_go([(SHOP, ana.id, until), (SHOP, ana.id, other)])
        assert await world.status(first) == "sending"

    # --- owners -----------------------------------------------------------------------------------------------

    async def test_at_start_sends_of_the_dead_become_uncertain(self, world: World) -> None:
        ana, ben = await world.conversation(ANA), await world.conversation(BEN)
        under_way = await world.say(ana, status="sending")
        queued = await world.say(ben)
        async with world.store.write() as batch:
            assert await batch.adopt_orphans(owner=world.owner, now=NOW) == 1
        assert await world.status(under_way) == "uncertain"
        assert await world.status(queued) == "queued"
        async with world.store.write() as batch:
            assert await batch.adopt_orphans(owner=world.owner, now=NOW) == 0

    # --- operators ----------------------------------------------------------------------------------------------

    async def test_the_outbox_lists_what_waits_and_what_failed(self, world: World) -> None:
        ana = await world.conversation(ANA)
        statuses: list[MessageStatus] = [
            *("queued", "sending", "uncertain", "held", "failed", "sent", "cancelled"),
        ]
        ids = {status: await world.say(ana, status=status) for status in statuses}
        waiting = [one.id for one in await world.queries.outbox()]
        failed = [one.id for one in await world.queries.outbox(failed=True)]
        assert waiting == [ids["queued"], ids["sending"], ids["uncertain"]]
        assert failed == [ids["held"], ids["failed"]]

    @pytest.mark.parametrize(
        ("status", "is_retried"),
        [("failed", True), ("held", True), ("sent", False), ("uncertain", False)],
    )
    async def test_an_operator_may_retry_what_failed(
        self, world: World, status: MessageStatus, is_retried: bool
    ) -> None:
        message = await world.say(await world.conversation(ANA), status=status)
        command = await world.another()
        await world.store.changed_outside()
        assert await command.queries.retry(message, now=NOW) is is_retried
        assert await world.status(message) == ("queued" if is_retried else status)
        if is_retried:
            assert await world.taken() == [message]

    async def test_retrying_an_unknown_message_changes_nothing(self, world: World) -> None:
        await world.conversation(ANA)
        assert await world.queries.retry(MessageId(404), now=NOW) is False

    async def test_an_unknown_conversation_is_never_busy_enough(self, world: World) -> None:
        await world.say(await world.conversation(ANA))
        assert len(await world.take(busy=[ConversationId(404)])) == 1
