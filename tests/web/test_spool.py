"""The spool's file: what is in it survives, whole and in order, whatever happened to the process or the disk."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.core.errors import DefinitionError
from engine.core.ids import LineId
from web.spool import RESERVED_BYTES, Spooled, SpoolFile, SpoolFull

AT = datetime(2026, 8, 3, 12, 30, tzinfo=UTC)


def body(text: str, line: str = "shop") -> Spooled:
    return Spooled(LineId(line), AT, text.encode(), {"key": "ü"})


def spool(folder: Path, max_bytes: int = 10_000_000) -> SpoolFile:
    return SpoolFile(folder / "parley.db.spool", max_bytes=max_bytes)


def left(folder: Path) -> list[bytes]:
    """Return what a new process finds."""
    with spool(folder) as again:
        return [one.body for one in again.peek(1000)[0]]


@contextmanager
def files_up_to(size: int) -> Iterator[None]:
    """Let no file of this process grow beyond a size, as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_bodies_come_back_in_order_after_a_restart(tmp_path: Path) -> None:
    bodies = [body("one"), body("two\n\0", "desk"), body("")]
    with spool(tmp_path) as file:
        assert file.append(bodies[:2]) == 2
        assert file.append(bodies[2:]) == 1

    again = spool(tmp_path)
    lines = again.open()
    found, _ = again.peek(10)
    again.close()

    assert lines == ["shop", "desk", "shop"]
    assert found == bodies


def test_what_has_entered_is_forgotten_and_the_rest_stays(tmp_path: Path) -> None:
    with spool(tmp_path) as file:
        file.append([body("one"), body("two"), body("three")])
        first, until = file.peek(2)
        file.forget(until)
        rest, end = file.peek(2)
        file.append([body("four")])
        file.forget(end)
        last, end = file.peek(2)
        file.forget(end)

        assert [len(first), len(rest), len(last)] == [2, 1, 1]
        assert last[0].body == b"four"
        assert file.peek(2)[0] == []
    assert left(tmp_path) == []


def test_an_emptied_spool_brings_nothing_old_back(tmp_path: Path) -> None:
    with spool(tmp_path) as file:
        file.append([body("old one"), body("old two")])
        file.forget(file.peek(2)[1])
        file.append([body("new one")])

    assert left(tmp_path) == [b"new one"]


@pytest.mark.parametrize("cut", [1, 3, 12, 40], ids=lambda cut: f"{cut}-bytes-missing")
def test_a_torn_end_is_dropped_and_what_stands_before_it_kept(tmp_path: Path, cut: int) -> None:
    with spool(tmp_path) as file:
        file.append([body("whole")])
        before = _used(tmp_path)
        file.append([body("torn, " + "long " * 10)])
        after = _used(tmp_path)
    path = tmp_path / "parley.db.spool"
    with path.open("r+b") as raw:
        raw.truncate(after - cut)
    assert after - cut > before

    assert left(tmp_path) == [b"whole"]
    with spool(tmp_path) as file:
        file.append([body("next")])
    assert left(tmp_path) == [b"whole", b"next"]


def test_a_damaged_body_is_not_taken_for_one(tmp_path: Path) -> None:
    with spool(tmp_path) as file:
        file.append([body("whole")])
        place = _used(tmp_path) - 1
    with (tmp_path / "parley.db.spool").open("r+b") as raw:
        raw.seek(place)
        raw.write(b"?")

    assert left(tmp_path) == []


def test_what_does_not_fit_is_refused_and_what_fits_is_kept(tmp_path: Path) -> None:
    with spool(tmp_path, max_bytes=300) as file:
        assert file.append([body("a" * 100), body("b" * 100)]) == 1
        with pytest.raises(SpoolFull):
            file.append([body("c" * 100)])

    assert left(tmp_path) == [b"a" * 100]


def test_a_full_disk_still_takes_what_the_reserve_holds(tmp_path: Path) -> None:
    with spool(tmp_path) as file, files_up_to(RESERVED_BYTES):
        assert file.append([body("small")]) == 1
        with pytest.raises(SpoolFull):
            file.append([body("x" * RESERVED_BYTES)])
        assert file.append([body("small again")]) == 1

    assert left(tmp_path) == [b"small", b"small again"]


def test_the_reserve_is_on_the_disk_before_it_is_needed(tmp_path: Path) -> None:
    with spool(tmp_path) as file:
        assert (tmp_path / "parley.db.spool").stat().st_blocks * 512 >= RESERVED_BYTES
        file.append([body("x")])
        file.forget(file.peek(1)[1])
        assert (tmp_path / "parley.db.spool").stat().st_blocks * 512 >= RESERVED_BYTES


def test_a_second_process_is_refused(tmp_path: Path) -> None:
    with spool(tmp_path), pytest.raises(DefinitionError, match="another process"):
        spool(tmp_path).open()


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(DefinitionError, match="cannot be written"):
        spool(tmp_path / "nowhere").open()


def test_strangers_cannot_read_it(tmp_path: Path) -> None:
    with spool(tmp_path):
        assert (tmp_path / "parley.db.spool").stat().st_mode & 0o077 == 0


def _used(folder: Path) -> int:
    """Return how far the file is written: behind its last byte that is not zero."""
    return len((folder / "parley.db.spool").read_bytes().rstrip(b"\0"))
