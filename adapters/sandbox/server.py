"""Puts a sandbox on the air: as routes of another application, as its own, or on a port."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from adapters.sandbox.control import Control
from adapters.sandbox.sandbox import Sandbox

BODY_BYTES = 101 << 20
"""The largest upload: a document of 100 MB and its form."""


def routes(sandbox: Sandbox, prefix: str = "") -> list[web.RouteDef]:
    """Return every route, for another application; that one calls `sandbox.close()` at its end.

    Args:
        sandbox: The line to serve.
        prefix: Stands before each path, such as `/sandbox/demo`.
    """
    return [*sandbox.provider_routes(prefix), *Control(sandbox, prefix).routes()]


def build_app(sandbox: Sandbox) -> web.Application:
    """Return an application of its own that closes the sandbox with itself."""
    app = web.Application(client_max_size=BODY_BYTES)
    app.add_routes(routes(sandbox))

    async def close(_: web.Application) -> None:
        await sandbox.close()

    app.on_shutdown.append(close)
    return app


@asynccontextmanager
async def served(sandbox: Sandbox, *, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[str]:
    """Serve while the block runs; gives the address, such as `http://127.0.0.1:41234`.

    Args:
        sandbox: The line to serve.
        host: Where to listen.
        port: 0 takes a free one.
    """
    runner = web.AppRunner(build_app(sandbox), access_log=None, shutdown_timeout=1)
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, port)
        await site.start()
        bound = runner.addresses[0][1]
        address = f"http://{host}:{bound}"
        if sandbox.settings.public_url is None:
            sandbox.settings = sandbox.settings.model_copy(update={"public_url": address})
        yield address
    finally:
        await runner.cleanup()
