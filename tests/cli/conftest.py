"""What several commands are tried with."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from adapters.fake_services import FakeServices
from cli.main import main
from tests.cli.offered import CONFIG, Ended, Run, offer
from tests.storage.conftest import empty_postgres, postgres_server

__all__ = ["empty_postgres", "postgres_server"]


@pytest.fixture
def fake() -> FakeServices:
    return FakeServices()


@pytest.fixture
def parley(
    tmp_path: Path,
    fake: FakeServices,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Iterator[Run]:
    """Run commands in a folder with one line, whose provider is the fake one; what they log goes nowhere after it."""
    (tmp_path / "parley.toml").write_text(CONFIG)
    monkeypatch.chdir(tmp_path)
    offer(monkeypatch, fake.services)

    def run(*arguments: str) -> Ended:
        monkeypatch.setattr(sys, "argv", ["parley", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        shown = capsys.readouterr()
        return Ended(int(ended.value.code or 0), shown.out, shown.err)

    yield run
    structlog.reset_defaults()
