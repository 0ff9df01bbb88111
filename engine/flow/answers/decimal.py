"""`Decimal`: the one number that a message says, with its decimals; Babel knows who writes a comma and who a point."""

from decimal import Decimal
from functools import partial

from engine.core.content import Inbound, Text
from engine.core.script import Answer, Unsure
from engine.flow.answers.heard.bounds import Bounds, bounds, expected
from engine.flow.answers.heard.meant import number_in
from engine.flow.answers.heard.numbers import hear
from engine.flow.answers.heard.shown import one_or_unsure, plain, show_number
from engine.flow.answers.reader import Here, Hint, Reader


def reader_for(hint: Hint) -> Reader | None:
    """Return the reader of decimal numbers, else None."""
    if hint.type is not Decimal:
        return None
    within = bounds(hint)
    return Reader(expected(within), partial(_read, within))


def _read(within: Bounds, content: Inbound, here: Here) -> Answer | Unsure | None:
    if not isinstance(content, Text):
        return None
    values = number_in(hear(content.body, here.language, here.country))
    return one_or_unsure(
        [Answer(plain(one), show_number(one, here)) for one in values if one in within]
    )
