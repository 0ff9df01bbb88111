"""The people's part of a talk: an agent's clicks, and the business's own phone."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from datetime import datetime

from engine.core.content import Echo, Text
from engine.core.conversation import Conversation
from engine.core.ids import ExternalId
from engine.core.signals import (
    AgentReleased,
    AgentReplied,
    AgentTookOver,
    BusinessReplied,
    ChatAssigned,
    ChatClosed,
    Signal,
)
from engine.core.value import Json

BEN = "Ben"
"""The agent who is meant where none is named."""


class PeoplesPart(ABC):
    """What people do in a talk; `Talk` is one."""

    conversation: Conversation
    now: datetime

    @abstractmethod
    async def click(self, signal: Signal) -> None:
        """Take in what somebody did who is not the contact."""

    async def agent_takes_over(self, agent: str = BEN) -> None:
        """An agent takes the chat, who saw it held by nobody."""
        await self.click(AgentTookOver(agent=agent))

    async def agent_says(self, text: str, agent: str = BEN) -> None:
        """The agent writes to the contact."""
        await self.click(AgentReplied(agent=agent, content=Text(body=text)))

    async def agent_releases(
        self,
        resume: str | None = None,
        *,
        agent: str | None = None,
        answers: Mapping[str, Json] = {},
    ) -> None:
        """The agent gives the chat back, perhaps to another step, perhaps with corrected answers.

        Args:
            resume: The step to go on at; None is the handoff's own `then`.
            agent: Who; None is who holds it.
            answers: The corrected ones, as they are stored.
        """
        who = agent or self._holder()
        await self.click(AgentReleased(agent=who, resume=resume, answers=dict(answers)))

    async def agent_closes(self, reason: str, agent: str | None = None) -> None:
        """The agent ends the talk."""
        await self.click(ChatClosed(agent=agent or self._holder(), reason=reason))

    async def agent_assigns(self, agent: str | None = None, *, team: str | None = None) -> None:
        """The holder gives the chat to another agent, or with None into a team's queue."""
        seen = self.conversation.assignee
        await self.click(ChatAssigned(by=self._holder(), agent=agent, team=team, seen=seen))

    async def business_says(self, text: str) -> None:
        """The business writes from its own phone."""
        key = ExternalId(f"echo-{self.conversation.version}")
        echo = Echo(external_id=key, content=Text(body=text), sent_at=self.now)
        await self.click(BusinessReplied(echo=echo))

    def _holder(self) -> str:
        return self.conversation.assignee or BEN
