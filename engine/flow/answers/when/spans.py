"""Rules for "from one to another": days, "from Friday to Sunday", and hours, "between 5 and 7 pm"."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from engine.flow.answers.when import reckoning
from engine.flow.answers.when.clocks import in_part
from engine.flow.answers.when.terms import Duration, Found, Means, Place, Rule
from engine.flow.answers.when.text import Clock, NumericDate

End = tuple[str, object]
"""What one end of a span is: the kind of its term, and its value."""


@dataclass(frozen=True, slots=True)
class Span:
    """From one day to another, as they were said."""

    first: End
    last: End


def _hours(found: Found) -> Means | None:
    first, last = found.clock("a"), found.clock("b")
    part = (
        "morning"
        if "am" in found
        else "afternoon"
        if "pm" in found
        else found.word("p")
        if "p" in found
        else None
    )
    if part is not None:
        later = in_part(last, part)
        if later is None:
            return None
        last = later
    return {"hours": (first, last)}


def _pair(found: Found) -> Means | None:
    first, last = found.pair("a")
    if not (first <= 24 and last <= 24):
        return None
    clocks = [Clock(hour, 0, open=1 <= hour <= 12) for hour in (first, last)]
    return {"hours": (clocks[0], _told_part(found, clocks[1]))}


def _told_part(found: Found, clock: Clock) -> Clock:
    part = (
        "morning"
        if "am" in found
        else "afternoon"
        if "pm" in found
        else found.word("p")
        if "p" in found
        else None
    )
    return clock if part is None else in_part(clock, part) or clock


def _days(found: Found) -> Means | None:
    return {"span": Span(found.value("a"), found.value("b"))}


_HOUR = "hour|clock_hour|clock|digits|time"
_DAY = "date|weekday|numeric|th"
_PART = "(?:am:am | pm:pm | link* p:part)?"

_TO = "(?!month|unit|thing | link month)"

MARKED_HOURS = (
    Rule(
        f"since|between (?:at|about|link|dayof)* a:{_HOUR} (?:oclock|hour_unit)? until|and|dash"
        f" (?:at|about|link)* b:{_HOUR} (?:oclock|hour_unit)? {_TO} {_PART}",
        _hours,
    ),
)
"""Hours with "from" or "between"; before clocks, or "de las 5 a las 7" would be two of them."""

HOURS = (
    Rule(
        f"a:{_HOUR} (?:oclock|hour_unit)? (?!at) until|dash b:{_HOUR} (?:oclock|hour_unit)? {_TO} {_PART}",
        _hours,
    ),
    Rule("a:pair oclock", _pair),
    Rule("a:pair am:am", _pair),
    Rule("a:pair pm:pm", _pair),
    Rule("a:pair link* p:part", _pair),
)
"""Hours without; "ten to five" is a time sooner."""

DAY_NUMBERS = (Rule("(?:dayof|link|since)* a:day (?!at) until|dash (?:dayof|link)* b:date", _days),)
"""Days of one month, "del 15 al 18 de abril"; before a day alone is the next such day."""

DAYS = (
    Rule(
        f"since|between (?:dayof|link)* a:{_DAY}|day until|and|dash (?:dayof|link)* b:{_DAY}", _days
    ),
    Rule(f"(?:dayof|link)* a:{_DAY}|day (?!at) until|dash (?:dayof|link)* b:{_DAY}", _days),
    Rule("since (?:dayof|link)* a:day until|dash (?:dayof|link)* b:day", _days),
)
"""Days; after all others."""


def hours_of(first: Clock, last: Clock) -> tuple[tuple[Clock, Clock], ...]:
    """Return the spans that two hours may mean, the shortest first, and of these the waking ones."""
    spans = [(one, other) for one in _readings(first) for other in _readings(last)]
    lengths = {span: _minutes(*span) for span in spans}
    shortest = min(lengths.values())
    return tuple(sorted((span for span in spans if lengths[span] == shortest), key=_asleep))


def _readings(clock: Clock) -> Iterator[Clock]:
    yield Clock(clock.hour, clock.minute, open=False)
    if clock.open:
        yield Clock((clock.hour + 12) % 24, clock.minute, open=False)


def _minutes(first: Clock, last: Clock) -> int:
    return ((last.hour * 60 + last.minute) - (first.hour * 60 + first.minute) - 1) % (24 * 60) + 1


def _asleep(span: tuple[Clock, Clock]) -> bool:
    return not 8 <= span[0].hour < 20


def days_of(span: Span, place: Place) -> tuple[tuple[date, date], ...]:
    """Return the spans that two ends may mean: the last is the next such day after the first."""
    first, last = span.first, span.last
    spans: list[tuple[date, date]] = []
    for end in _dates(last, place.today, place):
        if first[0] == "day" and isinstance(first[1], int):  # "15 to 18 April"
            begin = reckoning.date_or_none(end.year, end.month, first[1])
            spans += [(begin, end)] if begin is not None and begin <= end else []
            continue
        for begin in _dates(first, place.today, place):
            later = [one for one in _dates(last, begin, place) if one >= begin]
            spans += [(begin, later[0])] if later else []
    return tuple(dict.fromkeys(spans))


def _dates(end: End, today: date, place: Place) -> tuple[date, ...]:
    match end:
        case "date", tuple(dates):
            return dates
        case "weekday", int(weekday):
            return (reckoning.coming(weekday, today),)
        case "numeric", NumericDate() as numeric:
            return reckoning.numeric_dates(numeric, place)
        case (("th" | "day"), int(number)):
            made = reckoning.of_month(number, today)
            return () if made is None else (made,)
        case _:
            return ()


def whole_month(offset: int, today: date) -> tuple[date, date]:
    """Return the first and last day of a month counted from this one; of this one what is left."""
    first = reckoning.add(today.replace(day=1), Duration(months=offset))
    last = reckoning.add(first, Duration(months=1)) - timedelta(days=1)
    return max(first, today) if offset == 0 else first, last


def whole_week(offset: int, place: Place) -> tuple[date, date]:
    """Return the first and last day of a week counted from this one; of this one what is left."""
    first = reckoning.week_start(place) + timedelta(weeks=offset)
    return max(first, place.today) if offset == 0 else first, first + timedelta(days=6)
