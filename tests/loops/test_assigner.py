"""Chats are shared out to who is there, never more than each can take, and come back from who is away."""

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest

from engine.core.content import Text
from engine.core.signals import AgentReplied, AgentTookOver, ChatAssigned, Signal
from engine.loops.assigner import NO_TEAMS, SEEN_WITHIN, TeamRule, TeamRules
from storage import Database, prepare
from storage.agents import disable_agent
from storage.audit import NO_LINE, Act
from tests.loops.agents import add_agent, see_agent
from tests.loops.world import World, engine_world, eventually, until

HANDING = Path(__file__).parent / "handing"
TEN_MINUTES = timedelta(minutes=10)
NEVER = TeamRule(absent_after=None)
AWAY = TeamRule(absent_after=TEN_MINUTES)
IN_TURN = TeamRule("round_robin", absent_after=None)
ANA, BEA = "5215550000001", "5215550000002"
_keys = count(1)


@asynccontextmanager
async def shop(folder: Path, kitchen: TeamRule, others: TeamRule = NEVER) -> AsyncIterator[World]:
    rules = TeamRules({"kitchen": kitchen}, others)
    async with engine_world(folder, HANDING, teams=rules) as world:
        yield world


async def hands_off(world: World, *phones: str, to: str = "Kitchen") -> None:
    """Let contacts ask for people, all in one batch."""
    for text in ("hi", to):
        await world.engine.accept([world.arrival(text, phone=phone) for phone in phones])


async def acts(world: World, phone: str, signal: Signal) -> None:
    """Let somebody do something with a contact's chat."""
    arrival = world.arrival("", phone=phone).model_copy(
        update={"key": f"act.{next(_keys)}", "signal": signal}
    )
    await world.engine.accept([arrival])


async def holders(world: World) -> dict[str, str | None]:
    """Return who has each chat that is open, by the contact's phone."""
    found = await world.rows(
        "SELECT p.phone, h.assignee FROM handoff h"
        " JOIN conversation c ON c.line_id = h.line_id AND c.id = h.conversation_id"
        " JOIN contact p ON p.line_id = c.line_id AND p.id = c.contact_id WHERE h.ended_at IS NULL"
    )
    return {str(phone): None if who is None else str(who) for phone, who in found}


async def have(world: World, **chats: int) -> None:
    """Wait until the agents have so many chats."""

    async def is_so() -> bool:
        world.engine.wake()  # nobody waits for the next look
        counted = Counter((await holders(world)).values())
        return all(counted[login] == number for login, number in chats.items())

    await eventually(is_so, timeout_s=10)


def phones(number: int) -> list[str]:
    return [f"52155500{place:05d}" for place in range(number)]


# --- given ------------------------------------------------------------------------------------------


