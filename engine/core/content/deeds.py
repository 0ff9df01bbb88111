"""What is done beside the talk at the provider: no message, and nothing the contact sees."""

from typing import Literal, TypeAlias, assert_never

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


Deed: TypeAlias = Event | ContactUpdate | Assignment


def in_words(deed: Deed) -> str:
    """Return a deed as one line, such as `event Product added: sku=pizza-1`."""
    match deed:
        case Event(name=name, traits=traits):
            return _told(f"event {name}", _pairs(traits))
        case ContactUpdate(name=name, traits=traits, tags=tags):
            called = "contact" if name is None else f"contact {name}"
            return _told(called, (*_pairs(traits), *(f"#{tag}" for tag in tags)))
        case Assignment(agent=agent):
            return f"assigned to {agent}"
        case _:
            assert_never(deed)


def _told(what: str, details: tuple[str, ...]) -> str:
    return f"{what}: {', '.join(details)}" if details else what


def _pairs(traits: dict[str, Json]) -> tuple[str, ...]:
    return tuple(f"{key}={value}" for key, value in traits.items())
