"""The `[lines.NAME]` table of a Sobot line."""

from pathlib import Path
from typing import ClassVar, Literal

from pydantic import SecretStr

from adapters.settings import BaseUrl, LineSettings


class SobotLine(LineSettings):
    """One number at Sobot (sobot.in)."""

    required_secrets: ClassVar[tuple[str, ...]] = ("api_key", "api_secret")
    account_keys: ClassVar[tuple[str, ...]] = ("api_key",)

    provider: Literal["sobot"]
    api_key: SecretStr | None = None
    """The access key; an admin makes the pair under Settings, Developers tools. A new pair ends the old one."""
    api_key_file: Path | None = None
    api_key_env: str | None = None
    api_secret: SecretStr | None = None
    """The secret key of the same pair."""
    api_secret_file: Path | None = None
    api_secret_env: str | None = None
    base_url: BaseUrl = "https://api.sobot.in"
    """Where calls go; a sandbox or proxy can stand here."""
