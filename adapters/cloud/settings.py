"""The `[lines.NAME]` table of a Cloud line."""

from pathlib import Path
from typing import Annotated, ClassVar, Literal

from pydantic import Field, SecretStr

from adapters.settings import BaseUrl, LineSettings


class CloudLine(LineSettings):
    """One number at Meta's Cloud API."""

    required_secrets: ClassVar[tuple[str, ...]] = ("token", "app_secret", "verify_token")

    provider: Literal["cloud"]
    phone_number_id: Annotated[str, Field(pattern=r"^[^/?#\s]{1,128}$", coerce_numbers_to_str=True)]
    """The number's id at Meta, not the number itself."""
    business_account_id: (
        Annotated[str, Field(pattern=r"^[^/?#\s]{1,128}$", coerce_numbers_to_str=True)] | None
    ) = None
    """The WhatsApp Business account's id: with it templates can be listed and handed in, and the webhook registered."""
    token: SecretStr | None = None
    """A system user's access token with `whatsapp_business_messaging`."""
    token_file: Path | None = None
    token_env: str | None = None
    app_secret: SecretStr | None = None
    """Signs Meta's webhooks; App settings, Basic."""
    app_secret_file: Path | None = None
    app_secret_env: str | None = None
    verify_token: SecretStr | None = None
    """Any word of your own, given to Meta beside the webhook's URL."""
    verify_token_file: Path | None = None
    verify_token_env: str | None = None
    base_url: BaseUrl = "https://graph.facebook.com/v23.0"
    """Where sends go; a sandbox or proxy can stand here."""
    read_marks: bool = False
    """Whether the contact's messages are marked as read when a turn answers them."""
