"""The inbox that a line's provider has itself: chats are handed to it by an assignment, and nothing comes back.

Other programs for agents need no port: they hear of chats by the business's webhooks and act through the API.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.core.content import Assignment
from engine.core.ids import LineId


@dataclass(frozen=True, slots=True)
class Helpdesk:
    """Whom a line's chats are given to there."""

    agent: str
    """As the provider names agents: an e-mail address."""
    agents: Mapping[str, str] = field(default_factory=dict)
    """Whom a team's chats are given to, where that is somebody else."""

    def assignment(self, team: str | None) -> Assignment:
        """Return the deed that hands a chat over."""
        return Assignment(agent=self.agents.get(team or "", self.agent))


NO_HELPDESKS: Mapping[LineId, Helpdesk] = {}
