"""Quiet hours: the time of day in which nobody is spoken to unasked."""

import re
from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import NamedTuple

_HOURS = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)\s*[-–]\s*([01]?\d|2[0-3]):([0-5]\d)")


class QuietHours(NamedTuple):
    """From `start` until `end`, every day; past midnight where the end is the earlier of the two."""

    start: time
    end: time

    def covers(self, clock: time) -> bool:
        """Tell whether it is quiet at this time of day."""
        if self.start < self.end:
            return self.start <= clock < self.end
        return clock >= self.start or clock < self.end

    def over(self, at: datetime, zone: tzinfo) -> datetime:
        """Return when it is quiet no more, from `at` on; aware UTC.

        Args:
            at: Aware.
            zone: Where the contact is.
        """
        local = at.astimezone(zone)
        if not self.covers(local.time()):
            return at
        days = 1 if local.time() >= self.end else 0
        return at_clock(local, days, self.end)

    def before(self, at: datetime, zone: tzinfo) -> datetime:
        """Return the last minute before the quiet hours that `at` is in, or `at` itself; aware UTC."""
        local = at.astimezone(zone)
        if not self.covers(local.time()):
            return at
        days = -1 if local.time() < self.start else 0
        return at_clock(local, days, self.start) - timedelta(minutes=1)


def at_clock(local: datetime, days: int, clock: time) -> datetime:
    """Return a time of day some days from a local time, aware UTC.

    A time that the clocks jump over is as long after the jump as it was meant to be after its beginning; of one that
    comes twice it is the first.
    """
    day = local.date() + timedelta(days=days)
    return datetime.combine(day, clock, tzinfo=local.tzinfo).astimezone(UTC)


def read_quiet_hours(written: str) -> QuietHours:
    """Return quiet hours as they are written in the configuration: `21:00-08:00`.

    Raises:
        ValueError: It is written otherwise, or never ends.
    """
    found = _HOURS.fullmatch(written.strip())
    if found is None:
        raise ValueError("write the hours as 21:00-08:00")
    first, second, third, fourth = map(int, found.groups())
    hours = QuietHours(time(first, second), time(third, fourth))
    if hours.start == hours.end:
        raise ValueError("quiet hours must end at another time than they begin at")
    return hours
