"""Whichever replica takes a webhook: one steps it, once, in order of arrival, and says it in that order."""

import asyncio
import time
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest

from engine.core.ids import LineId
from engine.ports.outside import Outside
from storage.ids import TimeIds
from storage.notices import NOTICE_BYTES, read_notice, write_notice
from tests.loops.world import LINE
from tests.replicas.world import (
    HELLO,
    QUICK,
    World,
    accept_in_turn,
    heard_by,
    holding,
    replicas,
    until,
    without_sweeps,
)

ANA = "5215550001"


async def test_what_came_while_another_held_the_conversation_is_stepped_by_that_one_right_after(
    tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_sweeps(monkeypatch)
    async with replicas(tmp_path, database_url) as (first, second):
        await second.says("hello")
        await second.sees(1)
        async with holding(second):
            for word in ("one", "two", "three"):
                await first.says(word)
            waiting = await first.store.waiting_signals([LINE], limit=9)
        await second.sees(4)
        said = [text.partition("\n")[0] for text in second.shown()]
        owners = await second.rows(
            "SELECT DISTINCT m.id >> 12 & 1023 FROM message m WHERE m.direction = 'out'"
        )
    assert len(waiting) == 3
    assert said[1:] == ["heard one", "heard two", "heard three"]
    assert owners == [(2,)], "who held it stepped them"


async def test_one_webhook_at_two_replicas_at_once_is_stepped_once(
    tmp_path: Path, database_url: str
) -> None:
    async with replicas(tmp_path, database_url, flows=HELLO, count=3) as worlds:
        for number in range(10):
            arrival = worlds[0].arrival(f"word {number}", key=f"wamid.twice.{number}")
            await asyncio.gather(*(world.engine.accept([arrival]) for world in worlds))
        await worlds[0].sees(10)
        turns = await worlds[0].rows("SELECT count(*), count(DISTINCT signal_id) FROM turn")
        assert turns == [(10, 10)]
        assert len(worlds[0].shown()) == 10


async def test_contacts_whose_messages_go_round_the_replicas_are_answered_in_order(
    tmp_path: Path, database_url: str
) -> None:
    phones = [f"52155500{number:02d}" for number in range(12)]
    async with replicas(tmp_path, database_url, flows=HELLO, count=3) as worlds:

        async def talks(phone: str) -> None:
            said = [worlds[0].arrival(f"{number}.", phone=phone) for number in range(6)]
            await accept_in_turn(worlds, said)

        await asyncio.gather(*map(talks, phones))
        for phone in phones:
            await worlds[0].sees(6, phone)
        asked = await worlds[0].rows(
            "SELECT m.id, s.key FROM message m JOIN turn t ON t.line_id = m.line_id"
            " AND t.conversation_id = m.conversation_id AND t.turn = m.turn"
            " JOIN signal s ON s.line_id = t.line_id AND s.id = t.signal_id WHERE m.direction = 'out'"
        )
        came = await worlds[0].rows("SELECT key FROM signal ORDER BY id")
        answers = {message: key for message, key in asked}  # noqa: C416 - mypy reads no rows as pairs
        for phone in phones:
            sent = [o.id for o in worlds[0].adapter.sent if o.contact.phone == phone]
            keys = [answers[message] for message in sent]
            assert keys == [key for (key,) in came if key in keys], phone
            assert len(set(keys)) == 6
        waiting = await worlds[0].rows("SELECT count(*) FROM signal WHERE handled_at IS NULL")
        assert waiting == [(0,)]


async def test_what_was_said_first_leaves_first_whatever_the_clocks_say(
    tmp_path: Path, database_url: str
) -> None:
    async with replicas(tmp_path, database_url) as (ahead, behind):
        ahead_ids = TimeIds(1, clock_ms=lambda: time.time_ns() // 1_000_000 + 3_600_000)
        ahead.engine._writer._steps._performer._ids = ahead_ids
        for world in (ahead, behind):
            world.adapter.hold()
        await ahead.says("first")
        await until(lambda: len(ahead.adapter.tried) == 1)
        await behind.says("second")
        ids = await ahead.rows("SELECT id FROM message WHERE direction = 'out' ORDER BY turn")
        assert ids == sorted(ids), "what is said behind an unsent message has an id above it"
        behind.adapter.release()
        assert behind.adapter.tried == []
        ahead.adapter.release()
        said = [text.partition("\n")[0] for text in await behind.sees(2)]
    assert said == ["Ready.", "heard second"]


async def test_a_reply_behind_one_that_another_replica_sends_leaves_as_soon_as_that_has(
    tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.loops.sender.SWEEP_S", 600.0)
    async with replicas(tmp_path, database_url) as (first, second):
        await asyncio.sleep(0)
        first.adapter.hold()
        await first.says("one")
        await until(lambda: len(first.adapter.tried) == 1)
        await second.says("two")
        first.adapter.release()
        assert len(await first.sees(2)) == 2


async def test_replicas_tell_each_other_nothing_where_nobody_has_to_do_or_to_show_anything(
    tmp_path: Path, database_url: str
) -> None:
    async with replicas(tmp_path, database_url) as (first, second):
        heard = [heard_by(world) for world in (first, second)]
        for number in range(5):
            await first.says(f"word {number}", phone=f"521555{number}")
            await second.says(f"word {number}", phone=f"521777{number}")
        await second.sees(1, "5217774")
        await first.sees(1, "5215554")
        assert heard == [[], []]


async def test_who_shows_chats_hears_which_ones_change_elsewhere(
    tmp_path: Path, database_url: str
) -> None:
    async with replicas(tmp_path, database_url) as (first, second):
        await first.says("hello")
        ((chat,),) = await first.rows("SELECT id FROM conversation")
        second.engine._replicas._shows = lambda: True
        heard = heard_by(second)
        words = count(1)
        named = Outside(chats=frozenset({(LINE, chat)}))  # type: ignore[arg-type]  # as the database tells it
        async with asyncio.timeout(20):
            while not any(one.chats == named.chats for one in heard):
                await first.says(f"word {next(words)}")
                await asyncio.sleep(0.05)


def test_a_notice_says_what_it_is_about_as_far_as_it_may() -> None:
    few = Outside(signals=True, chats=frozenset({(LineId("shop"), 2**62)}))  # type: ignore[arg-type]
    assert read_notice(write_notice("me", few)) == ("me", few)
    many = frozenset((LineId("shop"), 2**62 + number) for number in range(400))
    written = write_notice("me", Outside(handoffs=True, chats=many))  # type: ignore[arg-type]
    assert len(written) <= NOTICE_BYTES
    assert read_notice(written) == ("me", Outside(handoffs=True, many=True))
    assert read_notice("from before")[1].is_unknown


async def test_three_replicas_together_keep_to_a_lines_rate(
    tmp_path: Path, database_url: str
) -> None:
    line = QUICK.model_copy(update={"messages_per_second": 80})
    async with replicas(tmp_path, database_url, count=3, capabilities=line) as worlds:
        left: list[float] = []
        for world in worlds:
            sending = world.adapter.send

            async def send(outgoing: object, sending: object = sending) -> object:
                left.append(time.monotonic())
                return await sending(outgoing)  # type: ignore[operator]

            world.adapter.send = send  # type: ignore[method-assign, assignment]

        def crowd(world: World) -> list[str]:
            return [f"52{id(world) % 1000:03d}{number:04d}" for number in range(60)]

        await asyncio.gather(
            *(
                world.engine.accept([world.arrival("hi", phone=phone) for phone in crowd(world)])
                for world in worlds
            )
        )
        await until(lambda: len(left) >= 180, timeout_s=60)
    most = max(sum(start <= at < start + 1 for at in left) for start in left)
    assert most <= 80, [round(at - left[0], 3) for at in left]
    assert max(left) - min(left) < timedelta(seconds=30).total_seconds()
