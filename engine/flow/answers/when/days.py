"""Rules for days: "15 de marzo", "next Friday", "übermorgen", "in 3 days", "the first Monday of April", "03/04"."""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta

from engine.flow.answers.when.countries import first_weekday, reads_month_first
from engine.flow.answers.when.terms import Duration, Found, Means, Place, Rule
from engine.flow.answers.when.text import NumericDate

MANY = 5
"""Lists are shorter than this, mostly: "the seventh" is a day."""

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
    if month_first is True:
        orders.reverse()
    if (month_first is None and sign == "..") or (
        sign == "." and (year is not None or place.words.settings.get("dot") == "date")
    ):
        month_first = False  # nobody writes the month first with full stops
    found = list(_dates(orders, year, place.today))
    return tuple(dict.fromkeys(found if month_first is None else found[:1]))


def _dates(orders: list[tuple[int, int]], year: int | None, today: date) -> Iterator[date]:
    for month, day in orders:
        if year is None:
            made = of_year(month, day, today) if 1 <= month <= 12 else None
        else:
            made = date_or_none(full_year(year, today), month, day)
        if made is not None:
            yield made


def _days(*dates: date | None) -> Means | None:
    known = tuple(one for one in dates if one is not None)
    return {"date": known} if known else None


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
    return _days(*made)


def _day_of_month(found: Found) -> Means | None:
    made = of_month(found.number("d"), found.place.today)
    return None if made is None else {"date": (made,), "monthly": found.number("d")}


def _counted_day(found: Found) -> Means | None:
    """Return "the tenth" as a day; "the second" is the second of a list sooner than a day."""
    return _day_of_month(found) if found.number("d") >= MANY else None


def _day_of_named_month(found: Found) -> Means | None:
    month = add(found.place.today.replace(day=1), Duration(months=found.number("r")))
    made = date_or_none(month.year, month.month, found.number("d"))
    return {"impossible": "date"} if made is None else _days(made)


def _last_of_month(found: Found) -> Means | None:
    month = _month(found)
    return _days(month.replace(day=monthrange(month.year, month.month)[1]))


def _month(found: Found) -> date:
    """Return the first day of the month found: a name or this or the next one."""
    today = found.place.today.replace(day=1)
    if "m" in found:
        return today.replace(
            year=today.year + (found.number("m") < today.month), month=found.number("m")
        )
    return add(today, Duration(months=found.number("r") if "r" in found else 0))


def _weekday_of_month(found: Found) -> Means | None:
    month, weekday = _month(found), found.number("w")
    if "o" not in found:
        last = month.replace(day=monthrange(month.year, month.month)[1])
        return _days(last - timedelta(days=(last.weekday() - weekday) % 7))
    first = month + timedelta(days=(weekday - month.weekday()) % 7)
    made = first + timedelta(weeks=found.number("o") - 1)
    return _days(made) if made.month == month.month else {"impossible": "date"}


def _feast(found: Found) -> Means | None:
    month, _, day = found.word("h").partition("-")
    return _days(of_year(int(month), int(day), found.place.today))


def _spoken_numeric(found: Found) -> Means | None:
    year = found.number("y") if "y" in found else None
    return {"numeric": NumericDate(found.number("d"), found.number("m"), year, "..")}


# --- weekdays ---------------------------------------------------------------------------------------------


def _next_weekday(found: Found) -> Means | None:
    """Return "next Friday": where Friday is still ahead in this week, people mean either, so they are asked."""
    place = found.place
    near = coming(found.number("w"), place.today)
    this_week = week_start(place) + timedelta(days=7)
    return _days(near, near + timedelta(days=7)) if near < this_week else _days(near)


def _coming_weekday(found: Found) -> Means | None:
    return _days(coming(found.number("w"), found.place.today))


def _this_weekday(found: Found) -> Means | None:
    today = found.place.today
    return (
        _days(today)
        if today.weekday() == found.number("w")
        else _days(coming(found.number("w"), today))
    )


def _last_weekday(found: Found) -> Means | None:
    return _days(
        coming(found.number("w"), found.place.today)
        - timedelta(days=7 if not _is_today(found) else 14)
    )


def _is_today(found: Found) -> bool:
    return found.place.today.weekday() == found.number("w")


def _weekday_after_next(found: Found) -> Means | None:
    near = coming(found.number("w"), found.place.today)
    if near < week_start(found.place) + timedelta(days=7):
        return _days(near + timedelta(days=7), near + timedelta(days=14))
    return _days(near + timedelta(days=7))


