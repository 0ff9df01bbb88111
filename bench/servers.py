"""Starts the servers under test, each in its own process on its own core, and ends them."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from bench.load import PHONE_NUMBER_ID, SECRET
from tests.ports import free_port

START_S = 60.0
"""A server that is not ready by then never will be."""
STOP_S = 30.0

FLOWS = Path(__file__).parent / "flows"

CONFIG = """\
[server]
host = "127.0.0.1"
port = {port}
[database]
url = "{database}"
[flows]
paths = ["{flows}"]
[log]
level = "warning"
[lines.bench]
provider = "cloud"
phone_number_id = "{number}"
token = "bench"
app_secret = "{secret}"
verify_token = "bench"
base_url = "http://127.0.0.1:{provider_port}/v23.0"
rate_per_second = 0
"""


@dataclass(frozen=True, slots=True)
class Server:
    """A running server under test."""

    pid: int
    port: int
    provider_port: int
    """Where its replies go."""
    database_pid: int = 0
    """The database server's first process; 0 where there is none."""


def pinned(core: int | None) -> Callable[[], None] | None:
    """Return what a child runs first to stay on one core; None where that is not to be had."""
    if core is None:
        return None
    return lambda: os.sched_setaffinity(0, {core})


def two_cores() -> tuple[int | None, int | None]:
    """Return a core for the server and one for the load; None twice where the system cannot pin or has one core."""
    if not hasattr(os, "sched_getaffinity"):
        return None, None
    cores = sorted(os.sched_getaffinity(0))
    return (cores[0], cores[1]) if len(cores) > 1 else (None, None)


@contextmanager
def running_floor(core: int | None, *, workers: int = 1) -> Iterator[Server]:
    """Run the floor while the block lasts.

    Args:
        core: The core it stays on.
        workers: How many processes it serves with.
    """
    port, provider_port = free_port(), free_port()
    provider = f"http://127.0.0.1:{provider_port}/v23.0/{PHONE_NUMBER_ID}/messages"
    command = [sys.executable, "-m", "bench.floor", "--port", str(port), "--provider", provider]
    command += ["--workers", str(workers)]
    with _running(command, core, lambda: _listeners(port) == workers) as process:
        yield Server(process.pid, port, provider_port)


@contextmanager
def running_parley(
    core: int | None,
    folder: Path,
    database: Path | str,
    *,
    workers: int = 1,
    database_pid: int = 0,
) -> Iterator[Server]:
    """Run `parley serve` as it ships while the block lasts; only its log is set to warnings.

    Args:
        core: The core it stays on.
        folder: Where its configuration is written.
        database: The SQLite file, which may hold conversations already; or a database's URL.
        workers: How many processes it serves with.
        database_pid: The first process of the database's server.
    """
    port, provider_port = free_port(), free_port()
    config = folder / "parley.toml"
    config.write_text(
        CONFIG.format(
            port=port,
            database=database if isinstance(database, str) else f"sqlite:///{database}",
            flows=FLOWS,
            number=PHONE_NUMBER_ID,
            secret=SECRET.decode(),
            provider_port=provider_port,
        )
    )
    command = [sys.executable, "-m", "parley", "serve", "--config", str(config)]
    if workers > 1:
        command += ["--workers", str(workers)]
    with _running(
        command, core, lambda: _listeners(port) == workers and _is_ready(port)
    ) as process:
        yield Server(process.pid, port, provider_port, database_pid)


@contextmanager
def _running(
    command: list[str], core: int | None, ready: Callable[[], bool]
) -> Iterator["subprocess.Popen[bytes]"]:
    process = subprocess.Popen(
        command, preexec_fn=pinned(core), env=_environment(os.environ), stdout=subprocess.DEVNULL
    )
    try:
        _wait(process, ready)
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _environment(given: Mapping[str, str]) -> dict[str, str]:
    """Return the environment without Parley's own keys: the shipped configuration is what runs."""
    return {key: value for key, value in given.items() if not key.startswith("PARLEY_")}


def _wait(process: "subprocess.Popen[bytes]", ready: Callable[[], bool]) -> None:
    end = time.monotonic() + START_S
    while not ready():
        if process.poll() is not None:
            raise RuntimeError(
                f"{process.args!r} ended with {process.returncode} before it was ready"
            )
        if time.monotonic() > end:
            raise TimeoutError(f"{process.args!r} was not ready within {START_S:.0f} s")
        time.sleep(0.05)


def _listeners(port: int) -> int:
    """Return how many sockets listen on a port: each worker has one."""
    return sum(
        one.status == psutil.CONN_LISTEN and one.laddr[1:] == (port,)
        for one in psutil.net_connections("tcp4")
    )


def _is_ready(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=1) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False
