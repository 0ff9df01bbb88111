"""JSON as the tables keep it: a schema version in front, lenient where an older or newer Parley wrote it."""

from datetime import datetime
from typing import Any, Final

import orjson
from pydantic import TypeAdapter, ValidationError

from engine.core.errors import ValueRefused
from engine.core.trace import Trace
from engine.core.value import Json, Value
from storage.clean import clean_json

SCHEMA_VERSION: Final = 1
"""Of the JSON in the tables; raised when a stored form changes its meaning."""

VERSION_HEAD = b'{"schema_version":%d,' % SCHEMA_VERSION

TRACE_FIELDS: Final = tuple(Trace.__dataclass_fields__)
_Written = Value | Trace | Json | dict[str, object]


def dump_json(value: Json | Trace) -> str:
    """Write a JSON value, or a trace, as every database takes it.

    Raises:
        ValueRefused: It is nested too deeply, or is no JSON.
    """
    return dump_bytes(value).decode()


def load_json(text: str) -> Json:
    """Read what `dump_json` wrote."""
    value: Json = orjson.loads(text)
    return value


def dump_value(value: Value) -> str:
    """Write one of the engine's values with the schema version in front.

    Raises:
        ValueRefused: It is nested too deeply.
    """
    return (VERSION_HEAD + dump_bytes(value)[1:]).decode()


def dump_bytes(value: _Written) -> bytes:
    """Write a value as it is, which nearly every one can be: orjson knows dataclasses and times."""
    try:
        data = orjson.dumps(value)
        if b"\\u0000" in data:
            data = _dump_cleaned(value)
    except (TypeError, RecursionError):
        data = _dump_cleaned(value)
    return data


def _dump_cleaned(value: _Written) -> bytes:
    try:
        return orjson.dumps(clean_json(_plain(value)))
    except (TypeError, RecursionError) as error:
        raise ValueRefused(f"a value cannot be written as JSON: {error}") from error


def _plain(value: Any) -> Json:
    """Make plain JSON of what may hold values, a trace, tuples and times."""
    match value:
        case Value():
            return _plain(vars(value))
        case Trace():
            return {name: _plain(getattr(value, name)) for name in TRACE_FIELDS}
        case dict():
            return {name: _plain(item) for name, item in value.items()}
        case list() | tuple():
            return [_plain(item) for item in value]
        case datetime():
            return value.isoformat()
    plain: Json = value
    return plain


def without_version(text: str) -> dict[str, Any]:
    """Read what `dump_value` wrote, without the version in front."""
    data: dict[str, Any] = orjson.loads(text)
    data.pop("schema_version", None)
    return data


def load_known(adapter: TypeAdapter[Any], data: dict[str, Any]) -> Any:
    """Validate; names that this version does not know are left out."""
    try:
        return adapter.validate_python(data)
    except ValidationError as error:
        unknown = [e["loc"] for e in error.errors() if e["type"] == "unexpected_keyword_argument"]
        if not unknown:
            raise
        for place in unknown:
            _remove(data, place)
        return adapter.validate_python(data)


def _remove(data: Any, place: tuple[int | str, ...]) -> None:
    """Take out the value at a place; steps that name a union's branch are no keys and are passed over."""
    for step in place[:-1]:
        if isinstance(data, dict):
            data = data.get(step, data)
        elif isinstance(data, list) and isinstance(step, int):
            data = data[step]
    if isinstance(data, dict):
        data.pop(place[-1], None)
