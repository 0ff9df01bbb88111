"""The `[lines.NAME]` table of a Gupshup line."""

from pathlib import Path
from typing import Annotated, ClassVar, Literal

from pydantic import Field, SecretStr

from adapters.settings import BaseUrl, LineSettings

Digits = Annotated[str, Field(pattern=r"^\d{6,20}$", coerce_numbers_to_str=True)]
"""A number with country code, without `+`."""

AppId = Annotated[str, Field(pattern=r"^[^/?#\s]{1,128}$")]


class GupshupLine(LineSettings):
    """One app, with its number, at Gupshup."""

    required_secrets: ClassVar[tuple[str, ...]] = ("api_key",)

    provider: Literal["gupshup"]
    api_key: SecretStr | None = None
    """The account's API key; Dashboard, profile menu."""
    api_key_file: Path | None = None
    api_key_env: str | None = None
    app: Annotated[str, Field(min_length=1)]
    """The app's name, as the dashboard shows it."""
    source: Digits
    """The app's number, digits with country code."""
    app_id: AppId | None = None
    """The app's id; without it there are no read marks and no template list, and templates need their ids."""
    base_url: BaseUrl = "https://api.gupshup.io"
    """Where calls go; a sandbox or proxy can stand here."""
    read_marks: bool = False
    """Whether the contact's messages are marked as read when a turn answers them; needs `app_id`."""
