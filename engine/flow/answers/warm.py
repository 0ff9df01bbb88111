"""Reads once in each language ahead of its first message, which would wait for words and calendars to be loaded."""

from collections.abc import Iterable
from datetime import UTC, datetime

from engine.flow.answers.named import TYPES, parse
from engine.flow.answers.reader import Here

_SAID = ("twelve days", "12", "+34 612 345 678", "tomorrow at 5", "a@b.example", "€5")


def warm(languages: Iterable[str]) -> None:
    """Load what reading answers in these languages needs, some 100 ms each; it is done once in a process."""
    for language in languages:
        here = Here(datetime.now(UTC), language)
        for kind in TYPES:
            for said in _SAID:
                parse(kind, said, here)
