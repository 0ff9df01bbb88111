"""A copy is made while people write, and a server started on it elsewhere knows all that was committed before."""

import asyncio
import os
import re
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import make_url, text

from adapters.sandbox.cloud import CloudSandbox, CloudSettings, served
from adapters.sandbox.contact import Contact
from engine.core.content import Text
from engine.core.ids import LineId
from storage import Database, MediaFolder, prepare
from storage.archive import read_manifest
from storage.mapping import load_content
from storage.restore import SET_ASIDE
from tests.cli.copies import (
    PICTURE,
    WITHIN_S,
    configure,
    copied,
    copied_again,
    media,
    put_back,
    sql,
)
from tests.cli.support import Served, run, serving
from tests.loops.world import until
from tests.web.support import rows, running
from web.settings import Settings, load_settings
from web.spool import Spooled, SpoolFile


@asynccontextmanager
async def shop(
    folder: Path, database: str, sandbox: CloudSandbox, base_url: str
) -> AsyncIterator[Served]:
    """Serve one line of a sandbox as a process of its own while the block runs."""
    configure(folder, database, base_url=base_url)
    async with serving(folder) as server:
        sandbox.settings = sandbox.settings.model_copy(
            update={"webhook_url": f"{server.origin}/webhooks/shop"}
        )
        yield server


Ask = Callable[[str], Awaitable[list[tuple[object, ...]]]]


@asynccontextmanager
async def asking(url: str) -> AsyncIterator[Ask]:
    """Ask a database directly."""
    database = Database(url)

    async def ask(question: str) -> list[tuple[object, ...]]:
        async with database.read() as connection:
            return [tuple(row) for row in await connection.execute(text(question))]

    try:
        yield ask
    finally:
        await database.close()


async def texts(url: str) -> list[str]:
    """Return what contacts wrote, as the database has it."""
    async with asking(url) as ask:
        rows = await ask("SELECT content FROM message WHERE direction = 'in' ORDER BY id")
    found = [load_content(str(row[0])) for row in rows]
    return [content.body for content in found if isinstance(content, Text)]


class Crowd:
    """Contacts that write until they are told to stop."""

    def __init__(self, contacts: list[Contact]) -> None:
        self.taken: list[str] = []
        """What was answered 200."""
        self._stop = asyncio.Event()
        self._tasks = [asyncio.create_task(self._write(one)) for one in contacts]

    async def _write(self, contact: Contact) -> None:
        number = 0
        while not self._stop.is_set():
            number += 1
            words = f"{contact.address} number {number}"
            if (await contact.says(words)).accepted:
                self.taken.append(words)

    async def stop(self) -> None:
        self._stop.set()
        await asyncio.gather(*self._tasks)


@pytest.fixture
async def postgres_pair(empty_postgres: str) -> AsyncIterator[tuple[str, str]]:
    """Two empty databases of one server: one to copy, one to restore into."""
    name = f"restored_{os.getpid()}"
    await sql(empty_postgres, f"CREATE DATABASE {name}")
    yield empty_postgres, _named(empty_postgres, name)
    await sql(empty_postgres, f"DROP DATABASE {name} WITH (FORCE)")


def _named(url: str, name: str) -> str:
    head, _, tail = url.partition("?")
    return f"{head.rpartition('/')[0]}/{name}?{tail}"


async def test_a_copy_made_under_load_serves_elsewhere_with_all_that_was_committed_before(
    tmp_path: Path,
) -> None:
    places = [f"sqlite:///{tmp_path}/{name}/parley.db" for name in ("old", "new")]
    await copied_under_load(tmp_path, *places)


async def test_so_does_one_of_postgresql(tmp_path: Path, postgres_pair: tuple[str, str]) -> None:
    await copied_under_load(tmp_path, *postgres_pair)


