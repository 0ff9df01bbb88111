"""The contract on the search: what is found by which words, by whom, and how the index keeps up."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from engine.core import limits
from engine.core.content import Button as ReplyButton
from engine.core.content import Buttons, Event, Media, Text
from engine.core.conversation import Conversation
from engine.core.ids import LineId, MessageId
from engine.core.signals import Sender
from engine.ports import MessageRow
from storage import search_index
from storage.inbox import Visible
from storage.search import Found, search
from storage.search_index import SearchIndex
from storage.search_words import Part
from tests.builders import NOW
from tests.storage.contract_inbox import DESK, EVERYTHING, hand_off, hear
from tests.storage.world import ANA, BEN, SHOP, World


async def caught_up(world: World, *lines: LineId) -> SearchIndex:
    """Read all there is into the index, as a first start does."""
    index = SearchIndex(world.database)
    for line in lines or (SHOP, DESK):
        for read in (index.follow, index.go_back, index.meet):
            while await read(line):
                pass
    return index


async def found(
    world: World, typed: str, visible: Visible = EVERYTHING, *, before: MessageId | None = None
) -> Found:
    return await search(world.database, visible, typed, before=before, now=NOW)


async def bodies(world: World, typed: str, visible: Visible = EVERYTHING) -> list[str]:
    told = await found(world, typed, visible)
    return ["".join(part.text for part in one.parts) for one in told.messages]


async def names(world: World, typed: str, visible: Visible = EVERYTHING) -> list[str | None]:
    return [one.row.name for one in (await found(world, typed, visible)).contacts]


async def stored(world: World, chat: Conversation, bodies: Sequence[str]) -> list[MessageId]:
    return [await hear(world, chat, body) for body in bodies]


SAID = (
    ("pizza", "Two PIZZAS, please"),
    ("PLEASE two", "Two PIZZAS, please"),
    ("donde jalapeno", "¿Dónde está el jalapeño?"),
    ("qué quieres", "Que quieres"),
    ("oeuvre", "Où est l'œuvre"),
    ("पिज्जा मुझे", "मुझे पिज़्ज़ा चाहिए।"),
    ("गर्म क़लम", "गर्म कलम"),
    ("اريد بيتزا", "أُريدُ بيتزا، مِن فضلك"),
    ("أُحِبّ", "احب الجبن"),
    ("2345", "اتصل ٠١٢٣٤٥"),
    ("pao acucar", "Quero um pão de açúcar"),
    ("5000", "Order 550001 is late"),
    ("5215559998888", "call +52 1 555-999 8888 now"),
    ("777 666 5555", "call 5217776665555"),
    ("ana@shop.example", "write to ana@shop.example"),
    ("🍕", "I want 🍕 now"),
    ("x", "the letter X"),
)
"""What is typed, and the one message that it finds."""

HOSTILE = (
    *('"', "'", '"""', "*", "* *", "NEAR(a b, 2)", "a AND", "OR", "NOT x", "words:x", "^x", "(((("),
    *("a:*", "a & b", "!x", "a <-> b", "\\", "';--", "{x}", "x" * 10_000, "👩\u200d👩 " * 3000),
    *(
        "\x00",
        "\ud800",
        "-1",
        "%",
        "_",
        "",
        "   ",
        "\u202e",
        "a" + "\u0301" * 500,
        "+" * 50,
        "1 " * 5000,
    ),
)


