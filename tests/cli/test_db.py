"""`parley db upgrade`: an empty database gets its tables, and one in use is left alone."""

import sqlite3
from contextlib import closing
from pathlib import Path

from tests.cli.support import run, serving
from tests.web.support import write_flow


def test_an_empty_database_gets_its_tables(tmp_path: Path) -> None:
    (tmp_path / "parley.toml").write_text("")

    first = run(tmp_path, "db", "upgrade")
    second = run(tmp_path, "db", "upgrade")

    assert first.stdout.startswith("the schema went from nothing to ")
    assert second.stdout.startswith("the schema is up to date")
    with closing(sqlite3.connect(tmp_path / "parley.db")) as connection:
        assert connection.execute("SELECT count(*) FROM conversation").fetchone() == (0,)


def test_a_folder_that_cannot_be_is_told_with_its_setting(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "parley.toml").write_text('[database]\nurl = "sqlite:///file/parley.db"\n')

    ended = run(tmp_path, "db", "upgrade")

    assert (ended.returncode, ended.stderr) == (
        1,
        f"parley: database.url: '{tmp_path}/file' is no folder that this user may write in: File exists\n",
    )


async def test_the_schema_is_left_alone_while_a_server_runs(tmp_path: Path) -> None:
    write_flow(tmp_path)
    (tmp_path / "parley.toml").write_text("[server]\nport = 0\n")
    async with serving(tmp_path) as server:
        ended = run(tmp_path, "db", "upgrade")

    assert ended.returncode == 1
    assert str(server.process.pid) in ended.stderr
