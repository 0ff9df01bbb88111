"""What is done beside the talk at the provider: no message, and nothing the contact sees."""

from typing import Literal

from pydantic import Field

from engine.core.value import Json, Value

DEEDS = frozenset({"event", "contact_update", "assignment"})
"""Their kinds."""


class Event(Value):
    """Something the contact did, told to the provider for its campaigns and reports."""

    kind: Literal["event"] = "event"
    name: str
    traits: dict[str, Json] = Field(default_factory=dict)


class ContactUpdate(Value):
    """What is known of the contact, told to the provider's own address book."""

    kind: Literal["contact_update"] = "contact_update"
    name: str | None = None
    traits: dict[str, Json] = Field(default_factory=dict)
    tags: tuple[str, ...] = ()


class Assignment(Value):
    """Gives the chat to an agent of the provider's own inbox."""

    kind: Literal["assignment"] = "assignment"
    agent: str
    """The agent's e-mail address there."""
