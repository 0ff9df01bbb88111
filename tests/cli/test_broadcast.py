"""`parley broadcast` as people run it, with a provider in memory and, where it sends, a line to the terminal."""

import asyncio
import csv
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from adapters.fake_services import FakeServices
from cli.watch import progress, summary
from engine.core.content import Template
from engine.core.signals import Sender
from engine.ports.services import NO_SERVICES, TemplateInfo
from storage import Database
from storage.broadcasts import Recipient, StoredBroadcasts
from tests.cli.offered import SHOP, Run, know, offer
from tests.ports import free_port
from tests.web.support import write_flow

RECEIPT = TemplateInfo(name="receipt", language="en", status="approved", body="Hi {{1}}")
LIST = "phone;name\n+52 155 500 000 01;Ana\n12;Ben\n5215550000002;Eva\n5215550000001;Ann\n"


@pytest.fixture
def there(tmp_path: Path, fake: FakeServices, parley: Run) -> Run:
    """Run commands where the template is approved and a list of contacts lies ready."""
    fake.templates.templates.append(RECEIPT)
    (tmp_path / "contacts.csv").write_text(LIST)
    text = (tmp_path / "parley.toml").read_text()
    (tmp_path / "parley.toml").write_text(
        text.replace("[server]", f"[server]\nport = {free_port()}")
    )
    write_flow(tmp_path)
    return parley


def rows(folder: Path, question: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(folder / "parley.db")) as connection:
        return connection.execute(question).fetchall()


def results(file: Path) -> list[tuple[str, ...]]:
    with file.open(newline="") as opened:
        return [(r["line"], r["phone"], r["status"], r["reason"]) for r in csv.DictReader(opened)]


def test_a_check_tells_what_is_wrong_and_stores_nothing(there: Run, tmp_path: Path) -> None:
    know(tmp_path)

    ended = there("broadcast", "receipt", "contacts.csv", "--check")

    assert ended.code == 1
    assert ended.out == "receipt (en), the first with: Ana\n2 contacts, 1 wrong row, 1 double\n"
    assert ended.err == (
        "line 3: '12' is no phone number with its country code, such as 5215550001\n"
        "line 5: the number of line 2 again; it gets one message\n"
        "parley: 1 wrong row; nothing was sent\n"
    )
    assert rows(tmp_path, "SELECT count(*) FROM broadcast") == [(0,)]


def test_without_a_server_nothing_is_sent_and_that_is_said(there: Run, tmp_path: Path) -> None:
    know(tmp_path)

    ended = there("broadcast", "receipt", "contacts.csv")

    assert ended.code == 1
    assert "no server runs on this database: start `parley serve`, or let" in ended.err
    assert rows(tmp_path, "SELECT count(*) FROM broadcast") == [(0,)]


def test_it_sends_from_here_when_told_and_knows_the_same_again(there: Run, tmp_path: Path) -> None:
    know(tmp_path, Sender(phone="5215550000002"))
    with closing(sqlite3.connect(tmp_path / "parley.db")) as connection:
        connection.execute("UPDATE contact SET opted_out_at = '2026-08-01T12:00:00.000000+00:00'")
        connection.commit()

    ended = there("broadcast", "receipt", "contacts.csv", "--now", "--result", "sent.csv")

    assert (ended.code, ended.err.count("\n")) == (0, 2)
    assert "done: 1 cancelled, 1 invalid, 1 sent" in ended.out
    assert "[########################] 2/2, 100%" in ended.out
    told = "'12' is no phone number with its country code, such as 5215550001"
    assert results(tmp_path / "sent.csv") == [
        ("2", "5215550000001", "sent", ""),
        ("3", "12", "invalid", told),
        ("4", "5215550000002", "cancelled", "the contact has opted out"),
    ]

    again = there("broadcast", "receipt", "contacts.csv", "--now")
    assert again.code == 1
    assert "as broadcast 1 (done): follow it or go on with it by --resume 1" in again.err
    assert rows(tmp_path, "SELECT count(*) FROM message") == [(2,)]

    more = there("broadcast", "receipt", "contacts.csv", "--now", "--again")
    assert more.code == 0
    assert rows(tmp_path, "SELECT count(*) FROM message") == [(4,)]

    listed = there("broadcast").out.splitlines()
    assert [line.split()[0] for line in listed] == ["1", "2"]
    assert listed[0].endswith(
        "shop  receipt (en)  contacts.csv  done  1 cancelled, 1 invalid, 1 sent"
    )
    assert "broadcast 1 is done already" in there("broadcast", "--stop", "1").err
    seen = there("broadcast", "--resume", "1", "--result", "late.csv")
    assert (seen.code, seen.err) == (0, "")
    assert results(tmp_path / "late.csv") == results(tmp_path / "sent.csv")


