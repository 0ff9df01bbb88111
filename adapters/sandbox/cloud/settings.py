"""How the Cloud sandbox behaves; every value has a default that suits a test."""

from pydantic import Field

from adapters.sandbox.settings import SandboxSettings


class CloudSettings(SandboxSettings):
    """One business number at the sandbox, and how strict its Meta is."""

    phone_number_id: str = "100000000000001"
    """The number's id at Meta, as it stands in paths and webhooks."""
    display_phone_number: str = "15550001000"
    """The number itself."""
    account_id: str = "200000000000001"
    """The WhatsApp Business Account, `entry[].id` of every webhook."""
    token: str = "sandbox-token"  # noqa: S105 - opens the sandbox alone
    """The Bearer token to ask for."""
    app_secret: str = "sandbox-secret"  # noqa: S105 - signs the sandbox's webhooks alone
    """Signs the webhooks."""
    verify_token: str = "sandbox-verify"  # noqa: S105 - as above
    """What the handshake shows to the business."""

    messages_per_second: float = Field(default=80, ge=0)
    """Above it 130429; 0 is no limit. Source: Cloud API throughput, read 2026-08."""
    pair_interval_s: float = Field(default=6, ge=0)
    """One message a contact each so many seconds, else 131056; 0 is no limit. Source: as above."""
    pair_burst: int = Field(default=45, ge=1)
    """How many messages a contact may get at once before that. Source: as above."""
    late_refusals: bool = False
    """Answer 200 and tell 131047, 131026 and kin by a `failed` status, as Meta does for some senders."""
    check_media: bool = False
    """Whether a media id must be one that was uploaded here."""
