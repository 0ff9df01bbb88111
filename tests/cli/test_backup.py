"""A copy is made while people write, and a server started on it elsewhere knows all that was committed before."""

import asyncio
import io
import os
import re
import resource
import shutil
import sqlite3
import tarfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import asyncpg  # type: ignore[import-untyped]  # ships no types
import pytest
from sqlalchemy import text

from adapters.sandbox.cloud import CloudSandbox, CloudSettings, served
from adapters.sandbox.contact import Contact
from cli.backup import belongings
from engine.core.content import Text
from engine.core.errors import DefinitionError, ParleyError
from engine.core.ids import LineId
from storage import Database, MediaFolder, pg_tools
from storage.archive import CopyFailed, Manifest, read_manifest
from storage.backup import back_up
from storage.mapping import load_content
from storage.restore import SET_ASIDE, restore
from tests.cli.support import Served, run, serving
from tests.loops.world import until
from tests.web.support import line_table, rows, running, write_flow
from web.settings import Settings, load_settings
from web.spool import Spooled, SpoolFile

PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 200

WITHIN_S = 60
"""For anything that another process does; generous, as tests run beside each other."""


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


def configure(folder: Path, database: str, *, base_url: str = "http://127.0.0.1:9/v23.0") -> None:
    folder.mkdir(exist_ok=True)
    write_flow(folder)
    line = line_table("shop", CloudSettings().phone_number_id, base_url=base_url)
    (folder / "parley.toml").write_text(
        f'[server]\nport = 0\n[database]\nurl = "{database}"\n{line}rate_per_second = 0\n'
    )


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
    await _sql(empty_postgres, f"CREATE DATABASE {name}")
    yield empty_postgres, _named(empty_postgres, name)
    await _sql(empty_postgres, f"DROP DATABASE {name} WITH (FORCE)")


def _named(url: str, name: str) -> str:
    head, _, tail = url.partition("?")
    return f"{head.rpartition('/')[0]}/{name}?{tail}"


