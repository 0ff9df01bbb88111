"""What `check` finds in times: reminders that never come, ends that are too soon, dates that are over."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from engine.core.capabilities import Capabilities
from engine.flow.compile import CompiledFlow
from engine.flow.plan import Step
from engine.flow.problem import Problem, problem_at
from engine.flow.times import BeforeClose, written_length
from engine.flow.timing import Timing

Found = Iterator[tuple[str, str]]
"""What is wrong, and what to do about it."""


def check_timed(
    flow: CompiledFlow, step: Step, lines: Sequence[Capabilities], now: datetime | None
) -> Iterator[Problem]:
    """Yield the problems of one step's times.

    Args:
        flow: The step's flow.
        step: Any step.
        lines: What the configured lines can do.
        now: Aware UTC; None looks at no date.
    """
    timing = step.timing
    found = [*_past(step, now)]
    if timing is not None:
        lengths = [one.due for one in timing.reminders if isinstance(one.due, timedelta)]
        found += [
            *_too_late(flow, timing, lengths),
            *_twice(lengths),
            *_before_close(timing, lines),
        ]
    for what, todo in found:
        yield problem_at(flow, step.source, step.name, what, todo)


def _too_late(flow: CompiledFlow, timing: Timing, lengths: Sequence[timedelta]) -> Found:
    """Yield what never comes, because the question or the whole run has expired by then."""
    ends = [(flow.expires, "the flow's"), (timing.expires, "its")]
    for end, whose in ends:
        if end is None:
            continue
        for length in lengths:
            if length >= end:
                late, most = written_length(length), written_length(end)
                yield (
                    f"the reminder after {late} never comes: {whose} expires={most!r} is no longer",
                    f"remind before {most}, or let it expire later",
                )
    if flow.expires is not None and timing.expires is not None and timing.expires >= flow.expires:
        most = written_length(flow.expires)
        yield (
            f"it never expires by itself: the flow's expires={most!r} ends the talk first",
            f"let the question expire before {most}, or the flow later",
        )


def _twice(lengths: Sequence[timedelta]) -> Found:
    for length in dict.fromkeys(lengths):
        if lengths.count(length) > 1:
            late = written_length(length)
            yield f"{lengths.count(length)} reminders come after {late}", "take one out"


def _before_close(timing: Timing, lines: Sequence[Capabilities]) -> Found:
    nudges = [one.due.length for one in timing.reminders if isinstance(one.due, BeforeClose)]
    windows = [line.window for line in lines]
    for length in nudges:
        if windows and not any(windows):
            yield "no line has a window, so nothing nudges", "take nudge= out, or use remind="
        elif windows and all(window <= length for window in windows if window is not None):
            most = written_length(max(window for window in windows if window is not None))
            yield (
                f"before_close({written_length(length)!r}) is longer than the window, {most}",
                "nudge less long before it closes",
            )


def _past(step: Step, now: datetime | None) -> Found:
    at = step.at
    if now is None or not isinstance(at, datetime):
        return
    # Without a zone it is each contact's own: past everywhere once it is half a day past in UTC.
    over = at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC) + timedelta(hours=12)
    if over <= now:
        yield f"at={at.isoformat(' ', 'minutes')} is past, so it is never said", "give a later one"
