"""What the engine itself says, as data in one place; translations come beside the English."""

from collections.abc import Mapping
from typing import Literal

TextName = Literal[
    "cancelled",
    "choose",
    "first_question",
    "go_on",
    "handoff",
    "help",
    "more",
    "no_flow",
    "reply_with_number",
    "start_again",
    "tap_ended",
    "tap_unknown",
    "which",
]

ENGLISH: Mapping[TextName, str] = {
    "cancelled": "Cancelled. Write to us whenever you like.",
    "choose": "Choose",
    "first_question": "There is nothing before this.",
    "go_on": "Let us go on from here.",
    "handoff": "One moment, a colleague is joining.",
    "help": (
        "You can write *menu* to see what we offer, *back* for the question before, *restart* to begin again, "
        "*cancel* to stop, or *agent* to talk to a person."
    ),
    "more": "More…",
    "no_flow": "Thank you for your message. We have received it and will answer as soon as we can.",
    "reply_with_number": "Reply with the number of your choice.",
    "start_again": "Start again",
    "tap_ended": "That talk is over. Would you like to start it again?",
    "tap_unknown": "That button no longer works.",
    "which": "Which one do you mean?",
}
"""WhatsApp markup is allowed; `choose`, `more` and `start_again` stand on buttons: 20 UTF-16 units at most."""


def engine_text(name: TextName) -> str:
    """Return the engine's own words."""
    return ENGLISH[name]
