"""Copying a database that is in use, with everything that belongs to it, into one archive.

The order makes it whole. First the spools: a body leaves its spool for the database, never the other way, so it is in
one of the copies. Then the database as of one moment. Last the media, which are stored before the row that names them
and never changed.
"""

import asyncio
import errno
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from shutil import copyfile, disk_usage
from typing import NamedTuple

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from engine.core.errors import DefinitionError
from storage import pg_tools
from storage.archive import (
    CopyFailed,
    Manifest,
    Part,
    media_digest,
    media_in,
    part_of,
    scratch_folder,
    write_archive,
)
from storage.database import Database
from storage.migrate import check_known, current_revision

PAGES = 2_000
"""So many are copied at once: 8 MB. The writer goes on between them and beside them."""

LONG_S = 3600.0
"""How long counting a large table may take; other statements have seconds."""

COUNTED = {
    "contacts": "contact",
    "conversations": "conversation",
    "messages": "message",
    "signals": "signal",
}
"""What is counted, and its table."""

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class Belongings(NamedTuple):
    """What belongs to a database and stands beside it."""

    media: Path
    """The media folder."""
    link_key: Path
    """What signs the links to files."""
    spool: Path
    """Where webhooks wait; further workers have `NAME.2` and so on."""


async def back_up(
    database: Database, belongings: Belongings, target: Path, *, version: str, now: datetime
) -> Manifest:
    """Write a copy of everything to the target, as of now; a running server goes on meanwhile.

    Args:
        database: Where it is.
        belongings: What stands beside it.
        target: The archive; there must be none of this name.
        version: Parley's own.
        now: The time.

    Raises:
        CopyFailed: There is such a file, no room, or no `pg_dump` that fits.
        DefinitionError: There is nothing to copy, or it is not Parley's.
        StoreUnavailable: The database does not answer.
    """
    _check_places(target, database.path)
    revision = await current_revision(database)
    if revision is None:
        raise DefinitionError("the database is empty: there is nothing to copy")
    check_known(revision)
    served = await database.is_served()
    with saying_of_no_room(target), scratch_folder(target) as folder:
        parts = await asyncio.to_thread(_copy_spools, belongings.spool, folder)
        tool: int | None = None
        if database.path is not None:
            copied = folder / "parley.db"
            await asyncio.to_thread(_check_room, target, database.path, belongings.media)
            counts = await asyncio.to_thread(copy_sqlite, database.path, copied)
        else:
            copied = folder / "parley.dump"
            counts, tool = await _dump_postgres(database, copied)
        parts[copied.name] = copied
        manifest = await asyncio.to_thread(
            _write,
            folder / "archive",
            parts,
            belongings,
            Manifest(
                parley=version,
                made_at=now,
                dialect=database.dialect,
                revision=revision,
                served=served,
                tool=tool,
                counts=counts,
                parts=(),
                media_files=0,
                media_bytes=0,
                media_sha256="",
            ),
        )
        _name(folder / "archive", target)
    return manifest


def _check_places(target: Path, database: Path | None) -> None:
    if target.exists():
        raise CopyFailed(f"{target} is there already; name another file")
    if not target.absolute().parent.is_dir():
        raise CopyFailed(f"{target.absolute().parent}: no such folder")
    if database is not None and not database.exists():
        raise DefinitionError(f"{database}: no such database; `parley serve` makes it")


def _write(
    target: Path, parts: Mapping[str, Path], belongings: Belongings, known: Manifest
) -> Manifest:
    described: list[tuple[Part, Path]] = [
        (part_of(name, path), path) for name, path in parts.items()
    ]
    key = belongings.link_key
    if key.is_file():
        described.append((part_of("media/.link-key", key), key))
    files = media_in(belongings.media)
    manifest = known.model_copy(
        update={
            "parts": tuple(part for part, _ in described),
            "media_files": len(files),
            "media_bytes": sum(file.size for file in files),
            "media_sha256": media_digest((file.key, file.size) for file in files),
        }
    )
    write_archive(target, manifest, described, files)
    return manifest


def _name(whole: Path, target: Path) -> None:
    """Give the archive its name; one that came meanwhile stays."""
    try:
        target.hardlink_to(whole)
    except FileExistsError:
        raise CopyFailed(f"{target} is there already; name another file") from None


# --- room -----------------------------------------------------------------------------------------------


def _check_room(target: Path, database: Path, media: Path) -> None:
    """Refuse at once what cannot fit: the database's copy, then all media, which do not get smaller."""
    files = sum(file.size for file in media_in(media))
    check_room(target.absolute().parent, database.stat().st_size + files)


