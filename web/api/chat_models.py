"""What the addresses of chats take and give."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from engine.core.content import Sendable
from engine.core.conversation import Mode, Place
from engine.core.value import Json
from engine.ports import Direction, MessageStatus
from web.api.models import Model

MESSAGES_SHOWN = 100

AgentName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._@+-]{1,64}$")]


class ChatContact(Model):
    """Who writes."""

    phone: str | None
    user_id: str | None
    name: str | None
    locale: str | None


class ChatHandoff(Model):
    """What people have it for."""

    number: int
    """Tells one handoff of a conversation from the next."""
    reason: str
    place: Place
    since: datetime
    claimed_at: datetime | None
    late: bool


class ChatRun(Model):
    """Where the talk stood."""

    flow: str
    step: str
    answers: dict[str, Json]
    """By field, as they are stored."""
    shown: dict[str, str]
    """What the contact saw for them, where that differs."""


class ChatMessage(Model):
    """One message of the transcript."""

    id: str
    direction: Direction
    """`beside` is what was done at the provider and no message."""
    origin: str
    """`contact`, `flow`, `engine`, `timer`, `agent`, `api`, `broadcast` or `phone`."""
    content: dict[str, Json]
    status: MessageStatus
    at: datetime
    external_id: str | None
    error: str | None


class ChatState(Model):
    """A chat, with the end of its transcript."""

    ok: Literal[True] = True
    line: str
    conversation: str
    contact: ChatContact
    mode: Mode
    """Who answers: the flows, nobody yet, an agent, nobody any more."""
    team: str | None
    agent: str | None
    handoff: ChatHandoff | None
    run: ChatRun | None
    window_closes_at: datetime | None
    messages: list[ChatMessage]
    """The last 100, oldest first."""


class ChatAct(Model):
    """An agent takes the chat over."""

    agent: AgentName
    """By the name that your program gives them."""
    seen: Annotated[str, StringConstraints(min_length=1, max_length=256)] | None = None
    """Who has the chat as your program knows it, as `agent` of the chat tells: where another does by now, the answer is
    409. Without it nobody may have it but agents of the same token."""


class ChatReply(ChatAct):
    """An agent writes to the contact."""

    content: Annotated[Sendable, Field(discriminator="kind")]
    reply_to: Annotated[str, StringConstraints(pattern="^[!-~]{1,256}$")] | None = None
    """The `external_id` of a message that it quotes."""


class ChatReleased(ChatAct):
    """An agent gives the chat back to the flows."""

    answers: dict[str, Json] = {}
    """Answers that the agent corrected, by field."""
    shown: dict[str, str] = {}
    """What the contact sees for them, where that differs."""
    resume: Annotated[str, StringConstraints(pattern="^[a-z_][a-z0-9_]{0,63}$")] | None = None
    """The step to go on at; none is where the handoff says."""


class ChatEnded(ChatAct):
    """An agent ends the talk."""

    reason: Annotated[str, StringConstraints(min_length=1, max_length=200)]


class ChatChanged(Model):
    """It is done."""

    ok: Literal[True] = True
    id: str
    """The request's own id, as the audit names it."""
    status: Literal["done", "accepted"]
    """Done, or stored and not looked at yet."""
