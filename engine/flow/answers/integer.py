"""`int`: one whole number in the text, within the bounds of the type."""

import re
from functools import partial

from annotated_types import Ge, Gt, Le, Lt

from engine.core.content import Inbound, Text
from engine.core.script import Answer
from engine.flow.answers.reader import Here, Hint, Reader

_NUMBER = re.compile(r"[-+]?\d+(?:[.,:/]\d+)*")
"""A number with what may belong to it, so that `2.5`, `1/2` and `12:30` are seen as what they are: no whole number."""

_DIGITS = 18
"""Longer numbers are beyond 64 bits and no answer to anything."""


def reader_for(hint: Hint) -> Reader | None:
    """Return the reader of whole numbers, else None."""
    if hint.type is not int:
        return None
    least, most = bounds(hint)
    return Reader(_expected(least, most), partial(_read, least, most))


def bounds(hint: Hint) -> tuple[int | None, int | None]:
    """Return the least and the most that the type allows, both included; None is no bound."""
    least: int | None = None
    most: int | None = None
    for constraint in hint.metadata:
        match constraint:
            case Ge(ge=int(number)):
                least = number
            case Gt(gt=int(number)):
                least = number + 1
            case Le(le=int(number)):
                most = number
            case Lt(lt=int(number)):
                most = number - 1
            case _:
                pass
    return least, most


def _read(least: int | None, most: int | None, content: Inbound, here: Here) -> Answer | None:
    if not isinstance(content, Text):
        return None
    numbers: list[str] = _NUMBER.findall(content.body)
    if len(numbers) != 1 or not numbers[0].lstrip("+-").isdecimal() or len(numbers[0]) > _DIGITS:
        return None
    number = int(numbers[0])
    if (least is not None and number < least) or (most is not None and number > most):
        return None
    return Answer(number)


def _expected(least: int | None, most: int | None) -> str:
    if least is not None and most is not None:
        return f"a number from {least} to {most}"
    if least is not None:
        return f"a number, {least} or more"
    if most is not None:
        return f"a number, {most} or less"
    return "a number"
