"""What shall happen, as imperatives: stored with the conversation, performed by the loops afterwards."""

from datetime import datetime
from typing import Literal

from engine.core.content import Outbound
from engine.core.ids import ExternalId, RunId, VisitId
from engine.core.signals import TimerPurpose
from engine.core.value import Value

Origin = Literal["flow", "engine", "agent"]
"""Who speaks: a flow, the engine itself (its own fixed texts), or an agent."""


class SendMessage(Value):
    """Put one message into the outbox, behind those of the same contact."""

    kind: Literal["send_message"] = "send_message"
    content: Outbound
    origin: Origin = "flow"
    turn: int
    question: bool = False
    """Whether it asks something that a later turn's question replaces."""
    reply_to: ExternalId | None = None
    held: bool = False
    """The window was closed at step time: kept and shown, not sent."""


class RunStep(Value):
    """Start the code step that the conversation is busy with."""

    kind: Literal["run_step"] = "run_step"
    visit: VisitId


class StartTimer(Value):
    """Send a TimerFired at `due_at`; a timer of the same purpose and run is replaced."""

    kind: Literal["start_timer"] = "start_timer"
    purpose: TimerPurpose
    due_at: datetime
    run: RunId
    visit: VisitId


class CancelTimers(Value):
    """Forget the timers of a run, or of all runs."""

    kind: Literal["cancel_timers"] = "cancel_timers"
    run: RunId | None = None
    purpose: TimerPurpose | None = None


class CancelUnsent(Value):
    """Cancel, visibly, what the flow said and what has not left yet."""

    kind: Literal["cancel_unsent"] = "cancel_unsent"


class HandOff(Value):
    """Put the conversation into a team's queue; the conversation's `mode` and `team` say the same."""

    kind: Literal["hand_off"] = "hand_off"
    team: str | None
    reason: str
    """`flow`, `word`, `not_understood`, `step_failed`, `too_many_steps`, `no_options` or `error`."""


Effect = SendMessage | RunStep | StartTimer | CancelTimers | CancelUnsent | HandOff