def week_start(place: Place) -> date:
    """Return the first day of this week, as the contact's country counts."""
    first = first_weekday(place.here.language, place.here.country)
    return place.today - timedelta(days=(place.today.weekday() - first) % 7)


def _weekday_of_week(found: Found) -> Means | None:
    start = week_start(found.place) + timedelta(weeks=found.number("r"))
    return _days(start + timedelta(days=(found.number("w") - start.weekday()) % 7))


def _weekend(found: Found) -> Means | None:
    """Return Saturday and Sunday, to be asked which; today if it is one of them and this weekend is meant."""
    today, ahead = found.place.today, found.number("r") if "r" in found else 0
    saturday = today + timedelta(days=5 - today.weekday())
    days = [saturday + timedelta(days=7 * ahead + more) for more in range(2)]
    return {"date": tuple(day for day in days if day >= today), "weekend": ahead}


def _next_weekend(found: Found) -> Means | None:
    saturday = coming(5, found.place.today)
    return {"date": tuple(saturday + timedelta(days=more) for more in (0, 1, 7, 8)), "weekend": 1}


def _weekday_later(found: Found) -> Means | None:
    near, length = coming(found.number("w"), found.place.today), found.duration("l")
    return _days(add(near, length if length.also_days is None else Duration(days=length.also_days)))


def _days_later(found: Found) -> Means | None:
    return _days(*(add(day, found.duration("l")) for day in found.days("d")))


def _weekday_week(found: Found) -> Means | None:
    return _days(coming(found.number("w"), found.place.today) + timedelta(days=7))


# --- near days --------------------------------------------------------------------------------------------


def _weekday_fortnight(found: Found) -> Means | None:
    return _days(coming(found.number("w"), found.place.today) + timedelta(days=14))


def _near(found: Found) -> Means | None:
    return _days(found.place.today + timedelta(days=found.number("r")))


def _day_after(found: Found) -> Means | None:
    return _days(found.place.today + timedelta(days=found.number("r") + 1))


def _near_part(found: Found) -> Means | None:
    return {"date": (found.place.today,), "with_part": found.word("p")}


def _ref(kind: str, offset: int) -> Means:
    return {kind: offset}


def _length(found: Found) -> Means | None:
    count = found.amount("n") if "n" in found else 1.0
    return _duration(
        count, found.word("u"), halves="half" in found, words="figure" not in found, found=found
    )


def _half_length(found: Found) -> Means | None:
    return _duration(0.5, found.word("u"), halves=False, words=False, found=found)


def _before_hour_length(found: Found) -> Means | None:
    """Return साढ़े तीन घंटे: three hours and a half."""
    count = found.amount("n") + found.number("b") / 60
    return _duration(count, found.word("u"), halves=False, words=False, found=found)


def _whole_length(found: Found) -> Means | None:
    hour, _, minute = found.word("w").partition(":")
    return _duration(
        int(hour) + int(minute) / 60, found.word("u"), halves=False, words=False, found=found
    )


def _duration(count: float, unit: str, *, halves: bool, words: bool, found: Found) -> Means | None:
    count += 0.5 if halves else 0
    if not 0 <= count <= 10_000:
        return None
    whole = count == int(count)
    match unit:
        case "minute" | "hour":
            return {"length": Duration(minutes=round(count * (60 if unit == "hour" else 1)))}
        case "fortnight":
            return {"length": Duration(days=round(14 * count))} if whole else None
        case "week":
            return {"length": Duration(days=round(7 * count))} if whole else None
        case "day":
            if count == 0.5:
                return None
            idiom = found.place.words.settings.get(f"days_{int(count)}") if words else None
            also = idiom if isinstance(idiom, int) else None
            return {"length": Duration(days=int(count), also_days=also)} if whole else None
        case "month":
            return {"length": Duration(months=int(count))} if whole else None
        case "year":
            return {"length": Duration(months=round(12 * count))}
        case _:
            return None


def _minutes(found: Found) -> Means | None:
    return {"length": Duration(minutes=found.number("l"))}


def _sum(found: Found) -> Means | None:
    return {"length": found.duration("a") + found.duration("b")}


def _in(found: Found) -> Means | None:
    return {"away": found.duration("l")}


def _in_long(found: Found) -> Means | None:
    return {"away": Duration(minutes=found.number("g"))}  # "dans 1h30"


