"""How the Interakt sandbox behaves; every value has a default that suits a test."""

from typing import Literal

from pydantic import Field

from adapters.sandbox.settings import SandboxSettings


class InteraktSettings(SandboxSettings):
    """One Interakt account, and how strict it is."""

    channel: Literal["whatsapp", "rcs"] = "whatsapp"
    """Where its contacts write; the calls of both channels are answered whatever it is."""
    api_key: str = "c2FuZGJveDprZXk="
    """The key to ask for behind `Basic`, as the dashboard shows it."""
    signing_secret: str = "sandbox-secret"  # noqa: S105 - signs the sandbox's webhooks alone
    """Signs the webhooks."""
    organization_id: str = "50000000-0000-4000-8000-000000000001"
    """The account's id in templates."""
    bot_id: str = "600000000000000000000001"
    """The RCS assistant, in its callbacks."""

    messages_per_second: float = Field(default=5, ge=0)
    """Above it 429; the Growth plan has 300 requests a minute, Advanced 600. 0 is no limit."""
    webhook_timeout_s: float = Field(default=3, gt=0)
    """How long it waits for the business's answer to a webhook."""
    refusal_status: Literal[400, 201] = 400
    """The documents show refused messages with either; `result` says it in both."""
    taps: Literal["json", "object", "title"] = "json"
    """How a tap arrives: JSON in a text, the same as an object, or its title alone, as older bodies have it."""
    postbacks: Literal["plain", "base64"] = "plain"
    """How an RCS tap names its button: as it was sent, or in base64; the documents say both."""
    hides_numbers: bool = False
    """Whether the last digits of contacts' numbers stand as dots and asterisks."""
    approves: bool = True
    """Whether a template handed in is approved as soon as it is asked for."""
