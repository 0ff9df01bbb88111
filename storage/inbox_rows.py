"""Chats as rows of a list: what an agent may see, what of each is shown, and how it is read for many at once."""
# ruff: noqa: S608 - every text here is a constant of ours; values always travel as parameters

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy.ext.asyncio import AsyncConnection

from engine.core.content import Content
from engine.core.conversation import Mode, Place
from engine.core.effects import HandoffEnd
from engine.core.ids import ContactId, ConversationId, LineId, MessageId
from engine.ports import Direction, MessageStatus
from storage.asked import asked, question, read_list
from storage.clean import clean_text
from storage.columns import maybe_time, read_time, stamp
from storage.database import Database
from storage.mapping import load_content

UNREAD_MOST = 99
"""Unread messages are counted up to here."""

LOOKED_THROUGH = 200
"""Of a chat's newest messages so many are looked through for unread ones, however far back it was read."""

Key = tuple[LineId, ConversationId]
"""What names a chat."""


class Visible(NamedTuple):
    """What an agent may see."""

    lines: tuple[LineId, ...]
    """The chats of these lines and no others."""
    teams: tuple[str, ...] | None
    """Of those that people have, the ones of these teams, of no team, and their own; None is every one."""
    login: str
    """Whose eyes it is: what is unread, drafted, put off."""

    def shows(self, line: LineId, team: str | None, assignee: str | None) -> bool:
        """Tell whether a chat may be seen that stands so; one that the flows have is of no team."""
        if line not in self.lines:
            return False
        return self.teams is None or team is None or team in self.teams or assignee == self.login


class OpenHandoff(NamedTuple):
    """People have the chat."""

    turn: int
    """Tells one handoff of a conversation from the next."""
    since: datetime
    reason: str
    place: Place
    claimed_at: datetime | None
    replied_at: datetime | None
    due_at: datetime | None
    """When something happens by itself."""
    late: bool
    """Whether nobody claimed it in time."""


class EndedHandoff(NamedTuple):
    """People had the chat."""

    turn: int
    began_at: datetime
    reason: str
    team: str | None
    assignee: str | None
    """Who held it last."""
    ended_at: datetime
    ended: HandoffEnd
    by: str | None
    note: str | None
    """The reason that the agent gave."""


class LastMessage(NamedTuple):
    """The newest message of a chat."""

    id: MessageId
    direction: Direction
    origin: str
    content: Content
    status: MessageStatus
    at: datetime


@dataclass(frozen=True, slots=True)
class ChatRow:
    """One chat as a list shows it to one agent."""

    line: LineId
    conversation: ConversationId
    contact: ContactId
    name: str | None
    phone: str | None
    user_id: str | None
    mode: Mode
    team: str | None
    assignee: str | None
    """The login of who holds it."""
    handoff: OpenHandoff | None
    window_closes_at: datetime | None
    last_inbound_at: datetime | None
    last: LastMessage | None
    unread: int
    """Messages of the contact that this agent has not seen, 99 at most."""
    labels: tuple[str, ...]
    has_draft: bool
    snoozed_until: datetime | None
    """Until when it is out of the way; None as soon as the contact has written since, or the time has come."""
    ended: EndedHandoff | None = None
    """In the list of the closed ones: how people's part ended."""
    is_unwanted: bool = False
    """Whether the contact has opted out of all messages."""

    @property
    def key(self) -> Key:
        """What names the chat."""
        return self.line, self.conversation


_OPEN = "h.line_id = c.line_id AND h.conversation_id = c.id AND h.ended_at IS NULL"
_NEWS = (
    "SELECT u.direction FROM message u WHERE u.line_id = c.line_id AND u.conversation_id = c.id"
    f" AND u.id > coalesce(a.read_id, 0) ORDER BY u.id DESC LIMIT {LOOKED_THROUGH}"
)
UNREAD = f"(SELECT count(*) FROM ({_NEWS}) AS news WHERE news.direction = 'in')"
"""How many messages of chat `c` the agent whose row `a` is has not seen."""

