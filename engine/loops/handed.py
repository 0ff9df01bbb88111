"""What of a handoff is told to the business's own servers: who has the chat, and with what was asked before."""

from collections.abc import Iterator
from typing import Literal

from engine.core.conversation import Conversation
from engine.core.effects import RecordHandoff
from engine.core.step import Step
from engine.core.value import Json

HandoffState = Literal["waiting", "late", "claimed", "ended"]
"""It waits in a queue; nobody has claimed it in time; somebody has it; the flows have the chat again, or nobody."""


def told_of(before: Conversation, step: Step) -> Iterator[Json]:
    """Yield what one turn changed of a conversation's handoffs: one may end and another begin."""
    for effect in step.effects:
        if isinstance(effect, RecordHandoff):
            state = _state(before, step.conversation, effect)
            if state is not None:
                yield _told(state, step.conversation, effect)


def _state(before: Conversation, after: Conversation, record: RecordHandoff) -> HandoffState | None:
    """Return what became of a handoff; None where only its times changed."""
    handoff, earlier = record.handoff, before.handoff
    if record.ended is not None:
        return "ended"
    if earlier is None or earlier.turn != handoff.turn:
        return "waiting" if after.mode == "waiting" else "claimed"
    if handoff.late and not earlier.late:
        return "late"
    stood = (before.mode, before.team, before.assignee, earlier.place)
    if stood == (after.mode, record.team, record.assignee, handoff.place):
        return None
    return "waiting" if after.mode == "waiting" else "claimed"


def _told(state: HandoffState, after: Conversation, record: RecordHandoff) -> Json:
    handoff, run = record.handoff, after.runs[-1] if after.runs else None
    told: dict[str, Json] = {
        "state": state,
        "number": handoff.turn,
        "reason": handoff.reason,
        "place": handoff.place,
        "team": record.team,
        "agent": record.assignee,
        "since": f"{handoff.since.isoformat().removesuffix('+00:00')}Z",
        "late": handoff.late,
        "flow": None if run is None else run.flow,
        "step": None if run is None else run.step,
        "answers": {} if run is None else dict(run.answers),
        "shown": {} if run is None else dict(run.shown),
    }
    if state == "ended":
        told |= {"ended": record.ended, "by": record.by, "note": record.note}
    return told
