"""Several workers on one machine: a parent that serves nothing starts them, watches them and stops them.

The parent reads the configuration and the flows; the workers are forks of it, so all of them serve what was checked
once. It speaks with no database and runs no event loop: nothing in it can hang or grow.
"""

import os
import select
import signal
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Final

import structlog

from web.spool import SpoolFile

STOP_WITHIN_S = 9.8
"""A worker that has not ended so long after it was asked to is ended; one bounds its own stop a little below it."""

PAUSE_FIRST_S = 0.5
PAUSE_MOST_S = 30.0
"""Before a worker that ended is started again: twice as long each time."""

WELL_AFTER_S = 60.0
"""A worker that lived so long ended of something new: the pauses begin again."""

WORKERS_MOST = 64
"""More would want more connections than PostgreSQL gives out by itself: a worker keeps three and has four for pages."""

_STOPS: Final = (signal.SIGTERM, signal.SIGINT)
_HEARD: Final = (*_STOPS, signal.SIGCHLD)

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Worker:
    """What one worker knows of its place."""

    number: int
    """From 1."""
    parent: int
    """A file that comes to its end with the parent, however that ends."""
    told: int
    """Where the parent hears that this worker serves."""

    def serves(self) -> None:
        """Tell the parent."""
        os.write(self.told, bytes([self.number]))


@dataclass(slots=True)
class _Place:
    """One worker's place, as the parent keeps it."""

    number: int
    pause_s: float
    pid: int | None = None
    started_at: float = 0.0
    due_at: float | None = None
    """When a worker is started in it."""
    settled: bool = False
    """Whether a worker in it has served, or has ended, once."""


class Workers:
    """The parent's side.

    Args:
        count: How many workers.
        ready: Called once, when each of them serves, or could not at its first try.
    """

    def __init__(self, count: int, *, ready: Callable[[], None]) -> None:
        self._places = [_Place(number, PAUSE_FIRST_S) for number in range(1, count + 1)]
        self._ready = ready
        self._served = False
        """Whether the first worker has served: until then it is alone, and what stops it stops the start."""
        self._greeted = False
        self._stop_until: float | None = None
        self._failed = False
        self._lives, self._parent = os.pipe()
        self._tells, self._told = os.pipe()
        self._wakes, self._woken = os.pipe()
        for file in (self._tells, self._wakes, self._woken):
            os.set_blocking(file, False)

    def become_one(self) -> Worker:
        """Return in each worker, once it is one; the parent itself never returns.

        The first starts alone: it brings the schema up to date, and says once what is wrong with a line or the
        database.

        Raises:
            SystemExit: In the parent, when the workers have ended: 0 where all of them stopped as they were asked.
        """
        for number in _HEARD:
            signal.signal(number, self._hear)
        signal.set_wakeup_fd(self._woken, warn_on_full_buffer=False)
        self._places[0].due_at = time.monotonic()
        while True:
            for place in self._places:
                if place.due_at is not None and place.due_at <= time.monotonic():
                    worker = self._start(place)
                    if worker is not None:
                        return worker
            self._wait()
            self._hear_who_serves()
            self._bury()
            self._end_the_slow()
            if self._stop_until is not None and not self._alive():
                log.info("workers_stopped")
                sys.exit(1 if self._failed else 0)

    # --- a worker's life --------------------------------------------------------------------

    def _start(self, place: _Place) -> Worker | None:
        """Make a worker; return it in its own process, None in the parent."""
        # A stop that meets the child before it has laid down the parent's handlers would be lost.
        signal.pthread_sigmask(signal.SIG_BLOCK, _HEARD)
        if place.due_at is not None:  # no stop was heard in the meantime
            place.due_at, place.started_at = None, time.monotonic()
            sys.stdout.flush()
            place.pid = os.fork()
            if place.pid == 0:
                return self._become(place.number)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _HEARD)
        return None

    def _become(self, number: int) -> Worker:
        for file in (self._parent, self._tells, self._wakes):
            os.close(file)
        signal.set_wakeup_fd(-1)
        os.close(self._woken)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _HEARD)
        return Worker(number, self._lives, self._told)

    def _alive(self) -> list[int]:
        return [place.pid for place in self._places if place.pid is not None]

    def _bury(self) -> None:
        """Take leave of children that ended; as a container's first process they may be anybody's."""
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            for place in self._places:
                if place.pid == pid:
                    place.pid = None
                    self._ended(place, os.waitstatus_to_exitcode(status))

    def _ended(self, place: _Place, code: int) -> None:
        if self._stop_until is not None:
            self._failed = self._failed or code not in (0, *(-number for number in _STOPS))
            return
        if not self._served:
            # It has said itself what is wrong.
            sys.exit(128 - code if code < 0 else code or 1)
        now = time.monotonic()
        if now - place.started_at >= WELL_AFTER_S:
            place.pause_s = PAUSE_FIRST_S
        log.error("worker_ended", worker=place.number, exit_code=code, again_after_s=place.pause_s)
        place.due_at = now + place.pause_s
        place.pause_s = min(place.pause_s * 2, PAUSE_MOST_S)
        self._settle(place)

    # --- what is heard ----------------------------------------------------------------------

    def _wait(self) -> None:
        """Wait until a signal came, a worker told that it serves, or something is due."""
        moments = [place.due_at for place in self._places if place.due_at is not None]
        if self._stop_until is not None:
            moments.append(self._stop_until)
        wait_s = max(0.0, min(moments) - time.monotonic()) if moments else None
        select.select([self._tells, self._wakes], [], [], wait_s)
        _read_all(self._wakes)

    def _hear(self, number: int, frame: FrameType | None) -> None:
        if number in _STOPS and self._stop_until is None:
            self._stop_until = time.monotonic() + STOP_WITHIN_S
            for place in self._places:
                place.due_at = None
            self._send(signal.SIGTERM)

    def _hear_who_serves(self) -> None:
        for number in _read_all(self._tells):
            place = self._places[number - 1]
            log.info("worker_serves", worker=number, pid=place.pid)
            if not self._served:
                self._served = True
                if self._stop_until is None:
                    for other in self._places[1:]:
                        other.due_at = time.monotonic()
            self._settle(place)

    def _settle(self, place: _Place) -> None:
        place.settled = True
        if not self._greeted and all(place.settled for place in self._places):
            self._greeted = True
            self._ready()

    def _end_the_slow(self) -> None:
        if self._stop_until is not None and time.monotonic() >= self._stop_until and self._alive():
            log.error("workers_stop_overran", count=len(self._alive()), seconds=STOP_WITHIN_S)
            self._failed = True
            self._send(signal.SIGKILL)
            self._stop_until = time.monotonic() + STOP_WITHIN_S

    def _send(self, number: signal.Signals) -> None:
        for pid in self._alive():
            os.kill(pid, number)  # not yet buried, so the number is still its own


def left_behind(path: Path, workers: int) -> Iterator[str]:
    """Warn of spools that hold webhooks and that none of so many workers opens.

    Raises:
        DefinitionError: A spool is used by another process, or cannot be read.
    """
    for file in sorted(path.parent.glob(f"{path.name}.*")):
        number = file.name.removeprefix(f"{path.name}.")
        if number.isdigit() and int(number) > workers:
            with SpoolFile(file, max_bytes=file.stat().st_size) as spool:
                bodies, _ = spool.peek(1)
            if bodies:
                yield f"warning: {file} holds webhooks of worker {number}; they enter with --workers {number}"


def _read_all(file: int) -> bytes:
    """Return what waits in a pipe that does not block."""
    try:
        return os.read(file, 4096)
    except BlockingIOError:
        return b""
