"""What an open question does while nobody answers it: when its next reminder, or its end, is due."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from engine.core.conversation import Conversation, Handoff, Mode, Run, Waits
from engine.core.effects import CancelTimers, StartTimer
from engine.core.hours import Times
from engine.core.ids import RunId, VisitId
from engine.core.scheduled import Scheduled

NO_RUN = RunId(0)
"""Whose timer the scheduled messages of a conversation have: they belong to no run."""


def next_wait(times: Times | None, *, since: datetime, said: tuple[int, ...] = ()) -> Waits | None:
    """Return what is waited for next, None where nothing more is to come.

    Args:
        times: When the question's reminders and its end are due.
        since: What these times were counted from.
        said: The reminders said already, by their place.
    """
    if times is None:
        return None
    due = [at for place, at in enumerate(times.reminders) if at is not None and place not in said]
    if times.expires_at is not None:
        due.append(times.expires_at)
    return Waits(since=since, said=said, due_at=min(due)) if due else None


def question_timers(
    before: Conversation, mode: Mode, runs: Sequence[Run]
) -> tuple[list[CancelTimers], list[StartTimer]]:
    """Return what sets the open question's timer right; there is one a run, for what is due next."""
    was, now = _waiting(before.mode, before.runs), _waiting(mode, runs)
    stale: list[CancelTimers] = []
    if was is not None and (now is None or now[0].id != was[0].id):
        stale.append(CancelTimers(run=was[0].id, purpose="question"))
    if now is None or (was is not None and _is_same(was, now)):
        return stale, []
    run, waits = now
    timer = StartTimer(purpose="question", due_at=waits.due_at, run=run.id, visit=run.visit)
    return stale, [timer]


def scheduled_timers(
    scheduled: Iterable[Scheduled],
) -> tuple[list[CancelTimers], list[StartTimer]]:
    """Return what sets the timer of the scheduled messages right: one a conversation, for the first of them."""
    due = min((one.due_at for one in scheduled), default=None)
    if due is None:
        return [CancelTimers(run=NO_RUN, purpose="scheduled")], []
    return [], [StartTimer(purpose="scheduled", due_at=due, run=NO_RUN, visit=VisitId(0))]


def handoff_timers(
    before: Handoff | None, now: Handoff | None
) -> tuple[list[CancelTimers], list[StartTimer]]:
    """Return what sets the timer of a handoff right: one a conversation, for what happens by itself."""
    was = None if before is None else before.due_at
    due = None if now is None else now.due_at
    if now is None or due is None:
        return ([] if was is None else [CancelTimers(run=NO_RUN, purpose="handoff")]), []
    if was == due and before is not None and before.turn == now.turn:
        return [], []
    visit = VisitId(now.turn)
    return [], [StartTimer(purpose="handoff", due_at=due, run=NO_RUN, visit=visit)]


def _waiting(mode: Mode, runs: Sequence[Run]) -> tuple[Run, Waits] | None:
    """Return the run whose question is open and waits with something; none but while the bot talks."""
    if mode != "bot" or not runs:
        return None
    run = runs[-1]
    return None if run.asked is None or run.waits is None else (run, run.waits)


def _is_same(was: tuple[Run, Waits], now: tuple[Run, Waits]) -> bool:
    return (was[0].id, was[0].visit, was[1]) == (now[0].id, now[0].visit, now[1])
