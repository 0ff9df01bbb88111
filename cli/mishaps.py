"""What an author is told, in the terminal, of what went wrong in their own code.

A server's log keeps both to itself: an exception may quote what a contact wrote. Here the contact is the author.
"""

import sys
import traceback
from collections.abc import Iterator, MutableMapping, Sequence
from pathlib import Path
from typing import Any

import structlog

import engine
from storage.queries import StoryTurn

HANDED_OVER = {
    "hand_off too_many_steps": "more steps without a question than a turn may have",
    "hand_off no_options": "the question has no option",
    "hand_off step_failed": "the step failed",
}
"""What a trace says of a handoff that no author asked for -> the reason in words."""

_NOT_THEIRS = (str(Path(engine.__file__).parent), "site-packages", f"{sys.prefix}/lib", "<")


def configure_author_log() -> None:
    """Print what the engine logs as an error as one line on standard error."""
    structlog.configure(
        processors=[_in_one_line],
        wrapper_class=structlog.make_filtering_bound_logger("error"),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )


def _in_one_line(logger: Any, method: str, event: MutableMapping[str, Any]) -> str:
    error = sys.exc_info()[1] if event.get("exc_info") else None
    if error is None:
        return f"({event['event']})"
    return f"({event['event']}: {_place(error)}{_words(error)})"


def _words(error: BaseException) -> str:
    return f"{type(error).__name__}: {' '.join(str(error).split())}"


def _place(error: BaseException) -> str:
    """Return the innermost line of code that is neither ours nor a library's."""
    frames = traceback.extract_tb(error.__traceback__)
    theirs = [frame for frame in frames if not any(part in frame.filename for part in _NOT_THEIRS)]
    if not theirs:
        return ""
    file = theirs[-1].filename.removeprefix(f"{Path.cwd()}/")
    return f"{file}:{theirs[-1].lineno}: "


def told(turns: Sequence[StoryTurn]) -> Iterator[str]:
    """Yield a line for each turn in which a code step failed or the flow went nowhere."""
    for turn in turns:
        trace = turn.trace
        if trace.signal == "step_returned" and trace.note:
            yield f"({trace.before}: {' '.join(trace.note.split())})"
        for effect in trace.effects:
            if effect in HANDED_OVER:
                place = trace.path[-1] if trace.path else trace.before
                yield f"({place}: {HANDED_OVER[effect]}; a person takes over)"
