"""Times as authors write them: lengths such as "2h", times of day such as `tomorrow("09:00")`, reminders."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import overload

from engine.core.errors import DefinitionError
from engine.core.quiet import at_clock
from engine.core.times import read_length
from engine.flow.templates import TemplateUse

_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day where the contact is."""

    at: time
    days: int = 0
    """Days from the day it is said on; 0 is the next time that it is this late."""


@dataclass(frozen=True, slots=True)
class BeforeClose:
    """A time before the window closes."""

    length: timedelta


@dataclass(frozen=True, slots=True)
class Reminder:
    """What is said to an open question that nobody answers, and when."""

    due: timedelta | Clock | BeforeClose
    text: str | TemplateUse | None = None
    """A template may be said when the window has closed; None asks the question once more."""


When = timedelta | Clock | datetime
"""A time to say something at; a datetime without a zone is in the contact's."""


@overload
def after(length: str | timedelta) -> timedelta: ...


@overload
def after(length: str | timedelta, text: str | TemplateUse) -> Reminder: ...


def after(length: str | timedelta, text: str | TemplateUse | None = None) -> timedelta | Reminder:
    """Return a length of time or, with a text, what is said once so much of it has passed without an answer.

    Args:
        length: A whole number with its unit (`s`, `m`, `h` or `d`), or a timedelta, which is returned as it is.
        text: For `remind=`: what to say then, or a `template(...)`; `{field}` and `{contact.name|there}` are filled in.

    Raises:
        DefinitionError: The length is neither, or not longer than zero.
    """
    return _length(length) if text is None else Reminder(_length(length), _said(text))


@overload
def in_days(days: int, clock: str | time) -> Clock: ...


@overload
def in_days(days: int, clock: str | time, text: str | TemplateUse) -> Reminder: ...


def in_days(
    days: int, clock: str | time, text: str | TemplateUse | None = None
) -> Clock | Reminder:
    """Return a time of day some days ahead, where the contact is.

    Args:
        days: 1 is tomorrow.
        clock: The time of day: `"09:00"`.
        text: For `remind=`: what to say then.

    Raises:
        DefinitionError: It is no time of day, or not ahead.
    """
    if not isinstance(days, int) or isinstance(days, bool) or days < 1:
        raise DefinitionError(f"{days!r} is no number of days ahead; tomorrow is 1")
    due = Clock(read_clock(clock), days)
    return due if text is None else Reminder(due, _said(text))


@overload
def tomorrow(clock: str | time) -> Clock: ...


@overload
def tomorrow(clock: str | time, text: str | TemplateUse) -> Reminder: ...


def tomorrow(clock: str | time, text: str | TemplateUse | None = None) -> Clock | Reminder:
    """Return a time of day on the next day, where the contact is: `tomorrow("09:00")`; as `in_days(1, ...)`."""
    return in_days(1, clock) if text is None else in_days(1, clock, text)


def before_close(length: str | timedelta, text: str | TemplateUse | None = None) -> Reminder:
    """Return a reminder some time before the window closes, for `nudge=`.

    Args:
        length: How long before, such as "1h".
        text: What to say; None asks the question once more.

    Raises:
        DefinitionError: The length is none.
    """
    return Reminder(BeforeClose(_length(length)), None if text is None else _said(text))


def read_clock(written: object) -> time:
    """Return a time of day.

    Raises:
        DefinitionError: It is none.
    """
    if isinstance(written, time) and written.tzinfo is None:
        return written
    found = _CLOCK.fullmatch(written.strip()) if isinstance(written, str) else None
    if found is None:
        raise DefinitionError(f"{written!r} is no time of day; write '09:00'")
    return time(int(found[1]), int(found[2]))


def read_when(written: object) -> When:
    """Return a time to say something at, as an author gave it.

    Raises:
        DefinitionError: It is none.
    """
    if isinstance(written, timedelta):
        return _length(written)
    if isinstance(written, Clock | datetime):
        return written
    if isinstance(written, time) or (isinstance(written, str) and ":" in written):
        return Clock(read_clock(written))
    if isinstance(written, str):
        return _length(written)
    raise DefinitionError(
        f"{written!r} is no time to say something at; write tomorrow('09:00'), '18:30', after('2h') or a datetime"
    )


def read_reminders(remind: object, nudge: object) -> tuple[Reminder, ...]:
    """Return the reminders of a question as its author gave them: one, or a list; a time alone asks it once more.

    Raises:
        DefinitionError: One of them is none.
    """
    listed = remind if isinstance(remind, list | tuple) else [] if remind is None else [remind]
    reminders = [_reminder(one) for one in listed]
    if nudge is not None:
        if not isinstance(nudge, Reminder) or not isinstance(nudge.due, BeforeClose):
            raise DefinitionError(f"nudge={nudge!r}: write nudge=before_close('1h', '...')")
        reminders.append(nudge)
    return tuple(reminders)


def due_at(when: When, now: datetime, zone: tzinfo) -> datetime:
    """Return the moment that a time means, aware UTC.

    Args:
        when: As an author gave it.
        now: What it is counted from, aware.
        zone: Where the contact is.
    """
    match when:
        case timedelta():
            return now + when
        case Clock(at=clock, days=days):
            local = now.astimezone(zone)
            today = at_clock(local, days, clock)
            return today if days or today > now else at_clock(local, 1, clock)
        case datetime():
            return (when if when.tzinfo else when.replace(tzinfo=zone)).astimezone(UTC)


def written_length(length: timedelta) -> str:
    """Return a length as an author would write it: "2h"."""
    seconds = int(length.total_seconds())
    units = (("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1))
    return next(f"{seconds // each}{unit}" for unit, each in units if seconds % each == 0)


def _reminder(written: object) -> Reminder:
    if isinstance(written, Reminder):
        return written
    if isinstance(written, Clock):
        return Reminder(written)
    if isinstance(written, str | timedelta):
        return Reminder(_length(written))
    raise DefinitionError(f"{written!r} is no reminder; write remind=after('2h', 'Still there?')")


def _said(text: object) -> str | TemplateUse:
    if isinstance(text, TemplateUse):
        return text
    if not isinstance(text, str) or not text.strip():
        raise DefinitionError(f"{text!r} is nothing to say; write a text in quotes")
    return text


def _length(length: str | timedelta) -> timedelta:
    if isinstance(length, str):
        return read_length(length)
    if not isinstance(length, timedelta):
        raise DefinitionError(f"{length!r} is no length of time; write '30s', '5m', '2h' or '1d'")
    if length <= timedelta(0):
        raise DefinitionError(f"{length} is no length of time; it must be longer than zero")
    return length
