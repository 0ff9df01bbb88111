"""A code step's desk without a database: `chat.once` rows and early words are kept in memory."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from engine.core.closed import Speech
from engine.core.content import Media
from engine.ports import CallRow


@dataclass
class Notes:
    """What desks keep between the runs of a step, as the database would."""

    calls: dict[tuple[str, str], CallRow] = field(default_factory=dict)
    """By visit and call."""
    said: set[tuple[str, int]] = field(default_factory=set)
    files: dict[str, bytes] = field(default_factory=dict)
    """The bytes of the contact's files, by their external id."""


class MemoryDesk:
    """The `Desk` of one visit."""

    def __init__(
        self,
        key: str,
        notes: Notes,
        *,
        now: Callable[[], datetime],
        say: Callable[[Speech], None],
    ) -> None:
        self.key = key
        self.now = now
        self._notes = notes
        self._say = say

    def within(self, length: timedelta) -> AbstractAsyncContextManager[object]:
        """Bound what the step does."""
        return asyncio.timeout(length.total_seconds())

    async def say_now(self, ordinal: int, speech: Speech) -> None:
        """Show the message at once, unless a former run of this visit has."""
        if (self.key, ordinal) not in self._notes.said:
            self._notes.said.add((self.key, ordinal))
            self._say(speech)

    async def find_call(self, key: str) -> CallRow | None:
        """Return the row of a `chat.once` call."""
        return self._notes.calls.get((self.key, key))

    async def save_call(self, key: str, call: CallRow) -> None:
        """Keep the row of a `chat.once` call."""
        self._notes.calls[self.key, key] = call

    async def fetch(self, media: Media) -> bytes:
        """Return the bytes the contact sent. Raises KeyError for a file never sent."""
        return self._notes.files[media.external_id or ""]
