"""The `[lines.NAME]` table of CBOT, and of 360dialog, whose API CBOT sells under its own name."""

from pathlib import Path
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, SecretStr, model_validator

from adapters.settings import BaseUrl, LineSettings

Api = Literal["onpremise", "cloud"]
"""Which of WhatsApp's two APIs the provider passes on."""

URLS: dict[Api, str] = {
    "cloud": "https://waba-v2.360dialog.io",
    "onpremise": "https://waba.360dialog.io",
}
"""Where 360dialog's calls go. Source: 360dialog, "The Basics", read 2026-08."""


class CbotLine(LineSettings):
    """One number at CBOT or 360dialog; the key alone says which number it is."""

    required_secrets: ClassVar[tuple[str, ...]] = ("api_key",)
    account_keys: ClassVar[tuple[str, ...]] = ("base_url", "api", "api_key")
    optional_secrets: ClassVar[tuple[str, ...]] = ("webhook_secret", "webhook_password")

    provider: Literal["cbot", "360dialog"]
    base_url: BaseUrl | None = None
    """Where calls go. CBOT gives it to you with the key; for 360dialog None is its own address of the API chosen."""
    api: Api = "cloud"
    """`onpremise` is the older form, which Meta ended in October 2025 and others still speak."""
    api_key: SecretStr | None = None
    """The number's own key."""
    api_key_file: Path | None = None
    api_key_env: str | None = None
    api_key_header: Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{1,64}$")] = "D360-API-KEY"
    """The header that carries the key."""
    webhook_user: Annotated[str, Field(pattern=r"^[^:\s]{1,128}$")] | None = None
    """With `webhook_password`: webhooks must bring this user and password in a Basic header."""
    webhook_password: SecretStr | None = None
    webhook_password_file: Path | None = None
    webhook_password_env: str | None = None
    read_marks: bool = False
    """Whether the contact's messages are marked as read when a turn answers them."""

    @model_validator(mode="after")
    def _check_table(self) -> Self:
        if self.provider == "cbot" and self.base_url is None:
            raise ValueError("base_url is missing: CBOT gives it to you with the key")
        password = (self.webhook_password, self.webhook_password_file, self.webhook_password_env)
        if (self.webhook_user is not None) != any(given is not None for given in password):
            raise ValueError("webhook_user and webhook_password belong together: give both or none")
        return self

    @property
    def is_guarded(self) -> bool:
        """Whether more than a signature keeps strangers from posting webhooks; the secrets have been read."""
        return super().is_guarded or self.webhook_user is not None

    @property
    def url(self) -> str:
        """Where calls go."""
        return self.base_url or URLS[self.api]
