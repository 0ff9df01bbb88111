"""How the Cloud sandbox behaves; every value has a default that suits a test."""

import re
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

PLACE = re.compile(r"\{\{\s*(\w+)\s*\}\}")


class ApprovedTemplate(BaseModel):
    """A template as if Meta had approved it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    language: str = "en_US"
    body: str = ""
    """The words, with a place `{{1}}` or `{{name}}` for each variable; their number is checked."""
    category: Literal["marketing", "utility", "authentication"] = "utility"

    @property
    def places(self) -> tuple[str, ...]:
        """The variables' names in order, each once."""
        return tuple(dict.fromkeys(PLACE.findall(self.body)))


class CloudSettings(BaseModel):
    """One business number at the sandbox, and how strict its Meta is."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    phone_number_id: str = "100000000000001"
    display_phone_number: str = "15550001000"
    account_id: str = "200000000000001"
    """The WhatsApp Business Account, `entry[].id` of every webhook."""
    token: str = "sandbox-token"  # noqa: S105 - opens the sandbox alone
    app_secret: str = "sandbox-secret"  # noqa: S105 - signs the sandbox's webhooks alone
    verify_token: str = "sandbox-verify"  # noqa: S105 - as above
    webhook_url: str | None = None
    """Where the business listens; None keeps webhooks in the ledger alone."""
    public_url: str | None = None
    """The sandbox's own address, for the `url` of inbound media; None leaves that key out."""
    seed: str = "sandbox"
    """Makes the ids. Two sandboxes that feed one database need two seeds: equal ids are duplicates."""

    messages_per_second: float = Field(default=80, ge=0)
    """Above it 130429; 0 is no limit. Source: Cloud API throughput, read 2026-08."""
    pair_interval_s: float = Field(default=6, ge=0)
    """One message a contact each so many seconds, else 131056; 0 is no limit. Source: as above."""
    pair_burst: int = Field(default=45, ge=1)
    """How many messages a contact may get at once before that. Source: as above."""
    window: bool = True
    """Whether free-form messages need the contact's message of the last 24 hours (131047)."""
    late_refusals: bool = False
    """Answer 200 and tell 131047, 131026 and kin by a `failed` status, as Meta does for some senders."""
    templates: tuple[ApprovedTemplate, ...] | None = None
    """The approved ones; None takes any name with any variables."""
    check_media: bool = False
    """Whether a media id must be one that was uploaded here."""
    statuses: tuple[Literal["sent", "delivered", "read"], ...] = ("sent", "delivered", "read")
    """What is told of each message by itself; the rest waits for the contact's `reads()`."""

    webhook_timeout_s: float = Field(default=10, gt=0)
    redeliver_first_s: float = Field(default=1, gt=0)
    """The wait before the second try of a webhook; it doubles each time."""
    redeliver_most_s: float = Field(default=60, gt=0)
    webhook_copies: int = Field(default=1, ge=1)
    """How many times each webhook is delivered at once: Meta warns of duplicates."""
    kept: int = Field(default=1_000_000, ge=1)
    """How many requests and webhooks the ledger holds before the oldest go."""
