"""`parley tokens`: what it prints, and what it refuses."""

import asyncio
import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from cli.main import main
from storage import Database, prepare
from storage.tokens import find_token

CONFIG = """
[lines.shop]
provider = "console"
[lines.kiosk]
provider = "console"
"""

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def database(tmp_path: Path) -> str:
    """The URL of a database that has today's schema."""
    url = f"sqlite:///{tmp_path / 'parley.db'}"

    async def make() -> None:
        database = Database(url)
        await prepare(database)
        await database.close()

    asyncio.run(make())
    return url


@pytest.fixture
def parley(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Run:
    """Run `parley tokens …` in a folder with two lines: its exit code, and what it printed."""
    (tmp_path / "parley.toml").write_text(CONFIG)
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["parley", "tokens", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        shown = capsys.readouterr()
        return int(ended.value.code or 0), shown.out, shown.err

    return run


def test_a_token_is_made_listed_and_revoked(parley: Run, database: str) -> None:
    assert parley("list") == (0, "no tokens\n", "")

    code, shown, _ = parley("create", "till", "--scope", "messages:send", "--line", "kiosk")
    assert code == 0
    assert re.fullmatch(r"parley_[0-9a-f]{12}_[\w-]{43}\n", shown)
    assert counts(database, shown)

    _, listed, _ = parley("list")
    assert re.fullmatch(
        r"till  messages:send  kiosk  made \d{4}-\d\d-\d\d [\d:]{8}  never used\n", listed
    )
    assert parley("revoke", "till") == (0, "revoked 'till'\n", "")
    assert not counts(database, shown)
    assert re.search(r"never used  revoked \d{4}-", parley("list")[1])


def counts(url: str, shown: str) -> bool:
    """Tell whether the server would take a token as it was printed."""

    async def look() -> bool:
        database = Database(url)
        try:
            return await find_token(database, shown.strip()) is not None
        finally:
            await database.close()

    return asyncio.run(look())


def test_what_cannot_be_done_is_said(parley: Run, database: str) -> None:
    parley("create", "till", "--scope", "messages:send")

    code, _, told = parley("create", "till", "--scope", "messages:read")
    assert (code, told) == (1, "parley: there is or was a token 'till'; take another name\n")
    code, _, told = parley("create", "crm", "--scope", "messages:read", "--line", "bakery")
    assert (code, told) == (1, "parley: no line 'bakery'; configured: shop, kiosk\n")
    code, _, told = parley("revoke", "crm")
    assert (code, told) == (
        1,
        "parley: no token 'crm' is in force; `parley tokens list` names those that do\n",
    )
    assert parley("create", "crm")[0] == 2
    assert parley("create", "crm", "--scope", "everything")[0] == 2


def test_a_database_that_is_not_there_is_not_made(parley: Run, tmp_path: Path) -> None:
    code, _, told = parley("create", "till", "--scope", "messages:send")

    assert code == 1
    assert "`parley serve` makes it" in told
    assert not (tmp_path / "parley.db").exists()
