"""Moves the time of a program under test: forwards and back, while it runs, as a machine's clock is set.

Parley has one place that reads the time, `web/clock.py`; it has no setting that moves it, for nobody but a test wants
one. What counts in monotonic seconds goes on as it did, as it does on a machine.
"""

import mmap
import struct
from datetime import datetime, timedelta, tzinfo
from pathlib import Path

import web.clock

VARIABLE = "TESTS_CLOCK"
"""Names the file of the clock that a program made by `tests/warm.py` follows."""


class MovedClock:
    """How far the time of the programs that follow a file is from the machine's; zero at first."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.move(0)

    def move(self, by_s: float) -> None:
        """Let the time be so far ahead from now on; behind where it is negative."""
        with self.path.open("r+b" if self.path.exists() else "w+b") as file:
            file.write(struct.pack("d", by_s))


def follow(path: str) -> None:
    """Let this process read its time from the machine's clock and how far the file says it is moved."""
    with Path(path).open("rb") as file:
        seen = mmap.mmap(file.fileno(), 8, access=mmap.ACCESS_READ)

    class Moved:
        @staticmethod
        def now(zone: tzinfo) -> datetime:
            (by_s,) = struct.unpack("d", seen[:8])
            return datetime.now(zone) + timedelta(seconds=by_s)

    vars(web.clock)["datetime"] = Moved
