"""A provider: what comes in from it and what goes out to it."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple, Protocol

from engine.core.capabilities import Capabilities
from engine.core.content import Media, Outbound
from engine.core.conversation import Contact
from engine.core.errors import SendError
from engine.core.ids import (
    ExternalId,
    LineId,
    MessageId,
)
from engine.core.signals import Arrival
from engine.ports.messages import Exchange
from engine.ports.services import Services


class WebhookRequest(NamedTuple):
    """What arrived at a webhook URL, as received."""

    body: bytes
    headers: Mapping[str, str]
    """Asked for by names in lower case."""
    query: Mapping[str, str] = MappingProxyType({})


class Parcel(NamedTuple):
    """What one body says of one account at the provider."""

    account: str | None
    """The account the body names (Meta's `phone_number_id`); None where a body names none."""
    arrivals: tuple[Arrival, ...]
    """Addressed to the line whose adapter parsed them; the web addresses them anew where the account is another's."""


class Outgoing(NamedTuple):
    """One message on its way to the provider."""

    id: MessageId
    contact: Contact
    content: Outbound
    reply_to: ExternalId | None = None


class Accepted(NamedTuple):
    """The provider took the message."""

    external_id: ExternalId | None
    exchange: Exchange | None = None


class Refused(NamedTuple):
    """The provider did not take the message, or nobody knows (AnswerLost)."""

    error: SendError
    exchange: Exchange | None = None


class FetchedMedia(NamedTuple):
    """A file's bytes as the provider delivered them."""

    data: bytes
    mime_type: str | None


class Adapter(Protocol):
    """One line's door to its provider. `parse` is pure; only `send` and `fetch` wait."""

    @property
    def line(self) -> LineId:
        """The line it serves."""

    @property
    def account(self) -> str | None:
        """What bodies call this line (see Parcel.account)."""

    @property
    def other_account(self) -> str | None:
        """What bodies call the other channel of the same account: told here, it stays here where no line serves it."""

    @property
    def capabilities(self) -> Capabilities:
        """What the line can show and carry."""

    @property
    def read_marks(self) -> bool:
        """Whether the contact's messages are marked as read when a turn answers them."""

    @property
    def services(self) -> Services:
        """What the provider offers beside the chat."""

    def challenge(self, query: dict[str, str]) -> str:
        """Return the body that answers the provider's GET verification. Raises InboundError."""

    def verify(self, request: WebhookRequest) -> None:
        """Check who sent the request. Raises SignatureInvalid."""

    def parse(self, body: bytes, *, received_at: datetime) -> list[Parcel]:
        """Read a webhook body. Raises PayloadInvalid for what is no JSON object; one odd item never spoils the rest."""

    async def send(self, outgoing: Outgoing) -> Accepted | Refused:
        """Send one message: accepted, or refused with what that means. Never raises but for cancellation."""

    async def fetch(self, media: Media) -> FetchedMedia:
        """Download an inbound file. Raises SendError; retryable ones are tried again."""

    async def close(self) -> None:
        """Let go of connections."""
