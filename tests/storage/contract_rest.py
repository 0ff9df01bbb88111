"""The contract on timers, calls, media, traces, transcripts, a line's clock and other processes."""

import asyncio
from datetime import datetime, timedelta

import pytest

from engine.core import limits
from engine.core.content import Media, Text
from engine.core.conversation import Conversation
from engine.core.effects import CancelTimers, StartTimer
from engine.core.ids import ConversationId, ExternalId, LineId, MessageId, RunId, TimerId, VisitId
from engine.core.signals import TimerPurpose
from engine.core.trace import Trace
from engine.core.value import Json
from engine.ports import CallRow, DueTimer, MessageRow, TimerChange, TurnRow
from storage.audit import Act, audited
from storage.written import written
from tests.builders import NOW
from tests.storage.world import ANA, BEN, SHOP, World, arrival

SECOND = timedelta(seconds=1)
ACT = Act(1, "", NOW, "command", "noted", "something")


def start(
    conversation: Conversation,
    *,
    id: int,
    due_at: datetime = NOW,
    run: int = 1,
    purpose: TimerPurpose = "run_expires",
) -> TimerChange:
    effect = StartTimer(purpose=purpose, due_at=due_at, run=RunId(run), visit=VisitId(1))
    return TimerChange(conversation.line, conversation.id, effect, TimerId(id))


def cancel(
    conversation: Conversation, *, run: int | None = None, purpose: TimerPurpose | None = None
) -> TimerChange:
    effect = CancelTimers(run=None if run is None else RunId(run), purpose=purpose)
    return TimerChange(conversation.line, conversation.id, effect)


async def change(world: World, *changes: TimerChange) -> None:
    async with world.store.write() as batch:
        await batch.change_timers(changes)


async def due(world: World, at: datetime = NOW, *, limit: int = 100) -> list[int]:
    return [timer.id for timer in await world.store.due_timers([(SHOP, at)], limit=limit)]


