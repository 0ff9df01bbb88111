"""How the Karbot sandbox behaves; every value has a default that suits a test."""

from typing import Literal

from pydantic import Field

from adapters.sandbox.gupshup.settings import GupshupSettings


class KarbotSettings(GupshupSettings):
    """One line at the sandbox, and who may log in."""

    email: str = "bot@shop.example"
    """Who logs in."""
    password: str = "sandbox-password"  # noqa: S105 - opens the sandbox alone
    """With what."""
    token_minutes: float = Field(default=60, gt=0)
    """How long a token works; clients renew it after 55 minutes."""
    login_answer: Literal["token", "access_token", "session"] = "token"
    """Where the answer to a login carries the token: at the top, or in `session.access_token`."""
