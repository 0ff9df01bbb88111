"""`DateRange` and `DateTimeRange`: one day or moment to another; a part of a day is as long as CLDR says (Babel)."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import cache, partial

from babel import Locale
from pydantic import AwareDatetime, BaseModel, ConfigDict, TypeAdapter, model_validator

from engine.core.content import Inbound, Text
from engine.core.script import Answer, Unsure
from engine.flow.answers.dates import one_of
from engine.flow.answers.moments import at_clock
from engine.flow.answers.reader import Expected, Here, Hint, Reader
from engine.flow.answers.when import spans
from engine.flow.answers.when.mentions import all_mentions, clocks_of, dates_of
from engine.flow.answers.when.shown import show_date, show_moment, show_time
from engine.flow.answers.when.tense import Tense, tense_of
from engine.flow.answers.when.text import Clock
from engine.flow.answers.when.told import Mentions


class DateRange(BaseModel):
    """Days in a row; both ends belong to it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    start: date
    end: date

    @model_validator(mode="after")
    def _in_order(self) -> "DateRange":
        if self.end < self.start:
            raise ValueError("a range ends no earlier than it begins")
        return self


class DateTimeRange(BaseModel):
    """From one moment to a later one; the end no longer belongs to it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    start: AwareDatetime
    end: AwareDatetime

    @model_validator(mode="after")
    def _in_order(self) -> "DateTimeRange":
        if self.end <= self.start:
            raise ValueError("a range of time ends later than it begins")
        return self


_DAYS, _MOMENTS = TypeAdapter(DateRange), TypeAdapter(DateTimeRange)
_CLOCK_OF_PART = {
    "dawn": 4,
    "morning": 9,
    "midday": 12,
    "afternoon": 15,
    "evening": 19,
    "night": 22,
}
"""An hour that each part of the day has in every language, to find the part in CLDR's rules."""


def reader_for(hint: Hint) -> Reader | None:
    """Return the reader of ranges, else None."""
    if hint.type is DateRange:
        return Reader(Expected("date_range"), partial(_read_days, tense_of(hint)))
    if hint.type is DateTimeRange:
        return Reader(Expected("datetime_range"), partial(_read_moments, tense_of(hint)))
    return None


def _read_days(tense: Tense | None, content: Inbound, here: Here) -> Answer | Unsure | None:
    told = all_mentions(content.body, here) if isinstance(content, Text) else None
    if told is None or told.numbers:
        return None
    answers = []
    for start, end in _day_spans(told):
        if tense is None or tense.fits(end, here.now.date()):
            value = _DAYS.dump_python(DateRange(start=start, end=end), mode="json")
            shown = (
                show_date(start, here)
                if start == end
                else f"{show_date(start, here)} – {show_date(end, here)}"
            )
            answers.append(Answer(value, shown))
    return one_of(answers)


def _day_spans(told: Mentions) -> tuple[tuple[date, date], ...]:
    """Return the days in a row that a message may mean: from one to another, a week, a month, one day."""
    place = told.place
    named = dates_of(told)
    if told.refs:
        return () if named is None or named or len(told.refs) > 1 else tuple(_whole(told))
    if told.spans:
        return (
            ()
            if named is None or named
            else spans.days_of(told.spans[0], place)
            if len(told.spans) == 1
            else ()
        )
    if told.weekend and named:
        pairs = zip(named[::2], named[1::2], strict=False)
        return tuple(pairs) or tuple((day, day) for day in named)
    return tuple((day, day) for day in named or ())


def _whole(told: Mentions) -> Iterator[tuple[date, date]]:
    kind, value = told.refs[0]
    match kind:
        case "week_ref":
            yield spans.whole_week(value, told.place)
        case "month_ref":
            yield spans.whole_month(value, told.place.today)
        case "month":
            yield spans.whole_month((value - told.place.today.month) % 12, told.place.today)
        case _:
            return


def _read_moments(tense: Tense | None, content: Inbound, here: Here) -> Answer | Unsure | None:
    told = all_mentions(content.body, here) if isinstance(content, Text) else None
    if told is None or told.numbers or told.spans or told.refs:
        return None
    answers = []
    for start, end in _moment_spans(told):
        if tense is None or tense.fits(end, here.now):
            value = _MOMENTS.dump_python(DateTimeRange(start=start, end=end), mode="json")
            last = (
                show_time(end.time(), here)
                if end.date() == start.date()
                else show_moment(end, here)
            )
            answers.append(Answer(value, f"{show_moment(start, here)} – {last}"))
    return one_of(answers)


def _moment_spans(told: Mentions) -> Iterator[tuple[datetime, datetime]]:
    """Yield the spans of time that a message may mean: hours, or a part, of a day."""
    now = told.place.here.now
    if len(told.hours) == 1:
        spans_of_clocks = _fitting(spans.hours_of(*told.hours[0]), told.parts)
        told.hours.clear()
        days = dates_of(told) or (() if told.names_day else (now.date(),))
        for day in days:
            for first, last in spans_of_clocks:
                start, end = at_clock(day, first, now), at_clock(day, last, now)
                end = at_clock(day + timedelta(days=1), last, now) if end <= start else end
                if told.names_day or start >= now:
                    yield start, end
        return
    days = dates_of(told) or ()
    if clocks_of(told) == () and len(told.parts) == 1 and told.parts[0] in _CLOCK_OF_PART:
        first, last = _hours_of_part(told.parts[0], told.place.here.language)
        for day in days:
            start, end = at_clock(day, first, now), at_clock(day, last, now)
            yield start, at_clock(day + timedelta(days=1), last, now) if end <= start else end


def _fitting(
    given: tuple[tuple[Clock, Clock], ...], parts: list[str]
) -> tuple[tuple[Clock, Clock], ...]:
    """Return the spans that begin in the part of the day that was said."""
    early = {"dawn", "morning"}
    if not parts:
        return given
    return tuple(span for span in given if (span[0].hour < 12) == (parts[0] in early))


@cache
def _hours_of_part(part: str, language: str) -> tuple[Clock, Clock]:
    """Return when a part of the day begins and ends, by CLDR's rules for the language."""
    at = _CLOCK_OF_PART[part] * 3600
    for rules in Locale(language).day_period_rules[None].values():
        for rule in rules:
            first, last = int(rule.get("from", -1)), int(rule.get("before", -1))
            if first <= at < last or (0 <= last < first and (at >= first or at < last)):
                return Clock(first // 3600, 0, open=False), Clock(last // 3600, 0, open=False)
    return Clock(_CLOCK_OF_PART[part], 0, open=False), Clock(
        _CLOCK_OF_PART[part] + 3, 0, open=False
    )
