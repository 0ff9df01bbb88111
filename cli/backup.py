"""`parley backup`."""

import asyncio
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import click

from cli.options import config_option, examples, needed_settings
from storage import Database
from storage.archive import Manifest
from storage.backup import Belongings, back_up
from web.media_links import KEY_FILE
from web.settings import Settings


@click.command(epilog=examples("parley backup /var/backups/parley-2026-11-22.tar.gz"))
@click.argument("file", type=click.Path(path_type=Path))
@config_option
def backup(file: Path, config: Path | None) -> None:
    """Copy the database and the files that contacts sent into FILE, a .tar.gz; a running server goes on meanwhile.

    In a folder the copy is named by the time, as parley-20261122T031000Z.tar.gz.

    Everything that was committed before it began is in it. The configuration and the flows are not: keep them where
    you keep your code. FILE holds what people wrote, unencrypted, and is readable for its owner alone.
    """
    now = datetime.now(UTC)
    if file.is_dir():
        file /= f"parley-{now:%Y%m%dT%H%M%SZ}.tar.gz"
    click.echo(asyncio.run(_backup(needed_settings(config), file, now=now)))


async def _backup(settings: Settings, file: Path, *, now: datetime) -> str:
    database = Database(settings.database.url)
    try:
        made = await back_up(
            database,
            belongings(settings),
            file,
            version=version("parley"),
            now=now,
        )
    finally:
        await database.close()
    return f"{file}: {told(made)}"


def belongings(settings: Settings) -> Belongings:
    """Return what belongs to the configured database and stands beside it."""
    media = settings.media.path
    return Belongings(media, media / KEY_FILE, settings.spool_file)


def told(copy: Manifest) -> str:
    """Return what is in a copy, in a line."""
    spools = sum(part.name.startswith("spool/") for part in copy.parts)
    waiting = f", {spools} with webhooks that wait" if spools else ""
    counts = copy.counts
    return (
        f"{counts['messages']} messages of {counts['conversations']} conversations, {copy.media_files} files"
        f" ({copy.media_bytes / 1e6:,.1f} MB){waiting}, schema {copy.revision}"
    )
