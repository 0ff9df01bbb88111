"""A new version comes while providers post: no webhook gets a 5xx, none is lost, none counts twice."""

import asyncio
import io
import json
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
import asyncpg  # type: ignore[import-untyped]  # ships no types
import pytest

from storage import Database, migrate, prepare, upgrade
from tests.cli.support import Served, serving
from tests.deploy.front import nginx
from tests.ports import free_port
from tests.storage.releases import Releases
from tests.web.support import SANDBOX, line_table, running, signature, text_body, write_flow

POSTERS = 3

PACE_S = 0.01
"""Between a poster's messages: the machine has more to do."""


@dataclass
class Providers:
    """Who posts all the time, each message once, until told to stop.

    Args:
        url: The webhook's address.
        session: What posts.
    """

    url: str
    session: aiohttp.ClientSession
    answers: dict[str, int] = field(default_factory=dict)
    """The status that each message's webhook got."""
    stopped: bool = False
    _more: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def post(self, poster: int) -> None:
        number = 0
        while not self.stopped:
            number += 1
            id_ = f"wamid.{poster}.{number}"
            body = json.dumps(text_body("hi", id=id_, sender=f"521555000{poster}")).encode()
            data = io.BytesIO(body)
            async with self.session.post(self.url, data=data, headers=signature(body)) as answer:
                self.answers[id_] = answer.status
            async with self._more:
                self._more.notify_all()
            await asyncio.sleep(PACE_S)

    async def have_posted(self, more: int) -> None:
        """Wait until so many more were answered."""
        until = len(self.answers) + more
        async with asyncio.timeout(120), self._more:
            await self._more.wait_for(lambda: len(self.answers) >= until)

    def refused(self) -> dict[str, int]:
        return {id_: status for id_, status in self.answers.items() if status != 200}


@asynccontextmanager
async def posting(url: str, session: aiohttp.ClientSession) -> AsyncIterator[Providers]:
    """Let providers post while the block runs."""
    providers = Providers(url, session)
    async with asyncio.TaskGroup() as group:
        for poster in range(POSTERS):
            group.create_task(providers.post(poster))
        await providers.have_posted(2 * POSTERS)
        yield providers
        providers.stopped = True


async def stored(url: str) -> list[str]:
    connection = await asyncpg.connect(url)
    try:
        rows = await connection.fetch(
            "SELECT key FROM signal WHERE kind = 'message_received' ORDER BY key"
        )
    finally:
        await connection.close()
    return [row["key"] for row in rows]


GROWS_EVERYWHERE = (
    "[op.add_column(t, sa.Column('later', sa.Text()))"
    " for t in ('signal', 'message', 'conversation', 'contact', 'line', 'turn', 'timer')]"
)
BUILT = "built_beside = {'signal_later': 'signal (line_id, received_at)'}"


async def test_a_newer_schema_is_made_while_the_version_before_serves(
    tmp_path: Path, empty_postgres: str, releases: Releases
) -> None:
    more = f'\n[database]\nurl = "{empty_postgres}"\n'
    async with running(tmp_path, more=more) as bot:
        url = str(bot.client.make_url("/webhooks/shop"))
        async with posting(url, bot.client.session) as providers:
            releases.publish(GROWS_EVERYWHERE, more=BUILT)
            newer = Database(empty_postgres)
            await upgrade(newer)
            made = await migrate.current_revision(newer)
            await newer.close()
            await providers.have_posted(4 * POSTERS)

    assert made == "9000"
    assert providers.refused() == {}
    assert await stored(empty_postgres) == sorted(providers.answers)


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL], ids=["stopped", "killed"])
async def test_replicas_go_one_after_the_other_and_nobody_outside_notices(
    tmp_path: Path, empty_postgres: str, how: signal.Signals
) -> None:
    database = Database(empty_postgres)
    await prepare(database)
    await database.close()
    write_flow(tmp_path)
    line = line_table("shop", SANDBOX.phone_number_id, base_url="http://127.0.0.1:9")
    config = f'{line}\n[database]\nurl = "{empty_postgres}"\n'
    (tmp_path / "parley.toml").write_text(config, "utf-8")
    ports = [free_port(), free_port()]

    async with AsyncExitStack() as stack:
        replicas = [await stack.enter_async_context(_replica(tmp_path, port)) for port in ports]
        front = await stack.enter_async_context(nginx(tmp_path / "nginx", ports))
        session = await stack.enter_async_context(front.session())
        async with posting(f"{front.origin}/webhooks/shop", session) as providers:
            await replicas[0].stop(how)
            await providers.have_posted(4 * POSTERS)
            await stack.enter_async_context(_replica(tmp_path, ports[0]))
            await providers.have_posted(4 * POSTERS)
            await replicas[1].stop(how)
            await providers.have_posted(4 * POSTERS)

    assert providers.refused() == {}
    assert await stored(empty_postgres) == sorted(providers.answers)


@asynccontextmanager
async def _replica(folder: Path, port: int) -> AsyncIterator[Served]:
    own = {"PARLEY_SERVER__PORT": str(port), "PARLEY_SPOOL__PATH": f"spool-{port}"}
    async with serving(folder, **own) as served:
        yield served
