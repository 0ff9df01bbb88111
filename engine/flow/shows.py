"""How values are shown that no option was chosen for: money and times by locale, records in their own words."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import NamedTuple

from pydantic import BaseModel

from engine.core.content import Location
from engine.core.language import Language
from engine.flow.answers.heard.shown import show_money, show_number
from engine.flow.answers.money import Money
from engine.flow.answers.reader import Here, hints
from engine.flow.answers.when.shown import show_date, show_moment, show_time
from engine.flow.catalogue import Translate
from engine.flow.text import Known, fill, parse_text, show_place

BETWEEN = " · "
"""Stands between the parts of an option's description."""


@dataclass(frozen=True, slots=True)
class Shows:
    """Says how a text shows a record: `Annotated[list[Item], Shows("{quantity} {name}")]`.

    The record's own fields are filled in, a list is shown a line each. Texts among them are translated as the flow's
    own are.
    """

    text: str


class Eyes(NamedTuple):
    """Whom something is shown to."""

    here: Here
    language: Language
    translate: Translate


def shows_of(annotation: object) -> str | None:
    """Return the text of a type's `Shows`; None where it has none."""
    return next(
        (
            item.text
            for hint in hints(annotation)
            for item in hint.metadata
            if isinstance(item, Shows)
        ),
        None,
    )


def show_value(value: object, eyes: Eyes, shows: str | None = None) -> str | None:
    """Return a value as the contact reads it; None where it has no form of its own.

    Args:
        value: As the author's code holds it.
        eyes: Whom it is shown to.
        shows: How a record is shown, in the author's words.
    """
    here = eyes.here
    match value:
        case bool():
            return eyes.language.texts["yes" if value else "no"]
        case Money(amount=amount, currency=currency):
            return show_money(amount, currency, here)
        case Decimal():
            return show_number(value, here)
        case datetime():
            local = value if value.tzinfo is None else value.astimezone(here.now.tzinfo)
            return show_moment(local, here)
        case date():
            return show_date(value, here)
        case time():
            return show_time(value, here)
        case Location():
            return show_place(value.model_dump())
        case list() | tuple() if shows is not None:
            return "\n".join(_show_record(one, eyes, shows) for one in value)
        case _:
            return None if shows is None or value is None else _show_record(value, eyes, shows)


def describe(parts: object, eyes: Eyes) -> str | None:
    """Return an option's description as the contact reads it: its parts in a row."""
    if parts is None:
        return None
    listed = parts if isinstance(parts, tuple) else (parts,)
    return BETWEEN.join(_show_part(part, eyes) for part in listed)


def describe_fixed(parts: object, translate: Translate) -> str | None:
    """Return a description that never changes; only what is listed when asked is shown by locale."""
    if parts is None:
        return None
    listed = parts if isinstance(parts, tuple) else (parts,)
    return BETWEEN.join(translate(part) if isinstance(part, str) else str(part) for part in listed)


def _show_part(part: object, eyes: Eyes) -> str:
    if isinstance(part, str):
        return eyes.translate(part)
    shown = show_value(part, eyes)
    return str(part) if shown is None else shown


def _show_record(record: object, eyes: Eyes, shows: str) -> str:
    values = _values(record)
    shown = {name: _show_part(value, eyes) for name, value in values.items() if value is not None}
    known = Known({}, shown, None, frozenset(values))
    return fill(parse_text(eyes.translate(shows)), known)


def _values(record: object) -> Mapping[str, object]:
    """Return the fields of a record by name."""
    match record:
        case Mapping():
            return record
        case BaseModel():
            return dict(record)
        case _ if is_dataclass(record):
            return {field.name: getattr(record, field.name) for field in fields(record)}
        case _:
            return {}
