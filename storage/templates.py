"""A line's templates as its provider had them when they were last synced: for whoever must not wait for a provider."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlmodel import col

from engine.core.ids import LineId
from engine.core.templates import TemplateChange, changed
from engine.ports.services import TemplateInfo, TemplateStatus
from engine.ports.templates import StoredTemplates
from storage import tables
from storage.clean import clean_text
from storage.columns import read_time, stamp
from storage.database import Database
from storage.json_text import dump_json
from storage.notices import notice
from storage.statement import Call, delete, insert
from storage.transaction import Transaction
from storage.written import written

_PUT = insert(
    "template",
    "line_id text, name text, language text, status text, content text, synced_at time",
    # Two syncs at once on PostgreSQL.
    conflict="ON CONFLICT (line_id, name, language) DO UPDATE SET status = excluded.status,"
    " content = excluded.content, synced_at = excluded.synced_at",
)

_DROP = delete("template", "line_id text", where="template.line_id = :line_id")


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
        (line, name, language, one.status, _content(one), at)
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


async def add_template(database: Database, line: LineId, info: TemplateInfo) -> None:
    """Keep one more template of a line; one that was never synced is left to its first sync, which has them all.

    Raises:
        StoreUnavailable: The database does not answer; nothing was changed.
    """
    synced_at = (await stored_templates(database, line)).synced_at
    if synced_at is None:
        return
    name, language = clean_text(info.name), clean_text(info.language)
    row = (line, name, language, info.status, _content(info), stamp(synced_at))
    await written(database, Call(_PUT, [row]))


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


async def change_template(database: Database, line: LineId, change: TemplateChange) -> None:
    """Keep what a provider told of a template; one that is not there is left to the next sync.

    Raises:
        StoreUnavailable: The database does not answer; nothing was changed.
    """
    if change.name is None:
        return
    stored = await stored_templates(database, line, name=change.name)
    if stored.synced_at is None:
        return
    at = stamp(stored.synced_at)
    rows = [
        (line, new.name, new.language, new.status, _content(new), at)
        for old in stored.templates
        if (new := _changed(old, change)) != old
    ]
    if not rows:
        return
    async with database.write_lock:
        transaction = Transaction(database.link)
        try:
            transaction.later(Call(_PUT, rows))
            await transaction.ask(notice(database.itself))
            await transaction.commit()
        except BaseException:
            await transaction.rollback()
            raise


def _content(info: TemplateInfo) -> str:
    return dump_json(info.model_dump(mode="json"))


def _changed(info: TemplateInfo, change: TemplateChange) -> TemplateInfo:
    if not change.of(info.name, info.language):
        return info
    known = changed(info.known, change)
    update = {"status": known.status, "category": known.category, "reason": known.reason}
    return info.model_copy(update=update)


class SqlTemplates:
    """The templates of all lines, as the engine asks for them (`TemplateStore`)."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def stored(self, line: LineId) -> StoredTemplates:
        """Return a line's templates. Raises StoreUnavailable."""
        return await stored_templates(self._database, line)

    async def save(self, line: LineId, templates: Sequence[TemplateInfo], *, now: datetime) -> None:
        """Keep these templates of a line and forget those that its provider has no more. Raises StoreUnavailable."""
        await save_templates(self._database, line, templates, now=now)

    async def change(self, line: LineId, change: TemplateChange) -> None:
        """Keep what a provider told of a template. Raises StoreUnavailable."""
        await change_template(self._database, line, change)

    async def marks(self) -> dict[LineId, object]:
        """Return by line how many there are and when they were synced. Raises StoreUnavailable."""
        t = tables.TemplateRow
        asked = select(col(t.line_id), func.count(), func.max(col(t.synced_at)))
        async with self._database.read() as connection:
            # why no index: a line has a few hundred at most, and the primary key begins with it
            rows = (await connection.execute(asked.group_by(col(t.line_id)))).all()
        return {LineId(row[0]): (row[1], row[2]) for row in rows}
