"""Lengths of time as the lists show them: short, and the same in every time zone."""

from datetime import datetime, timedelta

from babel.dates import format_date

from web.inbox.texts import ENGLISH

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def ago(at: datetime, now: datetime) -> str:
    """Return how long ago something was; after a week the day itself."""
    since = now - at
    if since < MINUTE:
        return ENGLISH["now"]
    if since >= 7 * DAY:
        return format_date(at, "d MMM" if at.year == now.year else "d MMM yyyy", locale="en")
    return _length(since)


def lasted(since: datetime, now: datetime) -> str:
    """Return how long something has lasted, however long."""
    length = now - since
    return ENGLISH["now"] if length < MINUTE else _length(length)


def left(until: datetime, now: datetime) -> str:
    """Return how long it is until then, with the minutes of the last hours."""
    rest = max(until - now, MINUTE)
    hours, minutes = rest // HOUR, rest % HOUR // MINUTE
    if 1 <= hours < 2 and minutes:
        return ENGLISH["hours_minutes"].format(h=hours, m=minutes)
    return _length(rest)


def _length(length: timedelta) -> str:
    if length < HOUR:
        return ENGLISH["minutes"].format(m=length // MINUTE)
    if length < 2 * DAY:
        return ENGLISH["hours"].format(h=length // HOUR)
    return ENGLISH["days"].format(d=length // DAY)
