"""Why a turn went as it did, in words that people read and stored turns keep."""

from dataclasses import dataclass, field
from typing import Literal

Matched = Literal[
    "tap",
    "title",
    "number",
    "emoji",
    "synonym",
    "word",
    "typed",
    "kept",
    "unsure",
    "fuzzy",
    "starts_on",
    "start",
    "faq",
    "changed",
    "old_tap",
    "retry",
    "returned",
    "timer",
    "agent",
    "waiting",
    "requested",
    "settled",
    "consent",
    "reopened",
    "quiet",
    "no_flow",
    "recorded",
    "deferred",
]
"""How a signal found its meaning."""


NOT_UNDERSTOOD = "expected "
"""How a trace's note begins where the open question was not understood."""

NOTHING_NEAR = "nothing known is near"
"""A trace's note where no question was open and neither a flow nor the FAQ knew what was said."""


@dataclass(slots=True)
class Trace:
    """Why a turn went as it did; kept with the turn and printed by `parley show`.

    Not frozen, though nobody changes one: every turn makes one, and freezing would make it three times as dear.
    """

    signal: str
    matched: Matched
    before: str | None = None
    """Flow and step before, as `order.size`."""
    after: str | None = None
    score: float | None = None
    """The similarity of a fuzzy match, 0-100."""
    path: tuple[str, ...] = ()
    effects: tuple[str, ...] = ()
    note: str | None = field(default=None)
    """What went wrong or was passed over, in words."""
