"""`Location`: a place sent as a pin. A typed address is an answer only where the type also allows `str`."""

from engine.core.content import Inbound, Location
from engine.core.script import Answer
from engine.flow.answers.reader import Expected, Here, Hint, Reader
from engine.flow.text import show_place


def reader_for(hint: Hint) -> Reader | None:
    """Return the reader of places, else None."""
    if hint.type is not Location:
        return None
    return Reader(Expected("location"), _read, takes_location=True)


def _read(content: Inbound, here: Here) -> Answer | None:
    if not isinstance(content, Location):
        return None
    place = content.model_dump(mode="json", exclude_none=True)
    return Answer(place, show_place(place))
