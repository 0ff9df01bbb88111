"""How a sandbox behaves, as far as all providers share it; every value has a default that suits a test."""

import re
from collections.abc import Mapping
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

PLACE = re.compile(r"\{\{\s*(\w+)\s*\}\}")


class ApprovedTemplate(BaseModel):
    """A template as if Meta had approved it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    language: str = "en_US"
    body: str = ""
    """The words, with a place `{{1}}` or `{{name}}` for each variable; their number is checked."""
    category: Literal["marketing", "utility", "authentication"] = "utility"
    id: str = ""
    """The provider's own id, where it has one."""
    buttons: tuple[str, ...] = ()
    """The titles of its quick replies."""
    header: Literal["image", "video", "document"] | None = None
    """The kind of the file above its words, which each send names."""

    @property
    def places(self) -> tuple[str, ...]:
        """The variables' names in order, each once."""
        return tuple(dict.fromkeys(PLACE.findall(self.body)))

    @property
    def components(self) -> list[JsonValue]:
        """Its parts as Meta lists them."""
        parts: list[JsonValue] = [{"type": "BODY", "text": self.body}]
        if self.header is not None:
            parts.insert(0, {"type": "HEADER", "format": self.header.upper()})
        if self.buttons:
            titles = self.buttons
            replies: list[JsonValue] = [{"type": "QUICK_REPLY", "text": one} for one in titles]
            parts.append({"type": "BUTTONS", "buttons": replies})
        return parts

    def filled(self, values: Mapping[str, str]) -> str:
        """Return the words with a value in each place."""
        return PLACE.sub(lambda place: values[place.group(1)], self.body)


class SandboxSettings(BaseModel):
    """What every sandbox can be told; a provider's own settings come on top."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    webhook_url: str | None = None
    """Where the business listens; None keeps webhooks in the ledger alone."""
    public_url: str | None = None
    """The sandbox's own address, for links to what contacts send; None leaves them out."""
    seed: str = "sandbox"
    """Makes the ids. Two sandboxes that feed one database need two seeds: equal ids are duplicates."""

    messages_per_second: float = Field(default=0, ge=0)
    """Above it the provider's answer to haste; 0 is no limit."""
    window: bool = True
    """Whether free-form messages need the contact's message of the last 24 hours."""
    templates: tuple[ApprovedTemplate, ...] | None = None
    """The approved ones; None takes any with any variables."""
    statuses: tuple[Literal["sent", "delivered", "read"], ...] = ("sent", "delivered", "read")
    """What is told of each message by itself; the rest waits for the contact's `reads()`."""

    webhook_timeout_s: float = Field(default=10, gt=0)
    """How long the provider waits for the business's answer to a webhook."""
    redeliver_first_s: float = Field(default=1, gt=0)
    """The wait before the second try of a webhook; it doubles each time."""
    redeliver_most_s: float = Field(default=60, gt=0)
    """The longest wait between two tries of a webhook."""
    webhook_copies: int = Field(default=1, ge=1)
    """How many times each webhook is delivered at once, as duplicates come."""
    kept: int = Field(default=1_000_000, ge=1)
    """How many requests and webhooks the ledger holds before the oldest go."""
