"""Files that have left and not arrived yet: what follows one waits, since a text would overtake it on its way.

WhatsApp keeps no order among messages that are sent close together, and a file takes longest. Source: Vonage, "Why are
some of my WhatsApp messages not delivered in order?", support article 360049603871, read 2026-11.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Final, NamedTuple

from engine.core import limits
from engine.core.ids import ConversationId, ExternalId, LineId
from engine.core.signals import Status

ARRIVED: Final[frozenset[Status]] = frozenset({"delivered", "read", "played", "failed"})
"""After these nothing of a file is still to come."""

FileKey = tuple[LineId, ExternalId]


class Wait(NamedTuple):
    """What a conversation waits for."""

    line: LineId
    conversation: ConversationId
    external_id: ExternalId
    until: datetime
    """After this it waits no longer, whatever became of the file."""


class Files:
    """Each conversation's last file on its way.

    In memory alone: what is put back to the outbox for it carries the same `until`, so a new process waits no longer.
    """

    def __init__(self) -> None:
        self._waits: dict[ConversationId, Wait] = {}
        """In the order of their ends: all wait equally long."""
        self._by_file: dict[FileKey, ConversationId] = {}
        self._over: list[Wait] = []
        self._leaving = 0
        self._early: set[FileKey] = set()
        """What arrived while sends were under way: a status may come before the answer to its send."""

    @contextmanager
    def leaving(self) -> Iterator[None]:
        """Surround the send of a file."""
        self._leaving += 1
        try:
            yield
        finally:
            self._leaving -= 1
            if not self._leaving:
                self._early.clear()

    def left(self, wait: Wait) -> bool:
        """Begin to wait for a file that was just sent, within `leaving`; False if it has arrived already."""
        key = (wait.line, wait.external_id)
        if key in self._early:
            return False
        self._forget(wait.conversation)
        self._waits[wait.conversation] = wait
        self._by_file[key] = wait.conversation
        return True

    def arrived(self, files: Iterable[FileKey]) -> bool:
        """Take in what arrived; True if a conversation goes on."""
        before = len(self._over)
        for key in files:
            if self._leaving:
                self._early.add(key)
            if (conversation := self._by_file.get(key)) is not None:
                self._over.append(self._waits[conversation])
                self._forget(conversation)
        return len(self._over) > before

    def until(self, conversation: ConversationId) -> datetime | None:
        """Return how long what follows has to wait; None if it need not."""
        wait = self._waits.get(conversation)
        return None if wait is None else wait.until

    def waiting(self, now: datetime) -> list[ConversationId]:
        """Return the conversations that wait still; an end too far off is by a clock that was set back since."""
        latest = now + limits.FILE_ARRIVES_WITHIN + limits.CLOCKS_APART
        while self._waits and not now < (first := next(iter(self._waits.values()))).until <= latest:
            self._forget(first.conversation)
        return list(self._waits)

    def next_end(self) -> datetime | None:
        """Return when the first wait ends by itself."""
        return next((wait.until for wait in self._waits.values()), None)

    def take_over(self) -> list[Wait]:
        """Return the waits that arrivals have ended, each once."""
        over, self._over = self._over, []
        return over

    def _forget(self, conversation: ConversationId) -> None:
        wait = self._waits.pop(conversation, None)
        if wait is not None:
            del self._by_file[wait.line, wait.external_id]
