"""`parley lines check` against a running server and a provider: what works is told, and what does not, with advice."""

import asyncio
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from adapters.sandbox.cloud import CloudSettings
from tests.cli.support import run
from tests.ports import free_port
from tests.web.support import Bot, running

NUMBER = "5215550001"


@asynccontextmanager
async def reachable(folder: Path, **changes: object) -> AsyncIterator[Bot]:
    """Serve the line `shop` at its public address."""
    port = free_port()
    more = f'\n[server]\npublic_url = "http://127.0.0.1:{port}"\n'
    sandbox = CloudSettings.model_validate(changes)
    async with running(folder, more=more, sandbox=sandbox, port=port) as bot:
        yield bot


async def check(folder: Path, *arguments: str) -> tuple[int, list[str]]:
    """Run the command beside the server; its exit code and what it said of everything but the key and the sender."""
    ended: subprocess.CompletedProcess[str] = await asyncio.to_thread(
        run, folder, "lines", "check", "shop", *arguments
    )
    assert "Traceback" not in ended.stderr
    lines = ended.stdout.splitlines()
    return ended.returncode, [one for one in lines if one[2:8] not in ("key: t", "sender")]


async def test_a_message_is_followed_to_its_delivery(tmp_path: Path) -> None:
    async with reachable(tmp_path) as bot:
        ana = bot.sandbox.contact(NUMBER)
        await ana.says("hi")
        await ana.receives()

        _, lines = await check(tmp_path, "--to", f"+{NUMBER}")

        test = (await ana.receives())[-1]
        assert test.text == "This is a test message from Parley."
        webhook, message, status = lines[-3:]
        assert webhook.startswith("✓ webhook: http://127.0.0.1:")
        assert message.startswith("✓ message: the provider took it as wamid.")
        assert status in ("✓ status: delivered", "✓ status: read")


async def test_a_closed_window_says_to_write_first_and_a_template_goes(tmp_path: Path) -> None:
    async with reachable(tmp_path) as bot:
        _, text = await check(tmp_path, "--to", NUMBER)
        _, template = await check(
            tmp_path, "--to", NUMBER, "--template", "hello_world", "--language", "en_US"
        )

        assert text[-1].startswith("✗ message: the window of that number is closed; write to the")
        assert template[-2].startswith("✓ message: ")
        assert len(bot.rows("SELECT 1 FROM contact")) == 1


async def test_a_status_that_never_comes_is_told(tmp_path: Path) -> None:
    async with reachable(tmp_path, statuses=()) as bot:
        ana = bot.sandbox.contact(NUMBER)
        await ana.says("hi")
        await ana.receives()

        code, lines = await check(tmp_path, "--to", NUMBER, "--wait", "1")

        assert code == 1
        assert lines[-1].startswith("✗ status: none came within 1 s: is that phone on")


async def test_a_message_without_a_server_is_told(tmp_path: Path) -> None:
    async with reachable(tmp_path):
        pass

    code, lines = await check(tmp_path, "--to", NUMBER, "--wait", "1")

    assert code == 1
    webhook, message = lines[-2:]
    assert "does not answer" in webhook
    assert message.startswith("✗ message: no server took it up: start `parley serve`")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        pytest.param(("lines.shop", "lines.desk"), "no such line", id="line"),
        pytest.param(
            ('provider = "cloud"', 'provider = "cloud"\nwebhook_secret = "other"'),
            "another webhook_secret",
            id="secret",
        ),
    ],
)
async def test_a_server_with_another_configuration_is_told(
    tmp_path: Path, change: tuple[str, str], told: str
) -> None:
    async with reachable(tmp_path):
        file = tmp_path / "parley.toml"
        file.write_text(file.read_text().replace(*change))
        name = "desk" if "desk" in change[1] else "shop"
        ended = await asyncio.to_thread(run, tmp_path, "lines", "check", name)

    (webhook,) = (one for one in ended.stdout.splitlines() if "webhook: " in one)
    assert webhook.startswith("✗ webhook: ")
    assert told in webhook
