"""What shall happen, as imperatives: stored with the conversation, performed by the loops afterwards.

They never leave the process as they are, so they are plain data: checked by types, not when they are made.
The one that every turn makes is not frozen: that would make it three times as dear.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal

from engine.core.closed import Closed
from engine.core.content import Outbound
from engine.core.conversation import Handoff
from engine.core.ids import ExternalId, MessageId, RunId, TimerId, VisitId
from engine.core.signals import ConsentBy, ConsentChange, TimerPurpose
from engine.core.watch import Watch

Origin = Literal["flow", "engine", "timer", "agent", "api", "broadcast", "consent"]
"""Who speaks: a flow, the engine itself (its own fixed texts), a flow at its own time, an agent, the business's own
systems, a broadcast; or the one confirmation that a contact gets who wants nothing more."""

Unwanted = Literal["opted_out", "marketing_stopped"]
"""Why a contact does not want a message."""


@dataclass(slots=True)
class SendMessage:
    """Put one message into the outbox, behind those of the same contact."""

    kind: ClassVar[Literal["send_message"]] = "send_message"
    content: Outbound
    turn: int
    origin: Origin = "flow"
    question: bool = False
    """Whether it asks something that a later turn's question replaces."""
    reply_to: ExternalId | None = None
    closed: Closed = "hold"
    """What becomes of it when the window turns out to be closed as it is sent."""
    met: Literal["held", "failed"] | Unwanted | None = None
    """What a window that was closed at step time made of it: kept and shown, or failed; or why it is cancelled as not
    wanted. Not sent in any case."""
    instead_of: Outbound | None = None
    """What this template replaces, because the window was closed at step time."""
    watch: Watch | None = None
    """What of it shall be told to the run that said it."""
    id: MessageId | None = None
    """The message's id where it was given out before; None makes one."""


@dataclass(frozen=True, slots=True)
class RunStep:
    """Start the code step that the conversation is busy with."""

    kind: ClassVar[Literal["run_step"]] = "run_step"
    visit: VisitId


@dataclass(frozen=True, slots=True)
class StartTimer:
    """Send a TimerFired at `due_at`; a timer of the same purpose and run is replaced."""

    kind: ClassVar[Literal["start_timer"]] = "start_timer"
    purpose: TimerPurpose
    due_at: datetime
    run: RunId
    visit: VisitId


@dataclass(frozen=True, slots=True)
class CancelTimers:
    """Forget the timers of a run, or of all runs."""

    kind: ClassVar[Literal["cancel_timers"]] = "cancel_timers"
    run: RunId | None = None
    purpose: TimerPurpose | None = None
    timer: TimerId | None = None
    """This one alone; another that has taken its place since is kept."""


@dataclass(frozen=True, slots=True)
class CancelUnsent:
    """Cancel, visibly, what the flow said and what has not left yet."""

    kind: ClassVar[Literal["cancel_unsent"]] = "cancel_unsent"


@dataclass(frozen=True, slots=True)
class ReleaseHeld:
    """Let what was held leave, in order and before everything this turn says; what is older is dropped as stale."""

    kind: ClassVar[Literal["release_held"]] = "release_held"
    said_since: datetime


@dataclass(frozen=True, slots=True)
class RecordConsent:
    """Write down, for good, what changed of what the contact wants; an opt-out cancels all that has not left yet."""

    kind: ClassVar[Literal["record_consent"]] = "record_consent"
    change: ConsentChange
    by: ConsentBy
    source: str
    """The contact's message, the agent's name, the provider's event."""
    at: datetime


@dataclass(frozen=True, slots=True)
class HandOff:
    """Put the conversation into a team's queue; the conversation's `mode` and `team` say the same."""

    kind: ClassVar[Literal["hand_off"]] = "hand_off"
    team: str | None
    reason: str
    """`flow`, `word`, `not_understood`, `step_failed`, `too_many_steps`, `no_options`, `undelivered` or
    `error`."""


HandoffEnd = Literal["released", "closed", "contact", "quiet"]
"""How people's part ended: an agent gave the chat back, or closed it; the contact went back to the bot; or the pause
that the business's phone or another desk made was over."""


@dataclass(frozen=True, slots=True)
class RecordHandoff:
    """Write down where a handoff stands, for queues and figures; one row a handoff, written anew at each change."""

    kind: ClassVar[Literal["record_handoff"]] = "record_handoff"
    handoff: Handoff
    team: str | None
    assignee: str | None
    ended: HandoffEnd | None = None
    """None while it lasts."""
    by: str | None = None
    """The agent who ended it."""
    note: str | None = None
    """The reason that the agent gave."""


Effect = (
    SendMessage
    | RunStep
    | StartTimer
    | CancelTimers
    | CancelUnsent
    | ReleaseHeld
    | RecordConsent
    | HandOff
    | RecordHandoff
)
