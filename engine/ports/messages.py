"""Messages on their way: stored, taken up, marked with what became of them.

Named tuples: a message makes about ten of them, and a frozen dataclass of 15 fields takes 2.6 times as long to make.
"""

from datetime import datetime
from typing import Literal, NamedTuple

from engine.core.closed import Closed
from engine.core.content import Content, Outbound, Template
from engine.core.effects import Origin
from engine.core.ids import (
    ConversationId,
    ExternalId,
    LineId,
    MessageId,
)
from engine.core.signals import Arrival
from engine.core.value import Json

Direction = Literal[
    "in", "out", "beside"
]  # from the contact, to the contact, a deed at the provider

MessageStatus = Literal[
    "received",  # inbound
    "queued",  # waits for its turn, its pace or its retry
    "sending",  # durable before the first byte leaves
    "sent",  # the provider has it
    "delivered",
    "read",
    "played",
    "failed",
    "uncertain",  # it left, but no answer came
    "held",  # met a closed window: kept until the contact writes
    "cancelled",  # taken back before it left: an agent took over
    "stale",  # dropped: too old, or a later question replaced it
    "noted",  # a deed that this line's provider has no place for: it stands in the story alone
]


class MessageRow(NamedTuple):
    """One message to store, inbound or outbound, in the same batch as its signal or its turn."""

    id: MessageId
    line: LineId
    conversation: ConversationId
    direction: Direction
    content: Content
    status: MessageStatus
    at: datetime
    """When it was received, or said."""
    external_id: ExternalId | None = None
    origin: Origin | Literal["contact", "phone"] = "contact"
    """Who wrote it; `phone` is the business's own phone."""
    turn: int = 0
    question: bool = False
    reply_to: ExternalId | None = None
    owner: int | None = None
    """The process that sends it, set with `sending`."""
    extra: Json = None
    """As shown to agents: what an inbound message came with; what a template was sent in the place of."""
    closed: Closed = "hold"
    """What becomes of it when the window turns out to be closed."""


class OutboxEntry(NamedTuple):
    """An outbound message as the sender takes it up."""

    id: MessageId
    line: LineId
    conversation: ConversationId
    content: Outbound
    origin: Origin
    turn: int
    question: bool
    reply_to: ExternalId | None
    created_at: datetime
    attempts: int = 0
    maybe_twice: bool = False
    """An earlier try left without an answer: the contact may get it twice."""
    closed: Closed = "hold"
    """What becomes of it when the window turns out to be closed."""


class RefusedMessage(NamedTuple):
    """A message that a provider took, and then told that it cannot be delivered."""

    id: MessageId
    line: LineId
    conversation: ConversationId
    content: Outbound
    origin: Origin
    turn: int
    external_id: str
    closed: Closed
    left_at: datetime
    """When it was said, or let go after it was held."""


class SendMark(NamedTuple):
    """What became of a send, on its way into the next batch."""

    id: MessageId
    line: LineId
    conversation: ConversationId
    status: MessageStatus
    at: datetime
    external_id: ExternalId | None = None
    attempts: int = 0
    retry_at: datetime | None = None
    """With `queued`: not before this."""
    error_code: str | None = None
    error: str | None = None
    exchange: Json = None
    """The provider's request and response, redacted."""
    maybe_twice: bool = False
    instead: Template | None = None
    """What is to be sent in the message's place from now on."""
    tells: Arrival | None = None
    """A signal that enters in the same commit."""


class Exchange(NamedTuple):
    """One provider call, for support: secrets redacted, kept beside a message that was not taken, never logged."""

    method: str
    url: str
    request: str
    status: int | None
    response: str
    elapsed_ms: float
