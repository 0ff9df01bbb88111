"""What several commands are tried with."""

import asyncio
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from adapters.fake_services import FakeServices
from adapters.sandbox.cloud import CloudSandbox, Fault, served
from cli.main import main
from tests.cli.copies import copy, ready_copy
from tests.cli.offered import CONFIG, Ended, Run, offer
from tests.cli.support import serving
from tests.storage.conftest import empty_postgres, postgres_server
from tests.web.support import line_table, write_flow

__all__ = ["copy", "empty_postgres", "postgres_server", "ready_copy"]


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


@pytest.fixture(scope="session")
def ready_talk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder whose bot has talked with one contact, and failed to answer another."""
    folder = tmp_path_factory.mktemp("talked")
    asyncio.run(talk(folder))
    return folder


@pytest.fixture
def talked(ready_talk: Path, tmp_path: Path) -> Path:
    """A copy of it to work on."""
    return shutil.copytree(ready_talk, tmp_path / "copy")


async def talk(folder: Path) -> None:
    write_flow(folder)
    meta = CloudSandbox()
    async with served(meta) as base:
        line = line_table("shop", meta.settings.phone_number_id, base_url=f"{base}/v23.0")
        (folder / "parley.toml").write_text("[server]\nport = 0\n" + line)
        async with serving(folder) as server:
            webhook = {"webhook_url": f"{server.origin}/webhooks/shop"}
            meta.settings = meta.settings.model_copy(update=webhook)
            maria = meta.contact("5215550001", name="Maria")
            await maria.says("hi")
            await maria.receives()
            await maria.says("a beer please")
            await maria.receives()
            await maria.taps("Coffee")
            await maria.receives()
            meta.faults.arm(Fault(kind="error", code=131026, to="5215550002"), meta.monotonic())
            await meta.contact("5215550002").says("hi")
            await meta.until(lambda: meta.requests[-1].code == 131026)
            assert await server.stop() == 0
