"""The contract on the inbox's lists: who stands in them, in which order, and what is shown of each."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from engine.core.content import Event, Text
from engine.core.conversation import Conversation, Handoff
from engine.core.effects import HandoffEnd, RecordHandoff
from engine.core.ids import LineId, MessageId
from engine.core.signals import Sender
from engine.ports import HandoffRow, MessageRow
from storage import inbox
from storage.inbox import ChatRow, Counts, EndedHandoff, Filters, Label, OpenHandoff, View, Visible
from tests.builders import NOW
from tests.storage.world import ANA, BEN, SHOP, World

DESK = LineId("desk")
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
EVERYTHING = Visible(lines=(SHOP, DESK), teams=None, login="eva")


def person(number: int) -> Sender:
    return Sender(phone=f"49170{number:06}", name=f"Person {number}")


async def met(world: World, number: int, *, line: LineId = SHOP) -> Conversation:
    return await world.conversation(person(number), line=line)


async def hear(world: World, conversation: Conversation, body: str = "hello") -> MessageId:
    """Store a message of the contact."""
    row = MessageRow(
        MessageId(world.ids()),
        conversation.line,
        conversation.id,
        "in",
        Text(body=body),
        "received",
        NOW,
        origin="contact",
    )
    async with world.store.write() as batch:
        await batch.add_messages([row])
    return row.id


async def hand_off(
    world: World,
    conversation: Conversation,
    *,
    team: str | None = None,
    agent: str | None = None,
    since: datetime = NOW,
    due_at: datetime | None = None,
    turn: int = 1,
    **changes: object,
) -> Conversation:
    """Give a chat to people: to an agent, else to the queue."""
    handoff = Handoff(
        turn=turn,
        reason="word",
        since=since,
        due_at=due_at,
        claimed_at=since + MINUTE if agent else None,
    )
    changed = await world.change(
        conversation, mode="agent" if agent else "waiting", handoff=handoff, team=team, assignee=agent,
        **changes,
    )  # fmt: skip
    async with world.store.write() as batch:
        row = HandoffRow(conversation.line, conversation.id, RecordHandoff(handoff, team, agent))
        await batch.record_handoffs([row], moments={conversation.line: NOW})
    return changed


async def end(
    world: World,
    conversation: Conversation,
    *,
    at: datetime,
    ended: HandoffEnd = "closed",
    note: str | None = None,
) -> Conversation:
    """Take a chat out of people's hands."""
    assert conversation.handoff is not None
    agent = conversation.assignee
    record = RecordHandoff(conversation.handoff, conversation.team, agent, ended, agent, note)
    async with world.store.write() as batch:
        row = HandoffRow(conversation.line, conversation.id, record)
        await batch.record_handoffs([row], moments={conversation.line: at})
    return await world.change(conversation, mode="bot", handoff=None, team=None, assignee=None)


async def listed(
    world: World,
    view: View,
    visible: Visible = EVERYTHING,
    filters: Filters = Filters(),  # noqa: B008 - it is frozen
    *,
    now: datetime = NOW,
) -> list[str | None]:
    page = await inbox.chats(world.database, view, visible, filters=filters, now=now)
    assert page.more is None
    return [row.name for row in page.rows]


async def paged(world: World, view: View, *, limit: int) -> list[list[str | None]]:
    pages, before = [], None
    while True:
        page = await inbox.chats(
            world.database, view, EVERYTHING, before=before, limit=limit, now=NOW
        )
        pages.append([row.name for row in page.rows])
        before = page.more
        if before is None:
            return pages


def names(numbers: Sequence[int]) -> list[str | None]:
    return [f"Person {number}" for number in numbers]


