"""The contract on agents: who is let in, with which browser, and what is noted of it."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from engine.core.errors import DefinitionError
from storage.agents import (
    Agent,
    add_agent,
    change_agent,
    disable_agent,
    enable_agent,
    find_agent,
    find_password_hash,
    has_agents,
    list_agents,
    rehash,
    set_available,
    set_password,
)
from storage.audit import LOOKED_THROUGH, NO_LINE, Act, audited, read_audit
from storage.sessions import (
    CLIENT_CHARS,
    begin_session,
    find_signed,
    revoke_session,
    revoke_sessions,
    see_session,
    session_id,
    sessions_of,
)
from storage.written import written
from tests.builders import NOW
from tests.storage.world import World

LATER = NOW + timedelta(hours=1)
ENDS = NOW + timedelta(hours=12)

ANA = Agent(
    "ana", "Ana \U0001f33b", "agent", frozenset({"kitchen", "bar"}), frozenset({"shop"}), capacity=5
)
LUIS = Agent("luis", "Luis", "admin")


def note(id_: int, act: str = "changed", login: str = "ana", *, at: datetime = NOW) -> Act:
    return Act(id_, NO_LINE, at, "command", act, login)


async def added(world: World, *agents: Agent) -> None:
    for id_, agent in enumerate(agents, start=1):
        done = note(id_, "agent_added", agent.login)
        await add_agent(world.database, agent, password_hash="hash", now=NOW, note=done)


async def signed_in(
    world: World,
    login: str = "ana",
    *,
    id_: int = 50,
    ends: datetime = ENDS,
    client: str = "Firefox",
) -> str:
    """Sign an agent in and return the session's id."""
    done = note(id_, "signed_in", login)
    return session_id(
        await begin_session(
            world.database, login, client=client, expires_at=ends, now=NOW, note=done
        )
    )


async def counts(world: World, id_: str, *, at: datetime = NOW) -> bool:
    return await find_signed(world.database, id_, now=at) is not None


