"""The hours in which a team answers, as they are configured: `mon-fri 09:00-18:00`, in the team's own time zone."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo
from typing import NamedTuple
from zoneinfo import ZoneInfo

from babel.dates import format_date

from engine.core.conversation import Contact
from engine.core.hours import Hours
from engine.core.language import Language, TextName
from engine.core.quiet import at_clock
from engine.core.teams import Team, Teams
from engine.flow.answers.reader import Here
from engine.flow.answers.when.countries import locale_of
from engine.flow.answers.when.shown import show_date, show_time
from engine.flow.here import country_of
from engine.flow.hours import ANY_HOURS, UTC_ZONE

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
EVERY_DAY = "daily"
WEEK = 7
MIDNIGHT = time(0)

_CLOCK = r"((?:[01]?\d|2[0-3]):[0-5]\d|24:00)"
_WRITTEN = re.compile(rf"(?:([a-z,\s-]+?)\s+)?{_CLOCK}\s*[-–]\s*{_CLOCK}")
HOW = "write the hours as 'mon-fri 09:00-18:00', 'sat,sun 10:00-14:00' or 'daily 08:00-20:00'"


class Span(NamedTuple):
    """From `start` until `end` on these days of the week; past midnight where the end is not the later of the two."""

    days: frozenset[int]
    """0 is Monday; the day it begins on."""
    start: time
    end: time
    """00:00 is the midnight that ends the day."""

    def on(self, local: datetime, days: int) -> tuple[datetime, datetime] | None:
        """Return when it begins and ends that begins so many days from a local time; None on other weekdays."""
        if (local + timedelta(days=days)).weekday() not in self.days:
            return None
        over = days if self.end > self.start else days + 1
        return at_clock(local, days, self.start), at_clock(local, over, self.end)


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """Implements `engine.core.teams.Opening`."""

    spans: tuple[Span, ...]
    zone: tzinfo = UTC_ZONE

    def opens_at(self, at: datetime) -> datetime:
        """Return the first time from `at` on, aware UTC, at which somebody answers; `at` itself while they do."""
        local = at.astimezone(self.zone)
        near = [
            times
            for span in self.spans
            for days in range(-1, WEEK + 1)
            if (times := span.on(local, days)) is not None
        ]
        if any(start <= at < end for start, end in near):
            return at
        return min(start for start, _ in near if start > at)

    def in_words(
        self,
        opens_at: datetime,
        *,
        now: datetime,
        contact: Contact,
        hours: Hours | None,
        language: Language,
    ) -> str:
        """Return such a time as the contact reads it, where the contact is: "tomorrow at 09:00"."""
        zone = (hours or ANY_HOURS).zone_of(contact)
        here = Here(now.astimezone(zone), language.code, country_of(contact))
        local = opens_at.astimezone(zone)
        days = (local.date() - here.now.date()).days
        name: TextName = "opens_on"
        if days < len(_NEAR):
            name = _NEAR[days]
        locale = locale_of(here.language, here.country)
        day = (
            format_date(local.date(), "EEEE", locale=locale)
            if days < WEEK
            else show_date(local.date(), here)
        )
        said = language.texts[name].replace("{day}", day)
        return said.replace("{time}", show_time(local.time(), here))


_NEAR: tuple[TextName, ...] = ("opens_today", "opens_tomorrow")


def read_opening(written: Iterable[str], zone: str | None) -> OpeningHours | None:
    """Return a team's hours as they are configured; None where nothing is written: it always answers.

    Args:
        written: Such as `mon-fri 09:00-18:00`; without days it is every day, and an end that is not the later of the
            two is on the next day.
        zone: The IANA name of the time zone they are meant in; None is UTC.

    Raises:
        ValueError: Something is written otherwise.
    """
    spans = tuple(map(_read_span, written))
    return OpeningHours(spans, ZoneInfo(zone) if zone else UTC_ZONE) if spans else None


def teams_with(hours: Mapping[str, Iterable[str]], zone: str | None) -> Teams:
    """Return teams of which only the hours are configured, by name; the empty one is of handoffs without a team."""
    teams = {name: Team(opening=read_opening(written, zone)) for name, written in hours.items()}
    return Teams(teams, everybody=teams.get("", Team()))


def _read_span(written: str) -> Span:
    found = _WRITTEN.fullmatch(written.strip().lower())
    if found is None:
        raise ValueError(f"{written!r}: {HOW}")
    days = frozenset(_read_days(found[1] or EVERY_DAY, written))
    start, end = _clock(found[2]), _clock(found[3])
    if found[2] == "24:00" or (start == end and start != MIDNIGHT):
        raise ValueError(f"{written!r}: hours must end at another time than they begin at")
    return Span(days, start, end)


def _read_days(named: str, written: str) -> Iterator[int]:
    for part in re.split(r"[,\s]+(?!-)", re.sub(r"\s*-\s*", "-", named.strip())):
        first, _, last = part.partition("-")
        if part == EVERY_DAY:
            yield from range(WEEK)
        elif first in DAYS and (last or first) in DAYS:
            begin, end = DAYS.index(first), DAYS.index(last or first)
            yield from (day % WEEK for day in range(begin, end + (1 if end >= begin else WEEK + 1)))
        else:
            raise ValueError(f"{written!r}: no day {part!r}; {HOW}")


def _clock(written: str) -> time:
    return MIDNIGHT if written == "24:00" else time.fromisoformat(written.zfill(5))