def test_a_stopped_one_goes_on_when_resumed(there: Run, tmp_path: Path) -> None:
    know(tmp_path)
    asyncio.run(begun(tmp_path))

    stopped = there("broadcast", "--stop", "1")
    assert stopped.out.startswith("broadcast 1 is stopped, 2 contacts left; ")
    assert "  stopped  2 waiting" in there("broadcast").out

    resumed = there("broadcast", "--resume", "1", "--now")
    assert (resumed.code, resumed.err) == (0, "")
    assert "done: 2 sent" in resumed.out


async def begun(folder: Path) -> None:
    """Store a broadcast, as a command does that was killed while it watched."""
    database = Database(f"sqlite:///{folder / 'parley.db'}")
    to = [
        Recipient(number, f"521555000000{number}", Template(name="receipt", language="en"))
        for number in (2, 3)
    ]
    await StoredBroadcasts(database).begin(
        SHOP, to, template="receipt", language="en", source="a.csv", now=datetime.now(UTC)
    )
    await database.close()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("none", "contacts.csv"), "no template 'none'; `parley templates list` shows them"),
        (("receipts", "contacts.csv"), "no template 'receipts'; did you mean 'receipt'?"),
        (("receipt", "contacts.csv", "--language", "fr"), "not there in 'fr', but in en"),
        (("late", "contacts.csv"), "the template 'late' is paused, not approved"),
        (("two", "contacts.csv"), "the template 'two' is there in en, es: choose by --language"),
        (("receipt", "contacts.csv", "--sms", "contacts.csv"), "provider 'console' sends no SMS"),
        (("receipt",), "give the file with the contacts, too"),
        (("--stop", "9"), "there is no broadcast 9"),
        (("--resume", "9"), "there is no broadcast 9"),
    ],
    ids=lambda value: value if isinstance(value, str) else " ".join(value),
)
def test_what_cannot_be_is_told(
    there: Run, tmp_path: Path, fake: FakeServices, arguments: tuple[str, ...], told: str
) -> None:
    know(tmp_path)
    fake.templates.templates += [
        RECEIPT.model_copy(update={"name": "late", "status": "paused"}),
        RECEIPT.model_copy(update={"name": "two"}),
        RECEIPT.model_copy(update={"name": "two", "language": "es"}),
    ]

    ended = there("broadcast", *arguments)

    assert ended.code != 0
    assert told in ended.err


def test_how_many_opted_out_is_told_before(there: Run, tmp_path: Path) -> None:
    know(tmp_path)
    assert there("contacts", "opt-out", "5215550000002", "--by", "kim").code == 0
    with closing(sqlite3.connect(tmp_path / "parley.db")) as database, database:
        # As a server that runs takes it in.
        database.execute("UPDATE contact SET opted_out_at = '2026-08-01T10:00:00Z'")

    ended = there("broadcast", "receipt", "contacts.csv", "--check")

    assert "1 contact of these opted out: no message for them" in ended.out


def test_a_template_that_nobody_knows_takes_every_column(
    there: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    know(tmp_path)
    offer(monkeypatch, NO_SERVICES)

    ended = there("broadcast", "news", "contacts.csv", "--check")

    assert ended.err.startswith("news is not known here: every column is a variable, in order\n")


def test_the_bar_tells_rate_and_time_left() -> None:
    assert progress(250, 1000, 5.0) == (
        "[######------------------] 250/1000, 25%, 5.0/s, 2 min 30 s left"
    )
    assert progress(0, 1000, 0.0) == "[------------------------] 0/1000, 0%, 0.0/s"
    assert progress(0, 0, 0.0).startswith("[########################] 0/0, 100%")
    assert summary({"sent": 2, "failed": 1, "delivered": 7}, "done") == (
        "done: 7 delivered, 2 sent, 1 failed"
    )
