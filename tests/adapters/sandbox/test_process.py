"""`parley sandbox cloud` as its own process, with a business that listens over HTTP."""

import asyncio
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import cast

import aiohttp
import orjson
from aiohttp import web

from adapters.sandbox.cloud import CloudSandbox, CloudSettings
from tests.adapters.sandbox.business import Object


@asynccontextmanager
async def listening(app: web.Application) -> AsyncIterator[str]:
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/webhooks/shop"
    await runner.cleanup()


async def test_the_program_serves_posts_webhooks_and_ends_on_sigterm() -> None:
    received: list[Object] = []

    async def hear(request: web.Request) -> web.Response:
        received.append(cast("Object", orjson.loads(await request.read())))
        return web.Response()

    app = web.Application()
    app.router.add_post("/webhooks/shop", hear)
    async with listening(app) as webhook, aiohttp.ClientSession() as http:
        program = await asyncio.create_subprocess_exec(
            *(
                sys.executable,
                "-m",
                "parley",
                "sandbox",
                "cloud",
                "--port",
                "0",
                "--webhook",
                webhook,
            ),
            stdout=asyncio.subprocess.PIPE,
        )
        assert program.stdout is not None
        line = (await program.stdout.readline()).decode()
        found = re.search(r"http://127\.0\.0\.1:\d+", line)
        assert found is not None, line
        says = f"{found[0]}/_sandbox/contacts/5215550001/says"
        async with http.post(says, json={"text": "hi"}) as answer:
            said = await answer.json()
        program.terminate()
        code = await program.wait()

    assert said["accepted"] is True
    assert len(received) == 1
    assert code == 0


async def test_the_handshake_gives_the_challenge_back_or_fails() -> None:
    async def verify(request: web.Request) -> web.Response:
        right = request.query["hub.verify_token"] == "right"
        return web.Response(text=request.query["hub.challenge"], status=200 if right else 403)

    app = web.Application()
    app.router.add_get("/webhooks/shop", verify)
    async with listening(app) as webhook:
        verified = []
        for token in ("right", "wrong"):
            sandbox = CloudSandbox(CloudSettings(webhook_url=webhook, verify_token=token))
            verified.append(await sandbox.verify_webhook())
            await sandbox.close()

    assert verified == [True, False]


async def test_a_business_that_does_not_listen_is_no_answer() -> None:
    settings = CloudSettings(webhook_url="http://127.0.0.1:9/", redeliver_first_s=3600)
    sandbox = CloudSandbox(settings)

    delivery = await sandbox.contact("5215550001").says("hi")
    await sandbox.close()

    assert [tried.status for tried in delivery.attempts] == [None]
