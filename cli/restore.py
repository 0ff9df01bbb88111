"""`parley restore`."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import click

from cli.backup import belongings, told
from cli.options import config_option, examples, needed_settings
from cli.words import clock_time, counted
from storage import Database
from storage.migrate import head_revision
from storage.restore import Restored
from storage.restore import restore as put_back
from web.settings import Settings


@click.command(
    "restore",
    epilog=examples(
        "parley restore /var/backups/parley-2026-11-22.tar.gz",
        "parley restore --config elsewhere.toml parley-2026-11-22.tar.gz",
    ),
)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--go-on/--set-aside",
    "goes_on",
    default=None,
    help="Whether what was on its way leaves now, or stays as failed.  [default: by whether a server ran meanwhile]",
)
@config_option
def restore(file: Path, goes_on: bool | None, config: Path | None) -> None:
    """Put a copy that `parley backup` made where the configuration points; that place must be empty.

    Messages that were on their way in a running server's copy have most likely left since: they stay as failed, and
    can be put back one by one with `parley outbox --retry`. Broadcasts that ran are stopped.
    """
    set_aside = None if goes_on is None else not goes_on
    for line in asyncio.run(_restore(needed_settings(config), file, set_aside)):
        click.echo(line)


async def _restore(settings: Settings, file: Path, set_aside: bool | None) -> list[str]:
    database = Database(settings.database.url)
    try:
        done = await put_back(
            database, belongings(settings), file, now=datetime.now(UTC), set_aside=set_aside
        )
    finally:
        await database.close()
    return _said(done)


def _said(done: Restored) -> list[str]:
    copy = done.manifest
    said = [f"restored, as of {clock_time(copy.made_at)}: {told(copy)}"]
    if done.messages:
        said.append(
            f"{counted(done.messages, 'message')} set aside that had not left yet: "
            "see `parley outbox --failed`; `--retry ID` sends one after all"
        )
    if done.broadcasts:
        said.append(f"{counted(done.broadcasts, 'broadcast')} stopped: see `parley broadcast`")
    said += [
        f"left out, because it was damaged in the copy: media file {key}" for key in done.broken
    ]
    if copy.revision != head_revision():
        said.append(
            f"its schema is {copy.revision}, this version needs {head_revision()}: `parley db upgrade` brings it there"
        )
    return said
