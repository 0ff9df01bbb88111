"""The contract on one chat in the inbox: its transcript, what agents add to it, the contact's other chats."""

from engine.core.conversation import Conversation
from engine.core.ids import ExternalId, MessageId
from engine.core.signals import AgentTookOver, ChatAssigned, Sender, Signal
from engine.core.trace import Matched, Trace
from engine.ports import TurnRow
from storage import inbox
from storage.audit import NO_LINE, Act, audited
from storage.inbox import (
    Assigned,
    Began,
    CannedReply,
    Draft,
    Ended,
    Entry,
    Label,
    Note,
    TookOver,
    Visible,
)
from storage.queries import TranscriptMessage
from storage.quoted import author_of_note, authors_of, messages_called
from storage.written import written
from tests.builders import NOW
from tests.storage.contract_inbox import DESK, EVERYTHING, MINUTE, end, hand_off, hear
from tests.storage.world import ANA, BEN, SHOP, World, arrival


async def say(world: World, chat: Conversation, body: str, minute: int) -> MessageId:
    return await world.say(chat, body, at=NOW + minute * MINUTE)


async def note(world: World, chat: Conversation, body: str, minute: int) -> Note:
    written = Note(world.ids(), "eva", body, NOW + minute * MINUTE)
    await inbox.add_note(world.database, SHOP, chat.id, written)
    return written


async def act(world: World, signal: Signal, *, minute: int, matched: Matched = "agent") -> None:
    """Store what an agent did to Ana's chat, as it was stepped."""
    at = NOW + minute * MINUTE
    (entered,) = await world.enter(arrival(signal, at=at))
    assert entered.signal is not None
    trace = Trace(signal.kind, matched)
    async with world.store.write() as batch:
        turn = TurnRow(SHOP, entered.conversation, entered.signal, 1, at, trace, 0.1, 0)
        await batch.add_turns([turn])


def told(entries: list[Entry]) -> list[object]:
    """Shorten messages to what they say."""
    return [
        getattr(one.content, "body", None) if isinstance(one, TranscriptMessage) else one
        for one in entries
    ]