class RestContract:
    """Whatever else is durable."""

    # --- timers -------------------------------------------------------------------------------------

    async def test_a_timer_is_due_at_its_time(self, world: World) -> None:
        ana = await world.conversation(ANA)
        await change(world, start(ana, id=5, due_at=NOW + SECOND, run=3, purpose="step_timeout"))
        assert await due(world) == []
        (timer,) = await world.store.due_timers([(SHOP, NOW + SECOND)], limit=9)
        assert timer == DueTimer(TimerId(5), SHOP, ana.id, "step_timeout", 3, 1, NOW + SECOND)

    async def test_due_timers_come_earliest_first_and_bounded(self, world: World) -> None:
        ana = await world.conversation(ANA)
        times = [NOW - n * SECOND for n in (1, 3, 2)]
        await change(world, *(start(ana, id=n, run=n, due_at=at) for n, at in enumerate(times)))
        assert await due(world) == [1, 2, 0]
        assert await due(world, limit=2) == [1, 2]

    async def test_each_line_has_its_own_time(self, world: World) -> None:
        kitchen = LineId("kitchen")
        here, there = await world.conversation(ANA), await world.conversation(ANA, line=kitchen)
        later = NOW + timedelta(hours=25)
        await change(world, start(here, id=1, due_at=later), start(there, id=2, due_at=later))
        found = await world.store.due_timers([(SHOP, NOW), (kitchen, later)], limit=9)
        assert [timer.id for timer in found] == [2]
        assert await world.store.due_timers([], limit=9) == []

    async def test_a_timer_of_the_same_purpose_and_run_is_replaced(self, world: World) -> None:
        ana = await world.conversation(ANA)
        await change(world, start(ana, id=1), start(ana, id=2, purpose="step_timeout"))
        await change(world, start(ana, id=3, due_at=NOW + SECOND))
        assert await due(world) == [2]
        assert await due(world, NOW + SECOND) == [2, 3]

    async def test_the_timers_of_a_question_and_of_what_is_scheduled_stand_side_by_side(
        self, world: World
    ) -> None:
        ana = await world.conversation(ANA)
        await change(
            world,
            *(start(ana, id=1), start(ana, id=2, purpose="question")),
            start(ana, id=3, run=0, purpose="scheduled"),
        )
        await change(world, cancel(ana, run=1, purpose="question"))
        assert sorted(await due(world)) == [1, 3]
        await change(world, start(ana, id=4, run=0, purpose="scheduled"))
        assert sorted(await due(world)) == [1, 4]

    @pytest.mark.parametrize(
        ("run", "purpose", "left"),
        [
            pytest.param(None, None, [], id="all"),
            pytest.param(1, None, [3], id="a run"),
            pytest.param(None, "step_timeout", [1, 3], id="a purpose"),
            pytest.param(1, "step_timeout", [1, 3], id="both"),
            pytest.param(9, None, [1, 2, 3], id="another run"),
        ],
    )
    async def test_timers_are_cancelled_by_run_and_purpose(
        self, world: World, run: int | None, purpose: TimerPurpose | None, left: list[int]
    ) -> None:
        ana, ben = await world.conversation(ANA), await world.conversation(BEN)
        await change(
            world,
            start(ana, id=1),
            start(ana, id=2, purpose="step_timeout"),
            start(ana, id=3, run=2),
            start(ben, id=4),
        )
        await change(world, cancel(ana, run=run, purpose=purpose))
        assert sorted(await due(world)) == [*left, 4]

    async def test_changes_of_one_batch_act_in_their_order(self, world: World) -> None:
        ana, ben = await world.conversation(ANA), await world.conversation(BEN)
        await change(
            world,
            *(start(ana, id=1), cancel(ana), start(ana, id=2, run=2)),
            *(start(ben, id=3), start(ben, id=4, run=2), cancel(ben, run=1)),
        )
        assert sorted(await due(world)) == [2, 4]

    # --- calls --------------------------------------------------------------------------------------------

    @pytest.mark.parametrize(
        "result",
        [
            pytest.param(None, id="none"),
            pytest.param("5", id="text of digits"),
            pytest.param({"number": 17, "paid": [True, 2.5]}, id="object"),
        ],
    )
    async def test_a_call_is_found_as_it_was_saved(self, world: World, result: Json) -> None:
        ana = await world.conversation(ANA)
        key = "4:place_order:0"
        started, returned = CallRow("started", None, "h1"), CallRow("returned", result, "h1")
        assert await world.store.find_call(SHOP, ana.id, key) is None
        for call in (started, returned):
            async with world.store.write() as batch:
                await batch.save_call(SHOP, ana.id, key, call, now=NOW)
            assert await world.store.find_call(SHOP, ana.id, key) == call
        assert await world.store.find_call(SHOP, ana.id, "5:place_order:0") is None
        assert await world.store.find_call(SHOP, ConversationId(404), key) is None

    # --- media --------------------------------------------------------------------------------------------

    async def _photo(self, world: World, **changes: object) -> tuple[Conversation, MessageId]:
        ana = await world.conversation(ANA)
        media = Media(kind="image", external_id="media.1", mime_type="image/jpeg", caption="me")
        row = MessageRow(
            id=MessageId(world.ids()),
            line=SHOP,
            conversation=ana.id,
            direction="in",
            content=media.model_copy(update=changes),
            status="received",
            at=NOW,
            external_id=ExternalId("wamid.1"),
            extra={"context": {"forwarded": True}},
        )
        async with world.store.write() as batch:
            await batch.add_messages([row])
        return ana, row.id

    async def _fetched(self, world: World, **came: object) -> None:
        (wanted,) = await world.store.wanted_media(now=NOW + timedelta(days=1), limit=9)
        known: dict[str, object] = dict.fromkeys(
            ("stored", "mime_type", "size_bytes", "retry_at", "error")
        )
        async with world.store.write() as batch:
            await batch.media_fetched(wanted, now=NOW, **(known | came))  # type: ignore[arg-type]  # named by the test

    async def test_an_inbound_file_is_wanted(self, world: World) -> None:
        ana, message = await self._photo(world)
        (wanted,) = await world.store.wanted_media(now=NOW, limit=9)
        assert (wanted.message, wanted.line, wanted.conversation) == (message, SHOP, ana.id)
        assert (wanted.media.external_id, wanted.attempts) == ("media.1", 0)

    @pytest.mark.parametrize(
        "changes",
        [
            pytest.param({"error": "expired"}, id="the provider has none"),
            pytest.param({"external_id": None}, id="nothing to fetch"),
            pytest.param({"stored": "ab"}, id="already here"),
        ],
    )
    async def test_only_a_file_that_can_be_got_is_wanted(
        self, world: World, changes: dict[str, object]
    ) -> None:
        await self._photo(world, **changes)
        assert await world.store.wanted_media(now=NOW, limit=9) == []

    async def test_a_fetched_file_shows_its_bytes_in_the_transcript(self, world: World) -> None:
        ana, _ = await self._photo(world)
        await self._fetched(world, stored="ab" * 32, mime_type="image/png", size_bytes=3)
        assert await world.store.wanted_media(now=NOW, limit=9) == []
        (shown,) = await world.queries.messages(SHOP, ana.id)
        assert isinstance(shown.content, Media)
        assert (shown.content.stored, shown.content.mime_type) == ("ab" * 32, "image/png")
        assert shown.content.caption == "me"
        assert shown.extra == {"context": {"forwarded": True}}

    async def test_a_failed_fetch_is_tried_again_at_its_time(self, world: World) -> None:
        await self._photo(world)
        await self._fetched(world, retry_at=NOW + SECOND)
        assert await world.store.wanted_media(now=NOW, limit=9) == []
        (wanted,) = await world.store.wanted_media(now=NOW + SECOND, limit=9)
        assert wanted.attempts == 1

    async def test_a_fetch_that_a_clock_ahead_put_off_is_tried_once_that_is_set_back(
        self, world: World
    ) -> None:
        await self._photo(world)
        for wait in limits.MEDIA_WAITS[:2]:
            await self._fetched(world, retry_at=NOW + wait + limits.CLOCKS_APART)
            assert await world.store.wanted_media(now=NOW, limit=9) == []
            assert len(await world.store.wanted_media(now=NOW - SECOND, limit=9)) == 1

    async def test_a_fetch_given_up_is_wanted_no_more(self, world: World) -> None:
        await self._photo(world)
        await self._fetched(world, error="gone")
        assert await world.store.wanted_media(now=NOW + timedelta(days=9), limit=9) == []

    # --- the story ---------------------------------------------------------------------------------------------

    async def test_a_story_tells_messages_and_turns_in_order(self, world: World) -> None:
        (entered,) = await world.enter(arrival())
        ana = await world.stored(entered.conversation)
        assert entered.signal is not None
        trace = Trace(
            signal="message_received",
            matched="fuzzy",
            before="order.pizza",
            after="order.size",
            score=91.5,
            path=("pizza", "size"),
            effects=("send_message",),
            note="a\x00b",
        )
        turn = TurnRow(SHOP, ana.id, entered.signal, 1, NOW, trace, 0.25, 3)
        later = TurnRow(
            SHOP,
            ana.id,
            type(entered.signal)(entered.signal + 1),
            2,
            NOW,
            Trace("x", "tap"),
            1.0,
            3,
        )
        async with world.store.write() as batch:
            await batch.add_turns([later, turn])
        ids = [await world.say(ana, body) for body in ("one", "two")]
        story = await world.queries.story(SHOP, ana.id)
        assert story is not None
        assert story.conversation == ana
        assert story.joined is None
        assert [m.id for m in story.messages] == ids
        assert [(t.signal, t.turn, t.serial) for t in story.turns] == [
            (turn.signal, 1, 3),
            (later.signal, 2, 3),
        ]
        told = story.turns[0]
        assert told.at == NOW
        assert told.elapsed_ms == 0.25
        assert told.trace.path == ("pizza", "size")
        assert (told.trace.score, told.trace.note) == (91.5, "a�b")
        assert story.turns[1].trace == Trace("x", "tap")
        last = await world.queries.last_turn(SHOP, ana.id)
        assert last == story.turns[1]

    async def test_a_transcript_is_read_in_pages(self, world: World) -> None:
        ana = await world.conversation(ANA)
        ids = [await world.say(ana, str(n)) for n in range(5)]
        page = await world.queries.messages(SHOP, ana.id, limit=2)
        assert [m.id for m in page] == ids[:2]
        rest = await world.queries.messages(SHOP, ana.id, after=page[-1].id)
        assert [m.id for m in rest] == ids[2:]
        assert [m.content for m in rest] == [Text(body=str(n)) for n in (2, 3, 4)]
        latest = await world.queries.latest_messages(SHOP, ana.id, limit=2)
        assert [m.id for m in latest] == ids[3:]

    async def test_our_message_is_found_by_the_providers_id(self, world: World) -> None:
        message = await world.say(await world.conversation(ANA), status="sending")
        await world.mark(message, "sent", external_id="out.1")
        found = await world.queries.message_with(SHOP, ExternalId("out.1"))
        assert found is not None
        assert found.id == message
        assert await world.queries.message_with(SHOP, ExternalId("out.2")) is None

    async def test_what_our_messages_say_is_known_to_a_batch(self, world: World) -> None:
        ana = await world.conversation(ANA)
        message = await world.say(ana, "Which size?", status="sending")
        await world.mark(message, "sent", external_id="out.1")
        keys = [(SHOP, ExternalId(key)) for key in ("out.1", "out.2", "out.1")]
        async with world.store.write() as batch:
            assert await batch.shown(keys) == {keys[0]: Text(body="Which size?")}

    async def test_a_contact_is_found_by_any_address_on_any_line(self, world: World) -> None:
        here = await world.conversation(ANA)
        there = await world.conversation(ANA, line=LineId("kitchen"))
        await world.conversation(BEN)
        found = await world.queries.conversations_of("+52 1 555 000 1111")
        assert {c.id for c in found} == {here.id, there.id}
        found = await world.queries.conversations_of("5215550001111", line=SHOP)
        assert [c.id for c in found] == [here.id]
        assert await world.queries.conversations_of("nobody") == []

    async def test_a_lines_conversations_are_listed_newest_first(self, world: World) -> None:
        ana, ben = await world.conversation(ANA), await world.conversation(BEN)
        await world.conversation(ANA, line=LineId("kitchen"))
        assert [c.id for c in await world.queries.contacts_on(SHOP)] == [ben.id, ana.id]

    # --- lines and processes --------------------------------------------------------------------------------------

    async def test_a_lines_clock_only_goes_ahead(self, world: World) -> None:
        assert await world.queries.clock_offset(SHOP) == timedelta(0)
        day = timedelta(hours=25)
        assert await world.queries.raise_clock_offset(SHOP, day) == day
        assert await world.queries.raise_clock_offset(SHOP, timedelta(hours=1)) == day
        assert await world.queries.raise_clock_offset(SHOP, 2 * day) == 2 * day
        assert await world.queries.clock_offset(LineId("kitchen")) == timedelta(0)

    async def test_the_newest_id_is_the_highest_stored(self, world: World) -> None:
        assert await world.queries.newest_id() == 0
        ana = await world.conversation(ANA)
        message = await world.say(ana)
        assert await world.queries.newest_id() == message > ana.id

    async def test_what_another_process_wrote_is_noticed_once(self, world: World) -> None:
        await world.store.replicas(shows=False)
        await world.store.changed_outside()
        await written(world.database, audited(ACT))
        assert not await world.store.changed_outside()
        other = await world.another()
        await written(other.database, audited(ACT._replace(id=2)))
        assert await self._notices(world)
        assert not await world.store.changed_outside()

    async def _notices(self, world: World) -> bool:
        """Look until it shows: PostgreSQL tells of a commit on its own time."""
        async with asyncio.timeout(20):
            while not await world.store.changed_outside():
                await asyncio.sleep(0.01)
        return True

    async def test_no_question_is_lost_in_a_crowd(self, world: World) -> None:
        ana = await world.conversation(ANA)
        answers = await asyncio.gather(
            *(world.store.conversations([(SHOP, ana.id)]) for _ in range(20)),
            *(world.queries.clock_offset(SHOP) for _ in range(20)),
        )
        assert len(answers) == 40