async def _sql(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


async def test_a_copy_made_under_load_serves_elsewhere_with_all_that_was_committed_before(
    tmp_path: Path,
) -> None:
    places = [f"sqlite:///{tmp_path}/{name}/parley.db" for name in ("old", "new")]
    await copied_under_load(tmp_path, *places)


async def test_so_does_one_of_postgresql(tmp_path: Path, postgres_pair: tuple[str, str]) -> None:
    await copied_under_load(tmp_path, *postgres_pair)


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


def media(folder: Path) -> list[str]:
    """Return the keys of the files that are stored."""
    return [path.name for path in (folder / "media").glob("??/*") if path.suffix != ".part"]


# --- what was unfinished ----------------------------------------------------------------------------------


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


@pytest.fixture(scope="module")
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


async def changed(copy: tuple[Path, Settings], *statements: str) -> tuple[Path, Settings]:
    """Put the copy back, change the database, copy that; a new copy and an empty place for it."""
    file, settings = copy
    await put_back(settings, file, set_aside=False)
    with closing(sqlite3.connect(settings.folder / "parley.db")) as connection, connection:
        for statement in statements:
            connection.execute(statement)
    return await copied_again(settings)


async def copied_again(settings: Settings) -> tuple[Path, Settings]:
    """Copy what was put back; a new copy and an empty place for it."""
    again, other = settings.folder.with_name("again.tar.gz"), settings.folder.with_name("other")
    await copied(settings, again)
    configure(other, f"sqlite:///{other}/parley.db")
    return again, load_settings(other / "parley.toml")


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


# --- what is refused --------------------------------------------------------------------------------------


Member = tuple[tarfile.TarInfo, bytes]


def rewritten(file: Path, change: Callable[[list[Member]], None]) -> None:
    """Write the archive anew with other members."""
    with tarfile.open(file) as archive:
        members = []
        for info in archive:
            stream = archive.extractfile(info)
            assert stream is not None
            members.append((info, stream.read()))
    change(members)
    with tarfile.open(file, "w:gz") as archive:
        for info, data in members:
            if info.isreg():
                info.size = len(data)
            archive.addfile(info, io.BytesIO(data))


def named(name: str, kind: bytes = tarfile.REGTYPE, link: str = "") -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, link
    return info


def place_of(members: list[Member], name: str) -> int:
    return next(i for i, (info, _) in enumerate(members) if info.name.startswith(name))


def climbs(members: list[Member]) -> None:
    members.append((named("../evil"), b"x"))


def is_absolute(members: list[Member]) -> None:
    members.append((named("/tmp/evil"), b"x"))


def links(members: list[Member]) -> None:
    at = place_of(members, "media/")
    members[at] = (named(members[at][0].name, tarfile.SYMTYPE, "/etc/passwd"), b"")


def links_hard(members: list[Member]) -> None:
    at = place_of(members, "media/")
    members[at] = (named(members[at][0].name, tarfile.LNKTYPE, "parley.db"), b"")


def brings_a_device(members: list[Member]) -> None:
    members[place_of(members, "parley.db")] = (named("parley.db", tarfile.CHRTYPE), b"")


def brings_a_pipe(members: list[Member]) -> None:
    members.append((named("media/aa", tarfile.FIFOTYPE), b""))


def comes_twice(members: list[Member]) -> None:
    members.append(members[place_of(members, "parley.db")])


def brings_more(members: list[Member]) -> None:
    members.append((named("media/" + "a" * 2 + "/" + "a" * 64), b"x"))


def lacks_a_file(members: list[Member]) -> None:
    del members[place_of(members, "media/")]


def lacks_the_database(members: list[Member]) -> None:
    del members[place_of(members, "parley.db")]


def was_changed(members: list[Member]) -> None:
    at = place_of(members, "parley.db")
    data = bytearray(members[at][1])
    data[5000] ^= 1
    members[at] = (members[at][0], bytes(data))


def announces_what_climbs(members: list[Member]) -> None:
    members[0] = (members[0][0], members[0][1].replace(b'"parley.db"', b'"../../evil"'))


def is_of_a_later_form(members: list[Member]) -> None:
    members[0] = (members[0][0], members[0][1].replace(b'"format": 1', b'"format": 2'))


def is_of_a_later_schema(members: list[Member]) -> None:
    changed = re.sub(rb'"revision": "\w+"', b'"revision": "9999"', members[0][1])
    members[0] = (members[0][0], changed)


def begins_otherwise(members: list[Member]) -> None:
    members.reverse()


@pytest.mark.parametrize(
    "change",
    [
        climbs,
        is_absolute,
        links,
        links_hard,
        brings_a_device,
        brings_a_pipe,
        comes_twice,
        brings_more,
        lacks_a_file,
        lacks_the_database,
        was_changed,
        announces_what_climbs,
        is_of_a_later_form,
        is_of_a_later_schema,
        begins_otherwise,
    ],
)
async def test_an_archive_that_is_not_as_it_was_made_is_refused_and_leaves_nothing(
    copy: tuple[Path, Settings], change: Callable[[list[Member]], None]
) -> None:
    file, settings = copy
    rewritten(file, change)
    around = sorted(file.parent.rglob("*"))

    with pytest.raises(ParleyError):
        await put_back(settings, file)

    lock = Path(f"{settings.folder}/parley.db.lock")
    assert sorted(set(file.parent.rglob("*")) - {lock}) == around
    assert not Path("/tmp/evil").exists()


@pytest.mark.parametrize("part", [0.0, 0.3, 0.99])
async def test_a_torn_archive_is_refused(copy: tuple[Path, Settings], part: float) -> None:
    file, settings = copy
    data = file.read_bytes()
    file.write_bytes(data[: int(len(data) * part)])

    with pytest.raises(CopyFailed, match=re.escape(str(file))):
        await put_back(settings, file)


async def test_a_file_that_was_damaged_before_the_copy_is_named_and_left_out(
    copy: tuple[Path, Settings],
) -> None:
    file, settings = copy
    await put_back(settings, file)
    files = MediaFolder(settings.media.path)
    bad = await files.put(b"bad")
    files.path(bad).write_bytes(b"rot")
    again, place = await copied_again(settings)
    ended = await asyncio.to_thread(run, place.folder, "restore", str(again))

    assert (ended.returncode, media(place.folder)) == (0, [sha256(PICTURE).hexdigest()])
    assert f"media file {bad}" in ended.stdout


@pytest.mark.parametrize("there", ["parley.db", "parley.db-wal", "media/a", "parley.db.spool"])
async def test_only_an_empty_place_is_taken(copy: tuple[Path, Settings], there: str) -> None:
    file, settings = copy
    taken = settings.folder / there
    taken.parent.mkdir(exist_ok=True)
    taken.write_bytes(b"mine")

    with pytest.raises(DefinitionError, match="is there already"):
        await put_back(settings, file)

    assert taken.read_bytes() == b"mine"


async def test_no_file_is_written_over(copy: tuple[Path, Settings]) -> None:
    file, settings = copy
    before = file.read_bytes()
    ended = await asyncio.to_thread(run, settings.folder, "backup", str(file))

    assert (ended.returncode, ended.stderr) == (
        1,
        f"parley: {file} is there already; name another file\n",
    )
    assert file.read_bytes() == before


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    """Take no larger file than this: a limit of the system's own, in the place of a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("room", [20_000, 900_000])
async def test_where_there_is_no_room_that_is_said_and_nothing_left(
    copy: tuple[Path, Settings], tmp_path: Path, room: int
) -> None:
    """In the database's copy, which comes first, or in the archive."""
    file, settings = copy
    await put_back(settings, file)
    await MediaFolder(settings.media.path).put(os.urandom(1_000_000))
    around = sorted(tmp_path.rglob("*"))

    with (
        files_of_at_most(room),
        pytest.raises(CopyFailed, match=r"no room for the copy beside .*full\.tar\.gz: "),
    ):
        await copied(settings, tmp_path / "full.tar.gz")

    assert sorted(tmp_path.rglob("*")) == around


# --- PostgreSQL's programs --------------------------------------------------------------------------------


async def test_a_pg_dump_that_is_too_old_is_named_with_what_to_install(
    empty_postgres: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await _sql(empty_postgres, f"CREATE ROLE plain{os.getpid()} LOGIN")
    old = tmp_path / "pg_dump"
    old.write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 9.6'\n")
    old.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(pg_tools, "PACKAGED", ())
    plain = Database(empty_postgres.replace("postgres:@", f"plain{os.getpid()}:@"))
    try:
        async with plain.read() as connection:
            with pytest.raises(CopyFailed, match=rf"{old} is version 9\).*postgresql-client-"):
                await pg_tools.find("pg_dump", connection)
    finally:
        await plain.close()
        await _sql(empty_postgres, f"DROP ROLE plain{os.getpid()}")


async def test_a_password_never_stands_among_the_arguments() -> None:
    url = Database("postgresql://ann:s3cret@db.example.com:6432/par'ley?ssl=require").url

    assert pg_tools.environment(url) == {
        "PGHOST": "db.example.com",
        "PGPORT": "6432",
        "PGUSER": "ann",
        "PGPASSWORD": "s3cret",
        "PGDATABASE": "par'ley",
        "PGSSLMODE": "require",
    }
    assert pg_tools.conninfo(url) == r"dbname='par\'ley'"


async def test_a_postgresql_with_tables_is_not_restored_into(
    copy: tuple[Path, Settings], tmp_path: Path, empty_postgres: str
) -> None:
    file, _ = copy
    await _sql(empty_postgres, "CREATE TABLE mine (id int)")
    as_dump = read_manifest(file).model_dump_json().replace('"sqlite"', '"postgresql"').encode()
    rewritten(file, lambda members: members.__setitem__(0, (members[0][0], as_dump)))
    configure(tmp_path / "taken", empty_postgres)

    with pytest.raises(DefinitionError, match="not empty"):
        await put_back(load_settings(tmp_path / "taken" / "parley.toml"), file)
