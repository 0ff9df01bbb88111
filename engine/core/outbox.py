"""What the sender asks again before each send: may this message still go, as things stand now."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from engine.core import limits
from engine.core.content import DEEDS, Outbound, Template
from engine.core.conversation import Contact, Conversation, Run
from engine.core.effects import Origin, Unwanted

Verdict = Literal["go", "closed", "cancelled", "stale"] | Unwanted
"""Send it; the window is closed: do as its plan says; take it back, visibly; drop it as answering nobody, visibly; or
take it back because the contact does not want it."""


REPLIES: frozenset[Origin] = frozenset({"flow", "engine", "timer", "consent"})
"""Whose messages are dropped after a while, taken back at a takeover, and sent again where nobody knows of them."""

_RANKS: dict[Origin, int] = {
    "agent": 0,
    "flow": 1,
    "engine": 1,
    "consent": 1,
    "timer": 2,
    "api": 2,
    "broadcast": 3,
}

TAKEN = frozenset({"takeover", "phone"})
"""Why people have a chat that no flow handed off: what it had still to say is not said."""

LAST = 3
"""The rank of a broadcast: everything else on its line goes before it."""


def rank_of(origin: Origin) -> int:
    """Return how soon a message leaves among those that wait on its line, 0 first; by who speaks."""
    return _RANKS[origin]


_FREE_OF_WINDOW = frozenset({"template", "read_mark", *DEEDS})


def is_free_form(content: Outbound) -> bool:
    """Tell whether the window limits this content: all but templates, marks and deeds."""
    return content.kind not in _FREE_OF_WINDOW


def asked_turn(runs: Sequence[Run]) -> int:
    """Return the turn of the open question, 0 if none is open."""
    if not runs:
        return 0
    run = runs[-1]
    offer = run.offers.get(run.asked) if run.asked else None
    return offer.turn if offer else 0


def _is_asked(conversation: Conversation, turn: int, *, was_held: bool) -> bool:
    """Tell whether the question of this turn may still go: no later one has taken its place.

    One that was held must also wait for its answer still: hours have passed, and the talk may have ended.
    """
    asked = asked_turn(conversation.runs)
    if asked > turn or not was_held:
        return asked <= turn
    again = conversation.again
    return turn in (asked, 0 if again is None else again.turn)


def unwanted(contact: Contact, content: Outbound, origin: Origin) -> Unwanted | None:
    """Return why the contact does not want this message; None if nothing speaks against it.

    What the provider alone is told, and the confirmation of an opt-out, go all the same.
    """
    if contact.opted_out_at is not None and origin != "consent" and content.kind not in DEEDS:
        return "opted_out"
    if contact.marketing_stopped_at is None:
        return None
    is_marketing = isinstance(content, Template) and content.category == "marketing"
    return "marketing_stopped" if is_marketing or origin == "broadcast" else None


def is_past_telling(created_at: datetime, now: datetime) -> bool:
    """Tell whether a deed comes too late; nothing else keeps one back, neither the window nor who holds the chat."""
    return now - created_at > limits.DEED_TTL


def _is_silenced(conversation: Conversation, turn: int, *, was_held: bool) -> bool:
    """Tell whether people have the chat; what the flows said up to their handoff still goes."""
    handoff = conversation.handoff
    led_there = (
        not was_held
        and handoff is not None
        and handoff.reason not in TAKEN
        and turn <= handoff.turn
    )
    return conversation.mode == "agent" and not led_there


def verdict(
    conversation: Conversation,
    content: Outbound,
    *,
    origin: Origin,
    turn: int,
    question: bool,
    created_at: datetime,
    now: datetime,
    has_window: bool,
    was_held: bool = False,
) -> Verdict:
    """Decide about one unsent message; deeds are none.

    Args:
        conversation: As committed now.
        content: The message.
        origin: Who speaks.
        turn: The turn that said it.
        question: Whether it asks something that a later turn's question replaces.
        created_at: When it was said, or let go after it was held.
        now: The line's time.
        has_window: Whether the line has a window at all.
        was_held: Whether it was held and let go.
    """
    contact = conversation.contact
    if contact.opted_out_at is not None or contact.marketing_stopped_at is not None:
        why = unwanted(contact, content, origin)
        if why is not None:
            return why
    if origin in ("flow", "timer") and _is_silenced(conversation, turn, was_held=was_held):
        return "cancelled"
    if origin in REPLIES and now - created_at > limits.REPLY_TTL:
        return "stale"
    if question and not _is_asked(conversation, turn, was_held=was_held):
        return "stale"
    closes = conversation.window_closes_at if has_window else None
    if (
        has_window
        and (closes is None or now + limits.WINDOW_MARGIN >= closes)
        and is_free_form(content)
    ):
        return "closed"
    return "go"
