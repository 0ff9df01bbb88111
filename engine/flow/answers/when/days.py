"""Rules for days: "15 de marzo", "next Friday", "übermorgen", "the first Monday of April", "the 15th"."""

from calendar import monthrange
from datetime import date, timedelta

from engine.flow.answers.when.lengths import from_day, from_day_said_after, from_weekday
from engine.flow.answers.when.reckoning import (
    add,
    coming,
    date_or_none,
    dates_meant,
    full_year,
    of_month,
    of_year,
    week_start,
)
from engine.flow.answers.when.terms import Duration, Found, Means, Rule
from engine.flow.answers.when.text import NumericDate

MANY = 5
"""Lists are shorter than this, mostly: "the seventh" is a day."""


# --- months -----------------------------------------------------------------------------------------------


def _day_month(found: Found) -> Means | None:
    month, day, today = found.number("m"), found.number("d"), found.place.today
    if "y" not in found:
        made, written = of_year(month, day, today), "yearly"
    else:
        made, written = date_or_none(full_year(found.number("y"), today), month, day), "dated"
    # An impossible date is no date, nor is what is left of it.
    return {"impossible": "date"} if made is None else {"date": (made,), written: written}


def _of_year(found: Found) -> Means | None:
    year = found.place.today.year + found.number("y")
    made = [date_or_none(year, day.month, day.day) for day in found.days("d")]
    return dates_meant(*made)


def _day_of_month(found: Found) -> Means | None:
    made = of_month(found.number("d"), found.place.today)
    return None if made is None else {"date": (made,), "monthly": found.number("d")}


def _counted_day(found: Found) -> Means | None:
    """Return "the tenth" as a day; "the second" is the second of a list sooner than a day."""
    return _day_of_month(found) if found.number("d") >= MANY else None


def _day_of_named_month(found: Found) -> Means | None:
    month = add(found.place.today.replace(day=1), Duration(months=found.number("r")))
    made = date_or_none(month.year, month.month, found.number("d"))
    return {"impossible": "date"} if made is None else dates_meant(made)


def _last_of_month(found: Found) -> Means | None:
    month = _month(found)
    return dates_meant(month.replace(day=monthrange(month.year, month.month)[1]))


def _month(found: Found) -> date:
    """Return the first day of the month found: a name or this or the next one."""
    today = found.place.today.replace(day=1)
    if "m" in found:
        return today.replace(
            year=today.year + (found.number("m") < today.month), month=found.number("m")
        )
    return add(today, Duration(months=found.number("r") if "r" in found else 0))


def _first_of_month(found: Found) -> Means | None:
    return dates_meant(_month(found))


def _weekday_of_month(found: Found) -> Means | None:
    month, weekday = _month(found), found.number("w")
    if "o" not in found:
        last = month.replace(day=monthrange(month.year, month.month)[1])
        return dates_meant(last - timedelta(days=(last.weekday() - weekday) % 7))
    first = month + timedelta(days=(weekday - month.weekday()) % 7)
    made = first + timedelta(weeks=found.number("o") - 1)
    return dates_meant(made) if made.month == month.month else {"impossible": "date"}


def _feast(found: Found) -> Means | None:
    month, _, day = found.word("h").partition("-")
    return dates_meant(of_year(int(month), int(day), found.place.today))


def _spoken_numeric(found: Found) -> Means | None:
    year = found.number("y") if "y" in found else None
    return {"numeric": NumericDate(found.number("d"), found.number("m"), year, "..")}


# --- weekdays ---------------------------------------------------------------------------------------------


def _next_weekday(found: Found) -> Means | None:
    """Return "next Friday": where Friday is still ahead in this week, people mean either, so they are asked."""
    place = found.place
    near = coming(found.number("w"), place.today)
    this_week = week_start(place) + timedelta(days=7)
    return dates_meant(near, near + timedelta(days=7)) if near < this_week else dates_meant(near)


def _coming_weekday(found: Found) -> Means | None:
    return dates_meant(coming(found.number("w"), found.place.today))


def _this_weekday(found: Found) -> Means | None:
    today = found.place.today
    return (
        dates_meant(today)
        if today.weekday() == found.number("w")
        else dates_meant(coming(found.number("w"), today))
    )


def _last_weekday(found: Found) -> Means | None:
    return dates_meant(
        coming(found.number("w"), found.place.today)
        - timedelta(days=7 if not _is_today(found) else 14)
    )


def _is_today(found: Found) -> bool:
    return found.place.today.weekday() == found.number("w")


