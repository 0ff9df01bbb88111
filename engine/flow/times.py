"""Lengths of time as authors write them: "2s", "30m", "2h", "1d"."""

from datetime import timedelta

from engine.core.errors import DefinitionError
from engine.core.times import read_length


def after(length: str | timedelta) -> timedelta:
    """Return a length of time.

    Args:
        length: A whole number with its unit (`s`, `m`, `h` or `d`), or a timedelta, which is returned as it is.

    Raises:
        DefinitionError: It is neither, or not longer than zero.
    """
    if isinstance(length, str):
        return read_length(length)
    if not isinstance(length, timedelta):
        raise DefinitionError(f"{length!r} is no length of time; write '30s', '5m', '2h' or '1d'")
    if length <= timedelta(0):
        raise DefinitionError(f"{length} is no length of time; it must be longer than zero")
    return length
