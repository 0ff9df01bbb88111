"""`parley lines check`, `register` and the commands of services with every provider that has a sandbox."""

import asyncio
import json
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient, TestServer

from adapters.sandbox.providers import SANDBOXES
from adapters.sandbox.sandbox import Sandbox
from adapters.sandbox.server import served
from tests.cli.support import run
from tests.ports import free_port
from tests.ready import ready
from tests.web.support import write_flow
from web.app import build_app
from web.settings import load_settings

NUMBER = "919876500001"


@asynccontextmanager
async def reachable(folder: Path, provider: str) -> AsyncIterator[Sandbox]:
    """Serve one line `shop` at its public address, against its provider's sandbox."""
    write_flow(folder)
    port, kind = free_port(), SANDBOXES[provider]
    public = f"http://127.0.0.1:{port}"
    sandbox = kind(kind.settings_type(webhook_url=f"{public}/webhooks/shop", messages_per_second=0))
    async with served(sandbox) as address:
        line = sandbox.line(address)
        keys = "\n".join(f"{key} = {json.dumps(value)}" for key, value in line.items())
        file = folder / "parley.toml"
        file.write_text(f'[server]\npublic_url = "{public}"\n[lines.shop]\n{keys}\n')
        ready(folder / "parley.db")
        app = build_app(load_settings(file))
        async with TestClient(TestServer(app, port=port)):
            yield sandbox


async def parley(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command beside the server."""
    return await asyncio.to_thread(run, folder, *arguments)


@pytest.mark.parametrize("provider", sorted(SANDBOXES))
async def test_a_line_is_checked_from_its_key_to_a_message_delivered(
    tmp_path: Path, provider: str
) -> None:
    async with reachable(tmp_path, provider) as sandbox:
        ana = sandbox.contact(NUMBER)
        await ana.says("hi")
        await ana.receives()

        ended = await parley(tmp_path, "lines", "check", "shop", "--to", NUMBER)

    assert (ended.returncode, ended.stderr) == (0, ""), ended.stdout
    marks = {line[2:].partition(":")[0]: line[0] for line in ended.stdout.splitlines()}
    assert marks.pop("key") in "✓-"
    assert marks.pop("sender", "✓") in "✓-"
    assert marks == {"webhook": "✓", "message": "✓", "status": "✓"}
    assert any("test message" in text for text in ana.shown)


@pytest.mark.parametrize("provider", sorted(SANDBOXES))
async def test_a_webhook_is_registered_or_it_is_told_what_to_paste(
    tmp_path: Path, provider: str
) -> None:
    async with reachable(tmp_path, provider) as sandbox:
        ended = await parley(tmp_path, "lines", "register", "shop")

    assert (ended.returncode, ended.stderr) == (0, "")
    assert "/webhooks/shop" in ended.stdout or sandbox.registered is not None


SAVED = ("contacts", "save", NUMBER, "--name", "Ana", "city=Lima")
FOUND = ("contacts", "find", NUMBER)
CREATED = ("templates", "create", "promo.json")
SYNCED = ("templates", "sync")

BESIDE: dict[str, tuple[tuple[tuple[str, ...], str], ...]] = {
    "interakt": (
        (SAVED, f"saved {NUMBER}"),
        (FOUND, f"{NUMBER}  Ana  city=Lima"),
        (("contacts", "sync", "--push"), "1 contact pushed"),
        (("track", "shop", NUMBER, "Product added", "price=9.5"), "recorded 'Product added'"),
        (CREATED, "promo (en)  pending  marketing  "),
        (SYNCED, "1 template, 1 approved"),
        (("campaigns", "create", "spring", "--template", "promo"), ""),
        (("assign", "shop", NUMBER, "ana@example.com"), "ana@example.com has the chat"),
        (("media", "upload", "shop", "menu.png"), "4::"),
    ),
    "sobot": (
        (SAVED, f"saved {NUMBER}"),
        (FOUND, f"{NUMBER}  Ana"),
        (("contacts", "sync", "--pull"), "1 contact pulled"),
        (CREATED, "promo (en)  pending  marketing  "),
        (SYNCED, "1 template, 0 approved"),
    ),
}
"""By provider: what is commanded, one after the other, and how the answer begins."""


@pytest.mark.parametrize("provider", sorted(BESIDE))
async def test_what_is_offered_beside_the_chat_can_be_commanded(
    tmp_path: Path, provider: str
) -> None:
    (tmp_path / "promo.json").write_text(
        '{"name": "promo", "language": "en", "category": "marketing", "body": "20 % off"}'
    )
    (tmp_path / "menu.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    async with reachable(tmp_path, provider) as sandbox:
        await sandbox.contact(NUMBER, name="Ana").says("hi")
        for command, told in BESIDE[provider]:
            ended = await parley(tmp_path, *command)
            assert (ended.returncode, ended.stderr) == (0, ""), command
            assert ended.stdout.startswith(told), command
            assert ended.stdout.strip(), command