def _ago(found: Found) -> Means | None:
    length = found.duration("l")
    return {"away": Duration(-length.months, -length.days, -length.minutes)}


def _dual(found: Found) -> Means | None:
    count, _, unit = found.word("d").partition(" ")
    return _duration(float(count), unit, halves=False, words=False, found=found)


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

LENGTHS = (
    Rule("n:number|decimal|one and? half:fraction (?:one|link)* u:unit", _length),
    Rule("n:number|one u:unit and? half:half", _length),
    Rule("b:before_hour n:number u:unit", _before_hour_length),
    Rule("w:whole u:unit", _whole_length),
    Rule("(?:one|link)* half (?:one|link)* u:unit", _half_length),
    Rule("n:number|one|decimal u:unit (?!weekday)", _length),
    Rule("l:minutes_long", _minutes),
    Rule("d:dual (?!day|weekday)", _dual),
    Rule("a:length (?:and|link)* b:length", _sum),
)
"""Lengths of time."""

AWAY = (
    Rule("in+ g:long", _in_long),
    Rule("g:long later", _in_long),
    Rule("w:weekday link* in l:length", _weekday_later),
    Rule("d:date link* in l:length", _days_later),
    Rule("in+ l:length", _in),
    Rule("l:length later", _in),
    Rule("ago_before l:length", _ago),
    Rule("l:length ago", _ago),
)
"""Lengths counted from now."""

MONTHS = (
    Rule(
        "o:ordinal link* w:weekday link* (?:m:month | r:month_ref | month_unit)", _weekday_of_month
    ),
    Rule("last link* w:weekday link* (?:m:month | r:month_ref | month_unit)", _weekday_of_month),
    Rule("month_end (?:link* (?:m:month | r:month_ref))?", _last_of_month),
    Rule("d:day dash|slash m:month dash|slash y:year|figure", _day_month),
    Rule("d:day dash|slash m:month", _day_month),
    Rule("d:day (?:link|of)* m:month (?:link|of|year_unit)* y:year", _day_month),
    Rule("d:day (?:link|of)* m:month y:year2", _day_month),
    Rule("d:day (?:link|of)* m:month", _day_month),
    Rule("y:year link* m:month link* d:day", _day_month),
    Rule("m:month link* d:day (?!oclock|am|pm|minute) (?:link|of)* y:year", _day_month),
    Rule("m:month link* d:day (?!oclock|am|pm)", _day_month),
    Rule("d:day link* r:month_ref", _day_of_named_month),
    Rule("r:month_ref (?:link|dayof)* d:day date_word?", _day_of_named_month),
    Rule("d:day of m:number (?:of|link)+ y:year", _spoken_numeric),
    Rule("d:day (?:dash|slash)? m:number (?:dash|slash)? y:year", _spoken_numeric),
    Rule("h:feast", _feast),
    Rule("d:date link* y:year_ref", _of_year),
)
"""Days of a month by its name."""

WEEKDAYS = (
    Rule("one w:weekday", lambda found: {"block": "any"}),  # "a Monday" is any
    Rule(
        "w:weekday morning_after_day",
        lambda found: {"weekday": found.number("w"), "with_part": "morning"},
    ),
    Rule("last w:weekday", _last_weekday),
    Rule("w:weekday last", _last_weekday),
    Rule("day_after r:rel", _day_after),
    Rule("r:rel", _near),
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
    Rule("l:length (?:from|later_than|link|past)+ w:weekday", _weekday_later),
    Rule("l:length (?:from|later_than|link|past)+ d:date", _days_later),
    Rule("w:weekday in_eight|week_later", _weekday_week),
    Rule("w:weekday in_fifteen", _weekday_fortnight),
    Rule("dayof? d:day (?:link|of|this)* month_unit", _day_of_month),
    Rule("dayof (?!ordinal) d:day (?!thing|unit|oclock|hour_unit)", _day_of_month),
    Rule("link* dayof_sure d:ordinal (?!thing|unit|unknown|block)", _day_of_month),
    Rule("dayof+ d:ordinal (?!thing|unit|unknown|block)", _counted_day),
    Rule("dayof* d:th (?!thing|unit)", _day_of_month),
    Rule("d:day date_word", _day_of_month),
    Rule("(?=figure) d:day on_day", _day_of_month),
)
"""Days by their name, their number alone or how far they are."""
