"""Which one number several mentions come to, and what is too long to be any."""

from collections.abc import Sequence
from decimal import Decimal

from engine.flow.answers.heard.numbers import Said
from engine.flow.answers.heard.sums import Mention

_LONG_DIGITS = 9
"""So many written on end are no amount of anything, where no currency or measure stands beside them."""


def agreed(mentions: Sequence[Mention]) -> tuple[Decimal, ...]:
    """Return what the one number in a message may mean; nothing where there are several, or none."""
    counted = [mention for mention in mentions if not mention.article]
    strong = [
        one for place, one in enumerate(counted) if not one.weak or _continues(counted, place)
    ]
    readings = {mention.values for mention in strong or counted}
    return readings.pop() if len(readings) == 1 else ()


def _continues(mentions: Sequence[Mention], place: int) -> bool:
    """Tell whether a number that may be an article stands right after another, so that it is none: "one two"."""
    near = (place > 0 and mentions[place - 1].end == mentions[place].first) or (
        place + 1 < len(mentions) and mentions[place].end == mentions[place + 1].first
    )
    return near or mentions[place].joined


def is_long(said: Said, mention: Mention) -> bool:
    """Tell whether it is written in so many digits on end that it is a telephone number or a code."""
    text = said.tokens[mention.first].text
    return text.isdecimal() and len(text) >= _LONG_DIGITS
