"""The answer types, one small file each: what a field's annotation makes of what a contact sends."""

from collections.abc import Callable

from engine.flow.answers import (
    boolean,
    dates,
    decimal,
    email,
    integer,
    literal,
    location,
    media,
    moments,
    money,
    name,
    phone,
    quantity,
    ranges,
    times,
    topic,
    words,
)
from engine.flow.answers.reader import Hint, Reader, hints

READERS: tuple[Callable[[Hint], Reader | None], ...] = (
    literal.reader_for,
    boolean.reader_for,
    integer.reader_for,
    decimal.reader_for,
    money.reader_for,
    quantity.reader_for,
    dates.reader_for,
    times.reader_for,
    moments.reader_for,
    ranges.reader_for,
    location.reader_for,
    media.reader_for,
    phone.reader_for,
    email.reader_for,
    name.reader_for,
    topic.reader_for,
    words.reader_for,
)
"""Every answer type; the order is the order of reading where a type is a union, so free text comes last."""


def readers_for(annotation: object) -> tuple[Reader, ...]:
    """Return the readers of a field's type; empty where no answer type knows it."""
    members = hints(annotation)
    return tuple(
        reader for make in READERS for hint in members if (reader := make(hint)) is not None
    )
