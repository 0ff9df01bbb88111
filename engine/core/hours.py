"""What the step needs of time as authors write it: a question's times, and a line's clock behind a Protocol."""

from datetime import datetime, tzinfo
from typing import NamedTuple, Protocol

from engine.core.conversation import Contact


class Times(NamedTuple):
    """When an open question that nobody answers is asked after, and when it is given up."""

    reminders: tuple[datetime | None, ...]
    """In the author's order; None for one that does not come, as before a window's end where there is no window."""
    expires_at: datetime | None = None
    then: str | None = None
    """Where the run goes on when it is given up; None ends the talk."""


class Hours(Protocol):
    """A line's clock: what time it is where a contact is, and when nobody wants to hear from us unasked."""

    def zone_of(self, contact: Contact) -> tzinfo:
        """Return the contact's time zone."""

    def awake(self, contact: Contact, at: datetime) -> datetime:
        """Return the first time from `at` on, aware UTC, at which the contact may be spoken to unasked."""
