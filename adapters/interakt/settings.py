"""The `[lines.NAME]` table of an Interakt line, for either of its channels."""

import hashlib
from pathlib import Path
from typing import ClassVar, Literal, get_args

from pydantic import SecretStr

from adapters.settings import BaseUrl, LineSettings

Channel = Literal["whatsapp", "rcs"]

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
    base_url: BaseUrl = "https://api.interakt.ai"
    """Where calls go; a sandbox or proxy can stand here. A `/v1/public` at its end may be given or left out."""


def account_of(settings: InteraktLine, channel: Channel) -> str:
    """Return what tells the two channels of one account apart, and its lines from those of another account.

    No webhook names its account, so it is known by its key, of which a digest alone is kept.
    """
    digest = hashlib.sha256(settings.secret("api_key").encode()).hexdigest()
    return f"{digest[:16]}:{channel}"
