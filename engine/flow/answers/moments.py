"""`datetime`: a day and a time, in the contact's time zone; the words are those of `date` and `time`.

A day without a time ("tomorrow") is no answer: there is no list of times to ask about. A time without a day is the next
such time today, else none: "9 am" said at ten may be tomorrow's or any day's.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import islice

from pydantic import TypeAdapter

from engine.core.content import Inbound, Text
from engine.core.script import Answer, Unsure
from engine.flow.answers.dates import MOST_CHOICES, one_of
from engine.flow.answers.reader import Expected, Here, Hint, Reader
from engine.flow.answers.when.mentions import (
    as_time,
    clocks_of,
    dates_of,
    mentions,
    moment_of,
    take_bare_hour,
    take_day_beside_weekday,
)
from engine.flow.answers.when.reckoning import numeric_dates
from engine.flow.answers.when.shown import show_moment
from engine.flow.answers.when.tense import Tense, tense_of
from engine.flow.answers.when.text import Clock
from engine.flow.answers.when.told import Mentions

_STORED = TypeAdapter(datetime)


def reader_for(hint: Hint) -> Reader | None:
    """Return the reader of days with a time, else None."""
    return (
        Reader(Expected("datetime"), partial(_read, tense_of(hint)))
        if hint.type is datetime
        else None
    )


def _read(tense: Tense | None, content: Inbound, here: Here) -> Answer | Unsure | None:
    if not isinstance(content, Text):
        return None
    moments = [
        at for at in read_moments(content.body, here) if tense is None or tense.fits(at, here.now)
    ]
    return one_of(
        [Answer(_STORED.dump_python(at, mode="json"), show_moment(at, here)) for at in moments]
    )


def read_moments(text: str, here: Here) -> tuple[datetime, ...]:
    """Return the moments that a message may mean, the likelier first; () where it means none."""
    told = mentions(text, here)
    return () if told is None else moments_of(told)


def moments_of(told: Mentions) -> tuple[datetime, ...]:
    """Return the moments that days and times together may mean."""
    moment = moment_of(told)
    if moment is not None:
        other = told.names_day and moment.date() not in (dates_of(told) or ())
        return () if other or told.times or told.numbers else (moment,)
    _share_doubtful(told)
    if told.times or {"noon", "midnight"} & set(told.parts):
        take_day_beside_weekday(told)
    dates = dates_of(told)
    if dates and told.dates:
        take_bare_hour(told)
    clocks = () if told.numbers else clocks_of(told)
    if dates is None or not clocks:
        return ()
    found = list(islice(dict.fromkeys(_moments(dates, clocks, told)), MOST_CHOICES + 1))
    return tuple(found)


def _share_doubtful(told: Mentions) -> None:
    """Take numbers such as 5.30 for what is missing, the day or the time; alone they may be either."""
    for numeric, clock in told.either:
        if told.names_day or not numeric_dates(numeric, told.place):
            told.times.append(clock)
        elif told.times or len(told.either) > 1:
            told.numerics.append(numeric)
        else:
            told.numbers.append({})
    told.either.clear()


def _moments(
    dates: tuple[date, ...], clocks: tuple[Clock, ...], told: Mentions
) -> Iterator[datetime]:
    now = told.place.here.now
    if not dates and told.midnight:
        dates = (now.date(),)
    if not dates and told.unknown:
        return  # the word may be the day
    if not dates:
        ahead = [at_clock(now.date(), clock, now) for clock in clocks]
        yield from (moment for moment in ahead if moment > now)
        if len(clocks) > 1:
            yield from (
                at_clock(now.date() + timedelta(days=1), clock, now)
                for clock in clocks
                if at_clock(now.date(), clock, now) <= now
            )
        return
    for day in dates:
        days = [day]
        # Of Friday's midnight people mean the end; of its night the hours after twelve too.
        if told.midnight or ("night" in told.parts and clocks[0].hour < 6):
            days = [day + timedelta(days=1), day]
        found = [at_clock(one, clock, now) for one in days for clock in clocks]
        ahead = [moment for moment in found if moment > now]
        yield from ahead if ahead and (len(found) > 1) else found


def at_clock(day: date, clock: Clock, now: datetime) -> datetime:
    """Return the moment of a day at a time of day; hour 24 is the next day's midnight."""
    day += timedelta(days=clock.hour // 24)
    local = datetime.combine(day, as_time(clock), now.tzinfo)
    # An hour that the clocks skip in spring is told as the one that they show then.
    return local.astimezone(UTC).astimezone(now.tzinfo)
