"""Bounds that move: days and times still to come, or gone by, when they are said."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from engine.flow.answers.reader import Hint

T = TypeVar("T", date, datetime)


@dataclass(frozen=True, slots=True)
class Tense:
    """Keeps answers on one side of now. It is not checked again when an answer is loaded: time goes on."""

    past: bool

    def fits(self, said: T, now: T) -> bool:
        """Tell whether a day or moment is on this side; today is on both."""
        return said <= now if self.past else said >= now


InFuture = Tense(past=False)
"""`Annotated[date, InFuture]`: today or later when it is said."""
InPast = Tense(past=True)
"""`Annotated[date, InPast]`: today or earlier when it is said, such as a birth date."""


def tense_of(hint: Hint) -> Tense | None:
    """Return the side of now that a field's type allows; None is both."""
    return next((item for item in hint.metadata if isinstance(item, Tense)), None)
