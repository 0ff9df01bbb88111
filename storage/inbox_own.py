"""What one agent has of one chat: how far it is read, what is drafted, until when it is put off."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from engine.core.ids import ConversationId, LineId, MessageId
from engine.ports.outside import Outside
from storage.asked import Given, asked, question
from storage.clean import clean_text
from storage.columns import maybe_stamp, read_time, stamp
from storage.database import Database
from storage.inbox_rows import Key
from storage.json_text import dump_json, load_json
from storage.statement import Call, insert
from storage.written import written

_PLACE = "line_id text, conversation_id bigint, login text"
_CONFLICT = "ON CONFLICT (line_id, conversation_id, login) DO UPDATE SET "

READ = insert(
    "agent_chat",
    f"{_PLACE}, read_id bigint",
    conflict=f"{_CONFLICT}read_id = CASE WHEN agent_chat.read_id > excluded.read_id"
    " THEN agent_chat.read_id ELSE excluded.read_id END",
)
DRAFT = insert(
    "agent_chat",
    f"{_PLACE}, draft text, draft_at time",
    fixed="read_id = 0",
    conflict=f"{_CONFLICT}draft = excluded.draft, draft_at = excluded.draft_at",
)
SNOOZE = insert(
    "agent_chat",
    f"{_PLACE}, snoozed_at time, snoozed_until time",
    fixed="read_id = 0",
    conflict=f"{_CONFLICT}snoozed_at = excluded.snoozed_at, snoozed_until = excluded.snoozed_until",
)
DRAFTED = question(
    "SELECT a.draft, a.draft_at FROM agent_chat a"
    " WHERE a.line_id = :line AND a.conversation_id = :conversation AND a.login = :login"
    " AND a.draft IS NOT NULL",
    scalars="line text, conversation bigint, login text",
)
READERS = question(
    "SELECT a.login, a.read_id FROM agent_chat a"
    " WHERE a.line_id = :line AND a.conversation_id = :conversation AND a.read_id > 0",
    scalars="line text, conversation bigint",
)


class Draft(NamedTuple):
    """What an agent began to write."""

    text: str
    reply_to: MessageId | None
    """The message that it quotes."""
    at: datetime


async def mark_read(
    database: Database,
    login: str,
    read: Sequence[tuple[LineId, ConversationId, MessageId]],
) -> None:
    """Write how far an agent has read chats; what was read further before stays so. Raises StoreUnavailable."""
    name = clean_text(login)
    rows = [(line, conversation, name, message) for line, conversation, message in read]
    await written(
        database, Call(READ, rows), tells=Outside(chats=frozenset(row[:2] for row in read))
    )


async def readers(
    database: Database, line: LineId, conversation: ConversationId
) -> dict[str, MessageId]:
    """Return the newest message that each agent has looked at, by login. Raises StoreUnavailable."""
    async with database.read() as connection:
        told = await asked(connection, READERS.of({"line": line, "conversation": conversation}))
    return {login: MessageId(read) for login, read in told}


async def save_draft(
    database: Database,
    line: LineId,
    conversation: ConversationId,
    login: str,
    text: str,
    *,
    reply_to: MessageId | None = None,
    now: datetime,
) -> None:
    """Keep what an agent began to write; nothing written and nothing quoted forgets it. Raises StoreUnavailable."""
    draft = None
    if text or reply_to is not None:
        draft = dump_json({"text": text, "reply_to": reply_to})
    row = (line, conversation, clean_text(login), draft, stamp(now))
    await written(
        database, Call(DRAFT, [row]), tells=Outside(chats=frozenset({(line, conversation)}))
    )


async def draft_of(
    database: Database, line: LineId, conversation: ConversationId, login: str
) -> Draft | None:
    """Return what an agent began to write here. Raises StoreUnavailable."""
    given: Given = {"line": line, "conversation": conversation, "login": clean_text(login)}
    async with database.read() as connection:
        told = await asked(connection, DRAFTED.of(given))
    for draft, at in told:
        kept = load_json(draft)
        assert isinstance(kept, dict), "save_draft writes nothing else"
        text, quoted = kept["text"], kept["reply_to"]
        return Draft(
            str(text), MessageId(quoted) if isinstance(quoted, int) else None, read_time(at)
        )
    return None


async def snooze(
    database: Database, key: Key, login: str, until: datetime | None, *, now: datetime
) -> None:
    """Put a chat out of an agent's way until a time, or until the contact writes; None brings it back.

    Raises StoreUnavailable.
    """
    row = (*key, clean_text(login), stamp(now), maybe_stamp(until))
    await written(database, Call(SNOOZE, [row]), tells=Outside(chats=frozenset({key})))
