"""What a transcript asks beside its own messages: those that it quotes, and who wrote what."""

from collections.abc import Collection

from sqlalchemy import select
from sqlmodel import col

from engine.core.ids import ConversationId, ExternalId, LineId
from storage import tables
from storage.audit import NO_LINE
from storage.clean import clean_text
from storage.database import Database
from storage.queries import TranscriptMessage, select_messages, transcript_message

ACTOR = "agent:"
"""How the audit begins an agent's name; the login follows."""


async def messages_called(
    database: Database, line: LineId, conversation: ConversationId, names: Collection[ExternalId]
) -> list[TranscriptMessage]:
    """Return the messages of this chat that the provider calls so, oldest first. Raises StoreUnavailable."""
    if not names:
        return []
    m = tables.MessageRow
    # Along the chat's own index: a name without its chat could find another contact's message.
    asked = select_messages(
        col(m.line_id) == line,
        col(m.conversation_id) == conversation,
        col(m.external_id).in_([*map(clean_text, names)]),
    )
    async with database.read() as connection:
        rows = (await connection.execute(asked)).all()
    return [transcript_message(row) for row in rows]


async def authors_of(database: Database, messages: Collection[int]) -> dict[int, str]:
    """Return the logins of who wrote these: an agent's message and its line in the audit have one id.

    Raises StoreUnavailable.
    """
    if not messages:
        return {}
    a = tables.AuditRow
    asked = select(col(a.id), col(a.actor)).where(
        col(a.line_id) == NO_LINE, col(a.id).in_(list(messages))
    )
    async with database.read() as connection:
        rows = (await connection.execute(asked)).all()
    return {row.id: row.actor.removeprefix(ACTOR) for row in rows if row.actor.startswith(ACTOR)}


async def author_of_note(
    database: Database, line: LineId, conversation: ConversationId, note: int
) -> str | None:
    """Return who wrote a note of this chat; None if there is no such note. Raises StoreUnavailable."""
    n = tables.NoteRow
    asked = select(col(n.login)).where(
        col(n.line_id) == line, col(n.id) == note, col(n.conversation_id) == conversation
    )
    async with database.read() as connection:
        login: str | None = (await connection.execute(asked)).scalar()
    return login
