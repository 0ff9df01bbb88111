"""Runs the application: binds, starts, waits for a signal, stops within ten seconds; alone, or as several workers."""

import asyncio
import errno
import gc
import ipaddress
import signal
import socket
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, closing

import structlog
import uvloop
from aiohttp import web

from engine.core.errors import ParleyError
from engine.flow.answers.warm import warm
from web.app import build_app
from web.front import FrontSite
from web.greeting import greeting
from web.keys import FLOWS, WORKER
from web.logs import configure_logging
from web.settings import SQLITE, Settings, read_secrets
from web.webhooks import WEBHOOKS
from web.workers import Worker, Workers, left_behind

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


def serve(settings: Settings, *, dev: bool, say: Callable[[str], None], workers: int = 1) -> None:
    """Serve until SIGTERM or SIGINT.

    Args:
        settings: What is configured.
        dev: Whether to serve the simulator too, on the loopback address alone.
        say: Takes each line for the operator.
        workers: How many processes share the port.

    Raises:
        CannotServe: The address is taken, unknown, or not allowed; or several workers were asked for that cannot be.
        ParleyError: A flow, the database or a line is not usable; the message says what to do.
        SystemExit: Several workers were asked for, and they have ended.
    """
    if dev and not _is_loopback(settings.server.host):
        raise CannotServe(
            f"--dev serves the simulator to anyone who can reach it; set server.host to 127.0.0.1, not "
            f"{settings.server.host!r}, or leave --dev out"
        )
    if workers > 1:
        _check_workers(settings, workers, dev=dev)
    settings = read_secrets(settings)
    configure_logging(settings.log)
    listener = _bind(settings.server.host, settings.server.port)
    with closing(listener):
        origin = _origin(listener)
        app = build_app(settings, dev=dev, origin=origin)

        def greet() -> None:
            for line in greeting(settings, origin=origin, simulator=dev):
                say(line)
            for line in left_behind(settings.spool_file, workers):
                say(line)

        if workers == 1:
            _run(_serve(app, listener, ready=greet))
        else:
            _serve_as_worker(app, listener, workers, greet=greet)


def _check_workers(settings: Settings, workers: int, *, dev: bool) -> None:
    if settings.database.url.startswith(SQLITE):
        raise CannotServe(
            f"--workers {workers} needs PostgreSQL: a SQLite file is written by one process alone; set database.url "
            "to postgresql://USER:PASSWORD@HOST/NAME, or leave --workers out"
        )
    if dev:
        raise CannotServe("--dev keeps the simulator's phones in one process; leave --workers out")
    if not hasattr(socket, "SO_REUSEPORT"):
        raise CannotServe(
            "--workers needs a system where processes can share a port (SO_REUSEPORT)"
        )


def _serve_as_worker(
    app: web.Application, taken: socket.socket, workers: int, *, greet: Callable[[], None]
) -> None:
    """Become one of several workers, and serve as it; the parent never returns from here.

    Args:
        app: Checked and not started; every worker starts its own copy.
        taken: Listens where all shall: it showed that nobody else does.
        workers: How many.
        greet: Tells the operator that all serve.
    """
    host, port = taken.getsockname()[:2]
    taken.close()
    with closing(_bind(host, port, shared=True)):  # keeps the port while no worker has it
        warm(language.code for language in app[FLOWS].languages.all)
        _calm_the_collector()  # what a worker never touches is never copied for it
        worker = Workers(workers, ready=greet).become_one()
        app[WORKER] = worker.number
        structlog.contextvars.bind_contextvars(worker=worker.number)
        # It listens when it serves: what comes before then goes to a worker that does.
        with closing(_bind(host, port, shared=True)) as listener:
            _run(_serve(app, listener, ready=worker.serves, worker=worker))


def _run(serving: Coroutine[None, None, None]) -> None:
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(serving)


async def _serve(
    app: web.Application,
    listener: socket.socket,
    *,
    ready: Callable[[], None],
    worker: Worker | None = None,
) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with _running(app, listener):
        _calm_the_collector()
        ready()
        if worker is not None:
            loop.add_reader(worker.parent, stop.set)
        await stop.wait()
        if worker is not None:
            loop.remove_reader(worker.parent)  # at its end it would be told for ever
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
        async with _running(build_app(settings, origin=_origin(listener)), listener):
            yield
    finally:
        listener.close()


@asynccontextmanager
async def _running(app: web.Application, listener: socket.socket) -> AsyncIterator[None]:
    """Run the application while the block runs."""
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=REQUESTS_WITHIN_S)
    try:
        await runner.setup()
        warm(language.code for language in app[FLOWS].languages.all)
        site = FrontSite(
            runner,
            listener,
            webhooks=app[WEBHOOKS],
            backlog=BACKLOG,
            within_s=REQUESTS_WITHIN_S / 2,  # aiohttp's own come after them
        )
        await site.start()
        yield
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


def _bind(host: str, port: int, *, shared: bool = False) -> socket.socket:
    """Take the address before anything is opened: a second server must not touch the first one's database.

    Args:
        host: Where, in the configuration's words.
        port: 0 is any that is free.
        shared: Whether other sockets of this user may listen there too, each taking its part of the connections; one
            that is shared does not listen yet.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except socket.gaierror:
        raise CannotServe(f"server.host {host!r} is not an address of this machine") from None
    listener = socket.socket(family, kind, protocol)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if shared:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    try:
        listener.bind(address)
        if not shared:
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
