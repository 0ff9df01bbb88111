"""The same application on PostgreSQL, alone and beside another one."""

from pathlib import Path

import pytest

from tests.web.support import running
from web.keys import OWNER


@pytest.fixture
def database(empty_postgres: str) -> str:
    """The configuration's table for a new database."""
    return f'\n[database]\nurl = "{empty_postgres}"\n'


async def test_a_message_is_answered(tmp_path: Path, database: str) -> None:
    async with running(tmp_path, more=database) as bot:
        maria = bot.sandbox.contact("5215550001", name="Maria")
        await maria.says("hi")
        (question,) = await maria.receives()
        await maria.taps("Tea")
        (answer,) = await maria.receives()
        async with bot.client.get("/readyz") as ready:
            status = ready.status

    assert (question.text, answer.text, status) == ("Tea or coffee?", "Here is your tea.", 200)


async def test_two_on_one_database_have_two_owners(tmp_path: Path, database: str) -> None:
    folders = [tmp_path / name for name in ("first", "second")]
    for folder in folders:
        folder.mkdir()
    async with (
        running(folders[0], more=database) as first,
        running(folders[1], more=database) as second,
    ):
        assert first.app[OWNER] != second.app[OWNER]
