"""Putting a copy back, into an empty place alone, so that a server can be started on it.

Everything is unpacked and checked beside its place and moved there at the end, the database last: what broke off leaves
nothing that looks like a database.
"""

import asyncio
import os
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import func, select, text, update
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import col

from engine.core.errors import DefinitionError
from storage import pg_tools, tables
from storage.archive import CopyFailed, Manifest, Unpacked, read_manifest, scratch_folder, unpack
from storage.backup import (
    COUNTED,
    Belongings,
    check_room,
    counted,
    saying_of_no_room,
    spool_of,
    spools_of,
)
from storage.database import Database
from storage.migrate import check_known, current_revision
from storage.tables.talk import UNFINISHED

SET_ASIDE = "restored"
"""The error code of a message that was not finished when the copy was made."""

WHY = "it was on its way when the copy was made, and has most likely left since"

_TABLES = (
    "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
    " WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S') AND n.nspname NOT LIKE 'pg\\_%'"
    " AND n.nspname <> 'information_schema'"
)


class Restored(NamedTuple):
    """What was put back."""

    manifest: Manifest
    broken: list[str]
    """Media files that were damaged in the copy already, by their key."""
    messages: int
    """Messages that were set aside, because they have most likely left since the copy."""
    broadcasts: int
    """Broadcasts that were stopped for the same reason."""


async def restore(
    database: Database,
    belongings: Belongings,
    source: Path,
    *,
    now: datetime,
    set_aside: bool | None = None,
) -> Restored:
    """Put a copy where the configuration points, which must be empty.

    Args:
        database: Where it goes.
        belongings: Where what stands beside it goes.
        source: The archive.
        now: The time.
        set_aside: Whether what was unfinished stays where it is instead of going on; None is where a server ran while
            the copy was made, and so finished it.

    Raises:
        CopyFailed: It is damaged, of another kind or version, or there is no room.
        DefinitionError: The place is not empty, or is served.
        StoreUnavailable: The database does not answer.
    """
    with saying_of_no_room(belongings.media):
        manifest = await asyncio.to_thread(read_manifest, source)
        _check_fits(manifest, database)
        database.lock()
        await _check_empty(database, belongings)
        await asyncio.to_thread(_make_room, belongings, manifest)
        aside = manifest.served if set_aside is None else set_aside
        with scratch_folder(belongings.media) as folder:
            parts, media = folder / "parts", folder / "media"
            parts.mkdir(mode=0o700)
            media.mkdir(mode=0o700)
            unpacked = await asyncio.to_thread(unpack, source, parts, media)
            if database.path is not None:
                settled = await _place_file(database.path, belongings, unpacked, aside, now)
            else:
                settled = await _place_dump(database, belongings, unpacked, aside, now)
    return Restored(unpacked.manifest, unpacked.broken, *settled)


def _check_fits(manifest: Manifest, database: Database) -> None:
    if manifest.dialect != database.dialect:
        raise CopyFailed(
            f"the copy is of {manifest.dialect}, database.url names {database.dialect}: set another one"
        )
    check_known(manifest.revision)


# --- the place ------------------------------------------------------------------------------------------


def _make_room(belongings: Belongings, manifest: Manifest) -> None:
    folder = belongings.media.absolute().parent
    folder.mkdir(parents=True, exist_ok=True)
    check_room(folder, manifest.size_bytes)


def _check_files(belongings: Belongings, database: Path | None) -> None:
    taken = [path for _, path in spools_of(belongings.spool)]
    if belongings.media.is_dir() and any(belongings.media.iterdir()):
        taken.append(belongings.media)
    if database is not None:
        beside = (f"{database}{end}" for end in ("", "-wal", "-shm", "-journal"))
        taken += [path for path in map(Path, beside) if path.exists()]
    if taken:
        raise DefinitionError(
            f"{taken[0]} is there already; a copy is put into an empty place alone: move it away, or configure another"
        )


async def _check_empty(database: Database, belongings: Belongings) -> None:
    await asyncio.to_thread(_check_files, belongings, database.path)
    if database.path is not None:
        return
    if await database.is_served():
        raise DefinitionError("a server runs on this database; stop it")
    async with database.read() as connection:
        if (await connection.execute(text(_TABLES))).scalar_one():
            raise DefinitionError(
                "the database is not empty; a copy is put into an empty one alone: make one with `createdb`"
            )


def _place_beside(belongings: Belongings, unpacked: Unpacked) -> None:
    """Move media, the key of links and spools to their places."""
    if "media/.link-key" in unpacked.parts:
        unpacked.parts["media/.link-key"].rename(unpacked.media / belongings.link_key.name)
    unpacked.media.rename(belongings.media)
    _sync(belongings.media.absolute().parent)
    for name, path in unpacked.parts.items():
        kind, _, number = name.partition("/")
        if kind == "spool":
            _move(path, spool_of(belongings.spool, int(number)))


