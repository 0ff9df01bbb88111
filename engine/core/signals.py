"""What happened, in the past tense: the only way into a conversation."""

from typing import Annotated, Literal

from pydantic import Field

from engine.core.closed import Closed
from engine.core.content import Context, Echo, Inbound, Outbound, ProviderError, Referral
from engine.core.ids import ConversationId, ExternalId, LineId, MessageId, RunId, TimerId, VisitId
from engine.core.scheduled import Saying
from engine.core.templates import TemplateChange
from engine.core.value import Json, Utc, Value
from engine.core.watch import Reached, Watch

Status = Literal["sent", "delivered", "read", "played", "failed", "deleted", "warning"]


class Sender(Value):
    """How a provider names a contact; at least one of the two ids is there."""

    phone: str | None = None
    user_id: str | None = None
    name: str | None = None
    """The profile name, when the provider sent it along."""
    is_typed: bool = False
    """Whether the business wrote the number: the spelling in which the provider knows the same person counts more."""


class MessageReceived(Value):
    """The contact sent something."""

    kind: Literal["message_received"] = "message_received"
    external_id: ExternalId
    content: Inbound
    sent_at: Utc
    """The provider's time."""
    context: Context | None = None
    referral: Referral | None = None
    group_id: str | None = None
    """Set on a message to a group: it is kept, never answered."""


class BusinessReplied(Value):
    """The business wrote from its own phone."""

    kind: Literal["business_replied"] = "business_replied"
    echo: Echo


class DeliveryReported(Value):
    """The provider tells what became of one of our messages."""

    kind: Literal["delivery_reported"] = "delivery_reported"
    external_id: ExternalId
    """The id that the send was answered with, where the report tells it."""
    message: MessageId | None = None
    """Our id from the provider's callback field, where it came back."""
    alias: ExternalId | None = None
    """The message's other id at a provider that has two (Gupshup's own and WhatsApp's), remembered with the message.

    Equal to `external_id` where the report does not say which of the two that is.
    """
    status: Status
    at: Utc
    recipient: Sender | None = None
    errors: tuple[ProviderError, ...] = ()
    free_until: Utc | None = None
    """The end of a free entry point that this status tells of."""

    @property
    def is_late_refusal(self) -> bool:
        """Whether it says that a message, taken before, met a closed window."""
        return self.status == "failed" and any(error.window_closed for error in self.errors)


class LineReported(Value):
    """The provider tells something of the line itself, or of a number we do not have."""

    kind: Literal["line_reported"] = "line_reported"
    field: str
    data: Json
    template: TemplateChange | None = None
    """What it tells of a template, where it is about one."""


TimerPurpose = Literal["run_expires", "step_timeout", "join", "question", "scheduled", "handoff"]


class TimerFired(Value):
    """A time that the conversation waited for has come."""

    kind: Literal["timer_fired"] = "timer_fired"
    timer: TimerId
    purpose: TimerPurpose
    run: RunId
    visit: VisitId


class StepReturned(Value):
    """A code step ended."""

    kind: Literal["step_returned"] = "step_returned"
    run: RunId
    visit: VisitId
    exit: str | None = None
    """The target it returned, as the flow layer writes it; None falls to the next in body."""
    answers: dict[str, Json] = Field(default_factory=dict)
    """The fields it assigned."""
    forgets: tuple[str, ...] = ()
    """The fields it deleted: their questions are asked again."""
    said: tuple[Saying, ...] = ()
    takes_back: tuple[str, ...] = ()
    """The names of scheduled messages that shall not be said; taken back before `said` schedules others."""
    error: str | None = None
    """Set when every attempt raised: the last exception's type and message."""


class AgentTookOver(Value):
    """An agent holds the chat from now on."""

    kind: Literal["agent_took_over"] = "agent_took_over"
    agent: str
    """The agent's login, as everywhere here."""
    seen: str | None = None
    """Who held the chat as the agent saw it: where another does by now, nothing happens. None saw nobody."""


class ChatAssigned(Value):
    """The chat was given to an agent, or to a team's queue: by an agent, a rule, or because its agent is away."""

    kind: Literal["chat_assigned"] = "chat_assigned"
    by: str
    """An agent's login, or `rule`."""
    agent: str | None = None
    """Who holds it from now on; None puts it into the queue."""
    team: str | None = None
    """Whose queue, or whose agent; None is everybody's."""
    seen: str | None = None
    """Who held it as `by` saw it: where another does by now, nothing happens. None saw nobody."""
    turn: int | None = None
    """With a rule: the handoff that it was decided for; a later one is not meant."""


