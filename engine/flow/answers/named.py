"""The answer types by name, for `parley parse` and the case files: a text in, what a flow would understand out."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from functools import cache
from typing import Any, cast

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import to_jsonable_python

from engine.core.content import Inbound, Text
from engine.core.script import Answer, Unsure
from engine.core.value import Json
from engine.flow.answers import readers_for
from engine.flow.answers.email import Email
from engine.flow.answers.money import Money
from engine.flow.answers.name import Name
from engine.flow.answers.phone import Phone
from engine.flow.answers.quantity import Quantity
from engine.flow.answers.reader import Here, Reader

TYPES: Mapping[str, object] = {
    "yes_no": bool,
    "int": int,
    "decimal": Decimal,
    "money": Money,
    "quantity": Quantity,
    "date": date,
    "time": time,
    "datetime": datetime,
    "phone": Phone,
    "email": Email,
    "name": Name,
}
"""What an author would annotate the field with."""


def understand(
    readers: tuple[Reader, ...], content: Inbound, here: Here, valid: Callable[[Json], bool]
) -> Answer | Unsure | None:
    """Return what the first reader that knows makes of the content; meanings the type does not allow are none."""
    for reader in readers:
        match reader.read(content, here):
            case None:
                continue
            case Answer(value=value) as answer:
                if valid(value):
                    return answer
            case Unsure(answers=answers):
                allowed = tuple(one for one in answers if valid(one.value))
                if allowed:
                    return allowed[0] if len(allowed) == 1 else Unsure(allowed)
    return None


def parse(kind: str, text: str, here: Here) -> dict[str, Json]:
    """Return what a text means to a type of `TYPES`: `{"value": ...}`, or `{"choices": [...]}` to be asked back."""
    readers, adapter = _type(kind)

    def valid(value: Json) -> bool:
        try:
            adapter.validate_python(value)
        except ValidationError:
            return False
        return True

    match understand(readers, Text(body=text), here, valid):
        case None:
            return {"value": None}
        case Answer(value=value):
            return {"value": _told(adapter.validate_python(value))}
        case Unsure(answers=answers):
            return {"choices": [_told(adapter.validate_python(one.value)) for one in answers]}


@cache
def _type(kind: str) -> tuple[tuple[Reader, ...], TypeAdapter[object]]:
    annotation: Any = TYPES[kind]  # any type an author may write
    return readers_for(annotation), TypeAdapter(annotation)


def _told(value: object) -> Json:
    """Return a value as it is printed: decimals plain, times ISO 8601, times of day without seconds that are zero."""
    match value:
        case None | bool() | int() | str():
            return value
        case Decimal():
            plain = f"{value:f}"
            return plain.rstrip("0").rstrip(".") if "." in plain else plain
        case datetime() | date():
            return value.isoformat()
        case time():
            return value.isoformat().removesuffix(":00")
        case BaseModel():
            return {name: _told(part) for name, part in value}
        case _:
            return cast(Json, to_jsonable_python(value))
