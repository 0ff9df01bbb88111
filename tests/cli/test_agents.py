"""`parley agents`: who is let in, what it prints, and what it refuses."""

import asyncio
import io
import re
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cli.agents import PASSWORD_VARIABLE
from cli.main import main
from storage import Database, prepare
from storage.agents import find_agent, find_password_hash
from storage.audit import NO_LINE, Act, read_audit
from storage.sessions import begin_session, find_signed, session_id
from tests.cli.support import run
from web.inbox.people.passwords import matches

CONFIG = """
[lines.shop]
provider = "console"
[lines.kiosk]
provider = "console"
"""

PASSWORD = "seven green herons"

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def url(tmp_path: Path) -> str:
    """The URL of a database that has today's schema."""
    found = f"sqlite:///{tmp_path / 'parley.db'}"

    async def make() -> None:
        database = Database(found)
        await prepare(database)
        await database.close()

    asyncio.run(make())
    return found


@pytest.fixture
def parley(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Run:
    """Run `parley agents …` in a folder with two lines: its exit code, and what it printed."""
    (tmp_path / "parley.toml").write_text(CONFIG)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(PASSWORD_VARIABLE, PASSWORD)

    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["parley", "agents", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        shown = capsys.readouterr()
        return int(ended.value.code or 0), shown.out, shown.err

    return run


def password_of(url: str, login: str) -> str | None:
    """Return the stored hash of who may sign in."""

    async def look() -> str | None:
        database = Database(url)
        try:
            return await find_password_hash(database, login)
        finally:
            await database.close()

    return asyncio.run(look())


def sign_in(url: str, login: str) -> str:
    """Sign an agent in and return the session's id."""

    async def begin() -> str:
        database, now = Database(url), datetime.now(UTC)
        try:
            secret = await begin_session(
                database,
                login,
                client="Firefox",
                expires_at=now + timedelta(hours=1),
                now=now,
                note=Act(1, NO_LINE, now, f"agent:{login}", "signed_in", login),
            )
        finally:
            await database.close()
        return session_id(secret)

    return asyncio.run(begin())


def counts(url: str, session: str) -> bool:
    async def look() -> bool:
        database = Database(url)
        try:
            return await find_signed(database, session, now=datetime.now(UTC)) is not None
        finally:
            await database.close()

    return asyncio.run(look())


def test_the_first_admin_is_added_listed_changed_and_noted(parley: Run, url: str) -> None:
    assert parley("list") == (0, "no agents; the first: parley agents add LOGIN --admin\n", "")

    assert parley("add", "Ana", "--admin", "--name", "Ana B.") == (0, "added 'ana', admin\n", "")
    assert matches(PASSWORD, password_of(url, "ana"))
    assert parley("list")[1] == "ana  Ana B.  admin  every team  every line  never here\n"

    parley("change", "ana", "--role", "supervisor", "--line", "shop", "--team", "kitchen")
    assert parley("list")[1] == "ana  Ana B.  supervisor  kitchen  shop  never here\n"
    parley("change", "ana", "--every-line", "--name", "Ana")
    assert parley("list")[1] == "ana  Ana  supervisor  kitchen  every line  never here\n"

    async def acts() -> list[tuple[str, str, str]]:
        database = Database(url)
        try:
            found = await read_audit(database)
        finally:
            await database.close()
        return [(act.actor, act.act, act.subject) for act in found.acts]

    assert asyncio.run(acts()) == [
        *(2 * [("command", "agent_changed", "ana")]),
        ("command", "agent_added", "ana"),
    ]


def test_a_disabled_agent_is_out_until_let_in_again(parley: Run, url: str) -> None:
    parley("add", "ana")
    session = sign_in(url, "ana")
    assert counts(url, session)

    assert parley("disable", "ana") == (0, "disabled 'ana'\n", "")
    assert password_of(url, "ana") is None
    assert not counts(url, session)
    assert re.search(r"last here [\d: -]+  disabled \d{4}-", parley("list")[1])

    assert parley("disable", "ana", "--again") == (0, "enabled 'ana'\n", "")
    assert password_of(url, "ana") is not None
    assert not counts(url, session)


def test_another_password_ends_the_sessions(
    parley: Run, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    parley("add", "ana")
    session = sign_in(url, "ana")
    monkeypatch.setattr(sys, "stdin", io.StringIO("nine blue lanterns\n"))

    code, shown, _ = parley("password", "ana", "--password-stdin")

    assert (code, shown) == (0, "changed the password of 'ana'; their sessions have ended\n")
    assert matches("nine blue lanterns", password_of(url, "ana"))
    assert not counts(url, session)


def test_sessions_are_listed_and_revoked(parley: Run, url: str) -> None:
    parley("add", "ana")
    assert parley("sessions", "ana")[1] == "no sessions\n"
    session = sign_in(url, "ana")

    assert re.fullmatch(
        r"Firefox  last seen [\d: -]+  since [\d: -]+\n", parley("sessions", "ana")[1]
    )
    assert counts(url, session)
    assert parley("sessions", "ana", "--revoke")[1].endswith("\nrevoked\n")
    assert not counts(url, session)


def test_a_password_is_asked_twice_and_never_shown(
    parley: Run, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(PASSWORD_VARIABLE)
    typed = iter([PASSWORD, "something else", PASSWORD, PASSWORD])
    monkeypatch.setattr("click.termui.hidden_prompt_func", lambda _: next(typed))

    code, shown, told = parley("add", "ana")

    assert (code, shown) == (0, "added 'ana', agent\n")
    assert PASSWORD not in told
    assert list(typed) == []
    assert matches(PASSWORD, password_of(url, "ana"))


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("add", "luis"), "there is or was an agent 'luis'; take another login"),
        (("add", "a b"), "'a b' cannot be a login"),
        (("add", "seven"), "The password holds the login"),
        (("add", "ana", "--line", "bakery"), "no line 'bakery'; configured: shop, kiosk"),
        (("change", "ana"), "no agent 'ana'; `parley agents list` names them"),
        (("password", "ana"), "no agent 'ana'"),
        (("disable", "ana"), "no agent 'ana'"),
        (("sessions", "ana"), "no agent 'ana'"),
    ],
    ids=lambda one: " ".join(one) if isinstance(one, tuple) else "",
)
def test_what_cannot_be_done_is_said(
    parley: Run, url: str, arguments: tuple[str, ...], told: str
) -> None:
    parley("add", "luis")

    code, shown, error = parley(*arguments)

    assert (code, shown) == (1, "")
    assert error.startswith(f"parley: {told}")

    async def look() -> bool:
        database = Database(url)
        try:
            return await find_agent(database, "ana") is None
        finally:
            await database.close()

    assert asyncio.run(look())


def test_the_first_agent_may_be_added_before_the_first_start(parley: Run, tmp_path: Path) -> None:
    (tmp_path / "parley.db").unlink()
    (tmp_path / "parley.toml").unlink()  # `parley serve --dev` needs none either

    made = f"made {tmp_path / 'parley.db'}\n"
    assert parley("add", "ana", "--admin") == (0, "added 'ana', admin\n", made)
    assert parley("list")[1].startswith("ana  ana  admin")


def test_a_taken_login_is_refused_before_a_password_is_asked(
    parley: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    parley("add", "ana")
    monkeypatch.delenv(PASSWORD_VARIABLE)
    asked: list[str] = []
    monkeypatch.setattr("click.termui.hidden_prompt_func", asked.append)

    assert parley("add", "ana")[0] == 1
    assert parley("password", "luis")[0] == 1
    assert asked == []


def test_without_a_terminal_the_ways_to_give_a_password_are_named(tmp_path: Path) -> None:
    alone = ("setsid", sys.executable, "-m", "parley")  # no terminal of ours to ask either

    ended = run(tmp_path, "agents", "add", "ana", program=alone)

    assert ended.returncode == 1
    assert ended.stderr.endswith(
        "parley: there is no terminal to ask for the password; "
        f"pipe it in with --password-stdin, or set {PASSWORD_VARIABLE}\n"
    )


def test_an_agent_has_one_role(parley: Run) -> None:
    code, _, error = parley("add", "ana", "--admin", "--supervisor")

    assert code == 2
    assert "--admin and --supervisor are two roles: choose one" in error
