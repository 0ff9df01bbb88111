"""Runs the application: binds, starts, waits for a signal, stops within ten seconds."""

import asyncio
import errno
import gc
import ipaddress
import signal
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import structlog
import uvloop
from aiohttp import web

from engine.core.errors import ParleyError
from engine.flow.answers.warm import warm
from web.app import build_app
from web.front import FrontSite
from web.greeting import greeting
from web.keys import FLOWS
from web.logs import configure_logging
from web.settings import Settings, read_secrets
from web.webhooks import WEBHOOKS

REQUESTS_WITHIN_S = 3.0
"""How long running requests may take to finish at a stop; the engine has its own share of the ten seconds after it."""

STOP_WITHIN_S = 9.5
"""When a stop takes longer than this, the process goes all the same; what it leaves is taken up at the next start."""

BACKLOG = 1024
"""Connections that may wait to be taken: a provider's burst after an outage."""

log = structlog.get_logger()


COLLECT_AFTER = (20_000, 20, 50)
"""Allocations before a young collection, and how many of those before an older one."""


class CannotServe(ParleyError):
    """The server cannot start."""

    code = "cannot_serve"


def serve(settings: Settings, *, dev: bool, say: Callable[[str], None]) -> None:
    """Serve until SIGTERM or SIGINT.

    Args:
        settings: What is configured.
        dev: Whether to serve the simulator too, on the loopback address alone.
        say: Takes each line for the operator.

    Raises:
        CannotServe: The address is taken, unknown, or not allowed.
        ParleyError: A flow, the database or a line is not usable; the message says what to do.
    """
    if dev and not _is_loopback(settings.server.host):
        raise CannotServe(
            f"--dev serves the simulator to anyone who can reach it; set server.host to 127.0.0.1, not "
            f"{settings.server.host!r}, or leave --dev out"
        )
    settings = read_secrets(settings)
    configure_logging(settings.log)
    listener = _bind(settings.server.host, settings.server.port)
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(_serve(settings, listener, dev=dev, say=say))
    finally:
        listener.close()


async def _serve(
    settings: Settings, listener: socket.socket, *, dev: bool, say: Callable[[str], None]
) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with _running(settings, listener, dev=dev) as origin:
        _calm_the_collector()
        for line in greeting(settings, origin=origin, simulator=dev):
            say(line)
        await stop.wait()
        log.info("server_stopping")


@asynccontextmanager
async def served_meanwhile(settings: Settings) -> AsyncIterator[None]:
    """Serve while the block runs, for a command that cannot wait for a server.

    Raises:
        CannotServe: The address is taken, unknown, or not allowed.
        ParleyError: A flow, the database or a line is not usable; the message says what to do.
    """
    settings = read_secrets(settings)
    listener = _bind(settings.server.host, settings.server.port)
    try:
        async with _running(settings, listener, dev=False):
            yield
    finally:
        listener.close()


@asynccontextmanager
async def _running(settings: Settings, listener: socket.socket, *, dev: bool) -> AsyncIterator[str]:
    """Run the application while the block runs; yields where it is reached."""
    origin = _origin(listener)
    app = build_app(settings, dev=dev, origin=origin)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=REQUESTS_WITHIN_S)
    try:
        await runner.setup()
        warm(language.code for language in app[FLOWS].languages.all)
        site = FrontSite(
            runner,
            listener,
            webhooks=app[WEBHOOKS],
            backlog=BACKLOG,
            within_s=REQUESTS_WITHIN_S,
        )
        await site.start()
        yield origin
    finally:
        try:
            await asyncio.wait_for(runner.cleanup(), STOP_WITHIN_S)
        except TimeoutError:
            log.error("server_stop_overran", seconds=STOP_WITHIN_S)


def _calm_the_collector() -> None:
    """Leave what lives as long as the process out of garbage collection, and collect the rest less often.

    Almost nothing of ours is cyclic; the default looks through the cached conversations again and again.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECT_AFTER)


def _bind(host: str, port: int) -> socket.socket:
    """Take the address before anything is opened: a second server must not touch the first one's database."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except socket.gaierror:
        raise CannotServe(f"server.host {host!r} is not an address of this machine") from None
    listener = socket.socket(family, kind, protocol)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(address)
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        raise CannotServe(_cannot_bind(error, host, port)) from None
    return listener


def _cannot_bind(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"{host}:{port} is in use by another program; stop that one or set another server.port"
        )
    if error.errno == errno.EACCES:
        return f"{host}:{port} may not be used by this user; set a server.port above 1023"
    return f"{host}:{port} cannot be listened on: {error.strerror}; see server.host and server.port"


def _origin(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
