"""The teams that chats wait for: when somebody answers there, and how long a chat may wait unseen."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from engine.core import limits
from engine.core.conversation import Contact
from engine.core.hours import Hours
from engine.core.language import Language


class Opening(Protocol):
    """The hours in which a team answers."""

    def opens_at(self, at: datetime) -> datetime:
        """Return the first time from `at` on, aware UTC, at which somebody answers; `at` itself while they do."""

    def in_words(
        self,
        opens_at: datetime,
        *,
        now: datetime,
        contact: Contact,
        hours: Hours | None,
        language: Language,
    ) -> str:
        """Return such a time as the contact reads it, where the contact is: "tomorrow at 09:00".

        Args:
            opens_at: Aware.
            now: When it is read.
            contact: Who reads it.
            hours: The line's clock.
            language: The contact's.
        """


@dataclass(frozen=True, slots=True)
class Team:
    """One team, or everybody where a handoff names none."""

    title: str = ""
    """What agents see; empty where it is the name alone."""
    opening: Opening | None = None
    """When it answers; None is always."""
    unclaimed_after: timedelta | None = limits.UNCLAIMED_AFTER
    """How long a chat may wait for it before the contact is told so; None never tells."""

    def opens_at(self, now: datetime) -> datetime:
        """Return when somebody answers: now, or when the hours begin."""
        return now if self.opening is None else self.opening.opens_at(now)


@dataclass(frozen=True, slots=True)
class Teams:
    """All that is configured of how chats are handed to people."""

    by_name: Mapping[str, Team] = field(default_factory=dict)
    everybody: Team = field(default_factory=Team)
    """Of a handoff without a team, or to one that is not configured."""
    acknowledge_every: timedelta = limits.ACKNOWLEDGE_EVERY
    """Who writes while the chat waits is told so at most this often."""
    phone_quiet: timedelta = limits.PHONE_QUIET
    """How long the flows are silent after the business wrote from its own phone."""

    def of(self, name: str | None) -> Team:
        """Return the team of this name."""
        return self.by_name.get(name or "", self.everybody)


EVERYBODY = Teams()
"""Where nothing of it is configured."""
