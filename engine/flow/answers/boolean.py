"""`bool`: yes or no, as two options with the words people use for them."""

from engine.core.content import Inbound, Text
from engine.core.script import Answer
from engine.flow.answers.reader import Here, Hint, Reader
from engine.flow.steps import Option

YES = ("yes", "y", "yeah", "yep", "yup", "sure", "ok", "okay", "of course", "true", "👍", "✅")
NO = ("no", "n", "nope", "nah", "no thanks", "no thank you", "false", "👎", "❌")

# The words are not in the offers: those are stored with every question.
_OPTIONS = (Option(True, "Yes"), Option(False, "No"))
_MEANT = {word: option for option, words in zip(_OPTIONS, (YES, NO), strict=True) for word in words}


def reader_for(hint: Hint) -> Reader | None:
    """Return the reader of yes and no, else None."""
    return Reader("yes or no", _read, _OPTIONS) if hint.type is bool else None


def _read(content: Inbound, here: Here) -> Answer | None:
    match content:
        case Text(body=body):
            meant = _MEANT.get(body.strip().strip(".!").casefold())
            return Answer(meant.value is True, meant.title) if meant else None
        case _:
            return None
