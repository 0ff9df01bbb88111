"""Text and numbers as every database takes them: no NUL, no lone surrogates, integers within 64 bits."""

import re

from engine.core.value import Json

REPLACEMENT = "�"
_REFUSED = re.compile("[\x00\ud800-\udfff]")
_SMALLEST, _LARGEST = -(2**63), 2**64 - 1
"""What JSON may hold as a number here: orjson writes and reads no other integers."""


def clean_text(text: str) -> str:
    """Return the text with NUL and lone surrogates replaced by U+FFFD."""
    if text.isascii() and "\x00" not in text:  # nearly all keys and ids; five times as fast
        return text
    return _REFUSED.sub(REPLACEMENT, text)


def maybe_clean(text: str | None) -> str | None:
    """Clean a text that may be missing."""
    return None if text is None else clean_text(text)


def clean_json(value: Json) -> Json:
    """Return the value with every text cleaned and every larger integer written out as text."""
    match value:
        case str():
            return clean_text(value)
        case bool() | float() | None:
            return value
        case int():
            return value if _SMALLEST <= value <= _LARGEST else str(value)
        case list():
            return [clean_json(item) for item in value]
        case dict():
            return {clean_text(name): clean_json(item) for name, item in value.items()}
