"""Days and times as they are shown back, by Babel in the contact's language."""

from datetime import date, datetime, time

from babel.dates import format_skeleton, format_time, get_datetime_format

from engine.flow.answers.reader import Here
from engine.flow.answers.when.countries import locale_of

NEAR_DAYS = 300
"""Farther away a date is shown with its year."""


def show_date(day: date, here: Here) -> str:
    """Return "Fri, 3 Apr", with the year where it is not the one that comes to mind."""
    near = abs((day - here.now.date()).days) < NEAR_DAYS
    at = datetime(day.year, day.month, day.day)  # noqa: DTZ001 - a day has no zone
    return format_skeleton(
        "MMMEd" if near else "yMMMEd", at, locale=locale_of(here.language, here.country)
    )


def show_time(at: time, here: Here) -> str:
    """Return "5:30 PM" or "17:30", as the country writes it."""
    told = format_time(at, "short", locale=locale_of(here.language, here.country))
    return told.replace(
        "\N{NARROW NO-BREAK SPACE}", " "
    )  # phones show it as a gap too small to see


def show_moment(moment: datetime, here: Here) -> str:
    """Return day and time, in the order and with the sign between them that the language has."""
    pattern = str(get_datetime_format("medium", locale_of(here.language, here.country)))
    return pattern.format(show_time(moment.time(), here), show_date(moment.date(), here))
