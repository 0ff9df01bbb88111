"""Broadcasts as the loop that hands them out needs them."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from engine.core.content import Template
from engine.core.ids import BroadcastId, LineId, MessageId
from engine.ports.world import IdFactory


class Running(NamedTuple):
    """A broadcast that is not finished."""

    line: LineId
    id: BroadcastId
    handed: int
    """The last contact that was handed to the outbox, by its number."""


class Addressed(NamedTuple):
    """One contact's message, to be asked for."""

    number: int
    """Where the contact stands in its source."""
    phone: str
    content: Template
    message: MessageId


class HandedOut(NamedTuple):
    """The next contacts of a broadcast."""

    messages: list[Addressed]
    last: int
    """The number of the last contact looked at; some before it may get nothing."""


class Broadcasts(Protocol):
    """The stored broadcasts. Raises StoreUnavailable from any method."""

    async def running(self, lines: Sequence[LineId]) -> list[Running]:
        """Return the broadcasts of these lines that are not finished, oldest first."""

    async def under_way(self, line: LineId) -> int:
        """Return how many messages of broadcasts are in the line's outbox and have not left."""

    async def let_go(self, owner: int) -> None:
        """Forget what an earlier process of this number was handing out: another may go on with it."""

    async def hand_out(
        self, running: Running, *, owner: int, limit: int, ids: IdFactory
    ) -> HandedOut | None:
        """Note how far a broadcast came, and return its next contacts with durable message ids.

        The same contacts come again, under the same ids, until a later call says that they were handed over; those
        whose message is in the outbox already are left out. None where the broadcast was stopped, or another process
        that lives hands it out. An answer without a `last` beyond `running.handed` is the end.
        """

    async def finish(self, running: Running, *, now: datetime) -> None:
        """Mark a broadcast as done, unless it was stopped."""
