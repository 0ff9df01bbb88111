"""The contract on what the public API keeps: tokens, first answers, what came of a request."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

import pytest

from engine.core.errors import DefinitionError, StorageError
from engine.core.ids import MessageId
from engine.core.signals import FlowRequested
from engine.core.trace import Trace
from engine.ports import TurnRow
from storage.agents import Agent, add_agent, list_agents
from storage.audit import NO_LINE, Act
from storage.requested import (
    Accepted,
    Handled,
    Progress,
    Reserved,
    accepted,
    handled,
    keep_answer,
    progress,
    reserve,
)
from storage.statement import COMMIT, Call, Rows
from storage.tokens import create_token, find_token, list_tokens, note_use, revoke_token
from tests.builders import NOW
from tests.storage.world import SHOP, World, arrival

LATER = NOW + timedelta(hours=1)
EARLIER = NOW - timedelta(days=9)


async def reserved(
    world: World, key: str, *, message: int, request_hash: str = "a", token: str = "t"
) -> Reserved:
    return await reserve(
        world.database,
        token=token,
        key=key,
        request_hash=request_hash,
        message=MessageId(message),
        now=NOW,
        forget_before=EARLIER,
    )


async def agent_added(world: World, number: int) -> None:
    """Write what can be written once alone."""
    login = f"agent{number}"
    note = Act(number, NO_LINE, NOW, "command", "agent_added", login)
    await add_agent(
        world.database, Agent(login, login, "agent"), password_hash="-", now=NOW, note=note
    )


class ApiContract:
    """What the public API may rely on."""

    async def test_a_token_is_found_by_what_its_holder_shows(self, world: World) -> None:
        shown = await create_token(
            world.database, "till", scopes=["b", "a", "a"], lines=["shop"], now=NOW
        )

        token = await find_token(world.database, shown)

        assert token is not None
        assert token.name == "till"
        assert token.scopes == {"a", "b"}
        assert token.lines == {"shop"}
        assert (token.created_at, token.used_at, token.revoked_at) == (NOW, None, None)
        assert token.serves("shop")
        assert not token.serves("kiosk")
        assert await find_token(world.database, shown[:-1] + "_") is None
        assert await find_token(world.database, f"{shown}é") is None
        assert await list_tokens(world.database) == [token]

    async def test_a_token_is_used_and_revoked(self, world: World) -> None:
        shown = await create_token(world.database, "till", scopes=["a"], lines=[], now=NOW)
        token = await find_token(world.database, shown)
        assert token is not None
        assert token.serves("any")

        await note_use(world.database, token, now=LATER)
        assert await revoke_token(world.database, "till", now=LATER)

        assert not await revoke_token(world.database, "till", now=LATER)
        assert await find_token(world.database, shown) is None
        (listed,) = await list_tokens(world.database)
        assert (listed.used_at, listed.revoked_at) == (LATER, LATER)
        with pytest.raises(DefinitionError, match="'till'"):
            await create_token(world.database, "till", scopes=["a"], lines=[], now=NOW)

    async def test_the_first_answer_of_a_key_stands(self, world: World) -> None:
        first = await reserved(world, "k", message=1)
        assert first == Reserved("a", MessageId(1), None, None)
        act = Act(1, SHOP, NOW, "token:till", "message_requested", "1")
        kept = await keep_answer(world.database, token="t", key="k", status=202, body="{}", act=act)
        assert kept == Reserved("a", MessageId(1), 202, "{}")

        again = await reserved(world, "k", message=2, request_hash="b")
        assert again == kept
        assert kept == await keep_answer(
            world.database, token="t", key="k", status=409, body="[]", act=act
        )
        assert (await reserved(world, "k", message=3, token="u")).message == 3
        lines, act_name = ["kiosk", SHOP], "message_requested"
        found = await accepted(world.database, MessageId(1), lines=lines, act=act_name)
        assert found == Accepted(SHOP, NOW)
        for id_, line, name in ((2, SHOP, act_name), (1, "kiosk", act_name), (1, SHOP, "other")):
            assert await accepted(world.database, MessageId(id_), lines=[line], act=name) is None

    async def test_old_answers_are_forgotten(self, world: World) -> None:
        await reserved(world, "old", message=1)

        await reserve(
            world.database,
            token="t",
            key="new",
            request_hash="a",
            message=MessageId(2),
            now=LATER,
            forget_before=NOW + timedelta(seconds=1),
        )

        assert (await reserved(world, "old", message=3)).message == 3

    async def test_what_came_of_a_signal_is_found_by_its_key(self, world: World) -> None:
        begun = arrival(FlowRequested(flow="tea"), key="api:1")
        ((conversation, signal),) = [(e.conversation, e.signal) for e in await world.enter(begun)]
        assert signal is not None
        assert await handled(world.database, SHOP, "api:1") == Handled(None)

        trace = Trace("flow_requested", "requested", note="begun")
        async with world.store.write() as batch:
            await batch.add_turns([TurnRow(SHOP, conversation, signal, 1, NOW, trace, 0.5, 0)])

        assert await handled(world.database, SHOP, "api:1") == Handled(trace)
        assert await handled(world.database, SHOP, "api:2") is None

    async def test_how_far_a_message_is(self, world: World) -> None:
        id_ = await world.say(await world.conversation(), origin="api")
        await world.mark(id_, "failed", at=LATER, error_code="window_closed", error="too late")

        found = await progress(world.database, id_, lines=["kiosk", SHOP])

        assert found == Progress(
            id_, SHOP, "text", "failed", NOW, LATER, None, False, "window_closed", "too late"
        )
        assert await progress(world.database, id_, lines=["kiosk"]) is None
        assert await progress(world.database, MessageId(id_ + 1), lines=[SHOP]) is None

    async def test_short_writes_at_the_same_time_are_all_done(self, world: World) -> None:
        async with world.database.write_lock:
            asked = [asyncio.create_task(reserved(world, f"k{n}", message=n)) for n in range(5)]
            await asyncio.sleep(0)
        for _ in range(3):
            await asyncio.sleep(0)
        asked[0].cancel()  # the one that writes for all

        done = await asyncio.gather(*asked, return_exceptions=True)

        assert [one.message for one in done[1:] if isinstance(one, Reserved)] == [1, 2, 3, 4]

    async def test_what_was_committed_for_all_is_not_done_again_where_its_writer_was_cancelled(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        run = world.database.link.run
        committed, goes_on = asyncio.Event(), asyncio.Event()

        async def held_at_the_end(calls: Sequence[Call]) -> list[Rows]:
            answers = await run(calls)
            if calls[0].statement == COMMIT:
                committed.set()
                await goes_on.wait()
            return answers

        monkeypatch.setattr(world.database.link, "run", held_at_the_end)
        async with world.database.write_lock:
            asked = [asyncio.create_task(agent_added(world, n)) for n in range(1, 4)]
            await asyncio.sleep(0)
        await committed.wait()
        asked[0].cancel()
        goes_on.set()

        done = await asyncio.gather(*asked, return_exceptions=True)

        assert isinstance(done[0], asyncio.CancelledError)
        assert done[1:] == [None, None]
        assert len(await list_agents(world.database)) == 3

    async def test_a_short_write_that_is_refused_takes_no_other_with_it(self, world: World) -> None:
        async with world.database.write_lock:
            good = asyncio.create_task(reserved(world, "good", message=1))
            bad = asyncio.create_task(reserved(world, "bad", message=2**70))
            more = asyncio.create_task(reserved(world, "more", message=3))
            await asyncio.sleep(0)

        done = await asyncio.gather(good, bad, more, return_exceptions=True)

        assert isinstance(done[1], StorageError)
        assert [one.message for one in (done[0], done[2]) if isinstance(one, Reserved)] == [1, 3]
