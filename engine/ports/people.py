"""The agents and what waits for them, as the loop that shares chats out needs it."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol, TypeAlias

from engine.core.ids import ConversationId, LineId, MessageId

HandoffKey: TypeAlias = tuple[LineId, ConversationId, int]
"""A handoff: where it is, and the turn that began it."""


class Unclaimed(NamedTuple):
    """A chat that waits in a team's queue."""

    handoff: HandoffKey
    version: int
    """The conversation's: two processes that see the same decide under the same key."""
    team: str


class OnDuty(NamedTuple):
    """An agent who may be given chats now: available, signed in, seen lately."""

    login: str
    teams: frozenset[str]
    """Empty: every one; so with `lines`."""
    lines: frozenset[LineId]
    capacity: int | None
    """Chats at once; None is the team's."""
    held: int
    """Chats that they have."""
    given_at: datetime | None
    """When they last got one; None is not within the last day."""

    def serves(self, line: LineId, team: str) -> bool:
        """Tell whether they answer this team's chats on this line."""
        return (not self.lines or line in self.lines) and (not self.teams or team in self.teams)


class Unanswered(NamedTuple):
    """A chat whose contact wrote last, held by an agent who does not look, wants no chats, or was shut out."""

    handoff: HandoffKey
    team: str | None
    agent: str
    is_available: bool
    """Whether they want chats; one who was shut out does not."""
    is_shut_out: bool
    """Whether they may not answer any more: disabled, or the line is none of theirs."""
    seen_at: datetime | None
    """When they were seen last; who never was, when the chat became theirs."""
    message: MessageId
    """What is not answered."""
    said_at: datetime
    """By the line's clock."""


class Assigning(Protocol):
    """The queue and who is there. Raises StoreUnavailable from any method."""

    async def leads(self) -> bool:
        """Tell whether this process shares chats out: one at a time does, so that nobody gets more than they can."""

    async def is_any_open(self, lines: Collection[LineId]) -> bool:
        """Tell whether a chat waits in the inbox or is held there."""

    async def on_duty(
        self, lines: Collection[LineId], *, now: datetime, seen_since: datetime
    ) -> list[OnDuty]:
        """Return the agents who may be given chats."""

    async def unclaimed(
        self, queues: Sequence[tuple[LineId, str]], *, limit: int
    ) -> list[Unclaimed]:
        """Return what waits in these teams' queues, each on its line: what ends first comes first."""

    async def still_unclaimed(self, chats: Collection[HandoffKey]) -> set[HandoffKey]:
        """Return those of these chats that wait as they did."""

    async def unanswered(
        self, lines: Collection[LineId], *, seen_before: datetime, limit: int
    ) -> list[Unanswered]:
        """Return the unanswered chats of agents who were not seen since then, or who want no chats."""
