"""The end of a turn: its new conversation, its effects, its timers set right, and why it went so."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import assert_never

from engine.core.book import Book
from engine.core.conversation import Conversation, Handoff, Mode, Run
from engine.core.effects import (
    CancelTimers,
    CancelUnsent,
    Effect,
    HandOff,
    RecordConsent,
    RecordHandoff,
    ReleaseHeld,
    RunStep,
    SendMessage,
    StartTimer,
)
from engine.core.saying import messages_said
from engine.core.trace import Trace
from engine.core.turn import Turn
from engine.core.waits import handoff_timers, question_timers, scheduled_timers


def close(turn: Turn) -> Conversation:
    """Make effects of what was said, set the timers right and return the new conversation."""
    stale, new = _timers(turn)
    if turn.handoff is not None:
        _record_handoff(turn, turn.handoff)
    turn.effects = [*messages_said(turn), *stale, *turn.effects, *new]
    return turn.close(counts=turn.matched not in ("recorded", "quiet"))


def _record_handoff(turn: Turn, handoff: Handoff) -> None:
    """Write down where the handoff stands, where this turn changed that."""
    before = turn.conversation
    stood = (before.handoff, before.team, before.assignee)
    if stood != (handoff, turn.team, turn.assignee):
        turn.effects.append(RecordHandoff(handoff, turn.team, turn.assignee))


def trace_of(turn: Turn, signal: str) -> Trace:
    """Tell why the turn went as it did; to be called after `close`."""
    return Trace(  # by position: names would take twice as long
        signal,
        turn.matched,
        _place(turn.conversation.runs),
        _place(turn.runs),
        turn.score,
        tuple(turn.path),
        tuple([_name(effect) for effect in turn.effects]),
        turn.note,
    )


def _timers(turn: Turn) -> tuple[list[CancelTimers], list[StartTimer]]:
    """Return what ends timers that count no more, and the timer of an expiry that begins to count.

    An expiry has one timer a run, not one a message: when it fires, the step looks when the contact last wrote.
    """
    before = turn.conversation
    stale: list[CancelTimers] = []
    new: list[StartTimer] = []
    if before.busy is not None and before.busy is not turn.busy:
        stale.append(CancelTimers(run=before.busy.run, purpose="step_timeout"))
    if turn.book.has_timed:
        ended, begun = question_timers(before, turn.mode, turn.runs)
        stale, new = stale + ended, new + begun
    if turn.scheduled != before.scheduled:
        ended, begun = scheduled_timers(turn.scheduled)
        stale, new = stale + ended, new + begun
    if turn.handoff is not before.handoff:
        ended, begun = handoff_timers(before.handoff, turn.handoff)
        stale, new = stale + ended, new + begun
    if not turn.book.has_expiring:
        return stale, new
    counted = expiring(turn.book, before.mode, before.runs)
    counts = expiring(turn.book, turn.mode, turn.runs)
    if (counted and counted[0].id) == (counts and counts[0].id):
        return stale, new
    if counted is not None:
        stale.append(CancelTimers(run=counted[0].id, purpose="run_expires"))
    if counts is not None:
        new.append(expiry_timer(*counts, since=turn.now))
    return stale, new


def expiring(book: Book, mode: Mode, runs: Sequence[Run]) -> tuple[Run, timedelta] | None:
    """Return the run whose expiry counts, with its length: the topmost that has one; none but while the bot talks."""
    if mode != "bot":
        return None
    for run in reversed(runs):
        script = book.scripts.get(run.flow)
        if script is not None and script.expires is not None:
            return run, script.expires
    return None


def expiry_timer(run: Run, expires: timedelta, *, since: datetime) -> StartTimer:
    """Return the timer that ends the talk, counted from `since`."""
    return StartTimer(purpose="run_expires", due_at=since + expires, run=run.id, visit=run.visit)


def _place(runs: Sequence[Run]) -> str | None:
    return f"{runs[-1].flow}.{runs[-1].step}" if runs else None


def _name(effect: Effect) -> str:
    """Return the effect in a word or two, for the trace."""
    match effect:
        case SendMessage():
            return f"send {effect.content.kind}" + (f" {effect.met}" if effect.met else "")
        case StartTimer() | CancelTimers():
            return f"{effect.kind} {effect.purpose}"
        case HandOff():
            return f"hand_off {effect.reason}"
        case RecordConsent():
            return f"{effect.kind} {effect.change}"
        case RunStep() | CancelUnsent() | ReleaseHeld() | RecordHandoff():
            return effect.kind
        case _:
            assert_never(effect)
