"""Who gets chats that are handed off, as the configuration says: each team's rule, and providers' own inboxes."""

from engine.core.ids import LineId
from engine.core.times import read_length
from engine.loops.assigner import TeamRule, TeamRules
from engine.ports.helpdesk import Helpdesk
from web.settings import HandoffSettings, Settings, TeamSettings


def helpdesks(settings: Settings) -> dict[LineId, Helpdesk]:
    """Return the lines whose chats go to their provider's own inbox."""
    found = ((LineId(name), line.own_helpdesk) for name, line in settings.lines.items())
    return {name: desk for name, desk in found if desk is not None}


def team_rules(settings: Settings) -> TeamRules:
    """Return how each team's chats are shared out."""
    common = settings.handoffs
    return TeamRules(
        {name: _rule(team, common) for name, team in settings.teams.items()},
        _rule(TeamSettings(), common),
    )


def _rule(team: TeamSettings, common: HandoffSettings) -> TeamRule:
    after = team.absent_after or common.absent_after
    return TeamRule(team.assign, team.capacity, None if after == "never" else read_length(after))
