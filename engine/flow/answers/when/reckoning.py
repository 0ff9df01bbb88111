"""Reckoning with days: the next one of a name, some time later, which numbers are the day and which the month."""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta

from engine.flow.answers.when.countries import first_weekday, reads_month_first
from engine.flow.answers.when.terms import Duration, Means, Place
from engine.flow.answers.when.text import NumericDate

NEAR_DAYS = 62
"""How far ahead "Monday the 20th" is looked for: people name both of days that they see before them."""


def date_or_none(year: int, month: int, day: int) -> date | None:
    """Return the date, None where there is none such."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def add(day: date, duration: Duration) -> date:
    """Return the day some time later; the last of a month where the month is shorter."""
    if duration.months:
        months = day.year * 12 + day.month - 1 + duration.months
        if not 12 <= months < 12 * 9999:
            return day
        year, month = divmod(months, 12)
        day = date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
    try:
        return day + timedelta(days=duration.days)
    except OverflowError:
        return day


def coming(weekday: int, today: date) -> date:
    """Return the next such day of the week after today."""
    return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)


def of_year(month: int, day: int, today: date) -> date | None:
    """Return the next such date to come, today included; a 29 February may be years away."""
    years = range(today.year, today.year + 9)
    dates = (date_or_none(year, month, day) for year in years)
    return next((one for one in dates if one is not None and one >= today), None)


def of_month(day: int, today: date) -> date | None:
    """Return the next such day of a month to come, today included."""
    months = (add(today.replace(day=1), Duration(months=ahead)) for ahead in range(3))
    dates = (date_or_none(month.year, month.month, day) for month in months)
    return next((one for one in dates if one is not None and one >= today), None)


def full_year(year: int, today: date) -> int:
    """Return a year of four figures: two are of this century as far as ten years ahead."""
    if year >= 100:
        return year
    century = today.year // 100 * 100
    return century + year if century + year <= today.year + 10 else century - 100 + year


def numeric_dates(numeric: NumericDate, place: Place) -> tuple[date, ...]:
    """Return the dates that numbers may mean, the likelier first."""
    first, second, year, sign = numeric
    orders = [(second, first), (first, second)]  # (month, day)
    month_first = reads_month_first(place.here.language, place.here.country)
    if month_first is None and sign in (".", ".."):
        month_first = (
            False  # nobody writes the month first with full stops, but where it comes first always
        )
    if month_first is True:
        orders.reverse()
    found = list(_dates(orders[:1] if sign in (".", "..") else orders, year, place.today))
    return tuple(dict.fromkeys(found if month_first is None else found[:1]))


def _dates(orders: list[tuple[int, int]], year: int | None, today: date) -> Iterator[date]:
    for month, day in orders:
        if year is None:
            made = of_year(month, day, today) if 1 <= month <= 12 else None
        else:
            made = date_or_none(full_year(year, today), month, day)
        if made is not None:
            yield made


def week_start(place: Place) -> date:
    """Return the first day of this week, as the contact's country counts."""
    first = first_weekday(place.here.language, place.here.country)
    return place.today - timedelta(days=(place.today.weekday() - first) % 7)


def dates_meant(*dates: date | None) -> Means | None:
    """Return what the dates mean as a term; None where there are none."""
    known = tuple(one for one in dates if one is not None)
    return {"date": known} if known else None