class AgentReplied(Value):
    """The agent who holds the chat wrote to the contact; of any other nothing is sent."""

    kind: Literal["agent_replied"] = "agent_replied"
    agent: str
    content: Outbound
    message: MessageId | None = None
    """The id that was given out for it; None makes one."""
    reply_to: ExternalId | None = None
    """The message that it quotes."""


class AgentReleased(Value):
    """An agent gave the chat back to the flows."""

    kind: Literal["agent_released"] = "agent_released"
    agent: str
    answers: dict[str, Json] = Field(default_factory=dict)
    """Answers that the agent corrected, as they are stored."""
    shown: dict[str, str] = Field(default_factory=dict)
    """What the contact sees for them, where that differs."""
    resume: str | None = None
    """The step to go on at; None is the handoff's own `then`."""
    seen: str | None = None
    """Whom the agent saw holding it, where that is another: where a third does by now, nothing happens."""


class ChatClosed(Value):
    """An agent ended the talk: no flow goes on, and the contact's next message begins anew."""

    kind: Literal["chat_closed"] = "chat_closed"
    agent: str
    reason: str
    seen: str | None = None
    """As with AgentReleased."""


class MessageRequested(Value):
    """The business asks for a message to a contact: through the API, or as one row of a broadcast."""

    kind: Literal["message_requested"] = "message_requested"
    message: MessageId
    """The id that was given out for it."""
    content: Outbound
    origin: Literal["api", "broadcast"]
    closed: Closed = "fail"


class FlowRequested(Value):
    """The business asks for a flow to begin with a contact, through the API."""

    kind: Literal["flow_requested"] = "flow_requested"
    flow: str
    answers: dict[str, Json] = Field(default_factory=dict)
    """What is known already; their questions are not asked."""
    if_busy: Literal["queue", "replace", "refuse"] = "queue"
    """What a talk that goes on means for it: it waits for the talk's end, ends the talk, or does not begin."""


ConsentChange = Literal["opted_out", "opted_in", "marketing_stopped", "marketing_resumed"]
ConsentBy = Literal["contact", "agent", "provider"]


class ConsentChanged(Value):
    """The contact told the provider, or an agent tells us, whether our messages are wanted."""

    kind: Literal["consent_changed"] = "consent_changed"
    change: ConsentChange
    by: ConsentBy
    source: str
    """What says so: the provider's event or error code, the agent's name."""
    at: Utc
    """When the contact said it; one that is older than what is known changes nothing."""


class WindowMissed(Value):
    """A message of ours met a closed window after it was said, as the sender found or the provider told."""

    kind: Literal["window_missed"] = "window_missed"
    message: MessageId
    turn: int
    question: bool
    """Whether a question of the same turn was not seen with it: they may share a bubble."""
    at: Utc
    """When it was to leave; what the contact wrote since has opened the window again."""
    refused: bool
    """Whether the provider says so, against what we knew."""
    held: bool
    """Whether it is kept; else it failed, or a template goes out in its place."""
    instead: bool = False
    """Whether a template goes out in its place."""


class MessageSettled(Value):
    """A message that a flow waits for has reached the contact, or will not; told once."""

    kind: Literal["message_settled"] = "message_settled"
    message: MessageId
    watch: Watch
    status: Reached | Literal["failed"]
    error: str | None = None
    """Why it failed: the code and the words it is kept with."""


Signal = Annotated[
    MessageReceived
    | BusinessReplied
    | DeliveryReported
    | LineReported
    | TimerFired
    | StepReturned
    | AgentTookOver
    | ChatAssigned
    | AgentReplied
    | AgentReleased
    | ChatClosed
    | MessageRequested
    | FlowRequested
    | ConsentChanged
    | WindowMissed
    | MessageSettled,
    Field(discriminator="kind"),
]


class Arrival(Value):
    """A signal on its way in: where it belongs and the key that makes it count once."""

    line: LineId
    key: str
    """Unique on its line: the provider's message id, `id:status` for a status, our own id for our own signals."""
    signal: Signal
    received_at: Utc
    sender: Sender | None = None
    """The contact it belongs to, for what a provider sent."""
    conversation: ConversationId | None = None
    """The conversation it belongs to, for what we made ourselves; without either it belongs to the line."""
