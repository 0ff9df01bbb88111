"""`Literal` and `Enum`: a closed choice of its values; the core matches what is typed against the offer."""

from enum import Enum
from typing import Literal, get_args, get_origin

from engine.core.content import Inbound
from engine.core.script import Answer
from engine.flow.answers.reader import Expected, Here, Hint, Reader
from engine.flow.steps import Option


def reader_for(hint: Hint) -> Reader | None:
    """Return the reader of a closed choice, else None."""
    if get_origin(hint.type) is Literal:
        return closed(tuple(Option(value) for value in get_args(hint.type)))
    if isinstance(hint.type, type) and issubclass(hint.type, Enum):
        return closed(tuple(Option(member.value) for member in hint.type))
    return None


def closed(options: tuple[Option, ...]) -> Reader:
    """Return a reader of nothing but these options."""
    titles = listed([option.title for option in options])
    return Reader(Expected("one_of", {"options": titles}), _nothing, options)


def listed(titles: list[str], *, arabic: bool = False) -> str:
    """Return titles in a row; those with a comma of their own are kept apart by semicolons.

    Args:
        titles: What is listed.
        arabic: Whether the signs between them are those of a language written from right to left.
    """
    comma, semicolon = "،؛" if arabic else ",;"
    apart = semicolon if any("," in title or "،" in title for title in titles) else comma
    return f"{apart} ".join(titles)


def _nothing(content: Inbound, here: Here) -> Answer | None:
    return None
