"""What runs the authors' code steps, and what such a step may reach while it runs. Protocols."""

from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta
from typing import Protocol

from engine.core.closed import Speech
from engine.core.content import Media
from engine.core.conversation import Conversation
from engine.core.ids import VisitId
from engine.core.signals import StepReturned
from engine.ports import CallRow


class Desk(Protocol):
    """What a running code step may reach; one desk serves one visit."""

    @property
    def key(self) -> str:
        """A stable idempotency key of this visit, the same when the step is run again."""

    def now(self) -> datetime:
        """Return the line's time."""

    def within(self, length: timedelta) -> AbstractAsyncContextManager[object]:
        """Bound what the step does; TimeoutError ends it. What the desk waits for the database does not count."""

    async def say_now(self, ordinal: int, speech: Speech) -> None:
        """Send through the outbox before the step returns; a repeat with the same ordinal is not said again."""

    async def find_call(self, key: str) -> CallRow | None:
        """Return the stored row of a `chat.once` call of this visit."""

    async def save_call(self, key: str, call: CallRow) -> None:
        """Store a `chat.once` row in its own commit."""

    async def fetch(self, media: Media) -> bytes:
        """Wait, bounded, for an inbound file and return its bytes."""


class CodeSteps(Protocol):
    """Runs the authors' `@step` functions."""

    async def perform(self, conversation: Conversation, visit: VisitId, desk: Desk) -> StepReturned:
        """Run the code step the conversation is busy with; three attempts, then a StepReturned with `error`."""
