"""Who gets chats that are handed off is what the configuration says."""

from datetime import timedelta
from pathlib import Path

import pytest

from engine.core.ids import LineId
from engine.loops.assigner import TeamRule
from engine.ports.helpdesk import Helpdesk
from tests.loops.agents import add_agent
from tests.loops.world import eventually
from tests.web.support import running
from web.desks import helpdesks, team_rules
from web.keys import DATABASE
from web.settings import Settings, SettingsInvalid, load_settings

MINUTES = timedelta(minutes=1)

ASKED = '''"""Hands off at once."""

from parley import Flow, ask, handoff


class Asked(Flow, start=True):
    what: str = ask("What do you need?")
    person = handoff("The kitchen will write to you.", team="kitchen")
'''

KITCHEN = """
[teams.kitchen]
assign = "round_robin"
"""


def configured(folder: Path, toml: str) -> Settings:
    file = folder / "parley.toml"
    file.write_text(toml, "utf-8")
    return load_settings(file)


def test_a_team_says_what_the_others_do_not(tmp_path: Path) -> None:
    rules = team_rules(
        configured(
            tmp_path,
            '[handoffs]\nabsent_after = "20m"\n'
            '[teams.kitchen]\nassign = "least_busy"\ncapacity = 8\n'
            '[teams.office]\nabsent_after = "never"\n'
            '[teams."front desk"]\nassign = "round_robin"\nabsent_after = "5m"\n',
        )
    )
    assert rules.of("kitchen") == TeamRule("least_busy", 8, 20 * MINUTES)
    assert rules.of("office") == TeamRule("manual", 5, None)
    assert rules.of("front desk") == TeamRule("round_robin", 5, 5 * MINUTES)
    assert rules.of("nobody's") == rules.of(None) == TeamRule("manual", 5, 20 * MINUTES)
    assert rules.sharing == ("kitchen", "front desk")


def test_without_a_word_chats_come_back_from_who_is_away_and_that_is_all(tmp_path: Path) -> None:
    rules = team_rules(configured(tmp_path, ""))
    assert rules.sharing == ()
    assert rules.absent_after == 10 * MINUTES
    assert not team_rules(configured(tmp_path, '[handoffs]\nabsent_after = "never"\n')).act


def test_a_line_of_interakts_names_who_gets_its_chats_there(tmp_path: Path) -> None:
    line = '[lines.{name}]\nprovider = "interakt"\napi_key = "a"\nsigning_secret = "b"\n'
    desk = 'helpdesk = "interakt"\nhelpdesk_agent = "desk@shop.example"\n'
    teams = 'helpdesk_agents = { kitchen = "kitchen@shop.example" }\n'
    settings = configured(
        tmp_path, line.format(name="chat") + desk + teams + line.format(name="shop")
    )
    assert helpdesks(settings) == {
        LineId("chat"): Helpdesk("desk@shop.example", {"kitchen": "kitchen@shop.example"})
    }
    (found,) = helpdesks(settings).values()
    assert found.assignment("kitchen").agent == "kitchen@shop.example"
    assert found.assignment("office").agent == found.assignment(None).agent == "desk@shop.example"


@pytest.mark.parametrize(
    ("toml", "problem"),
    [
        ('[teams.kitchen]\nassign = "random"\n', "'manual', 'round_robin' or 'least_busy'"),
        ("[teams.kitchen]\ncapacity = -1\n", "teams.kitchen.capacity"),
        ('[teams.kitchen]\nabsent_after = "soon"\n', "teams.kitchen.absent_after"),
        ('[handoffs]\nabsent_after = ""\n', "handoffs.absent_after"),
    ],
)
def test_a_wrong_rule_is_told_by_its_key(tmp_path: Path, toml: str, problem: str) -> None:
    with pytest.raises(SettingsInvalid) as wrong:
        configured(tmp_path, toml)
    assert problem in str(wrong.value)


async def test_a_served_bot_gives_a_chat_to_the_agent_who_is_there(tmp_path: Path) -> None:
    async with running(tmp_path, flow=ASKED, more=KITCHEN) as bot:
        await add_agent(bot.app[DATABASE], "ada", teams=["kitchen"])
        ana = bot.sandbox.contact("5215550001")
        for text in ("hi", "bread"):
            await ana.says(text)
            await ana.receives()

        async def is_given() -> bool:
            return bot.rows("SELECT assignee, team FROM handoff") == [("ada", "kitchen")]

        await eventually(is_given)
        async with bot.client.get("/readyz") as ready:
            assert ready.status == 200