SNOOZED = (
    "coalesce(a.snoozed_until > :now"
    " AND (c.last_inbound_at IS NULL OR c.last_inbound_at <= a.snoozed_at), false)"
)
"""Whether chat `c` is out of the way for that agent."""

ROWS = question(
    "SELECT c.line_id, c.id, t.id, t.name, t.phone, t.user_id, c.mode, c.window_closes_at, c.last_inbound_at,"
    " h.turn, h.began_at, h.reason, h.place, h.claimed_at, h.replied_at, h.due_at, h.late, h.team, h.assignee,"
    f" m.id, m.direction, m.origin, m.content, m.status, m.at, {UNREAD},"
    " (SELECT names(l.name) FROM conversation_label l"
    "  WHERE l.line_id = c.line_id AND l.conversation_id = c.id),"
    f" a.draft IS NOT NULL, CASE WHEN {SNOOZED} THEN a.snoozed_until END,"
    " t.opted_out_at IS NOT NULL"
    " FROM {keys}"
    " JOIN conversation c ON c.line_id = k.line_id AND c.id = k.id"
    " JOIN contact t ON t.line_id = c.line_id AND t.id = c.contact_id"
    f" LEFT JOIN handoff h ON {_OPEN}"
    " LEFT JOIN agent_chat a ON a.line_id = c.line_id AND a.conversation_id = c.id AND a.login = :login"
    # What is told to the provider alone is nothing that was said.
    " LEFT JOIN message m ON m.line_id = c.line_id AND m.id = (SELECT n.id FROM message n"
    "  WHERE n.line_id = c.line_id AND n.conversation_id = c.id AND n.direction <> 'beside'"
    "  ORDER BY n.id DESC LIMIT 1)",
    keys="line_id text, id bigint",
    scalars="login text, now time",
)


async def rows(
    database: Database, keys: Iterable[Key], login: str, *, now: datetime
) -> list[ChatRow]:
    """Return these chats as the agent's lists show them, in the order given; one question for some hundreds of them.

    Whether the agent may see them was decided before. Raises StoreUnavailable.
    """
    async with database.read() as connection:
        return await read_rows(connection, list(keys), login, now=now)


async def read_rows(
    connection: AsyncConnection, keys: Sequence[Key], login: str, *, now: datetime
) -> list[ChatRow]:
    """Return these chats, read in an open transaction."""
    call = ROWS.of({"login": clean_text(login), "now": stamp(now)}, keys)
    found = {row.key: row for row in map(_chat_row, await asked(connection, call))}
    return [found[key] for key in keys if key in found]


def _chat_row(told: Any) -> ChatRow:
    head, held, team, assignee = told[:9], told[9:17], told[17], told[18]
    last = told[19:25]
    unread, labels, has_draft, snoozed_until = told[25:29]
    line, conversation, contact, name, phone, user_id, mode, closes, inbound = head
    return ChatRow(
        line=LineId(line),
        conversation=ConversationId(conversation),
        contact=ContactId(contact),
        name=name,
        phone=phone,
        user_id=user_id,
        mode=mode,
        team=team,
        assignee=assignee,
        handoff=None if held[0] is None else _open_handoff(held),
        window_closes_at=maybe_time(closes),
        last_inbound_at=maybe_time(inbound),
        last=None if last[0] is None else _last_message(last),
        unread=min(unread, UNREAD_MOST),
        labels=read_list(labels),
        has_draft=bool(has_draft),
        snoozed_until=maybe_time(snoozed_until),
        is_unwanted=bool(told[29]),
    )


def _open_handoff(told: Any) -> OpenHandoff:
    turn, since, reason, place, claimed_at, replied_at, due_at, late = told
    return OpenHandoff(
        *(turn, read_time(since), reason, place, maybe_time(claimed_at), maybe_time(replied_at)),
        *(maybe_time(due_at), bool(late)),
    )


def _last_message(told: Any) -> LastMessage:
    id_, direction, origin, content, status, at = told
    return LastMessage(
        MessageId(id_), direction, origin, load_content(content), status, read_time(at)
    )
