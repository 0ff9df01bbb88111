"""Webhook bodies on disk that the database refused: appended, checked, synced, bounded; a torn end is dropped.

The file alone; what goes into it and out of it, and when, is `web/lanes.py`.
"""

import fcntl
import os
import struct
import zlib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import NamedTuple, Self

import orjson
import structlog

from engine.core.errors import DefinitionError, StoreUnavailable
from engine.core.ids import LineId

log = structlog.get_logger()

RESERVED_BYTES = 1024 * 1024
"""Held on the disk from the start, so that a full one still has room for the first bodies."""

READ_BYTES = 1024 * 1024
"""How much of the file is read at once; one body is at most 3 MB and is read whole."""

_HEAD = struct.Struct(">4sII")
"""Mark, length, CRC-32. The reserve is zeros, so a mark of zeros is the end."""

_MARK = b"PSP1"
_META = struct.Struct(">I")


class SpoolFull(StoreUnavailable):
    """Neither the database nor the spool takes the body; nothing was stored."""

    code = "spool_full"


class Spooled(NamedTuple):
    """A verified webhook body as it waits: what parsing needs, and none of the headers, which hold secrets."""

    line: LineId
    received_at: datetime
    body: bytes
    query: dict[str, str]


class SpoolFile:
    """One process's spool. Its methods block, and only one of them may run at a time.

    Args:
        path: The file; it stays, empty but for its reserve, when all bodies have gone.
        max_bytes: How large it may become.
    """

    def __init__(self, path: Path, *, max_bytes: int) -> None:
        self._path = path
        self._max_bytes = max_bytes
        self._file = -1
        self._head = 0
        self._tail = 0

    def open(self) -> list[LineId]:
        """Open the file and return the line of each body that an earlier process left, in order.

        Raises:
            DefinitionError: The file cannot be written, or another process has it.
        """
        try:
            self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self.close()
            raise DefinitionError(
                f"spool.path: {str(self._path)!r} is used by another process; give each its own"
            ) from None
        except OSError as error:
            self.close()
            raise DefinitionError(
                f"spool.path: {str(self._path)!r} cannot be written: {error.strerror}"
            ) from None
        sync_folder(self._path.parent)
        lines = [record.line for record in self._scan()]
        self._reserve()
        return lines

    def append(self, bodies: Sequence[Spooled]) -> int:
        """Write the bodies to the disk, as many as fit, in order, and return how many these are.

        Raises:
            SpoolFull: Not one of them fits, or the disk refuses; nothing was written.
        """
        data = bytearray()
        count = 0
        for body in bodies:
            record = _packed(body)
            if self._tail + len(data) + len(record) > self._max_bytes:
                break
            data += record
            count += 1
        if not count:
            raise SpoolFull("the spool is full; see spool.max_bytes")
        try:
            _write(self._file, bytes(data), self._tail)
            os.fsync(self._file)
        except OSError as error:
            raise SpoolFull(f"the spool cannot be written: {error.strerror}") from error
        self._tail += len(data)
        return count

    def peek(self, limit: int) -> tuple[list[Spooled], int]:
        """Return the oldest bodies, at most `limit` and about a megabyte of them, and where the next one begins."""
        bodies: list[Spooled] = []
        at, stop = self._head, self._head + READ_BYTES
        while len(bodies) < limit and at < min(stop, self._tail):
            found = _read(self._file, at)
            if found is None:
                # What this process wrote and synced can no longer be read: the disk is broken.
                raise OSError(f"the spool is damaged at byte {at}")
            bodies.append(found[0])
            at = found[1]
        return bodies, at

    def forget(self, until: int) -> None:
        """Forget what stands before a place that `peek` returned; when that was all, the file is emptied."""
        self._head = until
        if self._head < self._tail:
            return
        self._head = self._tail = 0
        # Where this is not done before a crash, the bodies enter once more, and count once by their keys.
        os.ftruncate(self._file, 0)
        os.fsync(self._file)
        self._reserve()

    def close(self) -> None:
        """Close the file and give its lock back."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    def __enter__(self) -> Self:
        """Open it."""
        self.open()
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()

    def _scan(self) -> Iterator[Spooled]:
        """Yield every whole record and set the tail behind the last one."""
        at = 0
        while (found := _read(self._file, at)) is not None:
            yield found[0]
            at = found[1]
        self._tail = at
        rest = os.pread(self._file, _HEAD.size, at)
        if rest.strip(b"\0"):
            # A process died while it wrote: the body was not answered 200.
            log.warning("spool_end_dropped", at_byte=at)
        os.ftruncate(self._file, at)

    def _reserve(self) -> None:
        if hasattr(os, "posix_fallocate"):
            # A full disk: the spool then takes what still fits, as without a reserve.
            with suppress(OSError):
                os.posix_fallocate(self._file, 0, min(RESERVED_BYTES, self._max_bytes))


def _packed(body: Spooled) -> bytes:
    meta = orjson.dumps({"line": body.line, "at": body.received_at, "query": body.query})
    data = _META.pack(len(meta)) + meta + body.body
    return _HEAD.pack(_MARK, len(data), zlib.crc32(data)) + data


def _read(file: int, at: int) -> tuple[Spooled, int] | None:
    """Return the record at a place and where the next one begins; None where no whole one stands."""
    head = os.pread(file, _HEAD.size, at)
    if len(head) < _HEAD.size:
        return None
    mark, length, checksum = _HEAD.unpack(head)
    if mark != _MARK:
        return None
    data = os.pread(file, length, at + _HEAD.size)
    if len(data) < length or zlib.crc32(data) != checksum:
        return None
    (size,) = _META.unpack_from(data)
    meta = orjson.loads(data[_META.size : _META.size + size])
    body = Spooled(
        line=LineId(meta["line"]),
        received_at=datetime.fromisoformat(meta["at"]),
        body=data[_META.size + size :],
        query=meta["query"],
    )
    return body, at + _HEAD.size + length


def _write(file: int, data: bytes, at: int) -> None:
    rest = memoryview(data)
    while rest:
        written = os.pwrite(file, rest, at)
        rest, at = rest[written:], at + written


def sync_folder(folder: Path) -> None:
    """Make a new file's name itself durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