class SearchContract:
    """What agents find."""

    async def test_a_message_is_found_by_its_words_in_every_language(self, world: World) -> None:
        chat = await world.conversation(Sender(user_id="X.1"))
        await stored(world, chat, list(dict.fromkeys(said for _, said in SAID)))
        await caught_up(world)
        for typed, said in SAID:
            assert await bodies(world, typed) == [said], typed

    async def test_whatever_people_read_in_a_message_is_found(self, world: World) -> None:
        chat = await world.conversation(ANA)
        contents = (
            Media(kind="document", filename="late invoice.pdf", mime_type="application/pdf"),
            Media(kind="image", caption="the late cat", url="https://x.example/y.png"),
            Buttons(body="Well?", buttons=(ReplyButton(id="x:y", title="Later"),)),
        )
        said = [await world.say(chat, content) for content in contents]
        await world.say(chat, Event(name="late"))
        await caught_up(world)
        assert [one.id for one in (await found(world, "late")).messages] == said[::-1]
        for hidden in ("x.example", "application"):
            assert (await found(world, hidden)).messages == []

    async def test_a_contact_is_found_by_name_number_and_id(self, world: World) -> None:
        await world.conversation(
            Sender(phone="5215550001111", user_id="MX.1349", name="José García")
        )
        await world.conversation(Sender(phone="49170222", name="Kim"))
        await caught_up(world)
        by_name = ("jos", "garcia", "JOSÉ garcía", "mx.1349")
        by_number = ("0001", "5550001", "+52 1 555 000 1111", "525550001111", "00525550001111")
        for typed in (*by_name, *by_number):
            assert await names(world, typed) == ["José García"], typed
        assert await names(world, "0002") == []

    async def test_what_was_found_is_marked_and_shown_with_its_surroundings(
        self, world: World
    ) -> None:
        chat = await world.conversation(ANA)
        await hear(world, chat, "word " * 50 + "the Jalapeños\n\tare <b>hot</b> " + "end " * 50)
        await caught_up(world)
        (one,) = (await found(world, "jalapen hot")).messages
        assert [part.text for part in one.parts if part.is_hit] == ["Jalapeños", "hot"]
        text = "".join(part.text for part in one.parts)
        assert text.startswith("…word ")
        assert " the Jalapeños are <b>hot</b> end " in text
        assert text.endswith("…")
        assert len(text) < 200
        (contact,) = (await found(world, "0001")).contacts
        assert contact.phone == (Part("5215550001111", is_hit=True),)
        assert contact.name == (Part("Ana", is_hit=False),)

    async def test_the_newest_come_first_page_by_page(self, world: World) -> None:
        chat = await world.conversation(ANA)
        ids = await stored(world, chat, [f"pizza {number}" for number in range(45)])
        await caught_up(world)
        told: list[MessageId] = []
        page = await found(world, "pizza")
        told += [one.id for one in page.messages]
        while page.more is not None:
            page = await found(world, "pizza", before=page.more)
            assert page.contacts == []
            told += [one.id for one in page.messages]
        assert told == ids[::-1]

    async def test_an_agent_finds_nothing_on_other_lines_or_of_other_teams(
        self, world: World
    ) -> None:
        here, there = await world.conversation(ANA), await world.conversation(BEN, line=DESK)
        await stored(world, here, ["pizza here"])
        await stored(world, there, ["pizza there"])
        await caught_up(world)
        shop = Visible((SHOP,), None, "eva")
        assert await bodies(world, "pizza", shop) == ["pizza here"]
        assert await names(world, "b", shop) == await names(world, "ben", shop) == []
        assert await names(world, "ana", shop) == ["Ana"]
        await hand_off(world, here, team="office")
        cook = Visible((SHOP, DESK), ("kitchen",), "eva")
        assert await bodies(world, "pizza", cook) == ["pizza there"]
        assert await names(world, "ana", cook) == []
        assert (await found(world, "pizza", Visible((), None, "eva"))).messages == []
        for line in ("_shop", "shop"):
            assert await bodies(world, line) == []

    async def test_hostile_words_find_nothing_and_break_nothing(self, world: World) -> None:
        chat = await world.conversation(Sender(user_id="Y.7"))
        await stored(world, chat, ["pizza", *HOSTILE])
        await caught_up(world)
        for typed in HOSTILE:
            await found(world, typed)
            assert await bodies(world, f"pizza qqq {typed}") == [], typed
        assert await bodies(world, "pizz") == ["pizza"]

    # --- the index ------------------------------------------------------------------------------------

    async def test_the_index_follows_and_a_new_start_goes_on_where_it_stood(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(search_index, "PIECE", 2)
        chat = await world.conversation(ANA)
        await stored(world, chat, ["pizza 1", "pizza 2", "pizza 3"])
        index = SearchIndex(world.database)
        assert await index.follow(SHOP) == 0, "what was there before is read backwards"
        assert await index.go_back(SHOP) == 2
        assert await bodies(world, "pizza") == ["pizza 3", "pizza 2"]
        await stored(world, chat, ["pizza 4"])
        again = SearchIndex(world.database)
        assert await again.follow(SHOP) == 1
        assert await again.follow(SHOP) == 0
        assert [await again.go_back(SHOP) for _ in range(3)] == [1, 0, 0]
        assert await bodies(world, "pizza") == [f"pizza {number}" for number in (4, 3, 2, 1)]

    async def test_what_was_committed_late_is_found(self, world: World) -> None:
        chat = await world.conversation(ANA)
        early = [MessageId(world.ids()) for _ in range(2)]
        await stored(world, chat, ["pizza last"])
        index = await caught_up(world)
        for id_ in early:
            row = MessageRow(
                id_, SHOP, chat.id, "in", Text(body="pizza late"), "received", NOW, origin="contact"
            )
            async with world.store.write() as batch:
                await batch.add_messages([row])
        assert await index.follow(SHOP) == 0
        now = datetime.now(UTC)  # ids are of the real time
        assert await index.look_back(SHOP, now=now + timedelta(minutes=2)) == 0
        assert await index.look_back(SHOP, now=now) == 2
        assert await index.look_back(SHOP, now=now) == 0
        assert await bodies(world, "pizza") == ["pizza last", "pizza late", "pizza late"]

    async def test_a_piece_that_is_read_twice_is_found_once(self, world: World) -> None:
        chat = await world.conversation(ANA)
        index = await caught_up(world)
        await stored(world, chat, ["pizza"])
        other = await caught_up(world)
        await index.follow(SHOP)
        await other.meet(SHOP)
        assert await bodies(world, "pizza") == ["pizza"]
        assert await names(world, "ana") == ["Ana"]

    async def test_a_contact_is_found_by_the_new_name_as_soon_as_they_write(
        self, world: World
    ) -> None:
        chat = await world.conversation(ANA)
        index = await caught_up(world)
        known = chat.contact.model_copy(update={"name": "Anabel"})
        await world.change(chat, contact=known)
        await stored(world, chat, ["it is me"])
        await index.follow(SHOP)
        assert await names(world, "anabel") == ["Anabel"]
        assert await names(world, "ana") == ["Anabel"]

    async def test_a_contact_who_never_wrote_is_found(self, world: World) -> None:
        index = await caught_up(world)
        await world.conversation(BEN)
        assert await index.meet(SHOP) == 1
        assert await names(world, "ben") == ["Ben"]

    async def test_lines_with_news_are_known(self, world: World) -> None:
        chat = await world.conversation(ANA)
        index = SearchIndex(world.database)
        assert await index.news([SHOP, DESK]) == [SHOP], "a contact"
        await caught_up(world)
        index = SearchIndex(world.database)
        assert await index.news([SHOP, DESK]) == await index.news([]) == []
        await hear(world, chat)
        assert await index.news([SHOP, DESK]) == [SHOP]
        assert not index.is_behind(SHOP)

    async def test_a_process_keeps_the_index_until_it_dies(self, world: World) -> None:
        mine = SearchIndex(world.database)
        assert await mine.hold(now=NOW)
        if world.database.has_one_writer:
            return
        other = SearchIndex((await world.another()).database)
        assert not await other.hold(now=NOW + search_index.HELD_FOR / 2)
        assert await mine.hold(now=NOW + search_index.HELD_FOR / 2)
        assert not await other.hold(now=NOW + search_index.HELD_FOR)
        assert await other.hold(now=NOW + 2 * search_index.HELD_FOR)
        assert not await mine.hold(now=NOW + 2 * search_index.HELD_FOR)
        back = NOW + search_index.HELD_FOR * 2 - limits.CLOCKS_APART
        assert not await mine.hold(now=back)
        assert await mine.hold(now=back - timedelta(seconds=1))
