"""The nginx of `deploy/nginx/parley.conf` as a process of its own, before servers of a test."""

import asyncio
import os
import pwd
import re
import shutil
import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest

from tests.certificate import certify
from tests.ports import free_port

ROOT = Path(__file__).parents[2]
FILES = ROOT / "deploy" / "nginx"

MAIN = """
daemon off;
user {user};
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log info;
events {{ worker_connections 512; }}
http {{
    access_log {folder}/access.log;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/conf.d/*.conf;
}}
"""

PATIENCE_S = 30.0


@dataclass(frozen=True)
class Front:
    """A running nginx."""

    folder: Path
    port: int
    plain_port: int
    tls: ssl.SSLContext
    process: asyncio.subprocess.Process

    @property
    def origin(self) -> str:
        return f"https://127.0.0.1:{self.port}"

    @property
    def plain_origin(self) -> str:
        return f"http://127.0.0.1:{self.plain_port}"

    def session(self) -> aiohttp.ClientSession:
        """Return a session that trusts its certificate."""
        return aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=self.tls))

    def log(self) -> str:
        return (self.folder / "error.log").read_text()


@asynccontextmanager
async def nginx(folder: Path, replicas: Sequence[int]) -> AsyncIterator[Front]:
    """Run nginx with our file before servers on these ports; it listens when the block begins."""
    program = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    if program is None:
        pytest.fail("what is deployed is tested behind nginx: apt-get install -y nginx-light")
    folder.mkdir()
    authority = _certify(folder)
    port, plain_port = free_port(), free_port()
    (folder / "conf.d").mkdir()
    for name, changes in (
        ("replicas.conf", [_replicas(replicas)]),
        ("parley.conf", _on_this_machine(folder, port=port, plain_port=plain_port)),
    ):
        text = placed((FILES / name).read_text("utf-8"), changes)
        (folder / "conf.d" / name).write_text(text, "utf-8")
    user = pwd.getpwuid(os.getuid()).pw_name
    (folder / "nginx.conf").write_text(MAIN.format(folder=folder, user=user), "utf-8")
    process = await asyncio.create_subprocess_exec(
        program,
        "-p",
        str(folder),
        "-c",
        str(folder / "nginx.conf"),
        "-e",
        str(folder / "error.log"),
    )
    front = Front(folder, port, plain_port, authority, process)
    try:
        await _until_listening(front)
        yield front
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


Change = tuple[str, str, int]
"""A pattern, what comes in its place, how often it stands there."""


def placed(text: str, changes: Sequence[Change]) -> str:
    """Return a file of ours as an operator changes it; fails where something to change is not in it."""
    for pattern, put, times in changes:
        text, found = re.subn(pattern, put.replace("\\", r"\\"), text)
        assert found == times, pattern
    return text


def _replicas(ports: Sequence[int]) -> Change:
    lines = (f"    server 127.0.0.1:{port} max_fails=0;\n" for port in ports)
    return (r"(?:    server 127\.0\.0\.1:808\d [^\n]+\n)+", "".join(lines), 2)


def _on_this_machine(folder: Path, *, port: int, plain_port: int) -> list[Change]:
    return [
        (r"    listen \[::\]:[^\n]+\n", "", 2),  # not every machine has it
        (r"listen 80;", f"listen 127.0.0.1:{plain_port};", 1),
        (r"listen 443 ", f"listen 127.0.0.1:{port} ", 1),
        (r"/etc/letsencrypt/live/bot\.example\.com", str(folder), 2),
    ]


def _certify(folder: Path) -> ssl.SSLContext:
    """Put a key and a certificate for the loopback address where the file looks for them; returns who trusts it."""
    key, chain = certify("bot.example.com")
    (folder / "fullchain.pem").write_bytes(chain)
    (folder / "privkey.pem").write_bytes(key)
    return ssl.create_default_context(cadata=chain.decode())


async def _until_listening(front: Front) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while True:
            assert front.process.returncode is None, front.log()
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", front.port)
            except OSError:
                await asyncio.sleep(0.01)
                continue
            writer.close()
            return
