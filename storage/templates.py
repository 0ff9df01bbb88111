"""A line's templates as its provider had them when they were last synced: for whoever must not wait for a provider."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlmodel import col

from engine.core.ids import LineId
from engine.ports.services import TemplateInfo, TemplateStatus
from storage import tables
from storage.clean import clean_text
from storage.columns import read_time, stamp
from storage.database import Database
from storage.statement import Call, delete, insert, notice
from storage.transaction import Transaction

_PUT = insert(
    "template",
    "line_id text, name text, language text, status text, content text, synced_at time",
    # Two syncs at once on PostgreSQL.
    conflict="ON CONFLICT (line_id, name, language) DO UPDATE SET status = excluded.status,"
    " content = excluded.content, synced_at = excluded.synced_at",
)

_DROP = delete("template", "line_id text", where="template.line_id = :line_id")


class StoredTemplates(NamedTuple):
    """What was last synced."""

    templates: list[TemplateInfo]
    synced_at: datetime | None
    """None where nothing ever was, or the provider had none."""


async def save_templates(
    database: Database, line: LineId, templates: Sequence[TemplateInfo], *, now: datetime
) -> None:
    """Keep these templates of a line and forget those that its provider has no more, in one transaction.

    Raises:
        StoreUnavailable: The database does not answer; nothing was changed.
    """
    at = stamp(now)
    latest = {(clean_text(one.name), clean_text(one.language)): one for one in templates}
    rows = [
        (line, name, language, one.status, clean_text(one.model_dump_json()), at)
        for (name, language), one in sorted(latest.items())
    ]
    async with database.write_lock:
        transaction = Transaction(database.link)
        try:
            transaction.later(Call(_DROP, [(line,)]))
            if rows:
                transaction.later(Call(_PUT, rows))
            await transaction.ask(notice(database.itself))
            await transaction.commit()
        except BaseException:
            await transaction.rollback()
            raise


async def stored_templates(
    database: Database,
    line: LineId,
    *,
    name: str | None = None,
    status: TemplateStatus | None = None,
) -> StoredTemplates:
    """Return a line's templates by name and language, or those with this name or status.

    Raises:
        StoreUnavailable: The database does not answer.
    """
    t = tables.TemplateRow
    asked = select(col(t.content), col(t.synced_at)).where(col(t.line_id) == line)
    if name is not None:
        asked = asked.where(col(t.name) == name)
    if status is not None:
        asked = asked.where(col(t.status) == status)
    async with database.read() as connection:
        rows = (await connection.execute(asked.order_by(col(t.name), col(t.language)))).all()
    found = [TemplateInfo.model_validate_json(row[0]) for row in rows]
    return StoredTemplates(found, read_time(rows[0][1]) if rows else None)
