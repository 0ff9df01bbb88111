"""A kill between a `chat.once` call and the storing of its result repeats the call with the same key."""

import asyncio
from pathlib import Path

from aiohttp import web

from tests.faults.harness import running
from tests.ports import free_port


class Service:
    """A shop's service: answers each call, the first one only after the process that asked is dead."""

    def __init__(self) -> None:
        self.calls: list[dict[str, str]] = []
        self.called = asyncio.Event()
        self.go_on = asyncio.Event()

    async def charge(self, request: web.Request) -> web.Response:
        self.calls.append(await request.json())
        self.called.set()
        await self.go_on.wait()
        return web.Response(text="R-1")


async def test_a_kill_after_the_call_repeats_it_with_the_same_key(tmp_path: Path) -> None:
    service = Service()
    app = web.Application()
    app.router.add_post("/charge", service.charge)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    port = free_port()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    address = f"http://127.0.0.1:{port}/charge"
    flows = Path(__file__).parent / "bot_once"
    try:
        async with running(tmp_path, flows=flows, SERVICE_URL=address) as bench:
            contact = bench.sandbox.contact("5215570000001")
            await contact.says("pay")
            await contact.receives()
            await contact.says("20")
            async with asyncio.timeout(20):
                await service.called.wait()
            bench.server.kill()
            service.go_on.set()
            await bench.server.start(SERVICE_URL=address)
            (receipt,) = await contact.receives(timeout_s=20)
            assert receipt.text == "Paid, receipt R-1."
    finally:
        await runner.cleanup()
    first, second = service.calls
    assert first == second
    assert first["amount"] == "20"
    assert first["key"]
