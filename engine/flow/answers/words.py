"""`str`: any text that is more than spaces."""

from engine.core.content import Inbound, Text
from engine.core.script import Answer
from engine.flow.answers.kind import Kind
from engine.flow.answers.reader import Expected, Here, Hint, Reader


def reader_for(hint: Hint) -> Reader | None:
    """Return the reader of free text, else None."""
    if hint.type is not str or any(isinstance(item, Kind) for item in hint.metadata):
        return None
    return Reader(Expected("text"), _read, takes_text=True)


def _read(content: Inbound, here: Here) -> Answer | None:
    match content:
        case Text(body=body) if body.strip():
            return Answer(body.strip())
        case _:
            return None
