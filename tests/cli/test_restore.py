"""What `parley restore` does not take, and what is said where a copy cannot be made."""

import asyncio
import io
import os
import re
import resource
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

import pytest

from engine.core.errors import DefinitionError, ParleyError
from storage import Database, MediaFolder, pg_tools
from storage.archive import CopyFailed, read_manifest
from tests.cli.copies import (
    PICTURE,
    configure,
    copied,
    copied_again,
    media,
    put_back,
    sql,
)
from tests.cli.support import run
from web.settings import Settings, load_settings

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
    members.append((named("/parley-evil"), b"x"))


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
    assert not Path("/parley-evil").exists()


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
    await sql(empty_postgres, f"CREATE ROLE plain{os.getpid()} LOGIN")
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
        await sql(empty_postgres, f"DROP ROLE plain{os.getpid()}")


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
    await sql(empty_postgres, "CREATE TABLE mine (id int)")
    as_dump = read_manifest(file).model_dump_json().replace('"sqlite"', '"postgresql"').encode()
    rewritten(file, lambda members: members.__setitem__(0, (members[0][0], as_dump)))
    configure(tmp_path / "taken", empty_postgres)

    with pytest.raises(DefinitionError, match="not empty"):
        await put_back(load_settings(tmp_path / "taken" / "parley.toml"), file)
