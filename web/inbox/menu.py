"""The agent's own menu: the pages beside the chats, each for who may open it."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from storage.agents import Agent, Role


@dataclass(frozen=True, slots=True)
class Item:
    """One page."""

    path: str
    """Below the inbox's prefix."""
    title: str
    """Names its text."""
    icon: str
    role: Role = "agent"


MENU: Final = (
    Item("", "inbox", "queue"),
    Item("/supervise", "supervise", "chart", "supervisor"),
    Item("/people", "people", "people", "admin"),
    Item("/replies", "replies", "reply"),
    Item("/audit", "audit", "shield", "admin"),
    Item("/account", "account", "lock"),
)


def menu_of(agent: Agent, paths: Collection[str]) -> tuple[Item, ...]:
    """Return the pages of these paths that an agent may open."""
    return tuple(item for item in MENU if item.path in paths and agent.may(item.role))
