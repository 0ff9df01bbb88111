"""`parley serve --workers N`: several processes behind one port, started, watched and stopped by one."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
import asyncpg  # type: ignore[import-untyped]  # ships no types
import pytest
from sqlalchemy import make_url

from adapters.sandbox.cloud import CloudSandbox, CloudSettings, served
from engine.core.ids import LineId
from storage.postgres import OWNER_SPACE
from tests.cli.support import Served, run, serving
from tests.loops.world import until
from tests.web.support import line_table, write_flow
from web.spool import Spooled, SpoolFile
from web.workers import left_behind

WITHIN_S = 60
"""For anything that happens in another process; generous, as tests run beside each other."""


@asynccontextmanager
async def two_workers(folder: Path, url: str) -> AsyncIterator[tuple[Served, CloudSandbox]]:
    """Serve one line by two workers while the block runs."""
    meta = CloudSandbox(CloudSettings())
    write_flow(folder)
    async with served(meta) as base:
        line = line_table("shop", meta.settings.phone_number_id, base_url=f"{base}/v23.0")
        config = f'[server]\nport = 0\n[log]\nformat = "json"\n[database]\nurl = "{url}"\n{line}'
        (folder / "parley.toml").write_text(config)
        async with serving(folder, "--workers", "2") as server:
            meta.settings = meta.settings.model_copy(
                update={"webhook_url": f"{server.origin}/webhooks/shop"}
            )
            yield server, meta


def events(server: Served, name: str) -> list[dict[str, object]]:
    """Return what the server has logged under a name."""
    lines = server.log.read_text().splitlines()
    return [told for line in lines if (told := json.loads(line))["event"] == name]


async def test_workers_share_the_port_and_the_work(tmp_path: Path, empty_postgres: str) -> None:
    async with two_workers(tmp_path, empty_postgres) as (server, meta):
        owners = await _owners(empty_postgres)
        contacts = [meta.contact(f"521555000{number}") for number in range(8)]
        for contact in contacts:
            await contact.says("hi")
        replies = [[m.text for m in await contact.receives()] for contact in contacts]
        code = await server.stop()

    assert replies == [["Tea or coffee?"]] * 8
    assert (owners, code) == (2, 0)
    assert sorted(str(told["worker"]) for told in events(server, "server_stopping")) == ["1", "2"]


async def test_a_worker_that_dies_is_started_again_and_none_outlives_the_parent(
    tmp_path: Path, empty_postgres: str
) -> None:
    async with two_workers(tmp_path, empty_postgres) as (server, _):
        pids = {told["worker"]: told["pid"] for told in events(server, "worker_serves")}
        os.kill(int(str(pids[2])), 9)
        await until(lambda: len(events(server, "worker_serves")) == 3, timeout_s=WITHIN_S)
        (died,) = events(server, "worker_ended")
        again = events(server, "worker_serves")[-1]
        async with aiohttp.ClientSession() as session:
            ready = [await _status(session, f"{server.origin}/readyz") for _ in range(8)]

        server.process.kill()
        await until(lambda: not _listens(server.origin), timeout_s=WITHIN_S)

    assert (died["worker"], died["exit_code"], again["worker"]) == (2, -9, 2)
    assert again["pid"] != pids[2]
    assert ready == [200] * 8


def test_what_cannot_be_shared_is_refused_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "parley.toml").write_text("[server]\nport = 0\n")
    write_flow(tmp_path)

    on_sqlite = run(tmp_path, "serve", "--workers", "2")
    url = "postgresql://nobody@127.0.0.1:1/nothing"
    with_simulator = run(tmp_path, "serve", "--dev", "--workers", "2", PARLEY_DATABASE__URL=url)

    assert on_sqlite.returncode == with_simulator.returncode == 1
    assert "needs PostgreSQL" in on_sqlite.stderr
    assert "set database.url" in on_sqlite.stderr
    assert "leave --workers out" in with_simulator.stderr


def test_what_stops_the_start_is_said_once(tmp_path: Path) -> None:
    url = "postgresql://nobody@127.0.0.1:1/nothing"
    (tmp_path / "parley.toml").write_text(f'[server]\nport = 0\n[database]\nurl = "{url}"\n')
    write_flow(tmp_path)

    ended = run(tmp_path, "serve", "--workers", "4")

    assert ended.returncode == 1
    (line,) = ended.stderr.splitlines()
    assert "the database does not answer" in line
    assert line.endswith("is its server up, and database.url right?")


def test_a_database_that_is_not_there_is_told_with_its_setting(
    tmp_path: Path, empty_postgres: str
) -> None:
    url = make_url(empty_postgres).set(database="parly").render_as_string(hide_password=False)
    (tmp_path / "parley.toml").write_text(f'[server]\nport = 0\n[database]\nurl = "{url}"\n')
    write_flow(tmp_path)

    ended = [run(tmp_path, *command) for command in (("serve",), ("db", "upgrade"))]

    told = 'parley: the database does not let Parley in: database "parly" does not exist; see database.url\n'
    assert [(one.returncode, one.stderr) for one in ended] == [(1, told)] * 2


def test_a_spool_that_no_worker_opens_is_told(tmp_path: Path) -> None:
    spool = tmp_path / "parley.spool"
    for number in (2, 3, 4):
        with SpoolFile(tmp_path / f"parley.spool.{number}", max_bytes=10_000_000) as file:
            if number != 4:
                file.append([Spooled(LineId("shop"), datetime.now(UTC), b"{}", {})])

    (told,) = left_behind(spool, workers=2)

    assert "parley.spool.3 holds webhooks" in told
    assert list(left_behind(spool, workers=3)) == []


# --- the parent alone -------------------------------------------------------------------------------

PARENT = """
import os, signal, sys, time
import structlog
from web import workers

