"""What stands in a chat's transcript: bubbles, the agents' notes, and lines on who had the chat. Plain data, pure.

Nothing here hangs on who looks: one rendering of an entry is every agent's, and it is news where it differs from the
one before.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from web.transcript.view import MessageView

RETRIED: Final = frozenset({"failed", "held"})
"""What an agent may send once more."""

RETRIED_OF: Final = frozenset({"agent", "api", "broadcast"})

REACTED_TO: Final = frozenset(
    {"text", "image", "video", "audio", "voice", "document", "sticker", "location", "contacts"}
)
"""What of a contact's takes a reaction: what they wrote, not what they tapped."""


@dataclass(frozen=True, slots=True)
class Bubble:
    """A message."""

    view: MessageView
    author: str | None = None
    """The agent's name, where an agent wrote it and that is known."""
    kind: Literal["message"] = "message"

    @property
    def id(self) -> str:
        """What names the entry on the page."""
        return f"m-{self.view.id}"

    @property
    def at(self) -> datetime:
        """When it was said."""
        return self.view.at

    @property
    def can_retry(self) -> bool:
        """Whether it can be sent once more: not the bot's, which would be taken back while an agent has the chat."""
        return self.view.author in RETRIED_OF and self.view.status in RETRIED

    @property
    def can_quote(self) -> bool:
        """Whether an answer can name it: the provider knows it."""
        return self.view.external_id is not None and not self.view.beside

    @property
    def can_react(self) -> bool:
        """Whether an emoji can be put on it."""
        return self.can_quote and self.view.mine and self.view.kind in REACTED_TO


@dataclass(frozen=True, slots=True)
class Note:
    """What an agent wrote for the others."""

    note: str
    """Its id."""
    at: datetime
    login: str
    author: str
    text: str
    kind: Literal["note"] = "note"

    @property
    def id(self) -> str:
        """What names the entry on the page."""
        return f"n-{self.note}"


@dataclass(frozen=True, slots=True)
class Line:
    """Who had the chat from then on."""

    key: str
    """Tells it from the others of its chat."""
    at: datetime
    words: str
    kind: Literal["line"] = "line"

    @property
    def id(self) -> str:
        """What names the entry on the page."""
        return f"e-{self.key}"


Entry = Bubble | Note | Line


def changed(before: Mapping[str, Entry], now: Iterable[Entry]) -> list[Entry]:
    """Return the entries that are new, or not what they were, in order."""
    return [entry for entry in now if before.get(entry.id) != entry]
