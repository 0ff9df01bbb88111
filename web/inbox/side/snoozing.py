"""When a snoozed chat comes back: the times that are offered and one of the agent's own, in their zone. Pure."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Final, Literal, NamedTuple
from zoneinfo import ZoneInfo

EVENING: Final = time(18)
MORNING: Final = time(9)
LONGEST: Final = timedelta(days=366)
SOON: Final = timedelta(minutes=30)
"""An evening that is nearer than this is not offered: an hour is."""

Name = Literal["hour", "evening", "tomorrow", "monday"]


class Snooze(NamedTuple):
    """One time that is offered."""

    name: Name
    until: datetime
    """As the agent's clock shows it."""


def read_zone(name: str) -> ZoneInfo:
    """Return the zone that a browser names; UTC where it names none that we know."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # an unknown key, a path, a folder of the database
        return ZoneInfo("UTC")


def snoozes(now: datetime, zone: ZoneInfo) -> list[Snooze]:
    """Return what is offered at this time, soonest first, no time twice."""
    return list(_snoozes(now, zone))


def _snoozes(now: datetime, zone: ZoneInfo) -> Iterator[Snooze]:
    here = now.astimezone(zone)
    yield Snooze("hour", (now + timedelta(hours=1)).astimezone(zone))
    evening = datetime.combine(here.date(), EVENING, zone)
    if evening - here > SOON:
        yield Snooze("evening", evening)
    tomorrow = datetime.combine(here.date() + timedelta(days=1), MORNING, zone)
    yield Snooze("tomorrow", tomorrow)
    days = 7 - here.weekday()
    monday = datetime.combine(here.date() + timedelta(days=days), MORNING, zone)
    if monday != tomorrow:
        yield Snooze("monday", monday)


def read_until(given: str, now: datetime, zone: ZoneInfo) -> datetime | None:
    """Return the time that was chosen, in UTC: one that is offered by its name, else a browser's local date and time.

    None is no time, one that is over, or one beyond a year.
    """
    for one in snoozes(now, zone):
        if one.name == given:
            return one.until.astimezone(UTC)
    try:
        until = datetime.fromisoformat(given)
    except ValueError:
        return None
    until = (until if until.tzinfo else until.replace(tzinfo=zone)).astimezone(UTC)
    return until if now < until <= now + LONGEST else None