structlog.configure(
    processors=[structlog.processors.add_log_level, structlog.processors.JSONRenderer()],
    logger_factory=structlog.PrintLoggerFactory(sys.stderr),
)
workers.PAUSE_FIRST_S = 0.01
workers.STOP_WITHIN_S = 0.2
worker = workers.Workers(2, ready=lambda: print("ready", flush=True)).become_one()
"""
"""What follows it runs in each worker."""


def parent_of(work: str) -> "subprocess.Popen[str]":
    """Start a parent of two workers that do something else than serve."""
    return subprocess.Popen(
        [sys.executable, "-c", PARENT + work],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize(
    ("ignored", "code"), [("signal.SIGUSR1", 0), ("signal.SIGTERM", 1)], ids=["stops", "does not"]
)
def test_the_exit_code_tells_whether_every_worker_stopped(ignored: str, code: int) -> None:
    work = f"signal.signal({ignored}, signal.SIG_IGN)\nworker.serves()\nwhile True: signal.pause()"
    with parent_of(work) as parent:
        assert parent.stdout is not None
        parent.stdout.readline()
        parent.terminate()
        _, log = parent.communicate(timeout=WITHIN_S)

    assert parent.returncode == code
    assert ("workers_stop_overran" in log) == bool(code)


def test_a_worker_that_keeps_dying_is_started_after_longer_and_longer_pauses() -> None:
    work = "worker.serves()\nif worker.number == 2: sys.exit(3)\nwhile True: signal.pause()"
    with parent_of(work) as parent:
        assert parent.stderr is not None
        pauses: list[float] = []
        while len(pauses) < 4:
            told = json.loads(parent.stderr.readline())
            if told["event"] == "worker_ended":
                assert (told["worker"], told["exit_code"]) == (2, 3)
                pauses.append(told["again_after_s"])
        parent.terminate()
        parent.communicate(timeout=WITHIN_S)

    assert pauses == pytest.approx([0.01, 0.02, 0.04, 0.08])


def test_a_first_worker_that_cannot_serve_ends_the_parent_with_its_code() -> None:
    with parent_of("sys.exit(5)") as parent:
        told, _ = parent.communicate(timeout=WITHIN_S)

    assert (parent.returncode, told) == (5, "")


async def _owners(url: str) -> int:
    connection = await asyncpg.connect(url)
    try:
        count: int = await connection.fetchval(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid = $1"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
            OWNER_SPACE,
        )
        return count
    finally:
        await connection.close()


async def _status(session: aiohttp.ClientSession, url: str) -> int:
    async with session.get(url, headers={"Connection": "close"}) as answer:
        return answer.status


def _listens(origin: str) -> bool:
    host, _, port = origin.removeprefix("http://").rpartition(":")
    try:
        with socket.create_connection((host, int(port)), timeout=1):
            return True
    except OSError:
        return False
