"""What every adapter tells of its line in the same way; the rest of `engine.ports.Adapter` is each provider's own."""

from engine.core.capabilities import Capabilities
from engine.core.content import ContactUpdate
from engine.core.conversation import Contact
from engine.core.errors import PayloadInvalid
from engine.core.ids import LineId
from engine.ports.services import NO_SERVICES, ManualSetup, Profile, Services


class LineAdapter:
    """One line of a provider. The session is shared and stays open when the adapter is closed.

    Args:
        line: The line it serves.
        account: What bodies call the line; None where they name none.
        capabilities: What the provider's lines can show and carry.
        rate_per_second: The line's own `rate_per_second`; None keeps the provider's ceiling.
        read_marks: Whether the contact's messages are marked as read when a turn answers them.
        services: What the provider offers beside the chat.
    """

    def __init__(
        self,
        line: LineId,
        *,
        capabilities: Capabilities,
        account: str | None = None,
        rate_per_second: float | None = None,
        read_marks: bool = False,
        services: Services = NO_SERVICES,
    ) -> None:
        self._line = line
        self._account = account
        self._read_marks = read_marks
        self._services = services
        self._capabilities = capabilities
        if rate_per_second is not None:
            self._capabilities = capabilities.model_copy(
                update={"messages_per_second": rate_per_second}
            )

    @property
    def line(self) -> LineId:
        """The line it serves."""
        return self._line

    @property
    def account(self) -> str | None:
        """What bodies call this line; None where they name none."""
        return self._account

    @property
    def other_account(self) -> str | None:
        """The other channel's name of the same account; None where there is but one."""
        return None

    @property
    def capabilities(self) -> Capabilities:
        """What the line can show and carry."""
        return self._capabilities

    @property
    def read_marks(self) -> bool:
        """Whether the contact's messages are marked as read when a turn answers them."""
        return self._read_marks

    @property
    def services(self) -> Services:
        """What the provider offers beside the chat."""
        return self._services

    def challenge(self, query: dict[str, str]) -> str:
        """Refuse a GET check of the URL, which this provider does not make. Raises PayloadInvalid."""
        raise PayloadInvalid("this address takes webhooks by POST, nothing else")

    async def close(self) -> None:
        """Let go of nothing: the session belongs to whoever built it."""


class SetByHand:
    """The webhook of a provider that has no call to set it.

    Args:
        told: What to do, with `{url}` where the address stands.
    """

    def __init__(self, told: str) -> None:
        self._told = told

    async def register(self, url: str) -> str:
        """Say what to do. Raises ManualSetup."""
        raise ManualSetup(self._told.format(url=url))


def profile_of(contact: Contact, update: ContactUpdate) -> Profile:
    """Return what a flow wants kept of a contact, as the provider's address book takes it."""
    return Profile(
        phone=contact.phone,
        name=update.name or contact.name,
        traits=update.traits,
        tags=update.tags,
    )
