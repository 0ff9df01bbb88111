"""The commands of a line against a running server and a provider: what works, what does not, and what to do."""

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
    account = CloudSettings().account_id
    more = f"""
business_account_id = "{account}"
[server]
public_url = "http://127.0.0.1:{port}"
"""
    sandbox = CloudSettings.model_validate(changes)
    async with running(folder, more=more, sandbox=sandbox, port=port) as bot:
        yield bot


async def parley(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command beside the server."""
    return await asyncio.to_thread(run, folder, *arguments)


async def check(folder: Path, *arguments: str) -> tuple[int, list[str]]:
    """Look at the line; the exit code and what was said."""
    ended = await parley(folder, "lines", "check", "shop", *arguments)
    return ended.returncode, ended.stdout.splitlines()


async def test_a_line_that_works_has_a_mark_for_everything(tmp_path: Path) -> None:
    async with reachable(tmp_path):
        code, lines = await check(tmp_path)

    assert code == 0
    assert [line.partition(":")[0] for line in lines] == ["✓ key", "✓ sender", "✓ webhook"]
    assert "CONNECTED" in lines[1]


async def test_a_wrong_key_is_told(tmp_path: Path) -> None:
    async with reachable(tmp_path) as bot:
        file = tmp_path / "parley.toml"
        file.write_text(file.read_text().replace(bot.sandbox.settings.token, "another"))
        code, lines = await check(tmp_path)

    assert code == 1
    assert lines[0].startswith("✗ key: ")
    assert lines[0].endswith("a new key ends the old one")
    assert [line[0] for line in lines] == ["✗", "✓"]


async def test_the_webhook_is_registered_and_checked_by_the_provider(tmp_path: Path) -> None:
    async with reachable(tmp_path) as bot:
        ended = await parley(tmp_path, "lines", "register", "shop")
        address = f"{bot.settings.server.public_url}/webhooks/shop"
        assert bot.sandbox.registered is not None
        assert bot.sandbox.registered.url == address
        ana = bot.sandbox.contact(NUMBER)
        await ana.says("hi")
        assert await ana.receives()

    assert (ended.returncode, ended.stderr) == (0, "")


async def test_a_webhook_that_does_not_answer_cannot_be_registered(tmp_path: Path) -> None:
    async with reachable(tmp_path):
        file = tmp_path / "parley.toml"
        word = CloudSettings().verify_token
        file.write_text(file.read_text().replace(word, "another"))
        ended = await parley(tmp_path, "lines", "register", "shop")

    assert ended.returncode == 1
    assert "Callback verification failed" in ended.stderr


async def test_templates_go_to_the_provider_and_come_back(tmp_path: Path) -> None:
    approved = [{"name": f"hello_{number}", "body": "Hi {{1}}"} for number in range(120)]
    (tmp_path / "promo.json").write_text(
        '{"name": "promo", "language": "en", "category": "marketing", "body": "20 % off"}'
    )
    async with reachable(tmp_path, templates=approved):
        created = await parley(tmp_path, "templates", "create", "promo.json")
        again = await parley(tmp_path, "templates", "create", "promo.json")
        synced = await parley(tmp_path, "templates", "sync")
        pending = await parley(tmp_path, "templates", "list", "--stored", "--status", "pending")

    assert created.stdout.startswith("promo (en)  pending  marketing  ")
    assert again.returncode == 1
    assert "already exists" in again.stderr
    assert synced.stdout == "121 templates, 120 approved\n"
    assert pending.stdout.splitlines()[0].startswith("promo (en)  pending  ")


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
