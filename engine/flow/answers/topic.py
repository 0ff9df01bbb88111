"""`Topic`: an entry of the FAQ, chosen by its title or asked for in one's own words; its answer is said at once.

The entries stand beside the flows (engine/flow/faq.py) and are known only when a question is asked: the walk offers
them and says their answers, engine/flow/reading.py looks up what is typed.
"""

from typing import Annotated

from engine.core.content import Inbound
from engine.core.script import Answer
from engine.flow.answers.kind import Kind
from engine.flow.answers.reader import Expected, Here, Hint, Reader

TOPIC = Kind("topic", bool)

Topic = Annotated[str, TOPIC]


def reader_for(hint: Hint) -> Reader | None:
    """Return the reader of topics, else None."""
    if TOPIC not in hint.metadata:
        return None
    return Reader(Expected("one_of", {"options": ""}), _nothing, offers_topics=True)


def _nothing(content: Inbound, here: Here) -> Answer | None:
    return None