class ChatContract:
    """What a chat's page shows and keeps."""

    async def test_messages_notes_and_deeds_stand_in_the_order_of_their_time(
        self, world: World
    ) -> None:
        chat = await world.conversation(ANA)
        await say(world, chat, "Which pizza?", 0)
        asked = await note(world, chat, "allergic to nuts", 3)
        await say(world, chat, "One moment", 1)
        held = await hand_off(world, chat, team="kitchen", agent="kim", since=NOW + MINUTE)
        given = ChatAssigned(by="rule", agent="eva", team="kitchen")
        await act(world, given, minute=2)
        await act(world, AgentTookOver(agent="kim", seen="eva"), minute=5)
        await act(world, AgentTookOver(agent="ben"), minute=6, matched="recorded")
        await say(world, chat, "I am Kim", 6)
        await end(world, held, at=NOW + 7 * MINUTE, ended="released", note="paid")
        page = await inbox.transcript(world.database, SHOP, chat.id)
        assert told(page.entries) == [
            "Which pizza?",
            "One moment",
            Began(1, NOW + MINUTE, "word", "inbox", "kitchen"),
            Assigned(1, NOW + 2 * MINUTE, "rule", "eva", "kitchen"),
            asked,
            TookOver(1, NOW + 5 * MINUTE, "kim"),
            "I am Kim",
            Ended(1, NOW + 7 * MINUTE, "released", "kim", "paid"),
        ]
        assert page.older is None

    async def test_who_took_a_chat_over_is_known_after_its_signals_were_forgotten(
        self, world: World
    ) -> None:
        chat = await world.conversation(ANA)
        await hand_off(world, chat, agent="kim")
        page = await inbox.transcript(world.database, SHOP, chat.id)
        assert page.entries == [
            Began(1, NOW, "word", "inbox", None),
            TookOver(1, NOW + MINUTE, "kim"),
        ]
        assert page.newest == 0

    async def test_the_pages_of_a_transcript_share_nothing_and_leave_nothing_out(
        self, world: World
    ) -> None:
        chat = await world.conversation(ANA)
        for minute in range(0, 10, 2):
            await say(world, chat, f"message {minute}", minute)
        for minute in (-1, 4, 5, 99):
            await note(world, chat, f"note {minute}", minute)
        pages: list[list[object]] = []
        before: MessageId | None = None
        while True:
            page = await inbox.transcript(world.database, SHOP, chat.id, before=before, limit=2)
            pages.append([one.text if isinstance(one, Note) else one for one in told(page.entries)])
            before = page.older
            if before is None:
                break
        assert pages == [
            ["message 6", "message 8", "note 99"],
            ["message 2", "message 4", "note 4", "note 5"],
            ["note -1", "message 0"],
        ]

    async def test_what_came_since_a_message_is_told(self, world: World) -> None:
        chat = await world.conversation(ANA)
        assert (await inbox.transcript(world.database, SHOP, chat.id)).entries == []
        first = await say(world, chat, "one", 1)
        await note(world, chat, "before", 0)
        later = await note(world, chat, "later", 2)
        last = [await say(world, chat, body, 3) for body in ("two", "three")][-1]
        since = await inbox.transcript(world.database, SHOP, chat.id, after=first)
        assert told(since.entries) == [later, "two", "three"]
        assert (since.newest, since.older) == (last, None)
        part = await inbox.transcript(world.database, SHOP, chat.id, after=first, limit=1)
        assert told(part.entries) == [later, "two"]
        none = await inbox.transcript(world.database, SHOP, chat.id, after=last)
        assert (none.entries, none.newest) == ([], last)

    async def test_a_message_is_found_in_its_own_chat_alone(self, world: World) -> None:
        ana, ben = await world.conversation(ANA), await world.conversation(BEN)
        said = await world.say(ana, "Hi")
        found = await inbox.message_stored(world.database, SHOP, ana.id, said)
        assert found is not None
        assert found.id == said
        assert await inbox.message_stored(world.database, SHOP, ben.id, said) is None
        assert await inbox.message_stored(world.database, DESK, ana.id, said) is None

    async def test_a_note_sent_twice_is_one_and_may_be_deleted(self, world: World) -> None:
        chat = await world.conversation(ANA)
        kept = await note(world, chat, "nuts\x00", 0)
        other = await note(world, chat, "vegan", 1)
        doing = Act(world.ids(), SHOP, NOW, "agent:eva", "note.add", str(chat.id))
        again = kept._replace(text="other words")
        await inbox.add_note(world.database, SHOP, chat.id, again, act=doing)
        page = await inbox.transcript(world.database, SHOP, chat.id)
        assert page.entries == [kept._replace(text="nuts�"), other]
        assert await world.count("audit") == 1
        ben = await world.conversation(BEN)
        await inbox.delete_note(world.database, SHOP, ben.id, kept.id)  # not in that chat
        assert await world.count("note") == 2
        await inbox.delete_note(world.database, SHOP, chat.id, kept.id)
        assert (await inbox.transcript(world.database, SHOP, chat.id)).entries == [other]

    async def test_what_was_read_only_grows_each_agent_for_themselves(self, world: World) -> None:
        chat = await world.conversation(ANA)
        ids = [await hear(world, chat) for _ in range(3)]
        for read in (ids[1], ids[0]):
            await inbox.mark_read(world.database, "eva", [(SHOP, chat.id, read)])
        (row,) = await inbox.rows(world.database, [(SHOP, chat.id)], "eva", now=NOW)
        assert row.unread == 1
        (row,) = await inbox.rows(world.database, [(SHOP, chat.id)], "kim", now=NOW)
        assert row.unread == 3
        await inbox.mark_read(world.database, "kim", [(SHOP, chat.id, ids[2])])
        await inbox.save_draft(world.database, SHOP, chat.id, "ben", "x", now=NOW)
        known = await inbox.readers(world.database, SHOP, chat.id)
        assert known == {"eva": ids[1], "kim": ids[2]}

    async def test_a_draft_is_kept_for_its_agent_until_it_is_empty(self, world: World) -> None:
        chat = await world.conversation(ANA)

        async def keep(text: str, reply_to: MessageId | None = None) -> Draft | None:
            await inbox.save_draft(
                world.database, SHOP, chat.id, "eva", text, reply_to=reply_to, now=NOW
            )
            return await inbox.draft_of(world.database, SHOP, chat.id, "eva")

        assert await inbox.draft_of(world.database, SHOP, chat.id, "eva") is None
        assert await keep("We can", MessageId(5)) == Draft("We can", MessageId(5), NOW)
        assert await inbox.draft_of(world.database, SHOP, chat.id, "kim") is None
        assert await keep("", MessageId(5)) == Draft("", MessageId(5), NOW)
        assert await keep("") is None

    async def test_labels_are_made_put_on_and_taken_off(self, world: World) -> None:
        chat, other = await world.conversation(ANA), await world.conversation(ANA, line=DESK)
        for label in (Label("vip", "red"), Label("late", "blue"), Label("vip", "green")):
            await inbox.save_label(world.database, label)
        assert await inbox.labels(world.database) == [Label("late", "blue"), Label("vip", "green")]

        async def shown() -> list[tuple[str, ...]]:
            keys = [(SHOP, chat.id), (DESK, other.id)]
            return [one.labels for one in await inbox.rows(world.database, keys, "eva", now=NOW)]

        await inbox.set_labels(world.database, DESK, other.id, ["vip", "vip"])
        await inbox.set_labels(world.database, SHOP, chat.id, ["vip", "late"])
        assert await shown() == [("late", "vip"), ("vip",)]
        await inbox.set_labels(world.database, SHOP, chat.id, ["vip"])
        assert await shown() == [("vip",), ("vip",)]
        await inbox.delete_label(world.database, "vip")
        assert await shown() == [(), ()]
        assert await inbox.labels(world.database) == [Label("late", "blue")]

    async def test_canned_replies_are_found_by_their_shortcut(self, world: World) -> None:
        await inbox.save_canned_reply(world.database, CannedReply("hi", "Hello"))
        await inbox.save_canned_reply(world.database, CannedReply("bye", "Good bye"))
        await inbox.save_canned_reply(world.database, CannedReply("hi", "Hello {contact.name}"))
        assert await inbox.canned_replies(world.database) == [
            CannedReply("bye", "Good bye"),
            CannedReply("hi", "Hello {contact.name}"),
        ]
        await inbox.delete_canned_reply(world.database, "bye")
        assert [one.shortcut for one in await inbox.canned_replies(world.database)] == ["hi"]

    async def test_a_contacts_other_chats_and_past_handoffs_are_known(self, world: World) -> None:
        both = Sender(phone=ANA.phone, user_id="MX.1")
        chat = await world.conversation(both)
        there = await world.conversation(Sender(phone="52" + "5550001111"), line=DESK)
        known = await world.conversation(Sender(user_id="MX.1"), line=DESK)
        await hear(world, known)
        await world.conversation(BEN, line=DESK)
        for turn in (1, 5):
            held = await hand_off(world, chat, turn=turn, agent="eva")
            chat = await end(world, held, at=NOW + turn * MINUTE)
        await hand_off(world, chat, turn=9)
        others = await inbox.other_chats_of(
            world.database, SHOP, chat.id, chat.contact, EVERYTHING, now=NOW
        )
        assert [(one.turn, one.ended_at) for one in others.handoffs] == [
            (5, NOW + 5 * MINUTE),
            (1, NOW + MINUTE),
        ]
        assert [row.key for row in others.chats] == [(DESK, known.id), (DESK, there.id)]
        await hand_off(world, there, team="office")
        cook = Visible((SHOP, DESK), ("kitchen",), "eva")
        others = await inbox.other_chats_of(
            world.database, SHOP, chat.id, chat.contact, cook, now=NOW
        )
        assert [row.key for row in others.chats] == [(DESK, known.id)]
        here = await inbox.other_chats_of(
            world.database, SHOP, chat.id, chat.contact, Visible((SHOP,), None, "eva"), now=NOW
        )
        assert here.chats == []

    async def test_the_chats_of_one_person_under_two_names_are_known(self, world: World) -> None:
        by_name = await world.conversation(Sender(user_id="MX.2"))
        by_phone = await world.conversation(ANA)
        joined = await world.conversation(Sender(phone=ANA.phone, user_id="MX.2"))
        older = by_name if joined.id == by_phone.id else by_phone
        others = await inbox.other_chats_of(
            world.database, SHOP, joined.id, joined.contact, EVERYTHING, now=NOW
        )
        assert [row.key for row in others.chats] == [(SHOP, older.id)]

    async def test_a_quoted_message_is_found_in_its_own_chat_alone(self, world: World) -> None:
        ana, ben = await world.conversation(ANA), await world.conversation(BEN)
        hers, his = await say(world, ana, "hers", 0), await say(world, ben, "his", 0)
        for message, name in ((hers, "wamid.hers"), (his, "wamid.his")):
            await world.mark(message, "sent", external_id=name)
        names = [ExternalId("wamid.hers"), ExternalId("wamid.his")]

        found = await messages_called(world.database, SHOP, ana.id, names)

        assert [one.id for one in found] == [hers]
        assert await messages_called(world.database, SHOP, ana.id, []) == []

    async def test_who_wrote_what_is_known_by_the_audit_and_the_notes(self, world: World) -> None:
        chat, other = await world.conversation(ANA), await world.conversation(BEN)
        message = await say(world, chat, "Hello", 0)
        acts = [
            Act(message, NO_LINE, NOW, "agent:kim", "replied", "1"),
            Act(world.ids(), NO_LINE, NOW, "command", "agent_added", "kim"),
        ]
        await written(world.database, *map(audited, acts))
        written_note = await note(world, chat, "be kind", 1)

        authors = await authors_of(world.database, [one.id for one in acts])

        assert authors == {message: "kim"}
        assert await authors_of(world.database, []) == {}
        assert await author_of_note(world.database, SHOP, chat.id, written_note.id) == "eva"
        assert await author_of_note(world.database, SHOP, other.id, written_note.id) is None
