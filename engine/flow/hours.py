"""A line's clock: the time zone of each contact, and the hours in which it keeps quiet."""

from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

import phonenumbers
from phonenumbers import timezone

from engine.core.conversation import Contact
from engine.core.quiet import QuietHours, read_quiet_hours
from engine.core.script import Scene

UTC_ZONE = ZoneInfo("UTC")


@dataclass(frozen=True, slots=True)
class LineHours:
    """Implements `engine.core.hours.Hours`."""

    zone: ZoneInfo | None = None
    """The line's own, for contacts whose number does not tell theirs; None takes the first of a number's zones."""
    quiet: QuietHours | None = None

    def zone_of(self, contact: Contact) -> tzinfo:
        """Return the zone of the contact's number, where it has one alone; else the line's."""
        zones = _zones_of(contact.phone)
        if len(zones) != 1 and self.zone is not None:
            return self.zone
        return zones[0] if zones else UTC_ZONE

    def awake(self, contact: Contact, at: datetime) -> datetime:
        """Return the first time from `at` on that is not quiet where the contact is."""
        return at if self.quiet is None else self.quiet.over(at, self.zone_of(contact))

    def before_quiet(self, contact: Contact, at: datetime) -> datetime:
        """Return the last time before the quiet hours that `at` is in, or `at` itself."""
        return at if self.quiet is None else self.quiet.before(at, self.zone_of(contact))


ANY_HOURS = LineHours()
"""Of a line that says nothing of its hours."""


def read_hours(zone: str | None, quiet: str | None) -> LineHours:
    """Return a line's hours as they are configured: a zone's name, and `21:00-08:00`."""
    return LineHours(
        zone=None if zone is None else ZoneInfo(zone),
        quiet=None if quiet is None else read_quiet_hours(quiet),
    )


def hours_of(scene: Scene) -> LineHours:
    """Return the hours of the scene's line."""
    return scene.hours if isinstance(scene.hours, LineHours) else ANY_HOURS


@lru_cache(maxsize=4096)
def _zones_of(phone: str | None) -> tuple[ZoneInfo, ...]:
    """Return the time zones that a phone number may be in, none where nothing tells."""
    try:
        zones = timezone.time_zones_for_number(phonenumbers.parse(f"+{phone}")) if phone else ()
    except phonenumbers.NumberParseException:
        zones = ()
    return tuple(ZoneInfo(zone) for zone in zones if zone != timezone.UNKNOWN_TIMEZONE)
