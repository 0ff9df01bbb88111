"""The `[lines.NAME]` table of a Karbot line."""

from pathlib import Path
from typing import Annotated, ClassVar, Literal

from pydantic import Field, SecretStr

from adapters.gupshup.settings import Digits
from adapters.settings import BaseUrl, LineSettings


class KarbotLine(LineSettings):
    """One line at Karbot."""

    required_secrets: ClassVar[tuple[str, ...]] = ("password",)
    account_keys: ClassVar[tuple[str, ...]] = ("app", "source")

    provider: Literal["karbot"]
    email: Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+$")]
    """Who logs in to Karbot's platform."""
    password: SecretStr | None = None
    """With what."""
    password_file: Path | None = None
    password_env: str | None = None
    app: Annotated[str, Field(pattern=r"^[^/?#]{1,128}$")]
    """The line's name, which every webhook carries as `app`."""
    source: Digits
    """The line's number, digits with country code."""
    base_url: BaseUrl = "https://api.karbot.mx"
    """Where calls go; a sandbox, a proxy or another backend of Karbot's can stand here."""
