"""What a message says of days and times: its words read, the rest weighed, or nothing where it says something else."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta

from engine.flow.answers.reader import Here
from engine.flow.answers.when import clocks, days, lengths, reckoning, spans
from engine.flow.answers.when.asides import without_asides
from engine.flow.answers.when.lexicon import lexicon
from engine.flow.answers.when.spans import Span
from engine.flow.answers.when.terms import (
    Duration,
    Place,
    Rule,
    Term,
    join,
    read_terms,
)
from engine.flow.answers.when.text import LONGEST, Clock, NumericDate, fold, tokens
from engine.flow.answers.when.told import DENIALS, Mentions, beside_weekday, corrected, corrects

NEAR_WORDS = 3
"""With more words around, "now" and a bare number are said of something else."""

UNKNOWN_WORDS = 2
"""More words that say nothing of a time, and the message is about something else."""

RULES: tuple[Rule, ...] = (
    Rule("number thing", lambda found: {"fill": "thing"}),
    Rule("thing_before number|clock_hour (?!oclock|am|pm)", lambda found: {"fill": "thing"}),
    *days.ASIDES,
    *days.REFS,
    *days.MONTHS,
    *spans.DAY_NUMBERS,
    *spans.MARKED_HOURS,
    *clocks.FRACTIONS,
    *spans.HOURS,
    *clocks.HOURS,
    *days.NEAR,
    *lengths.LENGTHS,
    *lengths.AWAY,
    *days.WEEKDAYS,
    *clocks.LOOSE_HOURS,
    *spans.DAYS,
    Rule(
        "from_only (?:at|about|link|dayof)* time|date|weekday|numeric|clock|hour",
        lambda found: {"block": "from then on"},
    ),
    Rule("date|weekday link* since_after", lambda found: {"block": "from then on"}),
    Rule("time length", lambda found: {"block": "so many minutes past"}),
    Rule("in+ hour", lambda found: {"block": "in 5 of something"}),
    Rule("like_ordinal unknown", lambda found: {"block": "a fifth of something"}),
    *DENIALS,
)
"""All that words can mean together, in the order it is looked for."""

# What may be left over: it says nothing by itself.
_IDLE = frozenset(
    {"fill", "link", "lasts", "at", "about", "in", "to", "and", "comma", "dash", "slash", "dayof"}
    | {"of", "one", "am", "oclock", "this", "thing", "thing_before", "date_word", "past", "length"}
    | {"correct", "because", "but", "denied", "event"}
)
_REFUSES = frozenset(
    {
        "half",
        "fraction",
        "beside",
        "named",
        "impossible",
        "year_ref",
        "later",
        "pm",
        "next",
        "coming",
        "last",
    }
    | {"after_next", "in_eight", "in_fifteen"}
)
"""Who says so gives no day and no time."""


def mentions(text: str, here: Here) -> Mentions | None:
    """Return the days and times of a message; None where there is none, or many: a week, from one day to another."""
    told = all_mentions(text, here)
    return None if told is None or told.spans or told.refs else told


def all_mentions(text: str, here: Here) -> Mentions | None:
    """Return the days and times of a message; None where it asks, doubts or refuses, or speaks of something else."""
    if len(text) > LONGEST:
        return None
    words = lexicon(here.language)
    place = Place(here, words)
    terms = join(read_terms(tokens(fold(text, here.language)), words), RULES, place)
    return _gathered(without_asides(terms), place)


def _gathered(terms: list[Term], place: Place) -> Mentions | None:
    before, told, denied = Mentions(place), Mentions(place), False
    asked = any("asked" in term.means for term in terms)
    for at, term in enumerate(terms):
        means = term.means
        if corrects(terms, at, place, told=before.says_anything or told.says_anything):
            told.idle += "fill" in means
            if told.says_anything:
                before, told = corrected(before, told, denied=denied), Mentions(place)
                denied = False
            denied = denied or "no" in means
            continue
        if "faint" in means and not _stands_out(terms, at):
            told.idle += 1
            continue
        if "short_day" in means and not _has_place(terms, at):
            return None
        told.weak = told.weak or "slip" in means or "weak" in means
        if _take(told, means):
            told.beside |= bool(told.numbers) and beside_weekday(terms, at)
            continue
        if "block" in means or ("no" in means and "fill" not in means):
            return None
        if means.keys() & _REFUSES and not means.keys() & _IDLE:
            return None
        if asked and means.keys() & {"request", "asking"}:
            return None
        if "request" in means:
            continue
        if "denied" in means:
            told.denied.add(str(means["denied"]))
        elif means.keys() & _IDLE:
            told.idle += "fill" in means
        elif "asked" not in means:
            told.unknown += 1
    told = corrected(before, told, denied=denied)
    weak = told.weak and not (told.weekdays and (told.dates or told.monthly))
    doubtful = told.unknown and (asked or weak)
    if told.wants_another or told.unknown > UNKNOWN_WORDS or doubtful:
        return None
    if told.now and not (told.unknown or told.names_day) and told.idle <= NEAR_WORDS:
        told.away.append(Duration())
    return told


_BESIDE = frozenset(
    {
        "link",
        "dayof",
        "at",
        "about",
        "this",
        "comma",
        "date",
        "time",
        "part",
        "number",
        "numeric",
        "clock",
    }
)
"""What stands next to a day."""


def _has_place(terms: list[Term], at: int) -> bool:
    """Tell whether "sat" or "sun" stands where a day would: "on Sat", "Sat at 5", not "I sat there"."""
    before = terms[at - 1].means.keys() if at else _BESIDE
    behind = terms[at + 1].means.keys() if at + 1 < len(terms) else ()
    return bool(before & _BESIDE) or any(kind in _BESIDE for kind in behind)


def _stands_out(terms: list[Term], at: int) -> bool:
    """Tell whether a short word is the day that it may be: "So" alone or "So, 15.3.", not "so um fünf"."""
    others = [term.means for term in terms[at + 1 :] if "comma" not in term.means]
    return len(terms) == 1 or bool(others and others[0].keys() & {"date", "numeric", "short"})


def _take(told: Mentions, means: Mapping[str, object]) -> bool:
    """Note what a term says of a time; return whether it said anything."""
    if part := means.get("with_part"):
        told.parts.append(str(part))
    for kind in means:
        value = means[kind]
        match kind, value:
            case "date", tuple():
                if isinstance(clock := means.get("time"), Clock):
                    told.times.append(clock)
                told.weekend = told.weekend or "weekend" in means
                if isinstance(number := means.get("monthly"), int):
                    told.monthly.append(number)
                else:
                    told.dates.append(value)
            case "numeric" | "short", NumericDate():
                _take_numeric(told, value, means)
            case "time" | "clock", Clock():
                told.times.append(value)
                told.midnight = told.midnight or "at_midnight" in means
            case "weekday", int():
                told.weekdays.add(value)
            case "span", Span():
                told.spans.append(value)
            case "week_ref" | "month_ref" | "weekend_ref" | "month", int() if "fill" not in means:
                told.refs.append((kind, value))
            case "hours", (Clock() as first, Clock() as last):
                told.hours.append((first, last))
            case "moment", datetime():
                told.moments.append(value)
            case "away", Duration():
                told.away.append(value)
            case "errand", _:
                told.errand = True
            case "now", _:
                told.now = True
            case "length", _:
                told.lengths += 1
            case "part", str():
                told.parts.append(value)
            case "noon", _:
                told.parts.append("noon")
            case "midnight", _:
                told.parts.append("midnight")
            case "number", _ if not means.keys() & {"fill", "link", "one", "thing"}:
                told.numbers.append(means)
            case _:
                continue
        return True
    return False


def _take_numeric(told: Mentions, numeric: NumericDate, means: Mapping[str, object]) -> None:
    clock = means.get("clock")
    if "short" in means and told.place.words.settings.get("dot") != "date":
        # 5.30 is a time where dates are not written so; 5.3 is neither.
        if isinstance(clock, Clock):
            told.times.append(clock)
        else:
            told.numbers.append({})
    elif isinstance(clock, Clock):
        told.either.append((numeric, clock))
    else:
        told.numerics.append(numeric)


# --- days -------------------------------------------------------------------------------------------------


def dates_of(told: Mentions) -> tuple[date, ...] | None:
    """Return the dates that the message may mean, the likelier first; () where it names none, None where they clash."""
    place = told.place
    groups = [*told.dates, *(reckoning.numeric_dates(one, place) for one in told.numerics)]
    far = (length for length in told.away if not length.minutes and (length.days or length.months))
    groups += [_days_away(length, place.today) for length in far]
    for number in told.monthly:
        made = _monthly(number, told.weekdays, place.today)
        if made is None:
            return None
        groups.append((made,))
    if not groups:
        return _weekday(told)
    common = [day for day in groups[0] if all(day in group for group in groups[1:])]
    fitting = tuple(day for day in common if not told.weekdays or told.weekdays == {day.weekday()})
    return fitting or None


def _weekday(told: Mentions) -> tuple[date, ...] | None:
    if not told.weekdays:
        return ()
    if len(told.weekdays) > 1:
        return None
    weekday, today = next(iter(told.weekdays)), told.place.today
    near = reckoning.coming(weekday, today)
    # Nobody but the contact knows whether "Tuesday" said on a Tuesday is today.
    return (near, today) if weekday == today.weekday() else (near,)


def _monthly(number: int, weekdays: set[int], today: date) -> date | None:
    """Return the next such day of a month; "Friday the 13th" may be a month later."""
    if not weekdays:
        return reckoning.of_month(number, today)
    ahead = (today + timedelta(days=more) for more in range(reckoning.NEAR_DAYS))
    return next((day for day in ahead if day.day == number and weekdays == {day.weekday()}), None)


def _days_away(length: Duration, today: date) -> tuple[date, ...]:
    first = reckoning.add(today, length)
    if length.also_days is None:
        return (first,)
    return (reckoning.add(today, Duration(days=length.also_days)), first)


# --- times ------------------------------------------------------------------------------------------------


def clocks_of(told: Mentions) -> tuple[Clock, ...] | None:
    """Return the times of day that the message may mean, all clear; () where it names none, None where they clash."""
    if told.hours:
        return None
    times = list(dict.fromkeys(told.times))
    parts = list(dict.fromkeys(told.parts))
    if not times:
        named = [
            Clock(12 if part == "noon" else 0, 0, open=False)
            for part in parts
            if part in ("noon", "midnight")
        ]
        told.midnight = told.midnight or "midnight" in parts
        return tuple(named) if len(named) < 2 else None
    if len(times) > 1:
        return None
    clock = times[0]
    for part in parts:
        told_part = {"noon": "midday", "midnight": "night"}.get(part, part)
        fitting = clocks.in_part(clock, told_part)
        if fitting is None:
            return None
        clock = fitting
    return tuple(_readings(clocks.settled(clock, told.place.words.settings)))


def _readings(clock: Clock) -> Iterator[Clock]:
    """Yield what a clock may mean, the likelier hour of a waking day first."""
    if not clock.open:
        yield clock
        return
    early, late = clock.hour % 12, clock.hour % 12 + 12
    for hour in (early, late) if 8 <= early <= 11 else (late, early):
        yield Clock(hour, clock.minute, open=False)


def take_day_beside_weekday(told: Mentions) -> None:
    """Take the 13 of "Friday 13" for the day of the month; it has to be a Friday."""
    if len(told.numbers) == 1 and told.beside and not (told.dates or told.monthly):
        day = told.numbers[0].get("day")
        # A doubtful word is a weekday where the number agrees: "mar 10" on such a Tuesday.
        near = reckoning.of_month(day, told.place.today) if isinstance(day, int) else None
        agrees = near is not None and told.weekdays == {near.weekday()}
        if isinstance(day, int) and (agrees or not told.weak):
            told.monthly.append(day)
            told.numbers.clear()


def take_bare_hour(told: Mentions) -> None:
    """Take a number alone for the hour; with words around that nobody knows it may count anything."""
    if len(told.numbers) != 1 or told.times or told.unknown or told.lengths:
        return
    number = told.numbers[0]
    clock = number.get("hour", number.get("digits", number.get("digits3")))
    if isinstance(clock, Clock) and clock.minute % 5:
        return  # 2026 is a year, 1830 a time
    if isinstance(clock, Clock) and told.idle <= (NEAR_WORDS if "figure" in number else 1):
        told.times.append(clock)
        told.numbers.clear()


def as_time(clock: Clock) -> time:
    """Return the time of day."""
    return time(clock.hour % 24, clock.minute)


def moment_of(told: Mentions) -> datetime | None:
    """Return the moment that the message names whole: "in two hours", an ISO timestamp, now."""
    now = told.place.here.now
    if len(told.moments) == 1:
        moment = told.moments[0]
        return (
            moment.replace(tzinfo=now.tzinfo)
            if moment.tzinfo is None
            else moment.astimezone(now.tzinfo)
        )
    if len(told.away) == 1 and not told.moments:
        length = told.away[0]
        if length.minutes or not (length.days or length.months):
            return after(now, length.minutes)
    return None


def after(now: datetime, minutes: int) -> datetime:
    """Return the moment so many minutes later, to the minute; clocks may change in between."""
    try:
        later = datetime.fromtimestamp(now.timestamp() + minutes * 60, now.tzinfo)
    except (OverflowError, ValueError, OSError):
        later = now
    return later.replace(second=0, microsecond=0)
