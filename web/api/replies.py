"""What every handler of the public API needs: the line that is meant, and an answer in JSON."""

from pydantic import BaseModel

from engine.core.ids import LineId
from web.api.errors import LineForbidden, LineMissing
from web.api.table import Answer, Asked
from web.keys import SETTINGS


def line_of(asked: Asked, name: str) -> LineId:
    """Return a line that is there and that the token may use. Raises ApiError."""
    may_use(asked, name)
    if name not in asked.app[SETTINGS].lines:
        raise LineMissing(f"No line {name!r} is configured.")
    return LineId(name)


def may_use(asked: Asked, line: str) -> None:
    """Refuse a token that is not for this line. Raises LineForbidden."""
    if not asked.token.serves(line):
        raise LineForbidden(f"The token {asked.token.name!r} may not use the line {line!r}.")


def answer_of(status: int, answer: BaseModel) -> Answer:
    """Return a model as an answer."""
    return Answer(status, answer.model_dump_json().encode())
