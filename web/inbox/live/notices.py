"""What an agent is called for: a new chat they may take or were given, a message in a chat they hold. Pure.

Supervisors are called for a chat that nobody has claimed in time.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final, Literal, NamedTuple

from storage.agents import Agent
from storage.inbox import ChatRow, Key
from storage.inbox_live import LiveChat
from web.inbox.live.belonging import waits
from web.inbox.rights import sees

NEW_FOR: Final = timedelta(seconds=15)
"""Of a chat that was not looked at before, what is no older than this is news."""

Cause = Literal["chat", "message", "late"]


class Seen(NamedTuple):
    """What is remembered of a chat, so that the same is not news twice."""

    waited: bool
    assignee: str | None
    turn: int
    """Of its handoff."""
    inbound: int
    """Its newest message of the contact's."""
    late: bool = False
    """Whether nobody has claimed it in time."""

    @classmethod
    def of(cls, chat: LiveChat) -> "Seen":
        """Return what to remember of a chat."""
        row = chat.row
        return cls(
            waited=waits(row),
            assignee=row.assignee if row.handoff else None,
            turn=0 if row.handoff is None else row.handoff.turn,
            inbound=chat.inbound[0] if chat.inbound else 0,
            late=row.handoff is not None and row.handoff.late,
        )


class News(NamedTuple):
    """Something that agents are called for."""

    cause: Cause
    row: ChatRow
    to: str | None
    """The login of whom it concerns; None is whoever may take the chat and wants new ones, or supervises it."""

    @property
    def key(self) -> Key:
        """The chat."""
        return self.row.key

    def concerns(self, agent: Agent) -> bool:
        """Tell whether an agent is called for it."""
        if self.to is not None:
            return agent.login == self.to
        if self.cause == "late":
            return agent.may("supervisor") and sees(agent, self.row)
        return agent.available and sees(agent, self.row)


def news(before: Seen | None, chat: LiveChat, now: datetime) -> Iterable[News]:
    """Return what is new in a chat since it was looked at; `before` None knows nothing of it."""
    row, after = chat.row, Seen.of(chat)
    if row.handoff is None or row.handoff.place != "inbox":
        return
    if before is None:
        before = _assumed(chat, now)
    if after.waited and (not before.waited or before.turn != after.turn):
        yield News("chat", row, None)
    elif after.waited and after.late and not before.late:
        yield News("late", row, None)
    elif after.assignee is not None and after.assignee != before.assignee:
        yield News("chat", row, after.assignee)
    elif after.assignee is not None and after.inbound > before.inbound:
        yield News("message", row, after.assignee)


def _assumed(chat: LiveChat, now: datetime) -> Seen:
    """Return what a chat was some seconds ago, as far as its times tell."""
    row, after = chat.row, Seen.of(chat)
    assert row.handoff is not None
    began = row.handoff.since > now - NEW_FOR
    claimed = row.handoff.claimed_at is not None and row.handoff.claimed_at > now - NEW_FOR
    wrote = row.last_inbound_at is not None and row.last_inbound_at > now - NEW_FOR
    return Seen(
        waited=after.waited and not began,
        assignee=None if began or claimed else after.assignee,
        turn=0 if began else after.turn,
        inbound=0 if wrote else after.inbound,
        late=after.late,
    )


def called(row: ChatRow) -> str:
    """Return what the contact is called."""
    return row.name or (f"+{row.phone}" if row.phone else row.user_id or "?")
