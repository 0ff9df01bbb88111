"""Starts `parley` as a process of its own, made from one that has read the code already (`tests/warm.py`)."""

import atexit
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]


class Program:
    """A running `parley`, with what tests need of `subprocess.Popen`.

    Args:
        arguments: What follows `parley`.
        folder: Where it runs.
        environment: All of it.
        files: Its standard input, output and error.
    """

    def __init__(
        self,
        arguments: Sequence[str],
        *,
        folder: Path,
        environment: Mapping[str, str],
        files: tuple[int, int, int],
    ) -> None:
        asked = {"arguments": arguments, "folder": str(folder), "environment": dict(environment)}
        self._minder, other = socket.socketpair()
        with other:
            socket.send_fds(_warm(), [b"+"], [other.fileno(), *files])
        self._minder.sendall(json.dumps(asked).encode() + b"\n")
        self.pid = self._hear()
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """Return how it ended; None while it runs."""
        if self.returncode is None:
            self._minder.setblocking(False)
            try:
                self._end()
            except BlockingIOError:
                return None
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait until it ended, and return how; raise `TimeoutError` where it runs still after so many seconds."""
        if self.returncode is None:
            self._minder.settimeout(timeout)
            self._end()
        assert self.returncode is not None
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Send it a signal, if it runs."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask it to stop."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)

    def _end(self) -> None:
        self.returncode = self._hear()
        self._minder.close()

    def _hear(self) -> int:
        told = self._minder.recv(8)
        assert told, "the warm process made none"
        return int.from_bytes(told, signed=True)


@cache
def _warm() -> socket.socket:
    """Return where to ask for processes; one warm process serves a whole session."""
    control, other = socket.socketpair()
    with other:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.warm", str(other.fileno())],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            pass_fds=[other.fileno()],
        )

    def end() -> None:
        control.close()
        process.wait()

    atexit.register(end)
    return control
