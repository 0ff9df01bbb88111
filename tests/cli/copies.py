"""Copies to be put back, and what is done with them: by `parley backup`'s own code, on an own SQLite file each."""

import asyncio
import shutil
from datetime import UTC, datetime
from pathlib import Path

import asyncpg  # type: ignore[import-untyped]  # ships no types
import pytest

from adapters.sandbox.cloud import CloudSettings
from cli.backup import belongings
from storage import Database, MediaFolder
from storage.archive import Manifest
from storage.backup import back_up
from storage.restore import restore
from tests.web.support import line_table, running, write_flow
from web.settings import Settings, load_settings

PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 200

WITHIN_S = 60
"""For anything that another process does; generous, as tests run beside each other."""


def configure(folder: Path, database: str, *, base_url: str = "http://127.0.0.1:9/v23.0") -> None:
    folder.mkdir(exist_ok=True)
    write_flow(folder)
    line = line_table("shop", CloudSettings().phone_number_id, base_url=base_url)
    (folder / "parley.toml").write_text(
        f'[server]\nport = 0\n[database]\nurl = "{database}"\n{line}rate_per_second = 0\n'
    )


async def sql(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


def media(folder: Path) -> list[str]:
    """Return the keys of the files that are stored."""
    return [path.name for path in (folder / "media").glob("??/*") if path.suffix != ".part"]


async def copied(settings: Settings, file: Path) -> Manifest:
    """Make a copy as the command does."""
    database = Database(settings.database.url)
    try:
        return await back_up(
            database, belongings(settings), file, version="1", now=datetime.now(UTC)
        )
    finally:
        await database.close()


async def put_back(settings: Settings, file: Path, *, set_aside: bool | None = None) -> None:
    database = Database(settings.database.url)
    try:
        await restore(
            database, belongings(settings), file, now=datetime.now(UTC), set_aside=set_aside
        )
    finally:
        await database.close()


@pytest.fixture(scope="session")
def ready_copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of a running server's, with some answered messages and a file."""
    folder = tmp_path_factory.mktemp("copied")

    async def make() -> Path:
        async with running(folder) as bot:
            for number in range(4):
                contact = bot.sandbox.contact(f"521555000{number}")
                await contact.says("hi")
                await contact.receives()
            await MediaFolder(bot.settings.media.path).put(PICTURE)
            await copied(bot.settings, folder / "copy.tar.gz")
        return folder / "copy.tar.gz"

    return asyncio.run(make())


@pytest.fixture
def copy(ready_copy: Path, tmp_path: Path) -> tuple[Path, Settings]:
    """A copy of one's own, and settings of an empty place."""
    configure(tmp_path / "new", f"sqlite:///{tmp_path}/new/parley.db")
    file = Path(shutil.copy(ready_copy, tmp_path / "copy.tar.gz"))
    return file, load_settings(tmp_path / "new" / "parley.toml")


async def copied_again(settings: Settings) -> tuple[Path, Settings]:
    """Copy what was put back; a new copy and an empty place for it."""
    again, other = settings.folder.with_name("again.tar.gz"), settings.folder.with_name("other")
    await copied(settings, again)
    configure(other, f"sqlite:///{other}/parley.db")
    return again, load_settings(other / "parley.toml")
