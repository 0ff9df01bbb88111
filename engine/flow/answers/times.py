"""`time`: a time of day. Its words are ours (`when/words`), numbers in words num2words'; Babel shows it back."""

from datetime import time

from engine.core.content import Inbound, Text
from engine.core.script import Answer, Unsure
from engine.flow.answers.dates import one_of
from engine.flow.answers.reader import Here, Hint, Reader
from engine.flow.answers.when.mentions import (
    NEAR_WORDS,
    Mentions,
    as_time,
    clocks_of,
    dates_of,
    mentions,
    moment_of,
)
from engine.flow.answers.when.shown import show_time
from engine.flow.answers.when.text import Clock


def reader_for(hint: Hint) -> Reader | None:
    """Return the reader of times of day, else None."""
    return Reader("a time", _read) if hint.type is time else None


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
    if told is None or dates_of(told) is None:
        return ()
    moment = moment_of(told)
    if moment is not None and not told.times:
        return (moment.time(),) if not told.numbers else ()
    if not told.times:
        told.times += [clock for _, clock in told.either]
    if not told.names_day:
        take_bare_hour(told)
    if told.numbers:
        return ()
    return tuple(map(as_time, clocks_of(told) or ()))


def take_bare_hour(told: Mentions) -> None:
    """Take a number alone for the hour; with words around that nobody knows it may count anything."""
    if len(told.numbers) != 1 or told.times or told.unknown or told.lengths:
        return
    number = told.numbers[0]
    clock = number.get("hour", number.get("digits", number.get("digits3")))
    if isinstance(clock, Clock) and told.idle <= (NEAR_WORDS if "figure" in number else 1):
        told.times.append(clock)
        told.numbers.clear()
