"""Reads JSON that others wrote: nothing here raises on an odd type, and what comes out is safe to store.

Webhook envelopes are read as plain dicts: parsing is on the way of every message, and a missing or strange key must
never spoil what stands beside it.
"""

import json
import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import NoReturn, TypeAlias, TypeVar

import orjson

from engine.core.errors import ContentRejected, PayloadInvalid
from engine.core.value import Json

Wire: TypeAlias = Mapping[str, object]
"""A JSON object as it came."""

DEPTH = 64
"""Levels of unread data that are kept; validating and storing JSON fails at 255."""

INT_MOST = 2**63 - 1
"""What a database column holds; larger numbers are kept as text."""

MILLISECONDS_FROM = 100_000_000_000
"""A time at least this large is in milliseconds: in seconds it would be the year 5138."""

SECONDS_DIGITS = 11
"""Digits of which every number is in seconds, and within what a datetime holds."""

_NOTHING: Wire = {}
_SURROGATE = re.compile("[\ud800-\udfff]")
_INDEX = re.compile(r"\d{1,6}")


def load_object(body: bytes) -> Wire:
    """Return the JSON object in a webhook body.

    Raises:
        PayloadInvalid: It is no JSON, nests too deeply or is no object.
    """
    value = load_value(body)
    if not isinstance(value, dict):
        raise PayloadInvalid("the body is JSON, but no object")
    return value


def load_value(body: bytes) -> object:
    """Return the JSON in a webhook body, whatever it is.

    Raises:
        PayloadInvalid: It is no JSON or nests too deeply.
    """
    try:
        value: object = orjson.loads(body)
    except orjson.JSONDecodeError:
        return _load_leniently(body)
    return tidy(value) if b"\\u0000" in body else value


def load_text(text: str) -> Json:
    """Return the JSON in a string, or the string itself where it is none."""
    try:
        return tidy(orjson.loads(text))
    except orjson.JSONDecodeError:
        return tidy(text)


def _load_leniently(body: bytes) -> object:
    """Read what orjson refuses and senders still send: lone surrogates, stray bytes, a byte order mark."""
    try:
        value: object = json.loads(
            body.decode("utf-8-sig", errors="replace"), parse_constant=_refuse_constant
        )
    except (ValueError, RecursionError) as error:
        raise PayloadInvalid(f"the body is no JSON: {type(error).__name__}") from error
    return tidy(value)


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON number")


def tidy(value: object, *, depth: int = DEPTH) -> Json:
    """Return the value as the database can keep it.

    NUL and lone surrogates become U+FFFD, numbers beyond 64 bits text, infinities None, what nests deeper a mark.
    """
    match value:
        case str():
            return clean(value)
        case bool() | None:
            return value
        case int():
            return value if -INT_MOST <= value <= INT_MOST else str(value)
        case float():
            return value if math.isfinite(value) else None
        case list() | dict() if depth == 0:
            return "[nested too deeply]"
        case list():
            return [tidy(item, depth=depth - 1) for item in value]
        case dict():
            return {clean(str(key)): tidy(item, depth=depth - 1) for key, item in value.items()}
        case _:
            return clean(str(value))


def clean(text: str) -> str:
    """Return the text without NUL and lone surrogates, which no database takes."""
    if text.isascii():
        return text.replace("\x00", "\ufffd")
    return _SURROGATE.sub("\ufffd", text.replace("\x00", "\ufffd"))


def text_of(item: Wire, key: str) -> str | None:
    """Return a text; a number is written out; "", missing and anything else is None."""
    value = item.get(key)
    return (value or None) if type(value) is str else _written_out(value)


def text_in(item: Wire, part: str, key: str) -> str | None:
    """Return a text of an object inside, as `text_of(part_of(item, part), key)` does in twice the time."""
    inner = item.get(part)
    if not isinstance(inner, dict):
        return None
    value = inner.get(key)
    return (value or None) if type(value) is str else _written_out(value)


def _written_out(value: object) -> str | None:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return None


def int_of(item: Wire, key: str) -> int | None:
    """Return a whole number, also from text or a float, if it fits 64 bits."""
    value = item.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = int(value)
    except (ValueError, OverflowError):
        return None
    return number if -INT_MOST <= number <= INT_MOST else None


def float_of(item: Wire, key: str) -> float | None:
    """Return a finite number, also from text."""
    value = item.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def part_of(item: Wire, key: str) -> Wire:
    """Return an object inside; anything else is an empty one."""
    value = item.get(key)
    return value if isinstance(value, dict) else _NOTHING


def items_of(item: Wire, key: str) -> list[object]:
    """Return a list inside, however it is written: a list, an object keyed "0", "1", ..., or a single item."""
    value = item.get(key)
    if isinstance(value, list):
        return value
    if value is None or value == {}:
        return []
    if isinstance(value, dict) and all(_INDEX.fullmatch(str(index)) for index in value):
        return list(value.values())
    return [value]


def objects_of(item: Wire, key: str) -> list[Wire]:
    """Return the objects of a list inside; what is none is left out."""
    items = items_of(item, key)
    if len(items) == 1:  # as nearly always
        return [items[0]] if isinstance(items[0], dict) else []
    return [value for value in items if isinstance(value, dict)]


_Otherwise = TypeVar("_Otherwise", datetime, None)


def time_of(item: Wire, key: str, *, otherwise: _Otherwise) -> datetime | _Otherwise:
    """Return a unix time in seconds or milliseconds, number or text, as aware UTC."""
    value = item.get(key)
    if type(value) is str and len(value) <= SECONDS_DIGITS and value.isdecimal():
        return datetime.fromtimestamp(int(value), UTC)  # nearly every one: ten digits of seconds
    stamp = float_of(item, key)
    if stamp is None:
        return otherwise
    if abs(stamp) >= MILLISECONDS_FROM:
        stamp /= 1000
    try:
        return datetime.fromtimestamp(stamp, UTC)
    except (ValueError, OverflowError, OSError):
        return otherwise


def iso_time_of(item: Wire, key: str, *, otherwise: _Otherwise) -> datetime | _Otherwise:
    """Return a time written as ISO 8601 as aware UTC; without a zone it is UTC."""
    value = item.get(key)
    if not isinstance(value, str):
        return otherwise
    try:
        time = datetime.fromisoformat(value)
        return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
    except (ValueError, OverflowError):
        return otherwise


def known(**fields: object) -> dict[str, object]:
    """Return the fields that are set, for a body on its way out: a null on the wire is refused by most."""
    return {key: value for key, value in fields.items() if value is not None}


def write_json(body: object) -> bytes:
    """Return a body on its way out. Raises ContentRejected for a text with half a character, which JSON cannot hold."""
    try:
        return orjson.dumps(body)
    except orjson.JSONEncodeError as error:
        raise ContentRejected(f"the message cannot be written as JSON: {error}") from error
