"""Lengths of time as authors write them: "2s", "30m", "2h", "1d"."""

import re
from datetime import timedelta

from engine.core.errors import DefinitionError

_LENGTH = re.compile(r"\s*(\d+)\s*(s|m|h|d)\s*")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def after(length: str | timedelta) -> timedelta:
    """Return a length of time.

    Args:
        length: A whole number with its unit (`s`, `m`, `h` or `d`), or a timedelta, which is returned as it is.

    Raises:
        DefinitionError: It is neither, or not longer than zero.
    """
    if isinstance(length, str):
        written = _LENGTH.fullmatch(length)
        if written is None:
            raise DefinitionError(
                f"{length!r} is no length of time; write '30s', '5m', '2h' or '1d'"
            )
        length = timedelta(**{_UNITS[written[2]]: int(written[1])})
    if not isinstance(length, timedelta):
        raise DefinitionError(f"{length!r} is no length of time; write '30s', '5m', '2h' or '1d'")
    if length <= timedelta(0):
        raise DefinitionError(f"{length} is no length of time; it must be longer than zero")
    return length
