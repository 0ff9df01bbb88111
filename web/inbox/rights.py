"""Which chats an agent may see."""

from engine.core.conversation import Conversation
from storage.agents import Agent


def sees(agent: Agent, chat: Conversation) -> bool:
    """Tell whether an agent may see a chat, and so act on it.

    It is on one of their lines; and where they have teams it is of one of these, of no team, or theirs already. Who
    supervises sees every chat of their lines.
    """
    if not agent.serves(chat.line):
        return False
    if agent.may("supervisor") or not agent.teams:
        return True
    return chat.team is None or chat.team in agent.teams or chat.assignee == agent.login
