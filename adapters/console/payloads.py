"""What a typed line is on its way in: one JSON object."""

import orjson

CONTACT = "terminal"
"""Who types."""


def line_payload(text: str, *, id: str) -> bytes:
    """Return the body of one typed line.

    Args:
        text: What was typed.
        id: Unique among the lines typed into one database: it makes the line count once.
    """
    return orjson.dumps({"id": id, "text": text})
