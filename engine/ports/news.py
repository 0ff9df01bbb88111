"""What the business's own servers are told: written with what happened, posted afterwards, kept until it was taken."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal, NamedTuple, Protocol

from engine.core.content import Content
from engine.core.ids import ConversationId, ExternalId, LineId, MessageId, NewsId
from engine.core.value import Json

NewsKind = Literal[
    "message_received", "message_said", "message_status", "flow_ended", "handoff_changed"
]


class News(NamedTuple):
    """One fact for one server, as it is stored."""

    id: NewsId
    hook: str
    """Whom it is for."""
    line: LineId
    conversation: ConversationId
    kind: NewsKind
    at: datetime
    message: MessageId | None
    """The message that it speaks of."""
    facts: Json = None
    """What no message says: a status, a flow's answers, who has the chat."""


class ToldMessage(NamedTuple):
    """A message as news tell of it."""

    id: MessageId
    external_id: ExternalId | None
    origin: str
    content: Content


class Posting(NamedTuple):
    """News on their way, with all that is told."""

    news: News
    attempts: int
    """How often it was posted in vain."""
    phone: str | None
    user_id: str | None
    name: str | None
    """Of the contact."""
    told: ToldMessage | None


class Posted(NamedTuple):
    """What became of one attempt."""

    line: LineId
    id: NewsId
    error: str | None = None
    """Why it was not taken; None where it was."""
    retry_at: datetime | None = None
    """With an error: when it is posted again."""


class Hook(Protocol):
    """A server of the business."""

    @property
    def name(self) -> str:
        """What the configuration calls it."""

    def wants(self, line: LineId, kind: NewsKind) -> bool:
        """Tell whether it is told of this."""

    async def post(self, posting: Posting) -> str | None:
        """Post once; return None where it was taken, else why not. Never raises but for cancellation."""


Hooks = Mapping[str, Hook]
NO_HOOKS: Hooks = {}
