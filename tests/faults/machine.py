"""A real `parley serve` as a process of its own: started, killed, stopped, paused, starved of disk, moved in time."""

import asyncio
import os
import resource
import signal
from collections.abc import Mapping
from pathlib import Path

import aiohttp

from tests.program import Program


class Machine:
    """One process of `parley serve` in a folder of its own, which lives on from start to start.

    Args:
        folder: Where it runs, and keeps its files and `server.log`.
        port: Where it listens.
        config: What `parley.toml` holds but for the port.
        environment: Laid over this process's own.
    """

    def __init__(
        self,
        folder: Path,
        *,
        port: int,
        config: str,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        folder.mkdir(exist_ok=True)
        self.folder = folder
        self.port = port
        self._environment = environment or {}
        self.falls = 0
        """How often it ended without being asked to, once it was ready."""
        self._process: Program | None = None
        self._was_ready = self._asked_to_end = False
        self._log = (folder / "server.log").open("ab")
        self.configure(config)

    def configure(self, config: str) -> None:
        """Let it start with another configuration the next time."""
        (self.folder / "parley.toml").write_text(f"[server]\nport = {self.port}\n{config}")

    async def start(self, **environment: str) -> None:
        """Start, and wait until it is ready."""
        self.launch(**environment)
        await self.ready()

    def launch(self, **environment: str) -> None:
        """Start, and wait for nothing."""
        self._note_fall()
        self._was_ready = self._asked_to_end = False
        log = self._log.fileno()
        with open(os.devnull) as stdin:
            self._process = Program(
                ("serve", "--config", "parley.toml"),
                folder=self.folder,
                environment={**os.environ, **self._environment, **environment},
                files=(stdin.fileno(), log, log),
            )

    async def ready(self, *, within_s: float = 30) -> None:
        """Wait until it is ready; fails where it ends before."""
        async with aiohttp.ClientSession() as session, asyncio.timeout(within_s):
            while not await self._is_ready(session):
                assert self.is_running, self.log()
                await asyncio.sleep(0.02)
        self._was_ready = True

    async def revive(self, *, within_s: float = 60) -> None:
        """Start it as often as it needs until it is ready; others may kill it, or start it, meanwhile."""
        async with aiohttp.ClientSession() as session, asyncio.timeout(within_s):
            while not await self._is_ready(session):
                if not self.is_running:
                    self.launch()
                await asyncio.sleep(0.02)
        self._was_ready = True

    async def _is_ready(self, session: aiohttp.ClientSession) -> bool:
        try:
            async with session.get(f"http://127.0.0.1:{self.port}/readyz") as answer:
                return answer.status == 200
        except aiohttp.ClientError:
            return False

    @property
    def webhook(self) -> str:
        """Where the line `shop` takes webhooks."""
        return f"http://127.0.0.1:{self.port}/webhooks/shop"

    @property
    def pid(self) -> int:
        """The number of its process."""
        assert self._process is not None
        return self._process.pid

    @property
    def is_running(self) -> bool:
        """Whether it has been started and has not ended; one that is paused runs."""
        return self._process is not None and self._process.poll() is None

    def kill(self) -> None:
        """End it as a power cut would."""
        assert self._process is not None
        self._note_fall()
        self._asked_to_end = True
        self._process.kill()
        self._process.wait()

    async def stop(self, *, within_s: float = 30) -> int:
        """End it gracefully and return its exit code; others may kill it meanwhile."""
        process = self._process
        assert process is not None
        self._note_fall()
        self._asked_to_end = True
        process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(within_s):
            while (code := process.poll()) is None:
                await asyncio.sleep(0.01)
        return code

    def pause(self) -> None:
        """Let it stand still."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let it go on."""
        self._signal(signal.SIGCONT)

    def limit_files(self, size: int | None) -> None:
        """Let no file of it grow beyond so many bytes; None is no limit. Writes fail as on a full disk, as EFBIG."""
        if not self.is_running:
            return
        _, hard = resource.prlimit(self.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(self.pid, resource.RLIMIT_FSIZE, (hard if size is None else size, hard))

    def log(self) -> str:
        """Return the end of what it said."""
        self._log.flush()
        return (self.folder / "server.log").read_text(errors="replace")[-4000:]

    def _note_fall(self) -> None:
        """Note where it has ended by itself since it was ready."""
        ended = self._was_ready and not self._asked_to_end and not self.is_running
        if ended:
            self.falls += 1
            self._was_ready = False

    def close(self) -> None:
        """End it, if it runs, and let go of its log."""
        self._note_fall()
        if self.is_running:
            self.resume()
            self.kill()
        self._log.close()

    def _signal(self, number: int) -> None:
        if self.is_running:
            os.kill(self.pid, number)