def check_room(folder: Path, needed: int) -> None:
    """Refuse at once what cannot fit.

    Raises:
        CopyFailed: The disk of the folder has less room than that.
    """
    free = disk_usage(folder).free
    if free < needed:
        raise CopyFailed(
            f"{folder} has {_megabytes(free)} free, the copy needs {_megabytes(needed)}"
        )


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.0f} MB"


@contextmanager
def saying_of_no_room(place: Path) -> Iterator[None]:
    """Turn what a full disk says into an error that tells where room is needed.

    Raises:
        CopyFailed: The disk was full, or a file there could not be written or read.
    """
    try:
        yield
    except sqlite3.Error as error:
        if getattr(error, "sqlite_errorcode", None) in (
            sqlite3.SQLITE_FULL,
            sqlite3.SQLITE_IOERR_WRITE,
        ):
            raise CopyFailed(f"no room for the copy beside {place}: {error}") from error
        raise CopyFailed(f"the database cannot be copied: {error}") from error
    except OSError as error:
        if error.errno in _FULL:
            raise CopyFailed(f"no room for the copy beside {place}: {error.strerror}") from error
        raise CopyFailed(f"the copy broke off: {error}") from error


# --- what is copied -------------------------------------------------------------------------------------


def _copy_spools(spool: Path, folder: Path) -> dict[str, Path]:
    """Copy the spools that hold anything but their reserve of zeros."""
    copies: dict[str, Path] = {}
    for number, path in spools_of(spool):
        copy = folder / f"spool-{number}"
        copyfile(path, copy)
        with copy.open("rb") as file:
            is_empty = not file.read(4).strip(b"\0")
        if is_empty:
            copy.unlink()
        else:
            copies[f"spool/{number}"] = copy
    return copies


def spools_of(spool: Path) -> Iterator[tuple[int, Path]]:
    """Yield the spools that are there, by their worker's number."""
    if spool.is_file():
        yield 1, spool
    for path in sorted(spool.parent.glob(f"{spool.name}.*")):
        number = path.name.removeprefix(f"{spool.name}.")
        if number.isdigit() and path.is_file():
            yield int(number), path


def spool_of(spool: Path, number: int) -> Path:
    """Return where a worker keeps the webhooks that the database refuses: each has a file of its own."""
    return spool if number == 1 else spool.with_name(f"{spool.name}.{number}")


def copy_sqlite(source: Path, target: Path) -> dict[str, int]:
    """Copy a SQLite database as of one moment, check the copy, and return how many rows some tables have in it.

    A reading transaction is held meanwhile: in WAL mode it stops nobody, and without it the copy would begin anew
    whenever another process writes. The log cannot be written back beyond it, so it grows as long as the copy takes.

    Raises:
        OSError: The copy cannot be written.
        sqlite3.Error: The source cannot be read, or the disk is full.
        CopyFailed: The copy is not whole.
    """
    target.touch(mode=0o600)
    with (
        closing(sqlite3.connect(f"file:{_quoted(source)}?mode=rw", uri=True)) as reading,
        closing(sqlite3.connect(target)) as writing,
    ):
        reading.isolation_level = None
        reading.execute("PRAGMA busy_timeout = 5000")
        reading.execute("BEGIN")
        reading.execute("SELECT count(*) FROM sqlite_master").fetchone()
        reading.backup(writing, pages=PAGES)
        reading.execute("COMMIT")
        # One file without a log beside it.
        writing.execute("PRAGMA journal_mode = DELETE").fetchone()
        (said,) = writing.execute("PRAGMA quick_check(1)").fetchone()
        if said != "ok":
            raise CopyFailed(f"the database is damaged: {said}")
        return {
            name: writing.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608 - ours
            for name, table in COUNTED.items()
        }


def _quoted(path: Path) -> str:
    """Return a path as a SQLite URI takes it."""
    return str(path).replace("%", "%25").replace("?", "%3f").replace("#", "%23")


async def _dump_postgres(database: Database, target: Path) -> tuple[dict[str, int], int]:
    """Dump a PostgreSQL database and count in it, both as of the same moment."""
    async with database.read() as connection:
        await connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"))
        await connection.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
        tool = await pg_tools.find("pg_dump", connection)
        snapshot = (await connection.execute(text("SELECT pg_export_snapshot()"))).scalar_one()
        await tool.run(
            database.url,
            "--format=custom",
            "--no-owner",
            "--no-privileges",
            f"--snapshot={snapshot}",
            f"--file={target}",
        )
        return await counted(connection), tool.major


async def counted(connection: AsyncConnection) -> dict[str, int]:
    """Return how many rows some tables of PostgreSQL have, as this transaction sees them."""
    driver = (await connection.get_raw_connection()).driver_connection
    assert driver is not None
    return {
        name: await driver.fetchval(f"SELECT count(*) FROM {table}", timeout=LONG_S)  # noqa: S608 - ours
        for name, table in COUNTED.items()
    }
