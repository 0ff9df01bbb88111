"""The `[lines.NAME]` table of a Gupshup line."""

import re
from pathlib import Path
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field, SecretStr

from adapters.settings import BaseUrl, LineSettings


def _check_digits(number: str) -> str:
    if re.fullmatch(r"[0-9]{6,20}", number) is None:
        raise ValueError("must be a number in digits with its country code, such as 525550000009")
    return number


Digits = Annotated[str, Field(coerce_numbers_to_str=True), AfterValidator(_check_digits)]
"""A number with country code, without `+`."""

AppId = Annotated[str, Field(pattern=r"^[^/?#\s]{1,128}$")]


class GupshupLine(LineSettings):
    """One app, with its number, at Gupshup."""

    required_secrets: ClassVar[tuple[str, ...]] = ("api_key",)
    account_keys: ClassVar[tuple[str, ...]] = ("app", "source")

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