def _weekday_after_next(found: Found) -> Means | None:
    near = coming(found.number("w"), found.place.today)
    if near < week_start(found.place) + timedelta(days=7):
        return dates_meant(near + timedelta(days=7), near + timedelta(days=14))
    return dates_meant(near + timedelta(days=7))


def _weekday_of_week(found: Found) -> Means | None:
    start = week_start(found.place) + timedelta(weeks=found.number("r"))
    return dates_meant(start + timedelta(days=(found.number("w") - start.weekday()) % 7))


def _weekend(found: Found) -> Means | None:
    """Return Saturday and Sunday, to be asked which; today if it is one of them and this weekend is meant."""
    today, ahead = found.place.today, found.number("r") if "r" in found else 0
    saturday = today + timedelta(days=5 - today.weekday())
    days = [saturday + timedelta(days=7 * ahead + more) for more in range(2)]
    return {"date": tuple(day for day in days if day >= today), "weekend": ahead}


def _next_weekend(found: Found) -> Means | None:
    saturday = coming(5, found.place.today)
    return {"date": tuple(saturday + timedelta(days=more) for more in (0, 1, 7, 8)), "weekend": 1}


def _numbered_weekday(found: Found) -> Means | None:
    """Return the weekday of "5ª"; in Portuguese Monday is the second."""
    number = found.number("w")
    numbered = found.place.words.settings.get("numbered_weekdays")
    return {"weekday": number - 2} if numbered and 2 <= number <= 6 else None


def _day_week(found: Found) -> Means | None:
    """Return "hoy en ocho": eight days with today, as "in acht Tagen", so it is asked back."""
    return dates_meant(*(day + timedelta(days=more) for day in found.days("d") for more in (7, 8)))


def _weekday_week(found: Found) -> Means | None:
    return dates_meant(coming(found.number("w"), found.place.today) + timedelta(days=7))


# --- near days --------------------------------------------------------------------------------------------


def _weekday_fortnight(found: Found) -> Means | None:
    return dates_meant(coming(found.number("w"), found.place.today) + timedelta(days=14))


def _near(found: Found) -> Means | None:
    return dates_meant(found.place.today + timedelta(days=found.number("r")))


def _day_after(found: Found) -> Means | None:
    return dates_meant(found.place.today + timedelta(days=found.number("r") + 1))


def _near_part(found: Found) -> Means | None:
    return {"date": (found.place.today,), "with_part": found.word("p")}


def _ref(kind: str, offset: int) -> Means:
    return {kind: offset}


ASIDES = (
    Rule("beside (?:link|one)* event", lambda found: {"errand": "after work"}),
    Rule("event (?:link|one)* beside_after", lambda found: {"errand": "after work"}),
    Rule("named unknown unknown?", lambda found: {"fill": "in the name of"}),
    Rule("unknown unknown? named_after", lambda found: {"fill": "in the name of"}),
    Rule("(?=th) w:feminine (?!thing|unit)", _numbered_weekday),
)
"""What says no day itself, and days that are told by number; before all others."""

REFS = (
    Rule("next|coming week_unit", lambda found: _ref("week_ref", 1)),
    Rule("week_unit link* next|coming", lambda found: _ref("week_ref", 1)),
    Rule("this week_unit", lambda found: _ref("week_ref", 0)),
    Rule("last week_unit", lambda found: _ref("week_ref", -1)),
    Rule("week_unit last", lambda found: _ref("week_ref", -1)),
    Rule("week_unit after_next", lambda found: _ref("week_ref", 2)),
    Rule("after_next week_unit", lambda found: _ref("week_ref", 2)),
    Rule("next|coming month_unit", lambda found: _ref("month_ref", 1)),
    Rule("month_unit link* next|coming", lambda found: _ref("month_ref", 1)),
    Rule("this month_unit", lambda found: _ref("month_ref", 0)),
    Rule("last month_unit", lambda found: _ref("month_ref", -1)),
    Rule("month_unit last", lambda found: _ref("month_ref", -1)),
    Rule("next|coming year_unit", lambda found: _ref("year_ref", 1)),
    Rule("year_unit link* next|coming", lambda found: _ref("year_ref", 1)),
    Rule("this year_unit", lambda found: _ref("year_ref", 0)),
    Rule("last year_unit", lambda found: _ref("year_ref", -1)),
    Rule("year_unit last", lambda found: _ref("year_ref", -1)),
    Rule("coming|this weekend", lambda found: _ref("weekend_ref", 0)),
    Rule("weekend coming", lambda found: _ref("weekend_ref", 0)),
)
"""Weeks, months and years counted from this one."""

