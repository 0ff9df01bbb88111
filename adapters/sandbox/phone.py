"""What a contact's phone shows: the bubbles of one chat, in order."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, JsonValue

Choice = Literal["button", "row", "quick_reply"]


@dataclass(frozen=True, slots=True)
class Option:
    """Something on a bubble that can be tapped."""

    kind: Choice
    id: str
    """What the business calls it; "" where it gave no name."""
    title: str
    description: str | None = None


class Bubble(BaseModel):
    """One message of the chat, whoever wrote it."""

    model_config = ConfigDict(extra="forbid")

    id: str
    """The id that the provider's answer gave to the business, or that the webhook of the contact's message carries."""
    by: Literal["business", "contact"]
    at: datetime
    type: str
    """The wire's name of the kind: `text`, `image`, `interactive`, `template` ..."""
    content: JsonValue
    """What the wire carries under that name."""
    text: str = ""
    """The words one reads: the text, the body above buttons, the caption, the title tapped; "" where none."""
    options: tuple[Option, ...] = ()
    """What can be tapped, in the order shown."""
    reply_to: str | None = None
    status: Literal["sent", "delivered", "read", "failed"] = "sent"
    reaction: str | None = None
    """The emoji the other side put on it."""
    callback_data: str | None = None
    """What the business wants back with each status."""
    whatsapp_id: str | None = None
    """WhatsApp's own id, at a provider that has one of its own beside it."""
