"""How the Gupshup sandbox behaves; every value has a default that suits a test."""

from typing import Literal

from pydantic import Field

from adapters.sandbox.settings import SandboxSettings


class GupshupSettings(SandboxSettings):
    """One app at the sandbox, and which of the forms seen in the wild its webhooks take."""

    api_key: str = "sandbox-key"  # pragma: allowlist secret
    """The `apikey` header to ask for."""
    app: str = "SandboxApp"
    """The app's name: `src.name` of every request, `app` of every webhook."""
    app_id: str = "a1b2c3d4-0000-4000-8000-000000000001"
    """The app's id, as it stands in paths."""
    source: str = "5215550009000"
    """The business's number."""

    messages_per_second: float = Field(default=20, ge=0)
    """Above it 429; 0 is no limit. Source: Gupshup support, rate limits, read 2026-08."""

    button_type: Literal["button_reply", "quick_reply"] = "button_reply"
    """How a tap on a session message's button comes: the guide's form or the partner documents'."""
    template_tap_type: Literal["quick_reply", "text"] = "quick_reply"
    """How a tap on a template's button comes; two pages disagree."""
    postbacks: bool = True
    """Whether a tap brings the `postbackText` back that was sent; without, its title and place alone tell."""
    whatsapp_ids: Literal["wamid", "uuid"] = "wamid"
    """The form of WhatsApp's own ids of what the business sends; some accounts see UUIDs."""
    gs_ids: bool = True
    """Whether sent, delivered and read name the message's `gsId`; late ones come without."""
    answer_content_type: str = "application/json"
    """What the answers to sends say they are; some say `text/html`."""
