"""The steps that a chat's turns went through: what its diagram tints."""

from sqlalchemy import select
from sqlmodel import col

from engine.core.ids import ConversationId, LineId
from storage import tables
from storage.database import Database
from storage.mapping import load_trace

TURNS_MOST = 200
"""So many of a chat's newest turns are looked at."""


async def steps_passed(
    database: Database, line: LineId, conversation: ConversationId, *, since: int
) -> frozenset[str]:
    """Return the steps, as `flow.step`, that turns from this number on went through.

    Args:
        database: Where they are.
        line: The chat's line.
        conversation: The chat.
        since: The turn that the run began in.

    Raises:
        StoreUnavailable: The database does not answer.
    """
    u = tables.TurnRow
    newest = (
        select(col(u.turn), col(u.trace))
        .where(col(u.line_id) == line, col(u.conversation_id) == conversation)
        .order_by(col(u.signal_id).desc())
        .limit(TURNS_MOST)
    )
    async with database.read() as connection:
        rows = (await connection.execute(newest)).all()
    return frozenset(step for row in rows if row[0] >= since for step in load_trace(row[1]).path)