async def test_whoever_is_there_gets_a_chat_as_it_is_handed_off(tmp_path: Path) -> None:
    async with shop(tmp_path, IN_TURN) as world:
        for login in ("ada", "ben"):
            await add_agent(world.database, login, teams=["kitchen"])
        people = phones(4)
        for place, phone in enumerate(people, start=1):
            await hands_off(world, phone)
            await have(world, ada=(place + 1) // 2, ben=place // 2)
        shown = await holders(world)
        assert [shown[phone] for phone in people] == ["ada", "ben", "ada", "ben"]
        signals = await world.rows("SELECT key FROM signal WHERE kind = 'chat_assigned'")
        assert len(signals) == len(people)


async def test_what_the_flow_said_of_it_still_goes_out(tmp_path: Path) -> None:
    async with shop(tmp_path, IN_TURN) as world:
        await world.says("hi", phone=ANA)
        await world.sees(1, ANA)
        world.adapter.hold()
        # The answer to this is on its way while the chat is handed off.
        await world.says("What?", phone=ANA)
        await until(lambda: len(world.adapter.tried) == 2)
        await world.says("Kitchen", phone=ANA)
        await add_agent(world.database, "ada")
        await have(world, ada=1)
        world.adapter.release()
        assert (await world.sees(3, ANA))[2] == "The kitchen will answer."


async def test_a_hundred_at_once_are_no_more_than_the_agents_can_take(tmp_path: Path) -> None:
    async with shop(tmp_path, TeamRule("least_busy", 20, None)) as world:
        await add_agent(world.database, "ada")
        await add_agent(world.database, "ben", capacity=7)
        await hands_off(world, *phones(100))
        await have(world, ada=20, ben=7)
        # Another look, which is seen by who gets something.
        await add_agent(world.database, "cyd", capacity=3)
        await have(world, ada=20, ben=7, cyd=3)


async def test_only_who_is_there_and_wants_chats_of_this_team_gets_one(tmp_path: Path) -> None:
    async with shop(tmp_path, IN_TURN) as world:
        now = world.clock.now()
        await add_agent(world.database, "away", seen_at=now - SEEN_WITHIN - timedelta(minutes=1))
        await add_agent(world.database, "busy", available=False)
        await add_agent(world.database, "gone", signed_in=False)
        await add_agent(world.database, "office", teams=["office"])
        await add_agent(world.database, "other", lines=["kiosk"])
        await hands_off(world, *phones(3))
        await hands_off(world, ANA.replace("5550", "5559"), to="Office")
        await hands_off(world, BEA.replace("5550", "5559"), to="Anybody")
        await add_agent(world.database, "kim", teams=["kitchen", "office"], lines=["shop"])
        await have(world, kim=3)
        assert Counter((await holders(world)).values()) == {"kim": 3, None: 2}, (
            "a team that nobody described, and no team, wait for who takes them"
        )


async def test_what_ends_first_is_given_first(tmp_path: Path) -> None:
    async with shop(tmp_path, IN_TURN) as world:
        first, second, third = phones(3)
        await hands_off(world, second)
        world.clock.ahead = timedelta(hours=1)
        await hands_off(world, third)
        await hands_off(world, first)
        world.clock.ahead = timedelta(hours=2)
        await world.says("hello?", phone=second)
        await world.says("hello?", phone=third)
        await add_agent(world.database, "ada", capacity=1, seen_at=world.clock.now())
        await have(world, ada=1)
        assert (await holders(world))[first] == "ada", "its window closes first"


async def test_two_engines_on_one_database_never_give_an_agent_too_much(
    tmp_path: Path, empty_postgres: str
) -> None:
    database = Database(empty_postgres)
    await prepare(database)
    rules = TeamRules({"kitchen": TeamRule("least_busy", 4, None)}, NEVER)
    async with AsyncExitStack() as stack:
        worlds = [
            await stack.enter_async_context(
                engine_world(tmp_path, HANDING, teams=rules, url=empty_postgres, owner=owner)
            )
            for owner in (1, 2)
        ]
        for login in ("ada", "ben", "cyd"):
            await add_agent(database, login)
        people = phones(30)
        await hands_off(worlds[0], *people[::2])
        await hands_off(worlds[1], *people[1::2])
        await have(worlds[0], ada=4, ben=4, cyd=4)
        await add_agent(database, "dan")
        await have(worlds[1], ada=4, ben=4, cyd=4, dan=4)
        (times,) = await worlds[0].rows("SELECT count(*) FROM signal WHERE kind = 'chat_assigned'")
        assert times == (16,), "each was given once"
    await database.close()


# --- and back ---------------------------------------------------------------------------------------


async def takes(world: World, phone: str, login: str) -> None:
    await acts(world, phone, AgentTookOver(agent=login))


async def test_what_an_absent_agent_leaves_unanswered_goes_back_once(tmp_path: Path) -> None:
    async with shop(tmp_path, AWAY) as world:
        await add_agent(world.database, "ada")
        await hands_off(world, ANA, BEA)
        await takes(world, ANA, "ada")
        await takes(world, BEA, "ada")
        await acts(world, BEA, AgentReplied(agent="ada", content=Text(body="In a moment.")))
        world.clock.ahead = TEN_MINUTES + timedelta(minutes=1)
        await have(world, ada=1)
        assert await holders(world) == {ANA: None, BEA: "ada"}
        told = await world.rows('SELECT 1 FROM turn WHERE trace LIKE \'%"note":"ada is away"%\'')
        assert len(told) == 1
        # Given to her all the same, it stays hers; what another contact says then comes back.
        await acts(world, ANA, ChatAssigned(by="sue", agent="ada", team="kitchen"))
        await world.says("Are you there?", phone=BEA)
        await have(world, ada=1)
        assert await holders(world) == {ANA: "ada", BEA: None}
        assert '"team":"kitchen"' in str(
            await world.rows("SELECT state FROM conversation WHERE mode = 'waiting'")
        )


async def test_the_next_absence_counts_again(tmp_path: Path) -> None:
    async with shop(tmp_path, AWAY) as world:
        await add_agent(world.database, "ada")
        await hands_off(world, ANA)
        for minutes in (11, 40):
            await takes(world, ANA, "ada")
            await see_agent(world.database, "ada", world.clock.now())
            world.clock.ahead = timedelta(minutes=minutes)
            await have(world, ada=0)


async def test_who_wants_no_more_chats_keeps_those_they_answer_in_time(tmp_path: Path) -> None:
    async with shop(tmp_path, AWAY) as world:
        await add_agent(world.database, "ada")
        await hands_off(world, ANA)
        await takes(world, ANA, "ada")
        for minutes in (0, 5):
            world.clock.ahead = timedelta(minutes=minutes)
            await see_agent(world.database, "ada", world.clock.now(), available=False)
            await world.says("Hello?", phone=ANA)
        world.clock.ahead = timedelta(minutes=14)
        await see_agent(world.database, "ada", world.clock.now(), available=False)
        # Another's chat comes back: a look was done, and the one that waits for nine minutes stayed.
        await add_agent(world.database, "ben", seen_at=world.clock.now() - TEN_MINUTES)
        await hands_off(world, BEA)
        await takes(world, BEA, "ben")
        await have(world, ada=1, ben=0)
        world.clock.ahead = timedelta(minutes=16)
        await have(world, ada=0)


async def test_where_the_agents_absence_does_not_count_they_keep_everything(
    tmp_path: Path,
) -> None:
    async with shop(tmp_path, NEVER, AWAY) as world:
        await add_agent(world.database, "ada")
        await hands_off(world, ANA)
        await hands_off(world, BEA, to="Office")
        await takes(world, ANA, "ada")
        await takes(world, BEA, "ada")
        await acts(world, "5215550000003", AgentTookOver(agent="crm/kim"))
        world.clock.ahead = timedelta(hours=5)
        await have(world, ada=1)
        assert await holders(world) == {ANA: "ada", BEA: None, "5215550000003": "crm/kim"}


async def test_what_waits_for_who_was_shut_out_goes_back_at_once(tmp_path: Path) -> None:
    async with shop(tmp_path, NEVER, AWAY) as world:
        await add_agent(world.database, "ada")
        await hands_off(world, ANA, BEA)
        await takes(world, ANA, "ada")
        await takes(world, BEA, "ada")
        await acts(world, BEA, AgentReplied(agent="ada", content=Text(body="In a moment.")))

        now = world.clock.now()
        note = Act(1, NO_LINE, now, "command", "agent_disabled", "ada")
        await disable_agent(world.database, "ada", now=now, note=note)

        await have(world, ada=1)
        assert await holders(world) == {ANA: None, BEA: "ada"}
        await world.says("Are you there?", phone=BEA)
        await have(world, ada=0)


@pytest.mark.parametrize(
    ("rules", "runs"),
    [
        pytest.param(NO_TEAMS, False, id="nothing to do"),
        pytest.param(TeamRules({}, AWAY), True, id="absence"),
        pytest.param(TeamRules({"kitchen": IN_TURN}, NEVER), True, id="shared out"),
    ],
)
async def test_where_nothing_happens_by_itself_nothing_is_asked(
    tmp_path: Path, rules: TeamRules, runs: bool
) -> None:
    async with engine_world(tmp_path, HANDING, teams=rules) as world:
        health = world.engine.health()
        assert health.is_well
        assert ("assigner" in health.loops) == runs
