"""What became of a message that a run watches: the flow goes on where it waited, or where `on_failed` leads."""

from engine.core import limits
from engine.core.beside import say_word
from engine.core.content import Inbound, Text
from engine.core.handing import hand_off
from engine.core.signals import MessageSettled
from engine.core.stack import follow, refit, top
from engine.core.turn import Turn
from engine.core.words import fold

WORDS = ("cancel", "agent")
"""What a contact may say while a step waits for a message to arrive; anything else says that it has."""


def settle(turn: Turn, signal: MessageSettled) -> None:
    """Tell the run what became of its message, if it still talks."""
    watch, run = signal.watch, turn.run
    if turn.mode != "bot" or run is None or run.id != watch.run:
        turn.note = "the run is past, or does not talk now"
        return
    waits = watch.until is not None and run.awaits is not None and run.visit == watch.visit
    if signal.status == "failed":
        if waits or watch.failed is not None:
            _fail(turn, signal)
            return
    elif waits:
        turn.matched = "settled"
        go_on(turn)
        return
    turn.note = "the visit is past"


def _fail(turn: Turn, signal: MessageSettled) -> None:
    """Go where the flow says; to a person where it does not, or where going there did not help either."""
    turn.matched, turn.note = "settled", signal.error
    target, run = signal.watch.failed, turn.runs[-1]
    if target is None or run.failures >= limits.FAILURES_PER_RUN:
        hand_off(turn, "undelivered", resume=run.asked)
        return
    turn.put(run.model_copy(update={"failures": run.failures + 1}))
    if refit(turn):
        script, run = top(turn)
        follow(turn, script.go(run, target, turn.scene))


def is_awaiting(turn: Turn) -> bool:
    """Tell whether the run that talks waits for a message of its own to arrive."""
    return bool(turn.runs) and turn.runs[-1].awaits is not None


def hear_awaiting(turn: Turn, content: Inbound) -> None:
    """Go on: who writes has been reached, so there is nothing left to wait for."""
    if isinstance(content, Text):
        found = turn.book.languages.word(turn.contact.locale, fold(content.body))
        if found is not None and found[0] in WORDS:
            say_word(turn, *found)
            return
    turn.matched, turn.note = "settled", "the contact has written"
    go_on(turn)


def go_on(turn: Turn) -> None:
    """Let the run go on that waited for a message to arrive."""
    if refit(turn):
        script, run = top(turn)
        follow(turn, script.go_on(run, turn.scene))