class InboxListContract:
    """What the lists show."""

    async def test_the_queue_begins_with_what_ends_first(self, world: World) -> None:
        ends = {
            1: {"window_closes_at": NOW + 9 * HOUR},
            2: {"window_closes_at": NOW + 20 * HOUR, "due_at": NOW + MINUTE},
            3: {"window_closes_at": NOW - HOUR},  # over: nothing can be lost any more
            4: {"due_at": NOW + HOUR},
            5: {"window_closes_at": NOW - HOUR, "since": NOW - HOUR},
        }
        for number, changes in ends.items():
            await hand_off(world, await met(world, number), **changes)  # type: ignore[arg-type]  # named above
        assert await listed(world, "queue") == names([2, 4, 1, 5, 3])
        assert await paged(world, "queue", limit=2) == [names([2, 4]), names([1, 5]), names([3])]

    async def test_who_holds_a_chat_finds_it_among_their_own(self, world: World) -> None:
        for number, agent in ((1, "eva"), (2, None), (3, "kim"), (4, "eva")):
            chat = await met(world, number)
            await hear(world, chat)
            await hand_off(world, chat, agent=agent)
        await hear(world, await met(world, 1))
        await met(world, 5)
        assert await listed(world, "mine") == names([1, 4])
        assert await listed(world, "queue") == names([2])
        assert await listed(world, "all", filters=Filters(assignee="kim")) == names([3])
        assert await paged(world, "mine", limit=1) == [names([1]), names([4])]
        counts = await inbox.count(world.database, EVERYTHING, now=NOW)
        assert counts == Counts(queue=1, mine=2, unread=2)

    async def test_all_chats_come_by_their_newest_message_page_by_page(self, world: World) -> None:
        for number in (1, 2, 3, 4, 5):
            chat = await met(world, number, line=DESK if number % 2 else SHOP)
            for _ in range(number):
                await hear(world, chat)
        await hear(world, await met(world, 2))
        assert await listed(world, "all") == names([2, 5, 4, 3, 1])
        assert await paged(world, "all", limit=2) == [names([2, 5]), names([4, 3]), names([1])]
        assert await listed(world, "all", filters=Filters(line=DESK)) == names([5, 3, 1])

    async def test_closed_chats_come_by_their_end_each_once(self, world: World) -> None:
        for number in (1, 2, 3, 4):
            chat = await hand_off(world, await met(world, number), agent="eva")
            await end(world, chat, at=NOW + number * MINUTE, note="sold out")
        again = await hand_off(world, await met(world, 1), turn=5)
        await end(world, again, at=NOW + HOUR, ended="contact")
        await hand_off(world, await met(world, 4), turn=5)
        assert await listed(world, "closed") == names([1, 3, 2])
        assert await paged(world, "closed", limit=1) == [names([1]), names([3]), names([2])]
        page = await inbox.chats(world.database, "closed", EVERYTHING, now=NOW)
        assert page.rows[1].ended == EndedHandoff(
            1, NOW, "word", None, "eva", NOW + 3 * MINUTE, "closed", "eva", "sold out"
        )
        assert page.rows[1].handoff is None

    async def test_an_agent_sees_their_lines_their_teams_and_what_they_hold(
        self, world: World
    ) -> None:
        teams = {1: "kitchen", 2: "office", 3: None}
        for number, team in teams.items():
            await hand_off(world, await met(world, number), team=team)
        await hand_off(world, await met(world, 4), team="office", agent="eva")
        await hand_off(world, await met(world, 5, line=DESK), team="kitchen")
        for number in (1, 2, 3, 4, 5):
            await hear(world, await met(world, number, line=DESK if number == 5 else SHOP))
        cook = Visible((SHOP,), ("kitchen",), "eva")
        assert sorted(map(str, await listed(world, "queue", cook))) == names([1, 3])
        assert await listed(world, "mine", cook) == names([4])
        assert await listed(world, "all", cook) == names([4, 3, 1])
        assert await listed(world, "all", cook, Filters(team="office")) == names([4])
        assert await listed(world, "queue", Visible((), None, "eva")) == []
        nobody = await inbox.count(world.database, Visible((), None, "eva"), now=NOW)
        assert nobody == Counts(0, 0, 0)
        assert await inbox.count(world.database, cook, now=NOW) == Counts(2, 1, 1)

    async def test_a_list_is_narrowed_by_team_label_and_waiting(self, world: World) -> None:
        await inbox.save_label(world.database, Label("vip", "red"))
        for number, team in ((1, "kitchen"), (2, "office"), (3, "kitchen")):
            chat = await met(world, number)
            await hear(world, chat)
            await hand_off(world, chat, team=team, since=NOW - number * HOUR)
        for number in (2, 3):
            chat = await met(world, number)
            await inbox.set_labels(world.database, SHOP, chat.id, ["vip"])
        views: tuple[View, ...] = ("queue", "all")
        for view in views:
            assert await listed(world, view, filters=Filters(team="kitchen")) == names([3, 1])
            assert await listed(world, view, filters=Filters(label="vip")) == names([3, 2])
            long = Filters(waiting_at_least=2 * HOUR)
            assert await listed(world, view, filters=long) == names([3, 2])
            both = Filters(team="kitchen", label="vip")
            assert await listed(world, view, filters=both) == names([3])
        assert await listed(world, "mine", filters=Filters(label="vip")) == []

    async def test_what_is_put_off_comes_back_at_its_time_or_when_the_contact_writes(
        self, world: World
    ) -> None:
        chat = await hand_off(world, await met(world, 1), agent="eva", last_inbound_at=NOW)
        await inbox.snooze(world.database, (SHOP, chat.id), "eva", NOW + HOUR, now=NOW)
        assert await listed(world, "mine") == []
        assert await listed(world, "snoozed") == names([1])
        (row,) = (await inbox.chats(world.database, "snoozed", EVERYTHING, now=NOW)).rows
        assert row.snoozed_until == NOW + HOUR
        assert await inbox.count(world.database, EVERYTHING, now=NOW) == Counts(0, 0, 0)
        assert await listed(world, "mine", now=NOW + HOUR) == names([1])
        await world.change(chat, last_inbound_at=NOW + MINUTE)
        assert await listed(world, "mine") == names([1])
        assert await listed(world, "snoozed") == []

    async def test_a_row_says_who_holds_the_chat_and_what_was_said_last(self, world: World) -> None:
        chat = await world.conversation(ANA)
        read = await hear(world, chat, "Hi")
        await hear(world, chat, "Are you there?")
        said = await world.say(chat, "Yes", origin="agent")
        await world.say(chat, Event(name="paid"))
        await hand_off(
            world,
            chat,
            team="kitchen",
            agent="kim",
            window_closes_at=NOW + HOUR,
            last_inbound_at=NOW,
            due_at=NOW + MINUTE,
        )
        await inbox.save_label(world.database, Label("vip", "red"))
        await inbox.save_label(world.database, Label("late", "blue"))
        await inbox.set_labels(world.database, SHOP, chat.id, ["vip", "late", "gone"])
        await inbox.mark_read(world.database, "eva", [(SHOP, chat.id, read)])
        await inbox.save_draft(world.database, SHOP, chat.id, "eva", "We", now=NOW)
        (row,) = await inbox.rows(world.database, [(SHOP, chat.id)], "eva", now=NOW)
        assert row.last is not None
        assert (row.last.id, row.last.content) == (said, Text(body="Yes"))
        assert (row.last.direction, row.last.origin, row.last.status) == ("out", "agent", "queued")
        assert row == ChatRow(
            line=SHOP,
            conversation=chat.id,
            contact=chat.contact.id,
            name="Ana",
            phone=ANA.phone,
            user_id=None,
            mode="agent",
            team="kitchen",
            assignee="kim",
            handoff=OpenHandoff(
                1, NOW, "word", "inbox", NOW + MINUTE, None, NOW + MINUTE, late=False
            ),
            window_closes_at=NOW + HOUR,
            last_inbound_at=NOW,
            last=row.last,
            unread=1,
            labels=("late", "vip"),
            has_draft=True,
            snoozed_until=None,
        )

    async def test_rows_come_as_asked_and_unread_are_counted_to_99(self, world: World) -> None:
        ana, ben = await world.conversation(ANA), await world.conversation(BEN)
        async with world.store.write() as batch:
            await batch.add_messages(
                [
                    world.message(ana, "x")._replace(direction="in", status="received")
                    for _ in range(120)
                ]
            )
        keys = [(SHOP, ben.id), (LineId("other"), ana.id), (SHOP, ana.id)]
        told = await inbox.rows(world.database, keys, "eva", now=NOW)
        assert [(row.name, row.unread, row.last is None) for row in told] == [
            ("Ben", 0, True),
            ("Ana", 99, False),
        ]
        assert await inbox.rows(world.database, [], "eva", now=NOW) == []

    @pytest.mark.parametrize("before", ["", "x", "1|2", "9" * 40, "-1", "2026|x", "||"])
    async def test_a_place_that_is_none_begins_at_the_top(self, world: World, before: str) -> None:
        chat = await hand_off(world, await met(world, 1))
        await hear(world, chat)
        views: tuple[View, ...] = ("queue", "all")
        for view in views:
            page = await inbox.chats(world.database, view, EVERYTHING, before=before, now=NOW)
            assert [row.name for row in page.rows] == names([1])
        closed = await inbox.chats(world.database, "closed", EVERYTHING, before=before, now=NOW)
        assert closed.rows == []
