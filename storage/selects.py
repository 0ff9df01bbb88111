"""Questions that the store and the pages have in common."""

from typing import Any

from sqlalchemy import and_, select, text
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql import ColumnElement, Select
from sqlalchemy.sql.elements import TextClause
from sqlmodel import col

from storage import tables


def select_conversations(which: ColumnElement[bool] | TextClause) -> Select[Any, *tuple[Any, ...]]:
    """Return the question for conversations in the columns that `load_conversation` reads."""
    c, t = tables.ConversationRow, tables.ContactRow
    return (
        select(
            col(c.line_id),
            col(c.id),
            col(c.version),
            col(c.state),
            col(t.id),
            col(t.phone),
            col(t.user_id),
            col(t.name),
            col(t.locale),
            col(t.opted_out_at),
            col(t.marketing_stopped_at),
        )
        .join(t, and_(col(t.line_id) == col(c.line_id), col(t.id) == col(c.contact_id)))
        .where(which)
    )


async def names_of_lines(connection: AsyncConnection) -> list[str]:
    """Return the lines that have contacts, stepping from one to the next through the primary key."""
    found = await connection.execute(
        text(
            "WITH RECURSIVE l (line_id) AS (SELECT min(line_id) FROM contact UNION ALL SELECT"
            " (SELECT min(t.line_id) FROM contact t WHERE t.line_id > l.line_id) FROM l"
            " WHERE l.line_id IS NOT NULL) SELECT line_id FROM l WHERE line_id IS NOT NULL"
        )
    )
    return [str(line) for line in found.scalars()]