MONTHS = (
    Rule(
        "o:ordinal|th link* w:weekday link* (?:m:month | r:month_ref | month_unit | date_word)",
        _weekday_of_month,
    ),
    Rule("r:month_ref link* o:ordinal|th w:weekday", _weekday_of_month),
    Rule(
        "last link* w:weekday link* (?:m:month | r:month_ref | month_unit | date_word)",
        _weekday_of_month,
    ),
    Rule("month_start link* (?:m:month | r:month_ref | month_unit)", _first_of_month),
    Rule("month_end (?:link* (?:m:month | r:month_ref | month_unit))?", _last_of_month),
    Rule("d:day dash|slash m:month dash|slash y:year|figure", _day_month),
    Rule("d:day dash|slash m:month", _day_month),
    Rule("d:day (?:link|of)* m:month (?:link|of|year_unit)* y:year", _day_month),
    Rule("d:day (?:link|of)* m:month (?:link|of)* y:year2", _day_month),
    Rule("d:day (?:link|of)* m:month", _day_month),
    Rule("y:year link* m:month link* d:day", _day_month),
    Rule("m:month link* d:day (?!oclock|am|pm|minute) (?:link|of)* y:year", _day_month),
    Rule("m:month link* d:th y:year2", _day_month),
    Rule("m:month link* d:day (?!oclock|am|pm)", _day_month),
    Rule("d:day link* r:month_ref", _day_of_named_month),
    Rule("r:month_ref (?:link|dayof)* d:day date_word?", _day_of_named_month),
    Rule("d:day of m:number (?:of|link)+ y:year", _spoken_numeric),
    Rule("d:day (?:dash|slash)? m:number (?:dash|slash)? y:year", _spoken_numeric),
    Rule("d:day of_number m:number (?!unit|thing|hour_unit|oclock|am|pm)", _spoken_numeric),
    Rule("h:feast", _feast),
    Rule("d:date link* y:year_ref", _of_year),
)
"""Days of a month by its name."""

NEAR = (
    Rule("(?:this|coming|link)* w:weekday in_eight", _weekday_week),
    Rule("(?:this|coming|link)* w:weekday in_fifteen", _weekday_fortnight),
    Rule("one w:weekday", lambda found: {"block": "any"}),  # "a Monday" is any
    Rule(
        "w:weekday morning_after_day",
        lambda found: {"weekday": found.number("w"), "with_part": "morning"},
    ),
    Rule("last w:weekday", _last_weekday),
    Rule("w:weekday last", _last_weekday),
    Rule("day_after r:rel", _day_after),
    Rule("r:rel", _near),
    Rule("d:date in_eight", _day_week),
)
"""Days beside today; before lengths, which may be counted from them."""

WEEKDAYS = (
    Rule("p:today_part", _near_part),
    Rule("w:weekday link* r:week_ref", _weekday_of_week),
    Rule("r:week_ref (?:link|dayof|at)* w:weekday", _weekday_of_week),
    Rule("w:weekday link* after_next", _weekday_after_next),
    Rule("after_next w:weekday", _weekday_after_next),
    Rule("r:weekend_ref", _weekend),
    Rule("next weekend", _next_weekend),
    Rule("weekend next", _next_weekend),
    Rule("weekend", _weekend),
    Rule("(?:dayof|this)? (?:link)* next w:weekday", _next_weekday),
    Rule("w:weekday next", _next_weekday),
    Rule("(?:dayof|this)? coming w:weekday", _coming_weekday),
    Rule("w:weekday coming", _coming_weekday),
    Rule("this (?:link|coming)* w:weekday", _this_weekday),
    Rule("l:length d:date", from_day_said_after),
    Rule("l:length (?:from|later_than|link|past)+ w:weekday", from_weekday),
    Rule("l:length (?:from|later_than|link|past)+ d:date", from_day),
    Rule("w:weekday in_eight|week_later", _weekday_week),
    Rule("w:weekday in_fifteen|fortnight_unit", _weekday_fortnight),
    Rule("dayof? d:day (?:link|of|this)* month_unit", _day_of_month),
    Rule("dayof (?!ordinal) d:day (?!thing|unit|oclock|hour_unit)", _day_of_month),
    Rule("link* dayof_sure d:ordinal (?!thing|unit|unknown|block)", _day_of_month),
    Rule("dayof+ d:ordinal (?!thing|unit|unknown|block)", _counted_day),
    Rule("dayof* d:th (?!thing|unit|unknown|block)", _day_of_month),
    Rule("d:day date_word", _day_of_month),
    Rule("(?=figure) d:day on_day", _day_of_month),
)
"""Days by their name, their number alone or how far they are."""
