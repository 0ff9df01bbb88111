"""`date`: a day, in words or numbers. Months and weekdays are Babel/CLDR's and dateparser's, numbers num2words'."""

from datetime import date
from functools import partial

from engine.core.content import Inbound, Text
from engine.core.script import Answer, Unsure
from engine.flow.answers.reader import Expected, Here, Hint, Reader
from engine.flow.answers.when.mentions import (
    clocks_of,
    dates_of,
    mentions,
    moment_of,
    take_bare_hour,
    take_day_beside_weekday,
)
from engine.flow.answers.when.shown import show_date
from engine.flow.answers.when.tense import Tense, tense_of

MOST_CHOICES = 4
"""Where more is possible nothing was understood."""


def reader_for(hint: Hint) -> Reader | None:
    """Return the reader of days, else None."""
    return Reader(Expected("date"), partial(_read, tense_of(hint))) if hint.type is date else None


def _read(tense: Tense | None, content: Inbound, here: Here) -> Answer | Unsure | None:
    if not isinstance(content, Text):
        return None
    today = here.now.date()
    days = [day for day in read_days(content.body, here) if tense is None or tense.fits(day, today)]
    return one_of([Answer(day.isoformat(), show_date(day, here)) for day in days])


def one_of(answers: list[Answer]) -> Answer | Unsure | None:
    """Return the only answer, the question which of a few is meant, or None."""
    if not answers or len(answers) > MOST_CHOICES:
        return None
    return answers[0] if len(answers) == 1 else Unsure(tuple(answers))


def read_days(text: str, here: Here) -> tuple[date, ...]:
    """Return the days that a message may mean, the likelier first; () where it means none."""
    told = mentions(text, here)
    if told is None:
        return ()
    moment = moment_of(told)
    if moment is not None:
        return () if told.names_day or told.numbers or told.times else (moment.date(),)
    if not told.names_day:  # 5.3 is a date here
        told.numerics += [numeric for numeric, _ in told.either]
    take_day_beside_weekday(told)
    if told.dates:
        take_bare_hour(told)
    if told.numbers or (clocks_of(told) is None and not told.hours):
        return ()
    return dates_of(told) or ()
