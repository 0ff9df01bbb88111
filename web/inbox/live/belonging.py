"""Where a chat stands in the list that a page shows. The same rules as `storage.inbox_lists`, for one chat. Pure."""

from datetime import datetime
from typing import assert_never

from storage.agents import Agent
from storage.inbox import ChatRow, Filters, View
from storage.inbox_live import LiveChat
from web.inbox.rights import sees


def stands_in(chat: LiveChat, agent: Agent, *, view: View, filters: Filters, now: datetime) -> bool:
    """Tell whether a chat stands in an agent's list; of the closed ones it does not say."""
    row = chat.row
    return sees(agent, row) and _passes(row, filters, now) and _belongs(chat, agent, view, now)


def _belongs(chat: LiveChat, agent: Agent, view: View, now: datetime) -> bool:
    row = chat.row
    is_mine = row.handoff is not None and row.assignee == agent.login
    is_snoozed = chat.snoozed_until(agent.login, now) is not None
    match view:
        case "queue":
            return waits(row) and not is_snoozed
        case "mine":
            return is_mine and not is_snoozed
        case "snoozed":
            return (is_mine or waits(row)) and is_snoozed
        case "all":
            return True
        case "closed":
            return False
        case _:
            assert_never(view)


def waits(row: ChatRow) -> bool:
    """Tell whether a chat waits for an agent."""
    return row.handoff is not None and row.assignee is None and row.mode == "waiting"


def _passes(row: ChatRow, filters: Filters, now: datetime) -> bool:
    waiting = filters.waiting_at_least
    return (
        filters.line in (None, row.line)
        and filters.team in (None, row.team)
        and (filters.label is None or filters.label in row.labels)
        and filters.assignee in (None, row.assignee)
        and (waiting is None or (row.handoff is not None and row.handoff.since <= now - waiting))
    )
