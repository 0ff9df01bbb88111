"""A broadcast whose server and command are killed on the way: everyone once, and nothing is hidden."""

import csv
import os
import random
import sqlite3
import subprocess
import sys
from collections import Counter
from contextlib import closing
from pathlib import Path

from adapters.sandbox.cloud import CloudSettings, Fault
from adapters.sandbox.settings import ApprovedTemplate
from tests.faults.harness import Bench, eventually, running

CONTACTS = int(os.environ.get("PARLEY_FAULTS_CONTACTS", "600"))
"""10,000 by `make faults`."""

SEED = 20261122
WITHIN_S = 60 + CONTACTS / 50

NEWS = ApprovedTemplate(name="news", body="Hello {{1}}, we have new cakes.")


def command(folder: Path, *arguments: str) -> subprocess.Popen[bytes]:
    """Start `parley broadcast`."""
    with (folder / "command.log").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "parley", "broadcast", *arguments],
            cwd=folder,
            stdout=log,
            stderr=log,
        )


async def ended(process: subprocess.Popen[bytes], folder: Path) -> None:
    """Wait until a command is done, well."""
    await eventually(lambda: process.poll() is not None, timeout_s=WITHIN_S, what="the command")
    assert process.returncode == 0, (folder / "command.log").read_text()


def reached(bench: Bench) -> Counter[str]:
    """Return how often the provider took the message to each contact: its own book, nothing merged."""
    return Counter(str(request.to) for request in bench.ledger.sends)


def states(bench: Bench) -> dict[str, str]:
    """Return each contact's state, as the database has it."""
    with closing(sqlite3.connect(f"file:{bench.server.database}?mode=ro", uri=True)) as reader:
        return dict(
            reader.execute(
                "SELECT r.phone, coalesce(m.status, 'waiting') FROM broadcast_contact r"
                " LEFT JOIN message m ON m.line_id = r.line_id AND m.id = r.message_id"
            ).fetchall()
        )


def those(bench: Bench, state: str) -> set[str]:
    """Return the contacts in a state."""
    return {phone for phone, one in states(bench).items() if one == state}


async def killed_with_answers_held_back(bench: Bench, process: subprocess.Popen[bytes]) -> int:
    """Kill both while the provider has taken what is under way and answered none of it; how many that was."""
    slow = Fault(kind="slow", times=None, hold_s=600)
    bench.sandbox.faults.arm(slow, bench.sandbox.monotonic())

    def is_held() -> bool:
        held = {str(one.to) for one in bench.ledger.sends if one.status is None}
        return len(held) > 1 and held == those(bench, "sending")

    await eventually(is_held, timeout_s=WITHIN_S, what="answers held back")
    bench.server.kill()
    process.kill()
    process.wait()
    bench.sandbox.faults.clear()
    return len(those(bench, "sending"))


async def killed_at(bench: Bench, process: subprocess.Popen[bytes], count: int) -> int:
    """Kill both at the moment so many contacts were reached; return how many sends were under way."""
    await eventually(
        lambda: len(reached(bench)) >= count,
        timeout_s=WITHIN_S,
        what=f"{count}: {bench.server.log()}",
    )
    process.kill()
    bench.server.kill()
    process.wait()
    return len(those(bench, "sending"))


async def test_a_broadcast_killed_twice_reaches_everyone_once(tmp_path: Path) -> None:
    dice = random.Random(SEED)
    settings = CloudSettings(statuses=(), templates=(NEWS,))
    people = [f"52155{number:08d}" for number in range(CONTACTS)]
    with (tmp_path / "contacts.csv").open("w", newline="") as file:
        csv.writer(file).writerows([("phone", "name"), *((one, f"N{one[-4:]}") for one in people)])
    async with running(tmp_path, settings=settings) as bench:
        first = command(tmp_path, "news", "contacts.csv")
        third = CONTACTS // 3
        await eventually(
            lambda: len(reached(bench)) >= third,
            timeout_s=WITHIN_S,
            what=f"a third: {(tmp_path / 'command.log').read_text()}; {bench.server.log()}",
        )
        held = await killed_with_answers_held_back(bench, first)

        await bench.server.start()
        second = command(tmp_path, "--resume", "1")
        flying = await killed_at(bench, second, dice.randint(third + 100, 2 * third))

        await bench.server.start()
        last = command(tmp_path, "--resume", "1", "--result", "result.csv")
        await ended(last, tmp_path)

        told = {row["phone"]: row["status"] for row in rows_of(tmp_path / "result.csv")}
        assert list(told) == people, "one row a contact"
        assert set(told.values()) <= {"sent", "uncertain"}
        unsure = those(bench, "uncertain")
        assert held <= len(unsure) <= held + flying
        assert max(reached(bench).values()) == 1, "no contact twice"
        never = set(people) - set(reached(bench))
        assert never <= unsure, "who was not reached is listed"

        bubbles = {bubble.id: bubble for bubble in bench.sandbox.messages}
        for request in bench.ledger.sends:
            if request.to in unsure:
                contact = bench.sandbox.contact(str(request.to))
                bubble = bubbles[str(request.message_id)]
                await bench.sandbox.tell_status(contact, bubble, "delivered")
        # What had not left the process at the second kill gets no status, and is never sent again by itself.
        assert those(bench, "uncertain") == never
        assert len(never) <= flying
        assert max(reached(bench).values()) == 1
        print(f"{CONTACTS} contacts, {held} + {flying} under way, {len(never)} never left")


def rows_of(file: Path) -> list[dict[str, str]]:
    with file.open(newline="") as opened:
        return list(csv.DictReader(opened))
