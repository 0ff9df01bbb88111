"""`time`: a time of day. Its words are ours (`when/words`), numbers in words num2words'; Babel shows it back."""

from datetime import time

from engine.core.content import Inbound, Text
from engine.core.script import Answer, Unsure
from engine.flow.answers.dates import one_of
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
from engine.flow.answers.when.shown import show_time


def reader_for(hint: Hint) -> Reader | None:
    """Return the reader of times of day, else None."""
    return Reader(Expected("time"), _read) if hint.type is time else None


def _read(content: Inbound, here: Here) -> Answer | Unsure | None:
    if not isinstance(content, Text):
        return None
    # Seconds are said of no meeting, but a stored time has them.
    return one_of(
        [Answer(at.isoformat(), show_time(at, here)) for at in read_times(content.body, here)]
    )


def read_times(text: str, here: Here) -> tuple[time, ...]:
    """Return the times of day that a message may mean, the likelier first; () where it means none."""
    told = mentions(text, here)
    if told is None or told.errand or dates_of(told) is None:
        return ()
    moment = moment_of(told)
    if moment is not None and not told.times:
        return (moment.time(),) if not told.numbers else ()
    if not told.times:
        told.times += [clock for _, clock in told.either]
    if told.times or told.hours:
        take_day_beside_weekday(told)
    if not (told.weekdays or told.monthly):
        take_bare_hour(told)
    if told.numbers:
        return ()
    return tuple(map(as_time, clocks_of(told) or ()))
