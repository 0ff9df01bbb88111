"""Which chats an agent may see."""

from typing import Protocol

from storage.agents import Agent


class Seen(Protocol):
    """A chat, as the conversation itself or as a row of a list."""

    @property
    def line(self) -> str:
        """Its line."""

    @property
    def team(self) -> str | None:
        """Whose queue it stands in."""

    @property
    def assignee(self) -> str | None:
        """The login of who holds it."""


def sees(agent: Agent, chat: Seen) -> bool:
    """Tell whether an agent may see a chat, and so act on it.

    It is on one of their lines; and where they have teams it is of one of these, of no team, or theirs already. Who
    supervises sees every chat of their lines.
    """
    if not agent.serves(chat.line):
        return False
    if agent.may("supervisor") or not agent.teams:
        return True
    return chat.team is None or chat.team in agent.teams or chat.assignee == agent.login