def _move(path: Path, place: Path) -> None:
    """Move a file, to another disk too, whole or not at all."""
    place.parent.mkdir(parents=True, exist_ok=True)
    try:
        path.rename(place)
    except OSError:
        beside = place.with_name(f"{place.name}.part")
        beside.write_bytes(path.read_bytes())
        beside.chmod(0o600)
        beside.rename(place)
    _sync(place.absolute().parent)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


# --- SQLite ---------------------------------------------------------------------------------------------


async def _place_file(
    place: Path, belongings: Belongings, unpacked: Unpacked, aside: bool, now: datetime
) -> tuple[int, int]:
    copy = unpacked.parts.get("parley.db")
    if copy is None:
        raise CopyFailed("the copy holds no database")
    await asyncio.to_thread(_check_file, copy, unpacked.manifest)
    settled = (0, 0)
    if aside:
        beside = Database(f"sqlite:///{copy}")
        try:
            settled = await _set_aside(beside, now)
        finally:
            await beside.close()
        await asyncio.to_thread(_flatten, copy)
    _place_beside(belongings, unpacked)
    _move(copy, place)
    return settled


def _check_file(copy: Path, manifest: Manifest) -> None:
    with closing(sqlite3.connect(copy)) as connection:
        (said,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
        if said != "ok":
            raise CopyFailed(f"the database in the copy is damaged: {said}")
        (revision,) = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        counts = {
            name: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608 - ours
            for name, table in COUNTED.items()
        }
    _check_same(manifest, revision, counts)


def _check_same(manifest: Manifest, revision: str | None, counts: dict[str, int]) -> None:
    if revision != manifest.revision or counts != manifest.counts:
        raise CopyFailed("the database in the copy is not the one that its manifest describes")


def _flatten(copy: Path) -> None:
    """Bring what stands in the log into the file: it is moved alone."""
    with closing(sqlite3.connect(copy)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE").fetchone()


# --- PostgreSQL -----------------------------------------------------------------------------------------


async def _place_dump(
    database: Database, belongings: Belongings, unpacked: Unpacked, aside: bool, now: datetime
) -> tuple[int, int]:
    dump = unpacked.parts.get("parley.dump")
    if dump is None:
        raise CopyFailed("the copy holds no database")
    async with database.read() as connection:
        tool = await pg_tools.find("pg_restore", connection, least=unpacked.manifest.tool or 0)
    _place_beside(belongings, unpacked)
    await tool.run(
        database.url,
        "--single-transaction",
        "--exit-on-error",
        "--no-owner",
        "--no-privileges",
        f"--dbname={pg_tools.conninfo(database.url)}",
        str(dump),
    )
    settled = await _set_aside(database, now) if aside else (0, 0)
    async with database.read() as connection:
        counts = await counted(connection)
    _check_same(unpacked.manifest, await current_revision(database), counts)
    return settled


# --- what was unfinished --------------------------------------------------------------------------------


async def _set_aside(database: Database, now: datetime) -> tuple[int, int]:
    """Keep what was unfinished from going on a second time; it can be listed, and put back one by one.

    The old server has gone on with it since: it sent what was queued, released what was held when the contact wrote,
    reminded who did not answer, finished its broadcasts.
    """
    m, b, t = tables.MessageRow, tables.BroadcastRow, tables.TimerRow
    unfinished = text(f"({UNFINISHED} OR status = 'held')")
    messages = (
        update(m)
        .where(unfinished, col(m.direction) != "in")
        .values(
            status="failed",
            status_at=now,
            owner=None,
            retry_at=None,
            error_code=SET_ASIDE,
            error=WHY,
        )
    )
    is_running = col(b.state).in_(("running", "loading"))
    broadcasts = update(b).where(is_running).values(state="stopped", finished_at=now, owner=None)
    reminders = (
        tables.metadata.tables["timer"]
        .delete()
        .where(col(t.purpose) == "question", col(t.due_at) <= now)
    )
    try:
        async with database.engine.begin() as connection:
            asked = select(func.count()).select_from(m).where(unfinished, col(m.direction) != "in")
            count = (await connection.execute(asked)).scalar_one()
            running = (
                await connection.execute(select(func.count()).select_from(b).where(is_running))
            ).scalar_one()
            for statement in (messages, broadcasts, reminders):
                await connection.execute(statement)
    except (SQLAlchemyError, OSError) as error:
        raise database.translate(error) from error
    return count, running
