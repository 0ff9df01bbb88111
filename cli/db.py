"""`parley db upgrade`."""

import asyncio
from pathlib import Path

import click

from cli.options import config_option, examples, needed_settings
from storage import Database, upgrade
from storage.migrate import head_revision
from web.settings import Settings


@click.group()
def db() -> None:
    """Look after the database."""


@db.command("upgrade", epilog=examples("parley db upgrade", "parley db upgrade --config shop.toml"))
@config_option
def upgrade_command(config: Path | None) -> None:
    """Bring the database's schema up to what this version of Parley needs.

    On SQLite stop the server first; the file is copied to NAME.before-REV.db before it is changed. On PostgreSQL the
    servers of the version before work on meanwhile. An empty database gets its tables.
    """
    click.echo(asyncio.run(_upgrade(needed_settings(config))))


async def _upgrade(settings: Settings) -> str:
    database = Database(settings.database.url)
    try:
        database.lock()
        before = await upgrade(database)
    finally:
        await database.close()
    if before == head_revision():
        return f"the schema is up to date ({before})"
    return f"the schema went from {before or 'nothing'} to {head_revision()}"
