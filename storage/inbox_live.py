"""What open pages are told beside a chat's row: what each agent has of it, and its newest inbound messages."""
# ruff: noqa: S608 - every text here is a constant of ours; values always travel as parameters

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

import orjson

from engine.core.ids import ConversationId, ExternalId, LineId
from storage.asked import Given, asked, listed, question
from storage.clean import clean_text
from storage.columns import maybe_time, stamp
from storage.database import Database
from storage.inbox_rows import LOOKED_THROUGH, UNREAD_MOST, ChatRow, Key, read_rows

HELD_MOST = 300
"""Chats that people have, looked at again where another process wrote."""


class Own(NamedTuple):
    """What one agent has of one chat."""

    read_id: int = 0
    has_draft: bool = False
    snoozed_at: datetime | None = None
    snoozed_until: datetime | None = None


NOTHING_OWN = Own()


@dataclass(frozen=True, slots=True)
class LiveChat:
    """A chat as every open page can be told of it."""

    row: ChatRow
    """As nobody in particular sees it."""
    inbound: tuple[int, ...]
    """The ids of the contact's newest messages, newest first."""
    own: dict[str, Own]
    """By login."""

    def of(self, login: str) -> Own:
        """Return what an agent has of it."""
        return self.own.get(login, NOTHING_OWN)

    def unread(self, login: str) -> int:
        """Return how many messages of the contact an agent has not seen, 99 at most."""
        read = self.of(login).read_id
        return min(UNREAD_MOST, sum(id_ > read for id_ in self.inbound))

    def snoozed_until(self, login: str, now: datetime) -> datetime | None:
        """Return until when an agent put it off; None as soon as the contact has written since."""
        own, last = self.of(login), self.row.last_inbound_at
        if own.snoozed_until is None or own.snoozed_at is None or own.snoozed_until <= now:
            return None
        return own.snoozed_until if last is None or last <= own.snoozed_at else None


_INBOUND = question(
    "SELECT k.line_id, k.id, (SELECT names(news.id) FROM (SELECT u.id, u.direction FROM message u"
    " WHERE u.line_id = k.line_id AND u.conversation_id = k.id"
    f" ORDER BY u.id DESC LIMIT {LOOKED_THROUGH}) AS news WHERE news.direction = 'in')"
    " FROM {keys}",
    keys="line_id text, id bigint",
)
_OWN = question(
    "SELECT a.line_id, a.conversation_id, a.login, a.read_id, a.draft IS NOT NULL, a.snoozed_at, a.snoozed_until"
    " FROM {keys} JOIN agent_chat a ON a.line_id = k.line_id AND a.conversation_id = k.id"
    " WHERE a.login IN [[logins]]",
    keys="line_id text, id bigint",
    scalars="logins text",
)
_HELD = question(
    "SELECT h.line_id, h.conversation_id FROM handoff h"
    " WHERE h.ended_at IS NULL AND h.line_id IN [[lines]]"
    f" ORDER BY h.began_at DESC LIMIT {HELD_MOST}",
    scalars="lines text",
)
_REPORTED = question(
    "SELECT m.line_id, m.conversation_id FROM {keys} JOIN message m"
    " ON m.line_id = k.line_id AND m.external_id = k.name AND m.direction = 'out'",
    keys="line_id text, name text",
)
_REPORTED_BY_ALIAS = question(
    # The second id by which some providers call a message.
    "SELECT m.line_id, m.conversation_id FROM {keys} JOIN message m"
    " ON m.line_id = k.line_id AND m.alias = k.name",
    keys="line_id text, name text",
)
_WOKEN = question(
    # Of what people have alone: that is little, and its index leads there.
    "SELECT DISTINCT h.line_id, h.conversation_id FROM handoff h"
    " JOIN agent_chat a ON a.line_id = h.line_id AND a.conversation_id = h.conversation_id"
    " WHERE h.ended_at IS NULL AND h.line_id IN [[lines]]"
    " AND a.snoozed_until > :since AND a.snoozed_until <= :now",
    scalars="lines text, since time, now time",
)


async def live_chats(
    database: Database, keys: Sequence[Key], logins: Sequence[str], *, now: datetime
) -> list[LiveChat]:
    """Return these chats with what these agents have of them, all of one moment. Raises StoreUnavailable."""
    logins = tuple(sorted({clean_text(login) for login in logins}))
    async with database.read() as connection:
        rows = await read_rows(connection, keys, "", now=now)
        told = await asked(connection, _INBOUND.of({}, keys))
        owned = await asked(connection, _OWN.of({"logins": listed(logins)}, keys)) if logins else ()
    inbound = {(row[0], row[1]): _ids(row[2]) for row in told}
    own: dict[Key, dict[str, Own]] = {}
    for line, conversation, login, read_id, draft, at, until in owned:
        key = LineId(line), ConversationId(conversation)
        own.setdefault(key, {})[login] = Own(
            read_id, bool(draft), maybe_time(at), maybe_time(until)
        )
    return [LiveChat(row, inbound.get(row.key, ()), own.get(row.key, {})) for row in rows]


async def held_chats(database: Database, lines: Sequence[LineId]) -> list[Key]:
    """Return the chats that people have, the newest of them. Raises StoreUnavailable."""
    async with database.read() as connection:
        found = await asked(connection, _HELD.of({"lines": listed(lines)}))
    return [(LineId(line), ConversationId(conversation)) for line, conversation in found]


async def reported_chats(
    database: Database, names: Sequence[tuple[LineId, ExternalId]]
) -> list[Key]:
    """Return the chats of messages of ours, by what their providers call them. Raises StoreUnavailable."""
    keys = [(line, clean_text(name)) for line, name in names]
    async with database.read() as connection:
        found = [
            *await asked(connection, _REPORTED.of({}, keys)),
            *await asked(connection, _REPORTED_BY_ALIAS.of({}, keys)),
        ]
    return sorted({(LineId(line), ConversationId(conversation)) for line, conversation in found})


async def woken_chats(
    database: Database, lines: Sequence[LineId], *, since: datetime, now: datetime
) -> list[Key]:
    """Return the chats that were put off until a time in between. Raises StoreUnavailable."""
    given: Given = {"lines": listed(lines), "since": stamp(since), "now": stamp(now)}
    async with database.read() as connection:
        found = await asked(connection, _WOKEN.of(given))
    return [(LineId(line), ConversationId(conversation)) for line, conversation in found]


def _ids(told: str | Sequence[int] | None) -> tuple[int, ...]:
    if not told:
        return ()
    ids = orjson.loads(told) if isinstance(told, str) else told
    return tuple(sorted(ids, reverse=True)[:UNREAD_MOST])
