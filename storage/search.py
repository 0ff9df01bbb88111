"""The search: contacts by name or number, messages by their words, newest first, no more than an agent may see.

What was typed is never given to a database as it is: it becomes words first, and words have no signs in them that a
query could mean something by.
"""
# ruff: noqa: S608 - every text here is a constant of ours; values always travel as parameters

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy.ext.asyncio import AsyncConnection

from engine.core.ids import ConversationId, LineId, MessageId
from engine.ports import Direction
from storage.asked import Given, asked, question
from storage.columns import read_time
from storage.database import Database
from storage.inbox_rows import ChatRow, Visible, read_rows
from storage.search_words import (
    Part,
    is_part,
    line_word,
    marked,
    said_in,
    snippet,
    typed_words,
)

CONTACTS_MOST = 10
"""Contacts that are told."""

PIECE = 50
PIECES = 10
"""So many pieces at most are looked through for what the agent may see."""

_EVER = 2**63 - 1
_SCALARS = "match text, before bigint, piece bigint"


def _matching(kind: str) -> str:
    return (
        f"SELECT s.rowid FROM {kind}_fts s WHERE {kind}_fts MATCH :match AND s.rowid < :before"
        " ORDER BY s.rowid DESC LIMIT :piece"
    )


def _matching_postgres(kind: str) -> str:
    return (
        f"SELECT s.id FROM {kind}_vector s WHERE s.words @@ CAST(:match AS tsquery)"
        " AND s.id < :before ORDER BY s.id DESC LIMIT :piece"
    )


MESSAGES = question(_matching("message"), postgres=_matching_postgres("message"), scalars=_SCALARS)
CONTACTS = question(_matching("contact"), postgres=_matching_postgres("contact"), scalars=_SCALARS)
FOUND = question(
    "SELECT m.id, m.line_id, m.conversation_id, m.direction, m.origin, m.content, m.at,"
    " t.name, t.phone, t.user_id, h.team, h.assignee FROM {keys}"
    " JOIN message m ON m.line_id = k.line_id AND m.id = k.id"
    " JOIN conversation c ON c.line_id = m.line_id AND c.id = m.conversation_id"
    " JOIN contact t ON t.line_id = c.line_id AND t.id = c.contact_id"
    " LEFT JOIN handoff h ON h.line_id = m.line_id AND h.conversation_id = m.conversation_id"
    " AND h.ended_at IS NULL",
    keys="line_id text, id bigint",
)
CHATS = question(
    "SELECT c.line_id, c.id FROM {keys}"
    " JOIN conversation c ON c.line_id = k.line_id AND c.contact_id = k.id",
    keys="line_id text, id bigint",
)


class FoundContact(NamedTuple):
    """A contact that was found, as its chat's row; what found it is marked."""

    row: ChatRow
    name: tuple[Part, ...]
    phone: tuple[Part, ...]


class FoundMessage(NamedTuple):
    """A message that was found."""

    id: MessageId
    line: LineId
    conversation: ConversationId
    direction: Direction
    origin: str
    at: datetime
    name: str | None
    """The contact's; as its phone and user id."""
    phone: str | None
    user_id: str | None
    parts: tuple[Part, ...]
    """What stands around the first hit."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found."""

    words: tuple[str, ...]
    """What was looked for; empty where what was typed is no search."""
    contacts: list[FoundContact]
    """On the first page alone."""
    messages: list[FoundMessage]
    more: MessageId | None
    """Handed in as `before` it brings the next page."""


async def search(
    database: Database,
    visible: Visible,
    typed: str,
    *,
    before: MessageId | None = None,
    limit: int = 20,
    now: datetime,
) -> Found:
    """Return the contacts and messages in which every word that was typed begins one, newest first.

    A number is found by any four of its digits that follow each other. What was stored within the last seconds may
    be missing.

    Args:
        database: Where they are.
        visible: What the agent may see.
        typed: What the agent typed; anything at all.
        before: `more` of the page before.
        limit: Messages of one page.
        now: The time, aware, in UTC.

    Raises:
        StoreUnavailable: The database does not answer.
    """
    words = tuple(typed_words(typed))
    if not words or not visible.lines:
        return Found(words, [], [], None)
    async with database.read() as connection:
        looking = _Looking(connection, visible, words, now)
        contacts = [] if before is not None else await _contacts(looking)
        messages, more = await _messages(looking, before or MessageId(_EVER), limit)
    return Found(words, contacts, messages, more)


class _Looking(NamedTuple):
    """One search."""

    connection: AsyncConnection
    visible: Visible
    words: tuple[str, ...]
    now: datetime

    @property
    def match(self) -> str:
        """What was typed as the database asks for it; the words have no signs of their own."""
        if self.connection.dialect.name == "sqlite":
            ends = [f'"{word}" *' if is_part(word) else f'"{word}"' for word in self.words]
            lines = " OR ".join(f'"{line_word(line)}"' for line in self.visible.lines)
            return " AND ".join([*ends, f"({lines})"])
        ends = [f"'{word}':*" if is_part(word) else f"'{word}'" for word in self.words]
        lines = " | ".join(f"'{line_word(line)}'" for line in self.visible.lines)
        return " & ".join([*ends, f"({lines})"])

    def given(self, before: int, piece: int) -> Given:
        """What the questions for ids are given."""
        return {"match": self.match, "before": before, "piece": piece}

    def keys(self, ids: Sequence[Any]) -> list[tuple[LineId, int]]:
        """Return where these ids may be: each belongs to one of the lines."""
        return [(line, one[0]) for one in ids for line in self.visible.lines]


async def _contacts(looking: _Looking) -> list[FoundContact]:
    ids = await asked(looking.connection, CONTACTS.of(looking.given(_EVER, PIECE)))
    chats = await asked(looking.connection, CHATS.of({}, looking.keys(ids)))
    keys = [(LineId(line), ConversationId(id_)) for line, id_ in chats]
    rows = await read_rows(looking.connection, keys, looking.visible.login, now=looking.now)
    rows = [row for row in rows if looking.visible.shows(row.line, row.team, row.assignee)]
    rows.sort(key=lambda row: row.last.id if row.last else 0, reverse=True)
    return [
        FoundContact(
            row, marked(row.name or "", looking.words), marked(row.phone or "", looking.words)
        )
        for row in rows[:CONTACTS_MOST]
    ]


async def _messages(
    looking: _Looking, before: int, limit: int
) -> tuple[list[FoundMessage], MessageId | None]:
    """Return a page and where the next one begins: a piece of what matches after the other, until it is full."""
    found: list[FoundMessage] = []
    for _ in range(PIECES):
        ids = await asked(looking.connection, MESSAGES.of(looking.given(before, PIECE)))
        told = await asked(looking.connection, FOUND.of({}, looking.keys(ids)))
        seen = [one for one in told if looking.visible.shows(one[1], one[10], one[11])]
        seen.sort(key=lambda one: -one[0])
        found += [_found(one, looking.words) for one in seen]
        if len(ids) < PIECE:
            return found[:limit], found[limit - 1].id if len(found) > limit else None
        before = ids[-1][0]
        if len(found) > limit:
            return found[:limit], found[limit - 1].id
    return found, MessageId(before)


def _found(told: Sequence[Any], words: Sequence[str]) -> FoundMessage:
    id_, line, conversation, direction, origin, content, at, name, phone, user_id, *_ = told
    return FoundMessage(
        *(MessageId(id_), LineId(line), ConversationId(conversation), direction, origin),
        *(read_time(at), name, phone, user_id, snippet(said_in(content), words)),
    )
