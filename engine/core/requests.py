"""Flows that the business begins: at once where no talk goes on, else as it asked."""

from collections.abc import Mapping
from typing import Final

from engine.core import limits
from engine.core.conversation import NextFlow
from engine.core.signals import FlowRequested
from engine.core.stack import begin
from engine.core.turn import Turn
from engine.core.value import Json

WAITS: Final = "it waits until the talk has ended"
"""A trace's note where the flow begins later."""

BUSY: Final = "a talk goes on"
"""A trace's note where the flow does not begin for that."""

FULL: Final = "too many flows wait for the end of the talk"
OPTED_OUT: Final = "the contact wants no messages"
GONE: Final = "there is no such flow"

REFUSALS: Final = frozenset({BUSY, FULL, OPTED_OUT, GONE})
"""The notes of requests that came to nothing."""


def request(turn: Turn, signal: FlowRequested) -> None:
    """Begin the flow now, later or not at all; where people hold the chat it never begins now."""
    if turn.contact.opted_out_at is not None:
        turn.note = OPTED_OUT
    elif signal.flow not in turn.book.scripts:
        turn.note = GONE
    elif is_idle(turn):
        _begin(turn, signal.flow, signal.answers)
    else:
        _while_talking(turn, signal)


def begin_next(turn: Turn) -> None:
    """Begin what waited for the end of the talk, if that has come; the first that asks something keeps the rest."""
    while turn.next_flows and is_idle(turn):
        first, *rest = turn.next_flows
        turn.next_flows = tuple(rest)
        if first.flow in turn.book.scripts:
            _begin(turn, first.flow, first.answers)


def is_idle(turn: Turn) -> bool:
    """Tell whether nothing goes on that a new flow would cut off."""
    return not turn.runs and turn.busy is None and turn.mode in ("bot", "closed")


def _while_talking(turn: Turn, signal: FlowRequested) -> None:
    if signal.if_busy == "refuse":
        turn.note = BUSY
    elif signal.if_busy == "replace" and turn.mode == "bot":
        _begin(turn, signal.flow, signal.answers)
    else:
        _wait(turn, NextFlow(flow=signal.flow, answers=signal.answers))


def _wait(turn: Turn, flow: NextFlow) -> None:
    if len(turn.next_flows) >= limits.NEXT_FLOWS:
        turn.note = FULL
        return
    turn.next_flows = (*turn.next_flows, flow)
    turn.note = WAITS


def _begin(turn: Turn, flow: str, answers: Mapping[str, Json]) -> None:
    if turn.matched in ("recorded", "quiet"):
        turn.matched = "requested"
    turn.mode = "bot"
    begin(turn, flow, answers)
    if turn.matched == "requested" and turn.origin == "flow":
        turn.origin = "timer"  # nobody waits for it: replies to contacts go first
