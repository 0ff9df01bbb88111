"""A small disk that can be filled: a tmpfs of its own where mounting is allowed, which is for root alone."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SIZE = 16 << 20
"""The database's log may grow to its full length on it."""

FILLING = "filling"


@contextmanager
def small_disk(folder: Path) -> Iterator[bool]:
    """Let a folder be a disk of its own while the block runs; gives whether it is one."""
    folder.mkdir()
    options = ["-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(folder)]
    mounted = os.geteuid() == 0 and _runs("mount", *options)
    try:
        yield mounted
    finally:
        if mounted:
            _runs("umount", "--lazy", str(folder))


def fill(folder: Path) -> None:
    """Leave no room on the disk that a folder is on."""
    block = bytes(64 << 10)
    with (folder / FILLING).open("wb", buffering=0) as file:
        while block:
            try:
                file.write(block)
            except OSError:
                block = block[: len(block) // 2]


def make_room(folder: Path) -> None:
    """Take away what filled it."""
    (folder / FILLING).unlink(missing_ok=True)


def _runs(*command: str) -> bool:
    return subprocess.run(command, stderr=subprocess.DEVNULL, check=False).returncode == 0
