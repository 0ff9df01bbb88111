"""A provider that names a message by two ids: statuses reach it by either, and so do taps without ids."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient, TestServer

from adapters.sandbox.gupshup import GupshupSandbox, GupshupSettings, served
from tests.loops.world import until
from tests.ports import free_port
from tests.ready import ready
from tests.web.support import rows, write_flow
from web.app import build_app
from web.settings import Settings, load_settings

STATUSES = "SELECT status FROM message WHERE direction = 'out' ORDER BY id"
ALIASES = "SELECT count(*) FROM message WHERE direction = 'out' AND alias IS NOT NULL"


@asynccontextmanager
async def served_bot(
    folder: Path, sandbox_settings: dict[str, object]
) -> AsyncIterator[tuple[GupshupSandbox, Settings]]:
    """Serve the drinks flow on a Gupshup line against its sandbox."""
    write_flow(folder)
    port = free_port()
    url = f"http://127.0.0.1:{port}/webhooks/shop/hidden"
    sandbox = GupshupSandbox(
        GupshupSettings.model_validate(sandbox_settings | {"webhook_url": url})
    )
    async with served(sandbox) as address:
        keys = dict(sandbox.line(address)) | {"webhook_secret": "hidden"}
        table = "".join(f'{key} = "{value}"\n' for key, value in keys.items())
        file = folder / "parley.toml"
        file.write_text(f"[lines.shop]\n{table}", "utf-8")
        ready(folder / "parley.db")
        settings = load_settings(file)
        async with TestClient(TestServer(build_app(settings), port=port)):
            yield sandbox, settings


def _all_are(settings: Settings, status: str, count: int) -> bool:
    return rows(settings, STATUSES) == [(status,)] * count


@pytest.mark.parametrize("gs_ids", [True, False], ids=["by Gupshup's", "by WhatsApp's alone"])
async def test_each_message_becomes_read_whichever_id_its_statuses_name(
    tmp_path: Path, gs_ids: bool
) -> None:
    async with served_bot(tmp_path, {"gs_ids": gs_ids}) as (sandbox, settings):
        maria = sandbox.contact("525550000001", name="Maria")
        await maria.says("hi")
        (question,) = await maria.receives()
        await maria.taps("Coffee")
        (answer,) = await maria.receives()
        await until(partial(_all_are, settings, "read", 2))

        assert (question.text, answer.text) == ("Tea or coffee?", "Here is your coffee.")
        assert rows(settings, ALIASES) == [(2,)]


async def test_a_tap_that_brings_its_title_alone_is_told_by_the_message_it_was_made_on(
    tmp_path: Path,
) -> None:
    async with served_bot(tmp_path, {"postbacks": False}) as (sandbox, _):
        maria = sandbox.contact("525550000001", name="Maria")
        await maria.says("hi")
        await maria.receives()
        await maria.taps("Coffee")
        (answer,) = await maria.receives()

        assert answer.text == "Here is your coffee."
