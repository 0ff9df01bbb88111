"""The bounds that `Annotated` gives a number."""

from dataclasses import dataclass
from decimal import Decimal

from annotated_types import Ge, Gt, Le, Lt

from engine.flow.answers.reader import Expected, Hint


@dataclass(frozen=True, slots=True)
class Bounds:
    """The least and the most a type allows; None is no bound."""

    least: Decimal | None = None
    most: Decimal | None = None
    least_out: bool = False
    """Whether the least itself is out."""
    most_out: bool = False

    def __contains__(self, value: Decimal) -> bool:
        above = self.least is None or (
            value > self.least if self.least_out else value >= self.least
        )
        below = self.most is None or (value < self.most if self.most_out else value <= self.most)
        return above and below


def bounds(hint: Hint) -> Bounds:
    """Return what the constraints of a type allow; those that are no numbers are pydantic's to check."""
    least: Decimal | None = None
    most: Decimal | None = None
    least_out = most_out = False
    for constraint in hint.metadata:
        match constraint:
            case Ge(ge=int() | float() | Decimal() as number):
                least, least_out = Decimal(str(number)), False
            case Gt(gt=int() | float() | Decimal() as number):
                least, least_out = Decimal(str(number)), True
            case Le(le=int() | float() | Decimal() as number):
                most, most_out = Decimal(str(number)), False
            case Lt(lt=int() | float() | Decimal() as number):
                most, most_out = Decimal(str(number)), True
            case _:
                pass
    return Bounds(least, most, least_out, most_out)


def whole(within: Bounds) -> Bounds:
    """Return the same bounds as whole numbers know them: more than 2 is 3 or more."""
    least, most = within.least, within.most
    if least is not None and within.least_out:
        least = Decimal(int(least) + 1)
    if most is not None and within.most_out:
        most = Decimal(int(most) - 1)
    return Bounds(least, most)


def expected(within: Bounds) -> Expected:
    """Return what a number within the bounds is called."""
    if within.least is not None and within.most is not None:
        return Expected(
            "number_between", {"least": f"{within.least:f}", "most": f"{within.most:f}"}
        )
    if within.least is not None:
        return Expected("number_from", {"least": f"{within.least:f}"})
    if within.most is not None:
        return Expected("number_to", {"most": f"{within.most:f}"})
    return Expected("number")
