"""The `[lines.NAME]` table of an Interakt line, for either of its channels."""

import hashlib
from pathlib import Path
from typing import Annotated, ClassVar, Literal, Self, get_args

from pydantic import SecretStr, StringConstraints, model_validator

from adapters.settings import BaseUrl, LineSettings
from engine.ports.helpdesk import Helpdesk

Channel = Literal["whatsapp", "rcs"]

AgentEmail = Annotated[str, StringConstraints(pattern=r"^[^\s@]+@[^\s@]+$")]
"""How Interakt names agents. Source: Interakt Public APIs, Chat Assignment, read 2026-08."""

CHANNELS: tuple[Channel, ...] = get_args(Channel)


class InteraktLine(LineSettings):
    """One channel of an Interakt account."""

    required_secrets: ClassVar[tuple[str, ...]] = ("api_key", "signing_secret")

    provider: Literal["interakt"]
    channel: Channel = "whatsapp"
    """Which of the account's channels this line is."""
    api_key: SecretStr | None = None
    """Settings > Developer Settings > Secret Key, as it stands there: it is encoded already."""
    api_key_file: Path | None = None
    api_key_env: str | None = None
    signing_secret: SecretStr | None = None
    """The secret key given beside the webhook's URL; signs the webhooks."""
    signing_secret_file: Path | None = None
    signing_secret_env: str | None = None
    follows_opt_in: bool = False
    """Whether the trait `whatsapp_opted_in` of who writes says if that person gets marketing. Interakt has it `false`
    for people who were never asked, too."""
    helpdesk: Literal["interakt"] | None = None
    """Hands chats to Interakt's own inbox; None to Parley's."""
    helpdesk_agent: AgentEmail | None = None
    """The agent there who gets them."""
    helpdesk_agents: dict[str, AgentEmail] = {}
    """Another agent for a team's."""
    base_url: BaseUrl = "https://api.interakt.ai"
    """Where calls go; a sandbox or proxy can stand here. A `/v1/public` at its end may be given or left out."""

    @model_validator(mode="after")
    def _check_helpdesk(self) -> Self:
        if self.helpdesk is not None and self.channel != "whatsapp":
            raise ValueError("helpdesk: Interakt assigns chats of the channel whatsapp alone")
        if self.helpdesk is not None and self.helpdesk_agent is None:
            raise ValueError("helpdesk_agent is missing: name who gets the chats there")
        if self.helpdesk is None and (self.helpdesk_agent or self.helpdesk_agents):
            raise ValueError('helpdesk_agent counts with helpdesk = "interakt" alone')
        return self

    @property
    def own_helpdesk(self) -> Helpdesk | None:
        """Interakt's own inbox, where chats go to it."""
        if self.helpdesk is None or self.helpdesk_agent is None:
            return None
        return Helpdesk(self.helpdesk_agent, self.helpdesk_agents)


def account_of(settings: InteraktLine, channel: Channel) -> str:
    """Return what tells the two channels of one account apart, and its lines from those of another account.

    No webhook names its account, so it is known by its key, of which a digest alone is kept.
    """
    digest = hashlib.sha256(settings.secret("api_key").encode()).hexdigest()
    return f"{digest[:16]}:{channel}"