class AgentsContract:
    """What signing in and looking after agents may rely on."""

    async def test_an_agent_is_added_and_found_as_said(self, world: World) -> None:
        assert not await has_agents(world.database)

        await added(world, LUIS, ANA)

        assert await has_agents(world.database)
        assert await find_agent(world.database, "ana") == replace(ANA, created_at=NOW)
        assert await find_agent(world.database, "Ana\x00") is None
        assert [one.login for one in await list_agents(world.database)] == ["ana", "luis"]
        assert await find_password_hash(world.database, "ana") == "hash"
        assert await find_password_hash(world.database, "nobody") is None

    async def test_of_two_who_take_one_login_at_once_one_has_it(self, world: World) -> None:
        tried = await asyncio.gather(
            *(
                add_agent(
                    world.database,
                    replace(ANA, name=str(number)),
                    password_hash=str(number),
                    now=NOW,
                    note=note(number, "agent_added"),
                )
                for number in (1, 2, 3)
            ),
            return_exceptions=True,
        )

        assert sorted(type(one).__name__ for one in tried) == [
            "DefinitionError",
            "DefinitionError",
            "NoneType",
        ]
        agent = await find_agent(world.database, "ana")
        assert agent is not None
        assert await find_password_hash(world.database, "ana") == agent.name
        assert len((await read_audit(world.database)).acts) == 1
        with pytest.raises(DefinitionError, match="there is or was an agent 'ana'"):
            await added(world, ANA)

    async def test_what_an_agent_may_is_changed_and_the_rest_stays(self, world: World) -> None:
        await added(world, ANA)
        changed = replace(ANA, name="A", role="supervisor", teams=frozenset(), capacity=None)

        await change_agent(world.database, changed, note=note(2))
        await set_available(world.database, "ana", True, note=note(3))
        await rehash(world.database, "ana", password_hash="other")

        found = await find_agent(world.database, "ana")
        assert found == replace(changed, available=True, created_at=NOW)
        assert await find_password_hash(world.database, "ana") == "other"

    async def test_a_session_says_who_is_signed_in(self, world: World) -> None:
        await added(world, ANA)

        id_ = await signed_in(world, client="x" * 1000 + "\x00")

        signed = await find_signed(world.database, id_, now=NOW)
        assert signed is not None
        assert signed.agent == replace(ANA, created_at=NOW, seen_at=NOW)
        assert (signed.session.login, signed.session.id) == ("ana", id_)
        assert signed.session.client == "x" * CLIENT_CHARS
        assert not await counts(world, id_, at=ENDS)
        assert not await counts(world, "0" * 64)

    async def test_a_session_that_is_used_lasts_longer(self, world: World) -> None:
        await added(world, ANA)
        id_ = await signed_in(world)
        signed = await find_signed(world.database, id_, now=NOW)
        assert signed is not None

        await see_session(
            world.database, signed.session, expires_at=ENDS + timedelta(hours=1), now=LATER
        )

        seen = await find_signed(world.database, id_, now=ENDS)
        assert seen is not None
        assert (seen.session.seen_at, seen.agent.seen_at) == (LATER, LATER)

    async def test_sessions_end_one_by_one_and_all_but_one(self, world: World) -> None:
        await added(world, ANA, LUIS)
        ids = [await signed_in(world, id_=50 + number) for number in range(4)]
        others = await signed_in(world, "luis", id_=60)

        await revoke_session(world.database, "luis", ids[0], now=LATER, note=note(70))
        assert await counts(world, ids[0])  # it is not luis's
        await revoke_session(world.database, "ana", ids[0], now=LATER, note=note(71))
        assert [await counts(world, one) for one in ids] == [False, True, True, True]

        await revoke_sessions(world.database, "ana", keep=ids[1], now=LATER, note=note(72))
        assert [await counts(world, one) for one in ids] == [False, True, False, False]
        assert [one.id for one in await sessions_of(world.database, "ana", now=NOW)] == [ids[1]]
        assert await counts(world, others)

    async def test_another_password_ends_the_sessions_of_the_old_one(self, world: World) -> None:
        await added(world, ANA)
        kept, ended = await signed_in(world), await signed_in(world, id_=51)

        await set_password(
            world.database, "ana", password_hash="new", keep=kept, now=LATER, note=note(70)
        )

        assert await find_password_hash(world.database, "ana") == "new"
        assert (await counts(world, kept), await counts(world, ended)) == (True, False)

    async def test_a_disabled_agent_is_nobody_until_let_in_again(self, world: World) -> None:
        await added(world, replace(ANA, available=True))
        id_ = await signed_in(world)

        await disable_agent(world.database, "ana", now=LATER, note=note(70))

        assert await find_password_hash(world.database, "ana") is None
        assert not await counts(world, id_)
        found = await find_agent(world.database, "ana")
        assert found is not None
        assert (found.disabled_at, found.available) == (LATER, False)
        await enable_agent(world.database, "ana", note=note(71))
        assert await find_password_hash(world.database, "ana") == "hash"
        assert not await counts(world, id_)  # that one has ended for good

    async def test_sessions_that_are_past_are_forgotten_at_the_next_sign_in(
        self, world: World
    ) -> None:
        await added(world, ANA)
        old = await signed_in(world, ends=NOW - timedelta(seconds=1))

        await signed_in(world, id_=51)

        assert await sessions_of(world.database, "ana", now=NOW - timedelta(days=1)) != []
        assert not await counts(world, old, at=NOW - timedelta(days=1))

    async def test_the_audit_is_read_newest_first_by_agent_and_act(self, world: World) -> None:
        acts = [
            note(1, "agent_added"),
            note(2, "agent_added", "luis"),
            Act(3, NO_LINE, NOW, "agent:ana", "chat_claimed", "shop/7"),
            Act(4, "shop", NOW, "token:till", "message_sent", "9"),
            Act(5, NO_LINE, LATER, "agent:luis", "chat_claimed", "shop/8"),
        ]
        await written(world.database, *(audited(act) for act in acts))

        async def ids(who: str = "", act: str = "") -> list[int]:
            found = await read_audit(world.database, who=who, act=act)
            return [act.id for act in found.acts]

        assert (await read_audit(world.database)).acts[0] == acts[4]
        assert await ids() == [5, 3, 2, 1]
        assert await ids(who="ana") == [3, 1]
        assert await ids(act="chat_claimed") == [5, 3]
        assert await ids(who="luis", act="chat_claimed") == [5]
        assert await ids(who="a\x00b") == []

    async def test_the_audit_goes_on_where_a_page_ended(self, world: World) -> None:
        many = [
            note(id_, "seldom" if id_ == 1 else "often") for id_ in range(1, LOOKED_THROUGH + 3)
        ]
        await written(world.database, *(audited(act) for act in many))

        first = await read_audit(world.database, limit=3)
        second = await read_audit(world.database, limit=3, before=first.before)
        assert [act.id for act in (*first.acts, *second.acts)] == [
            LOOKED_THROUGH + 2 - passed for passed in range(6)
        ]
        # One of few among many: the first page looks through so many, the next one finds it.
        empty = await read_audit(world.database, act="seldom")
        assert empty.acts == []
        found = await read_audit(world.database, act="seldom", before=empty.before)
        assert ([act.id for act in found.acts], found.before) == ([1], None)
