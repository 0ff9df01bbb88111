"""Which agent gets which chat: by the team's rule, never more than each can take."""

from collections import Counter
from datetime import timedelta

import pytest

from engine.core.ids import ConversationId, LineId
from engine.loops.assigner import Assign, TeamRule, TeamRules, share
from engine.ports.people import OnDuty, Unclaimed
from tests.builders import NOW

SHOP, KIOSK = LineId("shop"), LineId("kiosk")


def chats(number: int, team: str = "kitchen", line: LineId = SHOP) -> list[Unclaimed]:
    """Return chats that wait, in order."""
    return [Unclaimed((line, ConversationId(place), 2), 4, team) for place in range(1, number + 1)]


def agent(login: str, **changes: object) -> OnDuty:
    """Return an agent of every team and line who has nothing to do."""
    made = OnDuty(login, frozenset(), frozenset(), None, 0, None)
    return made._replace(**changes)  # type: ignore[arg-type]  # the test names real fields


def rules(assign: Assign = "round_robin", capacity: int = 5) -> TeamRules:
    rule = TeamRule(assign, capacity)
    return TeamRules({"kitchen": rule, "office": rule}, TeamRule())


def shared(waiting: list[Unclaimed], agents: list[OnDuty], by: TeamRules) -> list[str]:
    """Return who gets the chats, in the order in which they are given."""
    return [one.login for one in share(waiting, agents, by, now=NOW)]


def test_chats_go_round_beginning_with_who_has_waited_longest() -> None:
    agents = [
        agent("ada", given_at=NOW - timedelta(minutes=1)),
        agent("ben", given_at=NOW - timedelta(minutes=9)),
        agent("cyd"),
    ]
    assert shared(chats(7), agents, rules()) == ["cyd", "ben", "ada", "cyd", "ben", "ada", "cyd"]


def test_the_least_busy_gets_it_and_among_equals_who_has_waited_longest() -> None:
    agents = [
        agent("ada", held=3),
        agent("ben", held=1, given_at=NOW - timedelta(minutes=1)),
        agent("cyd", held=1, given_at=NOW - timedelta(minutes=9)),
    ]
    given = shared(chats(6), agents, rules("least_busy"))
    assert given == ["cyd", "ben", "cyd", "ben", "ada", "cyd"]


@pytest.mark.parametrize("assign", ["round_robin", "least_busy"])
def test_a_hundred_chats_at_once_fill_everybody_and_no_more(assign: Assign) -> None:
    agents = [agent("ada", held=2), agent("ben", capacity=1), agent("cyd", capacity=9)]
    assert Counter(shared(chats(100), agents, rules(assign))) == {"ada": 3, "ben": 1, "cyd": 9}


def test_who_has_more_than_they_can_take_gets_none() -> None:
    assert shared(chats(2), [agent("ada", held=6), agent("ben", capacity=0)], rules()) == []


def test_an_agent_gets_the_chats_of_their_teams_on_their_lines() -> None:
    agents = [
        agent("ada", teams=frozenset({"kitchen"})),
        agent("ben", lines=frozenset({KIOSK})),
        agent("cyd", teams=frozenset({"office"}), lines=frozenset({SHOP})),
    ]
    waiting = [
        *chats(1, "kitchen", SHOP),
        *chats(1, "office", KIOSK),
        *chats(1, "office", SHOP),
        *chats(1, "kitchen", KIOSK),
    ]
    assert shared(waiting, agents, rules()) == ["ada", "ben", "cyd", "ada"]


def test_a_chat_that_nobody_can_take_holds_none_behind_it_up() -> None:
    agents = [agent("ada", teams=frozenset({"office"}))]
    waiting = [*chats(3, "kitchen"), *chats(2, "office")]
    given = share(waiting, agents, rules(), now=NOW)
    assert [one.chat.team for one in given] == ["office", "office"]


def test_the_shortest_absence_is_what_is_looked_for() -> None:
    hour, minute = timedelta(hours=1), timedelta(minutes=1)
    never = TeamRule(absent_after=None)
    by = TeamRules({"kitchen": TeamRule(absent_after=minute)}, TeamRule(absent_after=hour))
    assert by.absent_after == minute
    assert by.of("office").absent_after == by.of(None).absent_after == hour
    assert TeamRules({"kitchen": never}, never).absent_after is None
    assert not TeamRules({"kitchen": never}, never).act
    assert TeamRules({"kitchen": TeamRule("least_busy", absent_after=None)}, never).act
