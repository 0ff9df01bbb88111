"""The people's part of a talk: an agent's clicks, and the business's own phone."""

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from datetime import datetime

from pydantic import JsonValue, TypeAdapter

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


_AGENT = re.compile(r"agent(?: ([^:]+?))?(?:: *(.*))?")
_GIVE = re.compile(r"give to (?:(everybody)|team (.+)|(.+))")
_RELEASE = re.compile(r"bot(?: at (\S+))?(?: with (\{.*\}))?")
_CLOSE = re.compile(r"close (.+)")
_PHONE = re.compile(r"phone: *(.+)")
_ANSWERS = TypeAdapter(dict[str, JsonValue])


def read_click(words: str, conversation: Conversation, now: datetime) -> Signal:
    """Return what people do, as transcripts write it behind the `=`.

    Args:
        words: `agent`, `agent: text`, `agent NAME`, `give to NAME`, `bot`, `close REASON`, `phone: text` and the like.
        conversation: The chat as it stands: who gives it away or back is who holds it.
        now: When.

    Raises:
        ValueError: It is none of these.
    """
    holder = conversation.assignee or BEN
    if took := _AGENT.fullmatch(words):
        agent, text = took[1] or BEN, took[2]
        if text is None:
            return AgentTookOver(agent=agent)
        return AgentReplied(agent=agent, content=Text(body=text))
    if gift := _GIVE.fullmatch(words):
        seen = conversation.assignee
        return ChatAssigned(by=holder, agent=gift[3], team=gift[2], seen=seen)
    if release := _RELEASE.fullmatch(words):
        answers = _ANSWERS.validate_json(release[2]) if release[2] else {}
        return AgentReleased(agent=holder, resume=release[1], answers=answers)
    if closed := _CLOSE.fullmatch(words):
        return ChatClosed(agent=holder, reason=closed[1])
    if wrote := _PHONE.fullmatch(words):
        key = ExternalId(f"echo-{conversation.version}")
        return BusinessReplied(echo=Echo(external_id=key, content=Text(body=wrote[1]), sent_at=now))
    raise ValueError(
        f"'= {words}' is none of: = agent, = agent: text, = agent NAME, = give to NAME, = give to team NAME, = bot,"
        " = bot at STEP, = close REASON, = phone: text"
    )


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
        await self.click(read_click(f"phone: {text}", self.conversation, self.now))

    def _holder(self) -> str:
        return self.conversation.assignee or BEN
