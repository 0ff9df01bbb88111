"""Lengths of time as people write them: "2s", "30m", "2h", "1d"."""

import re
from datetime import timedelta

from engine.core.errors import DefinitionError

_LENGTH = re.compile(r"\s*(\d+)\s*(s|m|h|d)\s*")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def read_length(written: str) -> timedelta:
    """Return a length of time: a whole number with its unit, `s`, `m`, `h` or `d`.

    Raises:
        DefinitionError: It is none, or not longer than zero.
    """
    found = _LENGTH.fullmatch(written)
    if found is None:
        raise DefinitionError(f"{written!r} is no length of time; write '30s', '5m', '2h' or '1d'")
    length = timedelta(**{_UNITS[found[2]]: int(found[1])})
    if not length:
        raise DefinitionError(f"{length} is no length of time; it must be longer than zero")
    return length
