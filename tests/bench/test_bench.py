"""The whole benchmark, small: floor and Parley, stored conversations, memory, the page; and the rows it copies."""

import sqlite3
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from bench import report
from bench.load import FIRST_CONTACT, Load, Outcome, Plan
from bench.seed import seed
from bench.servers import running_parley


def test_a_small_run_compares_everything_and_writes_its_page(tmp_path: Path) -> None:
    page = tmp_path / "RESULTS.md"
    small = [
        "--rounds",
        "1",
        "--messages",
        "60",
        "--warmup",
        "30",
        "--steady-seconds",
        "1",
        "--stored",
        "20,40",
    ]

    done = subprocess.run(
        [sys.executable, "-m", "bench", *small, "--memory-messages", "300", "--results", str(page)],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    text = page.read_text()
    assert text in done.stdout
    assert "2 (FULL)" in text
    assert "fsync on, synchronous_commit on" in text
    for row in (
        "| CPU per message, ms |",
        "| 40 |",
        "| 300 |",
        "| p50 at 100 messages a second, ms |",
        "| a step in the core, µs |",
        "| a text read as `date` |",
        "| workers: 2 |",
        "| the floor in 2 processes |",
        "| CPU per message of 2 workers beside 1 |",
        "| the same, each with as many contacts as the one |",
        "| p99 at half load on PostgreSQL, ms |",
    ):
        assert row in text


async def test_stored_conversations_are_copies_that_parley_goes_on_with(tmp_path: Path) -> None:
    database = tmp_path / "parley.db"
    with running_parley(None, tmp_path, database) as server:
        one = Plan(
            server=f"127.0.0.1:{server.port}",
            provider_port=server.provider_port,
            pid=server.pid,
            messages=3,
            contacts=1,
        )
        assert (await Load(one).run()).mistakes == []

    seed(database, 30)

    connection = sqlite3.connect(database)
    for table, rows in {
        "conversation": 30,
        "contact": 30,
        "address": 30,
        "message": 64,
        "signal": 32,
    }.items():
        assert connection.execute(f'SELECT count(*) FROM "{table}"').fetchone() == (rows,), table
    assert connection.execute("SELECT min(version), max(version) FROM conversation").fetchone() == (
        3,
        3,
    )
    last = connection.execute("SELECT max(phone) FROM contact").fetchone()
    assert last == (str(FIRST_CONTACT + 29),)
    connection.close()
    with running_parley(None, tmp_path, database) as server:
        again = Plan(
            server=f"127.0.0.1:{server.port}",
            provider_port=server.provider_port,
            pid=server.pid,
            messages=10 * 3 * 14,
            contacts=4,
            stored=30,
        )
        outcome = await Load(again).run()
    assert outcome.mistakes == []
    connection = sqlite3.connect(database)
    assert connection.execute("SELECT count(*) FROM contact").fetchone() == (30,)
    connection.close()


def test_only_one_conversation_can_be_copied(tmp_path: Path) -> None:
    database = tmp_path / "empty.db"
    connection = sqlite3.connect(database)
    connection.execute("CREATE TABLE conversation (id, contact_id)")
    connection.close()

    with pytest.raises(ValueError, match="there are 0"):
        seed(database, 5)


def test_a_run_too_short_for_the_clock_still_has_a_ratio() -> None:
    short = Outcome(60, 0.1, 0.0, 0.0, 1.0, 1.0, 1, 1)
    longer = replace(short, cpu_s=4 * report.TICK_S)
    assert report.beside([longer], [short]) == 4
