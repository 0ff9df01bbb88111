"""What money and quantities have in common: a decimal amount of something, which bounds compare by."""

from decimal import Decimal

from pydantic import BaseModel, ConfigDict, field_serializer

from engine.flow.answers.heard.shown import plain


class Amount(BaseModel):
    """An amount of something; compares by its amount alone, with numbers and with its like."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    amount: Decimal
    """How much."""

    @field_serializer("amount", when_used="json")
    def _plain(self, amount: Decimal) -> str:
        return plain(amount)

    def __lt__(self, other: "Amount | Decimal | int | float") -> bool:
        return self.amount < _number(other)

    def __le__(self, other: "Amount | Decimal | int | float") -> bool:
        return self.amount <= _number(other)

    def __gt__(self, other: "Amount | Decimal | int | float") -> bool:
        return self.amount > _number(other)

    def __ge__(self, other: "Amount | Decimal | int | float") -> bool:
        return self.amount >= _number(other)


def _number(other: Amount | Decimal | float) -> Decimal:
    if isinstance(other, Amount):
        return other.amount
    return other if isinstance(other, Decimal) else Decimal(str(other))