async def test_who_owns_the_database_and_nothing_else_of_the_server_copies_it(
    tmp_path: Path, empty_postgres: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the guide makes it: `createuser`, `createdb --owner`."""
    async with asking(empty_postgres) as ask:
        ((name, programs),) = await ask(
            "SELECT current_database(), setting FROM pg_config WHERE name = 'BINDIR'"
        )
    owner = f"owner_{name}"
    await sql(empty_postgres, f"CREATE ROLE {owner} LOGIN")
    await sql(empty_postgres, f"ALTER DATABASE {name} OWNER TO {owner}")
    url = make_url(empty_postgres).set(username=owner).render_as_string(hide_password=False)
    configure(tmp_path, url)
    database = Database(url)
    await prepare(database)
    await database.close()
    monkeypatch.setenv("PATH", f"{programs}:{os.environ['PATH']}")  # it may not ask where they are

    manifest = await copied(load_settings(tmp_path / "parley.toml"), tmp_path / "copy.tar.gz")

    assert manifest.dialect == "postgresql"


async def copied_under_load(tmp_path: Path, old: str, new: str) -> None:
    folders = tmp_path / "old", tmp_path / "new"
    file = tmp_path / "copy.tar.gz"
    meta = CloudSandbox(CloudSettings(messages_per_second=0))
    maria = meta.contact("5215550001", name="Maria")
    async with served(meta) as address:
        base_url = f"{address}/v23.0"
        async with shop(folders[0], old, meta, base_url) as server:
            await maria.sends_image(PICTURE)
            await until(lambda: len(media(folders[0])) == 1, timeout_s=WITHIN_S)
            await maria.says("hi")
            await maria.receives()
            crowd = Crowd([meta.contact(f"521555010{number}") for number in range(4)])
            await until(lambda: len(crowd.taken) > 20, timeout_s=WITHIN_S)
            before = list(crowd.taken)
            made = await asyncio.to_thread(run, folders[0], "backup", str(file))
            after = len(crowd.taken)
            await crowd.stop()
            log = server.log.read_text()

        assert (made.returncode, made.stderr) == (0, "")
        assert after > len(before)  # nobody was held up for as long as it took
        assert "store_failed" not in log
        assert file.stat().st_mode & 0o777 == 0o600
        assert sorted(path.name for path in tmp_path.iterdir()) == ["copy.tar.gz", "old"]

        configure(folders[1], new)
        put_back = await asyncio.to_thread(run, folders[1], "restore", str(file))
        assert (put_back.returncode, put_back.stderr) == (0, "")
        await check_written(new, before)
        (key,) = media(folders[1])
        assert await MediaFolder(folders[1] / "media").get(key) == PICTURE

        async with shop(folders[1], new, meta, base_url) as server:
            await maria.taps("Tea")
            (answer,) = await maria.receives()
            code = await server.stop()
        assert (answer.text, code) == ("Here is your tea.", 0)


async def check_written(url: str, before: list[str]) -> None:
    """Check that all of this is there, each once, and of each contact as many as wrote, without a gap."""
    written = await texts(url)
    assert set(before) <= set(written)
    assert len(written) == len(set(written))
    for address in {words.split()[0] for words in before}:
        own = [words for words in written if words.startswith(address)]
        assert own == [f"{address} number {number + 1}" for number in range(len(own))]


# --- what was unfinished ----------------------------------------------------------------------------------


async def changed(copy: tuple[Path, Settings], *statements: str) -> tuple[Path, Settings]:
    """Put the copy back, change the database, copy that; a new copy and an empty place for it."""
    file, settings = copy
    await put_back(settings, file, set_aside=False)
    with closing(sqlite3.connect(settings.folder / "parley.db")) as connection, connection:
        for statement in statements:
            connection.execute(statement)
    return await copied_again(settings)


def outbox(settings: Settings) -> list[tuple[object, ...]]:
    question = "SELECT status, error_code, maybe_twice FROM message WHERE direction = 'out'"
    return rows(settings, f"{question} ORDER BY id")


UNSENT = [
    "UPDATE message SET owner = 1, external_id = NULL WHERE direction = 'out'",
    *(
        f"UPDATE message SET status = '{status}' WHERE conversation_id ="
        f" (SELECT id FROM conversation ORDER BY id LIMIT 1 OFFSET {number}) AND direction = 'out'"
        for number, status in enumerate(("queued", "sending", "uncertain", "held"))
    ),
]


async def test_what_a_running_server_had_not_sent_is_not_sent_a_second_time(
    copy: tuple[Path, Settings],
) -> None:
    file, settings = await changed(copy, *UNSENT)
    ended = await asyncio.to_thread(run, settings.folder, "restore", "--set-aside", str(file))
    listed = await asyncio.to_thread(run, settings.folder, "outbox", "--failed")

    assert outbox(settings) == [("failed", SET_ASIDE, 0)] * 4
    assert "4 messages set aside that had not left yet" in ended.stdout
    assert listed.stdout.count(f"{SET_ASIDE}: it was on its way when the copy was made") == 4


async def test_what_a_stopped_server_was_sending_goes_on_as_after_a_crash(
    copy: tuple[Path, Settings],
) -> None:
    file, settings = await changed(copy, *UNSENT)
    await put_back(settings, file)
    assert [status for status, *_ in outbox(settings)] == ["queued", "sending", "uncertain", "held"]

    async with running(settings.folder) as bot:
        # The new sandbox knows of no open window and refuses each; that it was tried, and marked so, is ours.
        await until(lambda: len(bot.sandbox.requests) >= 3, timeout_s=WITHIN_S)
        await until(
            lambda: [twice for *_, twice in outbox(bot.settings)] == [0, 1, 1, 0],
            timeout_s=WITHIN_S,
        )


async def test_in_a_folder_a_copy_is_named_by_the_time(copy: tuple[Path, Settings]) -> None:
    file, settings = copy
    await put_back(settings, file)
    folder = file.with_name("copies")
    folder.mkdir()

    made = await asyncio.to_thread(run, settings.folder, "backup", str(folder))

    assert made.returncode == 0, made.stderr
    (name,) = (one.name for one in folder.iterdir())
    assert re.fullmatch(r"parley-\d{8}T\d{6}Z\.tar\.gz", name)


async def test_a_copy_says_whether_a_server_ran(copy: tuple[Path, Settings]) -> None:
    file, settings = copy
    await put_back(settings, file)
    alone = await copied(settings, file.with_name("again.tar.gz"))

    assert (read_manifest(file).served, alone.served) == (True, False)


async def test_a_broadcast_that_ran_is_stopped_and_an_overdue_reminder_dropped(
    copy: tuple[Path, Settings],
) -> None:
    long_ago, far = "2026-01-01T00:00:00.000000+00:00", "2999-01-01T00:00:00.000000+00:00"
    file, settings = await changed(
        copy,
        "INSERT INTO broadcast (line_id, id, template, language, source, fingerprint, state, handed, created_at)"
        f" VALUES ('gone', 1, 'receipt', 'en', 'a.csv', 'f', 'running', 7, '{long_ago}')",
        "DELETE FROM timer",
        *(
            "INSERT INTO timer (line_id, conversation_id, run, purpose, id, visit, due_at)"
            f" VALUES ('shop', {number}, 1, '{purpose}', {number}, 1, '{due}')"
            for number, (purpose, due) in enumerate(
                [("question", long_ago), ("question", far), ("run_expires", long_ago)]
            )
        ),
    )
    ended = await asyncio.to_thread(run, settings.folder, "restore", "--set-aside", str(file))

    assert "1 broadcast stopped" in ended.stdout
    assert rows(settings, "SELECT state, handed FROM broadcast") == [("stopped", 7)]
    assert rows(settings, "SELECT id FROM timer ORDER BY id") == [(1,), (2,)]


async def test_webhooks_that_wait_on_disk_and_the_key_of_links_are_in_the_copy(
    copy: tuple[Path, Settings],
) -> None:
    body = Spooled(LineId("shop"), datetime.now(UTC), b'{"said": "hi"}', {})
    file, settings = copy
    await put_back(settings, file)
    for spool_file in (settings.spool_file, Path(f"{settings.spool_file}.2")):
        with SpoolFile(spool_file, max_bytes=2**20) as spool:
            spool.append([body])
    with SpoolFile(Path(f"{settings.spool_file}.3"), max_bytes=2**20):
        pass  # it holds its reserve alone
    (settings.media.path / ".link-key").write_bytes(b"k" * 32)
    again, place = await copied_again(settings)
    await put_back(place, again)

    for spool_file in (place.spool_file, Path(f"{place.spool_file}.2")):
        with SpoolFile(spool_file, max_bytes=2**20) as spool:
            assert spool.peek(9)[0] == [body]
    assert not Path(f"{place.spool_file}.3").exists()
    assert (place.media.path / ".link-key").read_bytes() == b"k" * 32
