"""`int`: the one whole number that a message says, in digits or words; num2words and Babel know both."""

from decimal import Decimal
from functools import partial

from engine.core.content import Inbound, Text
from engine.core.script import Answer, Unsure
from engine.flow.answers.heard.bounds import Bounds, bounds, expected, whole
from engine.flow.answers.heard.meant import number_in
from engine.flow.answers.heard.numbers import hear
from engine.flow.answers.heard.shown import one_or_unsure, show_number
from engine.flow.answers.reader import Here, Hint, Reader

_MOST = 10**18
"""Longer numbers are beyond 64 bits and no answer to anything."""


def reader_for(hint: Hint) -> Reader | None:
    """Return the reader of whole numbers, else None."""
    if hint.type is not int:
        return None
    within = whole(bounds(hint))
    return Reader(expected(within), partial(_read, within))


def _read(within: Bounds, content: Inbound, here: Here) -> Answer | Unsure | None:
    if not isinstance(content, Text):
        return None
    values = number_in(hear(content.body, here.language, here.country))
    numbers = [int(value) for value in values if value == int(value) and value in within]
    return one_or_unsure([_answer(number, here) for number in numbers if abs(number) < _MOST])


def _answer(number: int, here: Here) -> Answer:
    shown = show_number(Decimal(number), here)
    return Answer(number, shown)
